import ManifestSchema
import ManifestSyntax

/// Gives pods their nodes.
///
/// One plan tries all pods that are ready to be tried, the most important first, and remembers each
/// placement at once, so that the next pod finds the node as full as it will be. Pods that fit
/// nowhere wait until something changes that may help them, and may have less important pods
/// removed for them.
public struct Scheduler: Controller {
  public typealias Memory = SchedulerMemory

  public static let name = "default-scheduler"
  public static let watches: [GroupResource] = [
    .namespaces, .nodes, .pods, .services, .persistentVolumeClaims, .persistentVolumes,
    .storageClasses, .csiNodes,
  ]
  public static var freshMemory: SchedulerMemory { SchedulerMemory() }
  /// There is one piece of work: to try the pods of the queue.
  static let work = ResourceKey(GroupResource("schedulers"), name: name)

  public init() {}

  // MARK: - Waking

  public func observe(
    _ change: Change, _ view: ControllerView, _ memory: inout SchedulerMemory,
    _ wakes: inout Wakes
  ) {
    switch change.key.resource {
    case .pods: memory.observePod(change, view)
    case .nodes: memory.observeNode(change, view)
    case .namespaces:
      memory.cache.setNamespace(change.key.name, change.new?.labelTexts)
      memory.news(view) { $1.rejectedBy.contains(.interPodAffinity) }
    case .services:
      if change.old?.value["spec"]?["selector"] != change.new?.value["spec"]?["selector"] {
        memory.cache.beginEpoch()
      }
    default:
      memory.news(view) { !$1.rejectedBy.isDisjoint(with: SchedulerPlugin.volumes) }
    }
    if memory.hasWork(at: view.now, isEager: Self.isEager(view)) {
      wakes.wake(Self.work)
    } else if let next = memory.queue.nextLook(news: memory.newsCount) {
      wakes.wake(Self.work, after: max(next.duration(since: view.now), .zero))
    }
  }

  /// Whether pods in back-off are tried as soon as there is nothing else to do.
  static func isEager(_ view: ControllerView) -> Bool { view.version.minor >= 33 }

  // MARK: - Planning

  public func plan(
    _ key: ResourceKey, _ view: ControllerView, _ memory: inout SchedulerMemory
  ) -> Decision {
    guard key == Self.work else { return .done }
    memory.complete(view)
    memory.queue.flush(at: view.now, news: memory.newsCount)
    var bindings: [Action] = []
    var others: [Action] = []
    for slot in memory.takeGated() {
      guard let pod = memory.cache.pods[Int(slot)]?.object else { continue }
      others += PodWriting.gate(pod, at: view.now)
    }
    while let slot = memory.queue.pop(at: view.now, isEager: Self.isEager(view)) {
      attempt(slot, view, &memory, &bindings, &others)
    }
    var decision = Decision()
    decision.add(bindings)
    decision.add(others, tolerates: [.notFound, .conflict, .invalid])
    if let next = memory.queue.nextLook(news: memory.newsCount) {
      decision.checkAgain = max(next.duration(since: view.now), .zero)
    }
    return decision
  }

  private func attempt(
    _ slot: Int32, _ view: ControllerView, _ memory: inout SchedulerMemory,
    _ bindings: inout [Action], _ others: inout [Action]
  ) {
    guard let pod = memory.cache.pods[Int(slot)] else { return memory.queue.remove(slot) }
    if let known = memory.knownFailure(of: pod.shape, slot) {
      return fail(slot, pod.object, known, view, &memory, &others)
    }
    guard var plan = memory.takePlan(pod.shape, view) else { return memory.queue.remove(slot) }
    let cycle = SchedulingCycle(pod: pod.object, slot: slot, view: view)
    switch cycle.run(&plan, &memory) {
    case .found(let node):
      memory.assume(slot, on: node)
      if let facts = memory.cache.facts[Int(node)] {
        bindings.append(PodWriting.bind(pod.object, to: facts, view))
        others.append(PodWriting.bound(pod.object, to: facts))
      }
    case .failed(let diagnosis):
      let preemption = Preemption(cycle: cycle, diagnosis: diagnosis)
      var failure = SchedulerMemory.KnownFailure(plugins: diagnosis.plugins, message: "")
      if diagnosis.nodeCount == 0 {
        failure.message = diagnosis.message(afterwards: nil)
      } else {
        switch preemption.run(&plan, &memory) {
        case .none(let text):
          failure.message = diagnosis.message(afterwards: text)
          if diagnosis.refusal == nil { memory.remember(failure, of: pod.shape) }
        case .victims(let candidate):
          failure.message = diagnosis.message(afterwards: nil)
          failure.node = memory.cache.facts[Int(candidate.node)]?.name
          clear(candidate, for: pod.object, view, &memory, &others)
        }
      }
      fail(slot, pod.object, failure, view, &memory, &others)
    }
    memory.putBack(plan)
  }

  private func fail(
    _ slot: Int32, _ pod: ClusterObject, _ failure: SchedulerMemory.KnownFailure,
    _ view: ControllerView, _ memory: inout SchedulerMemory, _ actions: inout [Action]
  ) {
    memory.queue.fail(slot, failure.plugins, at: view.now, news: memory.newsCount)
    memory.nominate(slot, failure.node ?? memory.keptNomination(slot))
    actions += PodWriting.fail(
      pod, failure.message, nominated: memory.nominations[slot], at: view.now)
  }

  /// Removes the pods that have to go, and the claims of less important ones on their room.
  private func clear(
    _ candidate: Preemption.Candidate, for pod: ClusterObject, _ view: ControllerView,
    _ memory: inout SchedulerMemory, _ actions: inout [Action]
  ) {
    guard let node = memory.cache.facts[Int(candidate.node)] else { return }
    for victim in candidate.victims where !victim.pod.isTerminating {
      actions += PodWriting.preempt(victim.pod, for: pod, on: node.name, at: view.now)
    }
    let priority = pod.value["spec"]?["priority"]?.int64 ?? 0
    for (slot, name) in memory.nominations.sorted(by: { $0.key < $1.key })
    where name == node.name && memory.cache.shape(slot).map({ $0.priority < priority }) ?? false {
      memory.nominate(slot, nil)
      if let other = memory.cache.pods[Int(slot)]?.object {
        actions.append(PodWriting.withdraw(other))
      }
    }
  }

  // MARK: - Refusals

  public func recover(
    _ key: ResourceKey, from failure: Failure, _ view: ControllerView,
    _ memory: inout SchedulerMemory
  ) -> Decision {
    var refused: Set<ResourceKey> = []
    for case (.edit(let pod, let uid, let edit), _) in failure.refusals
    where edit.name == PodWriting.binding {
      refused.insert(pod)
      memory.takeBack(uid, view)
    }
    var decision = Decision()
    decision.add(
      failure.skipped.filter { action in
        guard case .event(let event) = action else { return true }
        return !refused.contains(event.about)
      }, tolerates: [.notFound, .conflict, .invalid, .internal])
    if let next = memory.queue.nextLook(news: memory.newsCount) {
      decision.checkAgain = max(next.duration(since: view.now), .zero)
    }
    return decision
  }
}
