import ManifestSyntax

/// Going back by annotation, as clients of long ago asked for it. `kubectl rollout undo` does not
/// need the controller for that: it writes the old template itself.
extension DeploymentSync {
  /// The revision asked for, 0 for the one before; nil when none is, or what is asked is no number.
  var rollbackRevision: Int64? {
    deployment.annotation(DeploymentAnnotation.rollbackTo).flatMap { Int64($0) }
  }

  mutating func rollBack() throws(Trouble) {
    _ = try syncRevisions(creates: true)
    guard var revision = rollbackRevision else { return }
    if revision == 0 {
      let known = sets.compactMap(\.revision).sorted()
      guard known.count > 1, known[known.count - 2] > 0 else {
        return give("DeploymentRollbackRevisionNotFound", "Unable to find last revision.")
      }
      revision = known[known.count - 2]
    }
    guard let target = sets.first(where: { $0.revision == revision }) else {
      return give(
        "DeploymentRollbackRevisionNotFound", "Unable to find the revision to rollback to.")
    }
    guard !PodTemplateComparison.isEqual(target.template, deployment.template) else {
      return give(
        "DeploymentRollbackTemplateUnchanged",
        "The rollback revision contains the same template as current deployment"
          + " \"\(deployment.object.name)\"")
    }
    takeOver(target)
    finish()
    decision.add(
      event(
        .normal, "DeploymentRollback",
        "Rolled back deployment \"\(deployment.object.name)\" to revision \(revision)"))
  }

  /// The template and annotations of `set`; size and strategy stay.
  private mutating func takeOver(_ set: ManagedReplicaSet) {
    let template = PodTemplateComparison.withoutHash(set.template)
    deployment.value.change("spec") { $0["template"] = template }
    let own = deployment.annotations.entries.filter {
      DeploymentAnnotation.own.contains($0.key)
    }
    let others = (set.value["metadata"]?["annotations"]?.map?.entries ?? []).filter {
      !DeploymentAnnotation.own.contains($0.key)
    }
    deployment.value.change("metadata") {
      $0["annotations"] = .map(ValueMap(unique: own + others))
    }
  }

  private mutating func give(_ reason: String, _ message: String) {
    decision.add(event(.warning, reason, message))
    finish()
  }

  /// The wish is taken back in every case.
  private mutating func finish() {
    deployment.setAnnotation(DeploymentAnnotation.rollbackTo, nil)
    decision.add(.update(deployment.object, deployment.value))
  }
}
