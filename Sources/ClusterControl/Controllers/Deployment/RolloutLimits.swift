import ManifestSyntax

/// Between which numbers a rollout keeps the pods of a Deployment.
public struct RolloutLimits: Hashable, Sendable {
  public let replicas: Int
  /// Fewest available pods, when it began with as many.
  public let availableMin: Int
  /// Most pods, those that are stopping aside.
  public let podsMax: Int

  /// nil for what is no Deployment, or one that says nothing sensible.
  public init?(_ deployment: ClusterObject) {
    guard deployment.key.resource == .deployments else { return nil }
    let model = DeploymentModel(deployment)
    guard
      !model.isRolling
        || DeploymentModel.fenceposts(
          surge: model.maxSurge, unavailable: model.maxUnavailable, replicas: model.replicas) != nil
    else { return nil }
    replicas = model.replicas
    availableMin = model.isRolling ? model.availableMin : 0
    podsMax = model.podsMax
  }
}
