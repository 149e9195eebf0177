import ManifestSchema
import ManifestSyntax

/// What the status says, and how long to wait for progress.
extension DeploymentSync {
  /// Whether every pod is of the new version and available.
  func isComplete(_ status: DeploymentStatus) -> Bool {
    status.updated == deployment.replicas && status.replicas == deployment.replicas
      && status.available == deployment.replicas
      && status.observedGeneration >= deployment.object.generation
  }

  /// The status without a word on progress.
  private func status(
    _ all: [ManagedReplicaSet], _ new: ManagedReplicaSet?
  ) -> DeploymentStatus {
    var status = DeploymentStatus()
    let available = all.available
    status.observedGeneration = deployment.object.generation
    status.replicas = all.actual
    status.updated = new?.status.replicas ?? 0
    status.ready = all.ready
    status.available = available
    status.unavailable = max(0, all.replicas - available)
    if view.version.minor >= 35 { status.terminating = all.terminating }
    status.collisionCount = deployment.status.collisionCount
    status.conditions = deployment.status.conditions
    let isEnough = available >= deployment.availableMin
    status.conditions.set(
      StatusCondition(
        "Available", isEnough ? "True" : "False",
        reason: isEnough ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable",
        message: isEnough
          ? "Deployment has minimum availability."
          : "Deployment does not have minimum availability.", at: view.now, hasUpdateTime: true))
    return status
  }

  /// Brings the status up to date while nothing rolls.
  mutating func syncDeploymentStatus(_ all: [ManagedReplicaSet], _ new: ManagedReplicaSet?) {
    let status = status(all, new)
    guard status != deployment.status else { return }
    deployment.status = status
    writeStatus()
  }

  /// Brings the status up to date during a rollout, with progress and its deadline.
  mutating func syncRolloutStatus(_ all: [ManagedReplicaSet], _ new: ManagedReplicaSet?) {
    var status = status(all, new)
    let current = deployment.status.conditions.named("Progressing")
    if deployment.progressDeadlineSeconds == nil {
      status.conditions.remove("Progressing")
    } else {
      let isOver =
        status.replicas == status.updated && current?.reason == "NewReplicaSetAvailable"
      if !isOver { judgeProgress(&status, current, new) }
    }
    if let failure = new?.failure ?? all.lazy.compactMap(\.failure).first {
      var condition = failure
      condition.lastUpdate = failure.lastTransition
      status.conditions.set(condition)
    } else {
      status.conditions.remove("ReplicaFailure")
    }
    guard status != deployment.status else { return waitForDeadline(status) }
    deployment.status = status
    writeStatus()
  }

  private func judgeProgress(
    _ status: inout DeploymentStatus, _ current: StatusCondition?, _ new: ManagedReplicaSet?
  ) {
    let name = new.map { "ReplicaSet \"\($0.name)\"" } ?? "Deployment \"\(deployment.object.name)\""
    let condition = { (status: String, reason: String, message: String) in
      StatusCondition(
        "Progressing", status, reason: reason, message: message, at: view.now,
        hasUpdateTime: true)
    }
    if isComplete(status) {
      status.conditions.set(
        condition("True", "NewReplicaSetAvailable", "\(name) has successfully progressed."))
    } else if isProgress(status) {
      // Every bit of progress starts the deadline anew, so the time moves with an equal reason too.
      var progress = condition("True", "ReplicaSetUpdated", "\(name) is progressing.")
      if let current {
        if current.status == "True" { progress.lastTransition = current.lastTransition }
        status.conditions.remove("Progressing")
      }
      status.conditions.set(progress)
    } else if isTimedOut(status) {
      status.conditions.set(
        condition("False", "ProgressDeadlineExceeded", "\(name) has timed out progressing."))
    }
  }

  private func isProgress(_ status: DeploymentStatus) -> Bool {
    let before = deployment.status
    return status.updated > before.updated
      || status.replicas - status.updated < before.replicas - before.updated
      || status.ready > before.ready || status.available > before.available
  }

  private func deadline(_ condition: StatusCondition) -> Time? {
    guard let seconds = deployment.progressDeadlineSeconds else { return nil }
    return (condition.lastUpdate ?? Time(seconds: 0)).advanced(bySeconds: seconds)
  }

  private func isTimedOut(_ status: DeploymentStatus) -> Bool {
    guard let condition = status.conditions.named("Progressing") else { return false }
    switch condition.reason {
    case "NewReplicaSetAvailable": return false
    case "ProgressDeadlineExceeded": return true
    default: return deadline(condition).map { $0 < view.now } ?? false
    }
  }

  /// Looks again when the deadline is over; nothing else would wake the controller then.
  private mutating func waitForDeadline(_ status: DeploymentStatus) {
    guard let condition = deployment.status.conditions.named("Progressing"), !isComplete(status),
      condition.reason != "ProgressDeadlineExceeded", let deadline = deadline(condition)
    else { return }
    let rest = deadline.duration(since: view.now)
    if rest < .seconds(1) {
      decision.isRetry = true
    } else {
      decision.checkAgain = rest + .seconds(1)
    }
  }

  /// Says in the status that the rollout was paused or resumed; the deadline rests meanwhile.
  mutating func notePause() {
    guard deployment.progressDeadlineSeconds != nil else { return }
    let reason = deployment.status.conditions.named("Progressing")?.reason
    if reason == "ProgressDeadlineExceeded" { return }
    if deployment.isPaused, reason != "DeploymentPaused" {
      setProgressing("Unknown", "DeploymentPaused", "Deployment is paused")
      writeStatus()
    } else if !deployment.isPaused, reason == "DeploymentPaused" {
      setProgressing("Unknown", "DeploymentResumed", "Deployment is resumed")
      writeStatus()
    }
  }
}
