import ManifestSchema

extension PodRun {
  /// The phase that its containers add up to.
  ///
  /// Containers that crash and are started again leave the pod Running; only what can never run
  /// again is Succeeded or Failed.
  var phase: PodFacts.Phase {
    if verdict != nil, isFinished || containers.allSatisfy({ !$0.isRunning }) { return .failed }
    let initial = containers.indices.prefix(plan.initCount)
    let ordinary = initial.filter { plan.containers[$0].role == .initial }
    if ordinary.contains(where: { containers[$0].hasFailed }) { return .failed }
    let regular = containers[plan.initCount...]
    if !isInitialized {
      guard ordinary.allSatisfy({ containers[$0].hasSucceeded }),
        initial.allSatisfy({
          plan.containers[$0].role == .initial || containers[$0].isStarted(at: clock)
        })
      else { return .pending }
    }
    if regular.contains(where: Self.awaitsFirstStart) { return .pending }
    // A sidecar that is still stopping holds the node's resources, so the pod is not at its end.
    if containers.contains(where: \.isRunning) { return .running }
    guard regular.allSatisfy(\.isEnded) else { return .running }
    return regular.contains(where: \.hasFailed) ? .failed : .succeeded
  }

  private static func awaitsFirstStart(_ container: ContainerRun) -> Bool {
    !container.isRunning && container.last == nil
  }

  /// Whether all init containers are done and all sidecars have started.
  var areInitContainersDone: Bool { plan.initCount == 0 || isInitialized }

  /// Whether the pod is at an end of its own: nothing will be started again.
  var isTerminal: Bool {
    let phase = phase
    return phase == .succeeded || phase == .failed
  }

  var isEveryContainerReady: Bool {
    containers.indices.allSatisfy { index in
      plan.containers[index].role == .initial || containers[index].isReady(at: clock)
    }
  }

  /// Where the pod's spec has the container, as events say it.
  func fieldPath(ofContainer index: Int) -> String {
    let list = index < plan.initCount ? "initContainers" : "containers"
    return "spec.\(list){\(plan.containers[index].name)}"
  }
}
