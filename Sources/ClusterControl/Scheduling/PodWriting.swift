import ManifestSchema
import ManifestSyntax

/// What the scheduler writes to pods and tells about them.
enum PodWriting {
  /// The name of the edit that gives a pod its node.
  static let binding = "bind"
  private static let condition = "PodScheduled"
  private static let zoneLabels = [NodeFacts.regionLabel, NodeFacts.zoneLabel]

  /// Gives a pod its node, unless it has one by now or is on its way out.
  static func bind(_ pod: ClusterObject, to node: NodeFacts, _ view: ControllerView) -> Action {
    let now = view.now
    let name = node.name
    // Newer servers tell pods the zone and the region of their node.
    let copied =
      view.version.minor >= 35
      ? zoneLabels.compactMap { key in node.labels[key].map { (key, $0) } } : []
    let clearsNomination = view.version.minor >= 35
    let edit = Action.Edit(binding, sparesTerminating: true) { value in
      guard (value["spec"]?["nodeName"]?.string ?? "").isEmpty else { return }
      value.change("spec") { $0["nodeName"] = .string(name) }
      value.setPodCondition(StatusCondition(condition, "True", reason: "", at: now))
      if clearsNomination, value["status"]?["nominatedNodeName"] != nil {
        value.change("status") { $0["nominatedNodeName"] = nil }
      }
      guard !copied.isEmpty else { return }
      value.change("metadata") { metadata in
        metadata.change("labels") { labels in
          for (key, text) in copied { labels[key] = .string(text) }
        }
      }
    }
    return .edit(pod.key, uid: pod.uid, edit)
  }

  static func bound(_ pod: ClusterObject, to node: NodeFacts) -> Action {
    .event(
      Action.Event(
        .normal, about: pod, reason: "Scheduled",
        message: "Successfully assigned \(pod.namespace ?? "")/\(pod.name) to \(node.name)"))
  }

  /// Says that a pod fits nowhere, and where it hopes to go.
  static func fail(
    _ pod: ClusterObject, _ message: String, nominated: String?, at now: Time
  ) -> [Action] {
    let event = Action.event(
      Action.Event(.warning, about: pod, reason: "FailedScheduling", message: message))
    let condition = StatusCondition(
      condition, "False", reason: "Unschedulable", message: message, at: now)
    return [event] + status(pod, condition, nominated: nominated)
  }

  /// Says that a pod is held by its gates.
  static func gate(_ pod: ClusterObject, at now: Time) -> [Action] {
    status(
      pod,
      StatusCondition(
        condition, "False", reason: "SchedulingGated",
        message: "Scheduling is blocked due to non-empty scheduling gates", at: now),
      nominated: nil)
  }

  /// The write that a status needs; none where it says so already.
  private static func status(
    _ pod: ClusterObject, _ condition: StatusCondition, nominated: String?
  ) -> [Action] {
    let known = pod.condition(condition.type).map { StatusCondition($0) }
    let isKnown =
      known?.status == condition.status && known?.reason == condition.reason
      && known?.message == condition.message
    let place = pod.value["status"]?["nominatedNodeName"]?.string
    guard !isKnown || nominated != nil && nominated != place else { return [] }
    let edit = Action.Edit("status", isStatus: true) { value in
      value.setPodCondition(condition)
      if let nominated {
        value.change("status") { $0["nominatedNodeName"] = .string(nominated) }
      }
    }
    return [.edit(pod.key, uid: pod.uid, edit)]
  }

  /// Takes back what was promised to a pod.
  static func withdraw(_ pod: ClusterObject) -> Action {
    let edit = Action.Edit("withdraw", isStatus: true) { value in
      value.change("status") { $0["nominatedNodeName"] = nil }
    }
    return .edit(pod.key, uid: pod.uid, edit)
  }

  /// Removes a pod to make room for another.
  static func preempt(
    _ victim: ClusterObject, for pod: ClusterObject, on node: String, at now: Time
  ) -> [Action] {
    let condition = StatusCondition(
      "DisruptionTarget", "True", reason: "PreemptionByScheduler",
      message: "\(Scheduler.name): preempting to accommodate a higher priority pod", at: now)
    let edit = Action.Edit("disrupt", isStatus: true) { $0.setPodCondition(condition) }
    return [
      .edit(victim.key, uid: victim.uid, edit),
      .delete(victim.key, Action.Deletion(uid: victim.uid)),
      .event(
        Action.Event(
          .normal, about: victim, reason: "Preempted",
          message: "Preempted by pod \(pod.uid) on node \(node)")),
    ]
  }
}

extension Value {
  /// Sets a condition of a pod in its place among the others; the time of the last transition only
  /// moves when the status does.
  fileprivate mutating func setPodCondition(_ condition: StatusCondition) {
    change("status") { status in
      var list = status["conditions"]?.list ?? []
      var condition = condition
      let place = list.firstIndex { $0["type"]?.string == condition.type }
      if let place, list[place]["status"]?.string == condition.status {
        condition.lastTransition = StatusCondition(list[place]).lastTransition
      }
      var new = condition.value
      if let place {
        // Fields that only others know stay.
        for key in ["lastProbeTime", "observedGeneration"] {
          if let known = list[place][key] { new[key] = known }
        }
        list[place] = new
      } else {
        list.append(new)
      }
      status["conditions"] = .list(list)
    }
  }
}
