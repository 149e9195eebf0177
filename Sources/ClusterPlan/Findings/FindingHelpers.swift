import ClusterControl
import ManifestRules
import ManifestSchema
import ManifestSyntax

extension FindingScope {
  /// The objects of a kind that select the pods of a workload by `spec.selector`.
  func selecting(
    _ resource: GroupResource, _ workload: WorkloadForecast
  ) -> [ClusterObject] {
    state.objects(resource, in: workload.object.namespace).filter {
      guard let selector = $0.value["spec"]?["selector"] else { return false }
      return Self.selector(selector).matches(workload.podLabels)
    }
  }

  /// The autoscalers of a workload.
  func scalers(_ workload: WorkloadForecast) -> [ClusterObject] {
    state.objects(.autoscalers, in: workload.object.namespace).filter {
      let target = $0.value["spec"]?["scaleTargetRef"]
      return target?["kind"]?.string == workload.object.kind
        && target?["name"]?.string == workload.object.name
    }
  }

  func change(_ workload: WorkloadForecast) -> ObjectChange? {
    forecast.changes.changes.first { $0.object == workload.object }
  }

  /// A selector as objects write it.
  static func selector(_ value: Value) -> LabelSelector {
    let expressions = (value["matchExpressions"]?.list ?? []).compactMap {
      expression -> LabelSelector.Requirement? in
      guard let key = expression["key"]?.string,
        let sign = expression["operator"]?.string.flatMap(LabelSelector.Operator.init)
      else { return nil }
      return LabelSelector.Requirement(
        key, sign, expression["values"]?.list?.compactMap(\.string) ?? [])
    }
    return LabelSelector(
      matchLabels: value["matchLabels"]?.map?.texts ?? [:], matchExpressions: expressions)
  }

  /// A number, or a percentage of `whole`.
  static func amount(_ value: Value?, of whole: Int, roundsUp: Bool) -> Int? {
    if let number = value?.int64 { return Int(clamping: number) }
    guard let text = value?.string, text.hasSuffix("%"), let percent = Int(text.dropLast()),
      percent >= 0, percent <= 1_000_000
    else { return nil }
    let product = whole.multipliedReportingOverflow(by: percent)
    if product.overflow { return nil }
    let quotient = product.partialValue / 100
    return roundsUp && product.partialValue % 100 > 0 ? quotient + 1 : quotient
  }

  /// How many pods a budget keeps of `replicas`; nil where it says nothing.
  static func kept(by budget: ClusterObject, of replicas: Int) -> Int? {
    let spec = budget.value["spec"]
    if let least = amount(spec?["minAvailable"], of: replicas, roundsUp: true) { return least }
    return amount(spec?["maxUnavailable"], of: replicas, roundsUp: true).map { replicas - $0 }
  }
}

extension WorkloadForecast {
  /// Whether the rollout stops before its end since new pods find no room and old ones may not go.
  var isDeadlocked: Bool {
    guard isRollout, !isPaused, let room, !room.fits, let course = roomCourse, !course.isComplete
    else { return false }
    return course.finalSizes.contains { course.revisions[$0.key] != .new && $0.value > 0 }
  }

  /// Whether no new pod at all found room.
  var isStuckFromTheBeginning: Bool {
    guard let room, let course = roomCourse, let tightest = room.tightestStep else { return false }
    return room.placedFirst == 0
      && !course.steps[..<tightest].contains { $0.revision == .new && $0.to > $0.from }
  }

  /// `write 1 of web-5796c8d4fd (0 → 3): ` and the scheduler's words.
  var roomProof: String {
    let steps = (roomCourse ?? course).steps
    guard let room, let tightest = room.tightestStep, steps.indices.contains(tightest) else {
      return ""
    }
    let step = steps[tightest]
    let words = room.message ?? room.refusal ?? "no node takes them"
    return "write \(tightest + 1), \(step.replicaSet) \(step.from) → \(step.to): "
      + "\(room.missing) of \(step.to - step.from) pods find no room: \(words)"
  }

  /// Whether the scheduler's words are about something that a pod has for itself alone.
  var isRoomExclusive: Bool {
    guard let message = room?.message else { return false }
    return ["anti-affinity", "topology spread", "free ports", "volume", "in-use"].contains {
      message.contains($0)
    }
  }
}
