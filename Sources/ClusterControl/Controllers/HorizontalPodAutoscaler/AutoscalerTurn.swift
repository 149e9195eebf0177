import ManifestModel
import ManifestSchema
import ManifestSyntax

/// One look of an autoscaler at its workload.
struct AutoscalerTurn {
  private let object: ClusterObject
  private let view: ControllerView
  private let spec: Value
  private let up: ScalingRules
  private let down: ScalingRules
  private var status: Value
  private(set) var decision = Decision()
  /// Whether another look may come to something else though nothing changes.
  private(set) var looksAgain = false

  init(_ object: ClusterObject, _ view: ControllerView) {
    self.object = object
    self.view = view
    spec = object.value["spec"] ?? .emptyMap
    status = object.value["status"] ?? .emptyMap
    up = ScalingRules(spec["behavior"]?["scaleUp"], isUp: true)
    down = ScalingRules(spec["behavior"]?["scaleDown"], isUp: false)
  }

  private var hasBehavior: Bool { spec["behavior"]?.map?.isEmpty == false }
  private var least: Int64 { max(spec["minReplicas"]?.int64 ?? 1, 0) }
  private var most: Int64 { max(spec["maxReplicas"]?.int64 ?? least, 1) }

  // MARK: - Turn

  mutating func run(_ history: inout ScalingHistory) {
    guard let target = target() else {
      let name = spec["scaleTargetRef"]?["name"]?.string ?? ""
      condition(
        "AbleToScale", "False", "FailedGetScale",
        "the HPA controller was unable to get the target's current scale: \(name) not found")
      warn("FailedGetScale", "the target's scale cannot be read")
      looksAgain = true
      return writeStatus()
    }
    let current = target.value["spec"]?["replicas"]?.int64 ?? 1
    status["observedGeneration"] = .int(object.generation)
    status["currentReplicas"] = .int(current)
    if current == 0, least != 0 {
      status["desiredReplicas"] = 0
      condition(
        "AbleToScale", "True", "SucceededGetScale",
        "the HPA controller was able to get the target's current scale")
      condition(
        "ScalingActive", "False", "ScalingDisabled",
        "scaling is disabled since the replica count of the target is zero")
      return writeStatus()
    }
    if let begun = stabilizingSince { history.begin(with: current, at: begun) }
    guard let (desired, reason) = desired(current, target, &history) else { return writeStatus() }
    status["desiredReplicas"] = .int(desired)
    if desired != current {
      scale(target, from: current, to: desired, reason, &history)
      looksAgain = true
    }
    writeStatus()
  }

  /// Since when a shrinking is held back: what is remembered may be lost, what is written is not.
  private var stabilizingSince: Time? {
    guard let known = object.condition("AbleToScale"), known["reason"] == "ScaleDownStabilized"
    else { return nil }
    return known["lastTransitionTime"]?.string.flatMap { Time($0) }
  }

  private mutating func desired(
    _ current: Int64, _ target: ClusterObject, _ history: inout ScalingHistory
  ) -> (replicas: Int64, reason: String)? {
    if current > most { return (most, "Current number of replicas above Spec.MaxReplicas") }
    if current < least { return (least, "Current number of replicas below Spec.MinReplicas") }
    guard let (raw, name) = measured(current, target) else { return nil }
    let desired = bounded(raw, current, &history)
    let reason =
      desired > current
      ? "\(name) above target" : desired < current ? "All metrics below target" : ""
    if raw != current || desired != raw { looksAgain = true }
    return (desired, reason)
  }

  // MARK: - Measuring

  private func target() -> ClusterObject? {
    let kinds: [String: GroupResource] = [
      "Deployment": .deployments, "ReplicaSet": .replicaSets, "StatefulSet": .statefulSets,
      "ReplicationController": .replicationControllers,
    ]
    let reference = spec["scaleTargetRef"]
    guard let resource = kinds[reference?["kind"]?.string ?? ""] else { return nil }
    return view.state.object(
      ResourceKey(
        resource, namespace: object.namespace, name: reference?["name"]?.string ?? ""))
  }

  /// Its metrics; those of the first version are one of the processor.
  private var metrics: [Value] {
    if let metrics = spec["metrics"]?.list, !metrics.isEmpty { return metrics }
    let percent = spec["targetCPUUtilizationPercentage"]?.int64 ?? 80
    return [
      [
        "type": "Resource",
        "resource": [
          "name": "cpu",
          "target": ["type": "Utilization", "averageUtilization": .int(percent)],
        ],
      ]
    ]
  }

  private func pods(of target: ClusterObject) -> [ClusterObject] {
    guard let selector = target.value["spec"]?["selector"] else { return [] }
    let matches: (ClusterObject) -> Bool
    if target.key.resource == .replicationControllers {
      let labels = selector.map ?? ValueMap()
      matches = { $0.labels.contains(labels) }
    } else {
      let labels = LabelSelectorView(.value(selector)).selector
      matches = { labels?.matches($0.labels.texts) ?? false }
    }
    return view.state.objects(.pods, in: object.namespace).filter(matches)
  }

  /// The highest number that a metric asks for; nil when that cannot be said.
  private mutating func measured(
    _ current: Int64, _ target: ClusterObject
  ) -> (replicas: Int64, name: String)? {
    let pods = pods(of: target)
    let calculation = ReplicaCalculation(
      current: current, pods: pods,
      metrics: SimulatedMetrics(autoscaler: object, pods: pods, settings: view.simulation),
      now: view.now, tolerances: (down.tolerance, up.tolerance))
    var best: (replicas: Int64, name: String)?
    var troubles: [ReplicaCalculation.Trouble] = []
    var told: [Value] = []
    for metric in metrics {
      do throws(ReplicaCalculation.Trouble) {
        let result = try calculation.proposal(for: metric)
        told.append(result.current)
        if best.map({ result.replicas > $0.replicas }) ?? true {
          best = (result.replicas, Self.name(of: metric))
        }
      } catch { troubles.append(error) }
    }
    // Samples of young pods count later without anybody writing anything.
    if pods.contains(where: isYoung) { looksAgain = true }
    status["currentMetrics"] = told.isEmpty ? nil : .list(told)
    condition(
      "AbleToScale", "True", "SucceededGetScale",
      "the HPA controller was able to get the target's current scale")
    if let first = troubles.first, best.map({ $0.replicas < current }) ?? true {
      let message =
        "invalid metrics (\(troubles.count) invalid out of \(metrics.count)), first error is:"
        + " \(first.message)"
      condition("ScalingActive", "False", first.reason, message)
      warn(first.reason, first.message)
      warn("FailedComputeMetricsReplicas", message)
      looksAgain = true
      return nil
    }
    condition(
      "ScalingActive", "True", "ValidMetricFound",
      "the HPA was able to successfully calculate a replica count from \(best?.name ?? "")")
    return best
  }

  private func isYoung(_ pod: ClusterObject) -> Bool {
    guard let since = pod.value["status"]?["startTime"]?.string.flatMap({ Time($0) }) else {
      return false
    }
    return view.now.seconds(since: since) < ReplicaCalculation.initializationSeconds
      && pod.isActivePod
  }

  private static func name(of metric: Value) -> String {
    switch metric["type"]?.string {
    case "Resource"?:
      let name = metric["resource"]?["name"]?.string ?? ""
      return metric["resource"]?["target"]?["averageValue"] == nil
        ? "\(name) resource utilization (percentage of request)" : "\(name) resource"
    case "ContainerResource"?:
      return (metric["containerResource"]?["name"]?.string ?? "") + " container resource"
    case "Pods"?: return "pods metric \(metric["pods"]?["metric"]?["name"]?.string ?? "")"
    case "Object"?: return "object metric \(metric["object"]?["metric"]?["name"]?.string ?? "")"
    default: return "external metric \(metric["external"]?["metric"]?["name"]?.string ?? "")"
    }
  }

  // MARK: - Bounds

  /// What a recommendation comes to after those of the last minutes, the limits and the speed.
  private mutating func bounded(
    _ raw: Int64, _ current: Int64, _ history: inout ScalingHistory
  ) -> Int64 {
    let steady =
      hasBehavior
      ? history.stabilize(raw, current: current, up: up.window, down: down.window, at: view.now)
      : history.highest(raw, window: 300, at: view.now)
    if steady > raw {
      condition(
        "AbleToScale", "True", "ScaleDownStabilized",
        "recent recommendations were higher than current one, applying the highest recent"
          + " recommendation")
    } else if steady < raw {
      condition(
        "AbleToScale", "True", "ScaleUpStabilized",
        "recent recommendations were lower than current one, applying the lowest recent"
          + " recommendation")
    } else {
      condition(
        "AbleToScale", "True", "ReadyForNewScale",
        "recommended size matches current size")
    }
    let ceiling = hasBehavior ? history.ceiling(current, up, at: view.now) : max(2 * current, 4)
    let floor = hasBehavior ? history.floor(current, down, at: view.now) : 0
    let (limit, reason, message): (Int64, String, String)
    if steady > min(most, ceiling) {
      (limit, reason, message) =
        ceiling < most
        ? (
          ceiling, "ScaleUpLimit",
          "the desired replica count is increasing faster than the maximum scale rate"
        )
        : (
          most, "TooManyReplicas",
          "the desired replica count is more than the maximum replica count"
        )
    } else if steady < max(least, steady < current ? floor : least) {
      (limit, reason, message) =
        steady < current && floor > least
        ? (
          floor, "ScaleDownLimit",
          "the desired replica count is decreasing faster than the maximum scale rate"
        )
        : (
          least, "TooFewReplicas",
          "the desired replica count is less than the minimum replica count"
        )
    } else {
      condition(
        "ScalingLimited", "False", "DesiredWithinRange",
        "the desired count is within the acceptable range")
      return steady
    }
    condition("ScalingLimited", "True", reason, message)
    return limit
  }

  // MARK: - Writing

  private mutating func scale(
    _ target: ClusterObject, from current: Int64, to desired: Int64, _ reason: String,
    _ history: inout ScalingHistory
  ) {
    let edit = Action.Edit("scale") { value in
      value.change("spec") { $0["replicas"] = .int(desired) }
    }
    decision.add(.edit(target.key, uid: target.uid, edit), tolerates: [.notFound])
    decision.add(
      .event(
        Action.Event(
          .normal, about: object, reason: "SuccessfulRescale",
          message: "New size: \(desired); reason: \(reason)")))
    history.note(from: current, to: desired, at: view.now)
    status["lastScaleTime"] = .string(view.now.wholeSeconds.description)
    condition(
      "AbleToScale", "True", "SucceededRescale",
      "the HPA controller was able to update the target scale to \(desired)")
  }

  private mutating func condition(
    _ type: String, _ state: String, _ reason: String, _ message: String
  ) {
    var conditions = [StatusCondition](status)
    var new = StatusCondition(type, state, reason: reason, message: message, at: view.now)
    // Its time tells since when the status and, unlike elsewhere, the reason hold: what is held
    // back is counted from then on.
    if let known = [StatusCondition](object.value["status"]).named(type),
      known.status == state, known.reason == reason
    {
      new.lastTransition = known.lastTransition
    }
    conditions.remove(type)
    conditions.append(new)
    let order = ["AbleToScale", "ScalingActive", "ScalingLimited"]
    conditions.sort {
      (order.firstIndex(of: $0.type) ?? 3) < (order.firstIndex(of: $1.type) ?? 3)
    }
    status["conditions"] = .list(conditions.map(\.value))
  }

  private mutating func warn(_ reason: String, _ message: String) {
    decision.add(
      .event(Action.Event(.warning, about: object, reason: reason, message: message)))
  }

  private mutating func writeStatus() {
    guard status != object.value["status"] else { return }
    let new = status
    let edit = Action.Edit("status", isStatus: true) { $0["status"] = new }
    decision.add(.edit(object.key, uid: object.uid, edit), tolerates: [.notFound])
  }
}
