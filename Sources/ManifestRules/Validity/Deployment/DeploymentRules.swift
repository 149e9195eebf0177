import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Deployments: numbers, selector, deadlines, and what their templates may not have.
enum DeploymentRules: KindRules {
  static let title = "Deployments"
  static let kinds = [GroupVersionKind(group: "apps", version: "v1", kind: "Deployment")]
  static let rollbackAnnotation = "deprecated.deployment.rollback.to"

  private static let numbers = KeySketch(
    ofKeys: ["minReadySeconds", "progressDeadlineSeconds", "revisionHistoryLimit"])
  private static let rollback = KeySketch(ofKeys: [rollbackAnnotation])

  static func check(_ object: ObjectSubject, into report: inout Report) {
    guard let spec = object.node[.spec].flatMap(DeploymentSpec.read) else { return }
    report.refuseNegative("DEP-01", spec.replicas, at: spec.node, "replicas")
    WorkloadSelector.check(
      object,
      WorkloadSelector.Codes(
        required: "DEP-02", empty: "DEP-04", unusable: "DEP-05", labels: "DEP-06"), into: &report)
    LastingPods.check(object, restart: "DEP-08", deadline: "DEP-09", into: &report)
    if object.keys.mayMeet(numbers) { checkNumbers(spec, into: &report) }
    if object.keys.mayMeet(rollback) { checkRollback(object, into: &report) }
  }

  private static func checkNumbers(_ spec: DeploymentSpec, into report: inout Report) {
    report.refuseNegative("DEP-17", spec.minReadySeconds, at: spec.node, "minReadySeconds")
    report.refuseNegative(
      "DEP-18", spec.revisionHistoryLimit, at: spec.node, "revisionHistoryLimit")
    report.refuseNegative(
      "DEP-19", spec.progressDeadlineSeconds, at: spec.node, "progressDeadlineSeconds")
    checkDeadline(spec, into: &report)
  }

  private static func checkDeadline(_ spec: DeploymentSpec, into report: inout Report) {
    let ready = spec.minReadySeconds ?? 0
    guard let deadline = spec.progressDeadlineSeconds, deadline <= ready else { return }
    let isDefault = spec.node["progressDeadlineSeconds"]?.isSynthetic ?? false
    report.error(
      "DEP-20", .invalid, at: spec.node, isDefault ? "minReadySeconds" : "progressDeadlineSeconds",
      """
      progressDeadlineSeconds is '\(deadline)'\(isDefault ? " by default" : ""), but pods \
      count as 
      """
        + "ready only after minReadySeconds, '\(ready)': every rollout would be called stuck",
      help: "set progressDeadlineSeconds above minReadySeconds",
      serverField: "spec.progressDeadlineSeconds")
  }

  /// An annotation stands for a field that the API no longer has.
  private static func checkRollback(_ object: ObjectSubject, into report: inout Report) {
    guard let annotations = object.node[.metadata]?[.annotations],
      let text = annotations[rollbackAnnotation]?.string, !text.isEmpty
    else { return }
    let part = FieldPath().key(rollbackAnnotation)
    let help = "remove the annotation; 'kubectl rollout undo' does its work"
    guard let revision = Int64(text) else {
      report.error(
        "DEP-21", .typeInvalid, at: annotations, part,
        "the revision to roll back to is '\(text)', which is no integer", help: help)
      return
    }
    guard revision < 0 else { return }
    report.error(
      "DEP-21", .invalid, at: annotations, part,
      "the revision to roll back to is '\(revision)'; it must be at least 0", help: help,
      serverField: "spec.rollback.version")
  }
}
