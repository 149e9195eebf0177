import ManifestSchema
import ManifestSyntax

/// Everything that scheduling asks of a pod, save its name and its place: the pods of a template
/// share one.
final class PodShape: Sendable {
  struct HostPort: Hashable, Sendable {
    var address: String
    var number: Int64
    var transport: String

    /// Whether both cannot be open on one node.
    func clashes(with other: HostPort) -> Bool {
      number == other.number && transport == other.transport
        && (address == other.address || address == Self.anywhere
          || other.address == Self.anywhere)
    }

    static let anywhere = "0.0.0.0"
  }

  let namespace: String
  let labels: [String: String]
  let owner: ClusterObject.Owner?
  let priority: Int64
  /// Whether it waits for room rather than making some.
  let neverPreempts: Bool

  let requests: ResourceVector
  /// With a share for containers that ask for nothing.
  let scoringCPU: Int64
  let scoringMemory: Int64
  let ports: [HostPort]
  let images: [String]
  let volumes: PodVolumes

  let tolerations: [PodToleration]
  let nodeSelector: [LabelSelector.Requirement]
  /// nil where any node will do; otherwise one of them must match.
  let nodeTerms: [NodeTerm]?
  let preferredNodeTerms: [NodeTerm]
  let affinity: [PodTerm]
  let antiAffinity: [PodTerm]
  let preferredAffinity: [PodTerm]
  let preferredAntiAffinity: [PodTerm]
  /// nil where the pod has none of its own, so that the usual ones apply.
  let spread: [SpreadConstraint]?

  private let spec: Value
  private let labelMap: ValueMap

  init(_ pod: ClusterObject) {
    let spec = pod.value["spec"] ?? .emptyMap
    self.spec = spec
    labelMap = pod.labels
    let home = pod.namespace ?? ""
    let labels = pod.labelTexts
    namespace = home
    self.labels = labels
    owner = pod.controller
    priority = spec["priority"]?.int64 ?? 0
    neverPreempts = spec["preemptionPolicy"]?.string == "Never"
    requests = ResourceVector(PodDemand(spec).requests())
    let scoring = ResourceVector(PodDemand(Self.withUsualRequests(spec)).requests())
    scoringCPU = scoring.cpu
    scoringMemory = scoring.memory
    ports = Self.ports(spec)
    images = (spec.items("initContainers") + spec.items("containers")).compactMap {
      $0["image"]?.string.map(Self.tagged)
    }
    volumes = PodVolumes(spec)
    tolerations = spec.items("tolerations").map(PodToleration.init)
    nodeSelector = spec.texts("nodeSelector").sorted { $0.key < $1.key }
      .map { LabelSelector.Requirement($0.key, .in, [$0.value]) }
    let affinities = spec["affinity"]
    let near = affinities?["nodeAffinity"]
    nodeTerms = near?[Self.required]?["nodeSelectorTerms"]?.list?.map { NodeTerm($0) }
    preferredNodeTerms = (near?[Self.preferred]?.list ?? []).map {
      NodeTerm($0["preference"], weight: Self.weight($0))
    }
    let hard = { (name: String) in
      (affinities?[name]?[Self.required]?.list ?? []).map {
        PodTerm($0, home: home, labels: labels)
      }
    }
    let soft = { (name: String) in
      (affinities?[name]?[Self.preferred]?.list ?? []).map {
        PodTerm($0["podAffinityTerm"], weight: Self.weight($0), home: home, labels: labels)
      }
    }
    affinity = hard("podAffinity")
    antiAffinity = hard("podAntiAffinity")
    preferredAffinity = soft("podAffinity")
    preferredAntiAffinity = soft("podAntiAffinity")
    let constraints = spec.items("topologySpreadConstraints")
    spread =
      constraints.isEmpty ? nil : constraints.map { SpreadConstraint($0, labels: labels) }
  }

  private static let required = "requiredDuringSchedulingIgnoredDuringExecution"
  private static let preferred = "preferredDuringSchedulingIgnoredDuringExecution"

  private static func weight(_ term: Value) -> Int64 {
    min(max(term["weight"]?.int64 ?? 0, 0), Int64(Int32.max))
  }

  // MARK: - Whether another pod is alike

  private static let fields = [
    "affinity", "hostNetwork", "nodeSelector", "overhead", "preemptionPolicy", "priority",
    "resources", "tolerations", "topologySpreadConstraints",
  ]
  private static let containerFields = ["image", "ports", "resources", "restartPolicy"]

  /// Whether it is also the shape of `pod`, which has the same owner.
  ///
  /// - Parameter known: A version of the pod whose shape this is.
  func fits(_ pod: ClusterObject, known: ClusterObject? = nil) -> Bool {
    // Versions of a pod that differ in their status share the rest: comparing costs nothing.
    if let known, known.labels == pod.labels, known.value["spec"] == pod.value["spec"] {
      return true
    }
    guard pod.labels == labelMap, pod.namespace ?? "" == namespace else { return false }
    let other = pod.value["spec"] ?? .emptyMap
    return Self.fields.allSatisfy { spec[$0] == other[$0] }
      && Self.areAlike(spec["containers"], other["containers"])
      && Self.areAlike(spec["initContainers"], other["initContainers"])
      && volumes == PodVolumes(other)
  }

  private static func areAlike(_ some: Value?, _ others: Value?) -> Bool {
    guard let some = some?.list, let others = others?.list else {
      return (some?.list ?? []).isEmpty && (others?.list ?? []).isEmpty
    }
    return some.count == others.count
      && zip(some, others).allSatisfy { one, other in
        containerFields.allSatisfy { one[$0] == other[$0] }
      }
  }

  // MARK: - Reading

  /// What a container without requests counts for when nodes are compared.
  private static func withUsualRequests(_ spec: Value) -> Value {
    var spec = spec
    for list in ["containers", "initContainers"] {
      spec.editItems(list) { container in
        var resources = container["resources"] ?? .emptyMap
        var requests = resources["requests"] ?? .emptyMap
        if requests["cpu"] == nil { requests["cpu"] = "100m" }
        if requests["memory"] == nil { requests["memory"] = .int(200 * 1024 * 1024) }
        resources["requests"] = requests
        container["resources"] = resources
      }
    }
    return spec
  }

  private static func ports(_ spec: Value) -> [HostPort] {
    let isOnHost = spec["hostNetwork"] == true
    let sidecars = spec.items("initContainers").filter { $0["restartPolicy"] == "Always" }
    var ports: [HostPort] = []
    for container in spec.items("containers") + sidecars {
      for port in container["ports"]?.list ?? [] {
        var number = port["hostPort"]?.int64 ?? 0
        if number == 0, isOnHost { number = port["containerPort"]?.int64 ?? 0 }
        guard number > 0 else { continue }
        let address = port["hostIP"]?.string ?? ""
        ports.append(
          HostPort(
            address: address.isEmpty ? HostPort.anywhere : address, number: number,
            transport: port["protocol"]?.string ?? "TCP"))
      }
    }
    return ports
  }

  /// An image's name as nodes list it, with its tag.
  private static func tagged(_ image: String) -> String {
    let last = image.utf8.lastIndex(of: UInt8(ascii: "/")) ?? image.startIndex
    return image.utf8[last...].contains(UInt8(ascii: ":")) ? image : image + ":latest"
  }

  /// The first of the node's taints that keeps the pod away.
  func untoleratedTaint(of node: NodeFacts) -> NodeFacts.Taint? {
    node.taints.first { taint in
      taint.isHard && !tolerations.contains { $0.tolerates(taint) }
    }
  }

  /// Whether the pod's selector and its required affinity allow the node.
  func wants(_ node: NodeFacts) -> Bool {
    nodeSelector.allSatisfy { $0.matches(node.labels) }
      && nodeTerms.map { $0.contains { $0.matches(node) } } ?? true
  }
}
