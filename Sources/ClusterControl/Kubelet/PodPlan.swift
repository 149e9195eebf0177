import ManifestSchema
import ManifestSyntax

/// What the kubelet has to know of a pod, read once for all pods of a template.
final class PodPlan: Sendable {
  /// Init containers, then regular ones.
  let containers: [ContainerPlan]
  let initCount: Int
  let restartPolicy: ContainerPlan.RestartPolicy
  let activeDeadline: Duration?
  let usesHostNetwork: Bool
  let readinessGates: [String]
  /// What it asks of its node: thousandths of a processor, bytes.
  let cpu: Int64
  let memory: Int64
  let qualityOfService: String
  let nodeSelector: ValueMap
  let needs: PodNeeds
  /// What the plan was made from; while these are the same, so is the plan.
  private let source: [Value?]
  let annotations: ValueMap

  init(_ pod: Value, settings: SimulationSettings) {
    let spec = pod["spec"] ?? .emptyMap
    let policy =
      spec["restartPolicy"]?.string.flatMap(ContainerPlan.RestartPolicy.init) ?? .always
    let annotations = pod["metadata"]?["annotations"]?.map ?? ValueMap()
    let initial = spec["initContainers"]?.list ?? []
    let plans = initial.map { container in
      ContainerPlan(
        container, role: container["restartPolicy"] == "Always" ? .sidecar : .initial,
        podPolicy: policy, annotations: annotations, settings: settings)
    }
    containers =
      plans
      + (spec["containers"]?.list ?? []).map { container in
        ContainerPlan(
          container, role: .regular, podPolicy: policy, annotations: annotations,
          settings: settings)
      }
    initCount = plans.count
    restartPolicy = policy
    activeDeadline = spec["activeDeadlineSeconds"]?.int64.map {
      .seconds(min(max($0, 0), Int64(Int32.max)))
    }
    usesHostNetwork = spec["hostNetwork"] == true
    readinessGates = (spec["readinessGates"]?.list ?? []).compactMap {
      $0["conditionType"]?.string
    }
    let demand = PodDemand(spec)
    let requests = demand.requests()
    cpu = requests["cpu"]?.serverMilliValue ?? 0
    memory = requests["memory"].map(Self.whole) ?? 0
    qualityOfService = Self.qualityOfService(demand)
    nodeSelector = spec["nodeSelector"]?.map ?? ValueMap()
    needs = PodNeeds(spec)
    source = Self.sourceFields.map { spec[$0] }
    self.annotations = annotations
  }

  private static let sourceFields = [
    "restartPolicy", "activeDeadlineSeconds", "hostNetwork", "readinessGates", "overhead",
    "resources", "nodeSelector", "containers", "initContainers", "volumes",
  ]

  /// Whether the plan holds for this pod too. Pods of a template share their lists, so that asking
  /// compares hardly any text.
  func fits(_ pod: ClusterObject) -> Bool {
    let spec = pod.value["spec"] ?? .emptyMap
    return annotations == pod.annotations
      && zip(Self.sourceFields, source).allSatisfy { field, known in
        let new = spec[field]
        return switch field {
        case "containers", "initContainers": Self.areAlike(known, new, but: "volumeMounts")
        case "volumes": Self.areAlike(known, new, but: "name", where: Self.isToken)
        default: known == new
        }
      }
  }

  private static func isToken(_ volume: Value) -> Bool {
    volume["name"]?.string?.hasPrefix(ServiceAccountToken.prefix) == true
  }

  /// Whether two lists of maps are equal but for one entry of those maps that `mayDiffer` allows:
  /// every pod has a volume for its token, whose name was drawn for it alone.
  private static func areAlike(
    _ some: Value?, _ others: Value?, but name: String,
    where mayDiffer: (Value) -> Bool = { _ in true }
  ) -> Bool {
    guard let some = some?.list, let others = others?.list, some.count == others.count else {
      return some == others
    }
    return zip(some, others).allSatisfy { one, other in
      if one == other { return true }
      guard let left = one.map?.entries, let right = other.map?.entries,
        left.count == right.count, mayDiffer(one), mayDiffer(other)
      else { return false }
      return zip(left, right).allSatisfy {
        $0.key == $1.key && ($0.key == name || $0.value == $1.value)
      }
    }
  }

  static func whole(_ quantity: Quantity) -> Int64 {
    quantity.value ?? quantity.roundedUp(to: .one).value ?? .max
  }

  /// Guaranteed: every container limits cpu and memory and asks for exactly that.
  private static func qualityOfService(_ demand: PodDemand) -> String {
    if demand.isBestEffort { return "BestEffort" }
    let own = demand.spec["resources"]
    let parts =
      own?.map?.isEmpty == false
      ? [demand.spec] : demand.spec.items("containers") + demand.spec.items("initContainers")
    let isGuaranteed = parts.allSatisfy { part in
      let limits = ResourceAmounts(part["resources"]?["limits"])
      let requests = ResourceAmounts(part["resources"]?["requests"])
      return ["cpu", "memory"].allSatisfy { name in
        guard let limit = limits[name], limit.sign > 0 else { return false }
        return requests[name].map { $0 == limit } ?? true
      }
    }
    return isGuaranteed ? "Guaranteed" : "Burstable"
  }
}
