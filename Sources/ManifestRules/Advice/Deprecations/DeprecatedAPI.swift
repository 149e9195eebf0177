import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Flags objects in an API that is going away.
struct DeprecatedAPI: ObjectAdvice {
  static let about = AdviceDescription(
    "DEP002", "deprecated-api", .warning, .recommended, fix: .safe,
    "The apiVersion of an object is deprecated.",
    why: """
      The server still takes it, with a warning; a later version will not. autoscaling/v1 is old, \
      and not deprecated.
      """,
    supersedes: ["WRN-58"],
    bad: [
      AdviceExample(
        """
        apiVersion: flowcontrol.apiserver.k8s.io/v1beta3 # want: FlowSchema leaves
        kind: FlowSchema
        metadata: {name: robots}
        spec: {priorityLevelConfiguration: {name: exempt}, matchingPrecedence: 500}
        """, version: KubernetesVersion(minor: 30)),
      AdviceExample(
        """
        apiVersion: autoscaling/v2beta2 # want: leaves autoscaling/v2beta2 in Kubernetes 1.26
        kind: HorizontalPodAutoscaler
        metadata: {name: web}
        spec:
          scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
          maxReplicas: 3
        """, version: KubernetesVersion(minor: 25)),
    ],
    good: [
      """
      apiVersion: autoscaling/v1
      kind: HorizontalPodAutoscaler
      metadata: {name: web}
      spec:
        scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
        maxReplicas: 3
      """,
      AdviceExample(
        """
        apiVersion: flowcontrol.apiserver.k8s.io/v1beta3
        kind: FlowSchema
        metadata: {name: robots}
        spec: {priorityLevelConfiguration: {name: exempt}, matchingPrecedence: 500}
        """, version: KubernetesVersion(minor: 28)),
    ])

  static func check(_ object: AdviceObject, into report: inout AdviceReport) {
    let gvk = object.gvk
    guard let node = object.node[.apiVersion], let removal = report.schema.removal(of: gvk),
      let deprecated = removal.deprecatedIn, report.version >= deprecated,
      report.schema.kind(apiVersion: gvk.apiVersion, kind: gvk.kind) != nil
    else { return }
    let message =
      removal.removedIn.map { "\(gvk.kind) leaves \(gvk.apiVersion) in Kubernetes \($0)" }
      ?? "\(gvk.kind) is deprecated since Kubernetes \(deprecated)"
    let successor = SuccessorAPI(of: object, removal, report.schema)
    report.flag(
      at: node, message,
      help: successor?.help ?? removal.replacement.map { "use \($0)" } ?? "there is no replacement",
      fixes: successor?.fixes(object, report) ?? [])
  }
}
