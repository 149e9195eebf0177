import ManifestSchema
import ManifestSyntax

/// Making room for a pod by removing less important ones.
struct Preemption {
  struct Victim: Sendable {
    var slot: Int32
    var pod: ClusterObject
    var priority: Int64
    var started: Time
  }

  /// What would have to go from a node.
  struct Candidate: Sendable {
    var node: Int32
    /// The most important first.
    var victims: [Victim]
    /// How many of them their disruption budgets would rather keep.
    var violations: Int
  }

  enum Outcome {
    case victims(Candidate)
    /// What to add to the message.
    case none(String)
  }

  let cycle: SchedulingCycle
  let diagnosis: Diagnosis

  func run(_ plan: inout ShapePlan, _ memory: inout SchedulerMemory) -> Outcome {
    let prefix = cycle.view.version.minor >= 34 ? "no new claims to deallocate, " : ""
    if let reason = ineligibility(plan.shape, memory) {
      return .none("\(prefix)preemption: \(reason)")
    }
    var failures: [String] = []
    var found: [Candidate] = []
    let potential = potential(memory)
    let unhelpful = memory.cache.nodeCount - potential.count
    failures += Array(repeating: "Preemption is not helpful for scheduling", count: unhelpful)
    if !potential.isEmpty {
      let budgets = DisruptionBudgets(cycle.view)
      var chance = SeededGenerator(cycle.pod)
      let offset = Int(chance.number(below: UInt64(potential.count)))
      let wanted = min(max(potential.count / 10, 100), potential.count)
      for turn in potential.indices where found.count < wanted {
        let node = potential[(offset + turn) % potential.count]
        switch dryRun(node, &plan, &memory, budgets) {
        case .success(let candidate): found.append(candidate)
        case .failure(let refusal): failures += refusal.rejection.reasons
        }
      }
    }
    if let best = Self.best(found) { return .victims(best) }
    return .none(
      "\(prefix)preemption: 0/\(memory.cache.nodeCount) nodes are available:"
        + Diagnosis.list(failures))
  }

  private func ineligibility(_ shape: PodShape, _ memory: SchedulerMemory) -> String? {
    if shape.neverPreempts { return "not eligible due to preemptionPolicy=Never." }
    guard let name = memory.nominations[cycle.slot], let node = memory.cache.slot(of: name) else {
      return nil
    }
    if diagnosis.rejections[node]?.isFinal == true { return nil }
    let isLeaving = memory.cache.residents(of: node).contains { _, pod in
      !pod.isLive && (memory.cache.shapes[Int(pod.shape)]?.priority ?? 0) < shape.priority
    }
    return isLeaving ? "not eligible due to a terminating pod on the nominated node." : nil
  }

  /// The nodes where it could help.
  private func potential(_ memory: SchedulerMemory) -> [Int32] {
    if diagnosis.refusal != nil { return [] }
    return diagnosis.rejections.filter { !$0.value.isFinal }.keys.sorted()
  }

  // MARK: - One node

  private struct Refusal: Error {
    var rejection: Rejection
  }

  /// Takes all less important pods off a node, and puts back those that can stay.
  private func dryRun(
    _ node: Int32, _ plan: inout ShapePlan, _ memory: inout SchedulerMemory,
    _ budgets: DisruptionBudgets
  ) -> Result<Candidate, Refusal> {
    let priority = plan.shape.priority
    let order = memory.cache.residents[Int(node)]
    let lower = memory.cache.residents(of: node).compactMap { slot, pod -> Victim? in
      guard let shape = memory.cache.shapes[Int(pod.shape)], shape.priority < priority else {
        return nil
      }
      return Victim(
        slot: slot, pod: pod.object, priority: shape.priority,
        started: Self.started(pod.object, cycle.view.now))
    }
    guard !lower.isEmpty else {
      return .failure(
        Refusal(
          rejection: Rejection(
            .nodeResourcesFit, "No preemption victims found for incoming pod", isFinal: true)))
    }
    for victim in lower { memory.cache.move(victim.slot, to: -1) }
    defer {
      for slot in order { memory.cache.move(slot, to: node) }
      _ = plan.catchUp(memory.cache)
      plan.prepare()
    }
    let volumes = VolumeJudge(cycle.pod, plan.shape, cycle.view.state)
    let nominations = Nominations(memory, besides: cycle.slot, priority: priority)
    func rejection() -> Rejection? {
      _ = plan.catchUp(memory.cache)
      plan.prepare()
      return cycle.passes(node, &plan, &memory, volumes, nominations)
    }
    if let rejection = rejection() { return .failure(Refusal(rejection: rejection)) }
    let sorted = lower.sorted(by: Self.isMoreImportant)
    let (violating, others) = budgets.split(sorted)
    var victims: [Victim] = []
    var violations = 0
    for (group, isViolating) in [(violating, true), (others, false)] {
      for victim in group {
        memory.cache.move(victim.slot, to: node)
        guard rejection() != nil else { continue }
        memory.cache.move(victim.slot, to: -1)
        victims.append(victim)
        if isViolating { violations += 1 }
      }
    }
    victims.sort(by: Self.isMoreImportant)
    return .success(Candidate(node: node, victims: victims, violations: violations))
  }

  private static func started(_ pod: ClusterObject, _ now: Time) -> Time {
    pod.value["status"]?["startTime"]?.string.flatMap { Time($0) } ?? now
  }

  static func isMoreImportant(_ left: Victim, _ right: Victim) -> Bool {
    left.priority == right.priority
      ? left.started < right.started : left.priority > right.priority
  }

  // MARK: - The choice

  /// The candidate that does the least harm; the first of equals.
  static func best(_ candidates: [Candidate]) -> Candidate? {
    var best: (candidate: Candidate, harm: [Int64])?
    for candidate in candidates {
      let harm = harm(of: candidate)
      if let known = best, !harm.lexicographicallyPrecedes(known.harm) { continue }
      best = (candidate, harm)
    }
    return best?.candidate
  }

  /// Numbers to compare one after the other; the smaller is the better.
  private static func harm(of candidate: Candidate) -> [Int64] {
    let victims = candidate.victims
    let highest = victims.map(\.priority).max() ?? .min
    // Shifted so that every victim adds to the sum.
    let sum = victims.reduce(Int64(0)) { $0 &+ $1.priority &+ (1 << 31) }
    let latest = victims.filter { $0.priority == highest }.map(\.started).min()
    return [
      Int64(candidate.violations), highest, sum, Int64(victims.count), -(latest?.seconds ?? 0),
    ]
  }
}

/// How many pods may still be disrupted.
struct DisruptionBudgets {
  private struct Budget {
    var namespace: String?
    var selector: LabelSelector
    var allowed: Int64
    var disrupted: Set<String>
  }

  private var budgets: [Budget] = []

  init(_ view: ControllerView) {
    for object in view.state.objects(.podDisruptionBudgets) {
      guard let selector = DeploymentSync.selector(of: object), !selector.isEmpty else { continue }
      let status = object.value["status"]
      budgets.append(
        Budget(
          namespace: object.namespace, selector: selector,
          allowed: status?["disruptionsAllowed"]?.int64 ?? 0,
          disrupted: Set(status?["disruptedPods"]?.map?.keys ?? [])))
    }
  }

  /// The pods whose going some budget does not allow any more, and the others, in their order.
  func split(
    _ pods: [Preemption.Victim]
  ) -> (violating: [Preemption.Victim], others: [Preemption.Victim]) {
    var left = budgets.map(\.allowed)
    var violating: [Preemption.Victim] = []
    var others: [Preemption.Victim] = []
    for victim in pods {
      var isViolating = false
      for (index, budget) in budgets.enumerated()
      where budget.namespace == victim.pod.namespace && !victim.pod.labels.isEmpty
        && budget.selector.matches(victim.pod.labelTexts)
        && !budget.disrupted.contains(victim.pod.name)
      {
        left[index] -= 1
        if left[index] < 0 { isViolating = true }
      }
      if isViolating { violating.append(victim) } else { others.append(victim) }
    }
    return (violating, others)
  }
}
