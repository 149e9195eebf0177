import ManifestSyntax

/// A change that waits.
enum B17Paused: FindingRule {
  static let code = "B17"
  static let title = "the Deployment is paused: the new version does not start"
  static let why = """
    A paused Deployment takes a new template without rolling it out. Changes pile up, and all of \
    them start at once when somebody resumes it.
    """

  static func find(_ scope: FindingScope) -> [Finding] {
    scope.workloads.compactMap { workload in
      guard workload.isPaused, let before = workload.before,
        before["spec"]?["template"] != workload.after["spec"]?["template"]
      else { return nil }
      return Finding(
        code, .note, workload, title,
        proof: "spec.paused is true, and spec.template changes; "
          + "\(workload.course.finalAvailable) pods of the old version stay",
        help: "set spec.paused to false in the manifest, or run 'kubectl rollout resume'")
    }
  }
}
