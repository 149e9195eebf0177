import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Flags objects in an API that the target version does not serve.
struct RemovedAPI: ObjectAdvice {
  static let about = AdviceDescription(
    "DEP001", "removed-api", .error, .recommended, fix: .safe,
    "The apiVersion of an object is not served at the target version.",
    why: """
      The server refuses what it has no API for, and tools that compare versions keep showing a \
      change. Where the object fits the API that took its place, the apiVersion is all that has to \
      change.
      """,
    supersedes: ["DEC-02"],
    bad: [
      """
      apiVersion: batch/v1beta1 # want: CronJob left batch/v1beta1 in Kubernetes 1.25
      kind: CronJob
      metadata: {name: report}
      spec:
        schedule: "0 3 * * *"
        jobTemplate:
          spec:
            template: {spec: {restartPolicy: Never, containers: [{name: app, image: "app:1.0"}]}}
      """,
      """
      apiVersion: extensions/v1beta1 # want: Ingress left extensions/v1beta1 in Kubernetes 1.22
      kind: Ingress
      metadata: {name: web}
      spec:
        backend: {serviceName: web, servicePort: 80}
      ---
      kind: HorizontalPodAutoscaler
      apiVersion: autoscaling/v2beta2 # want: HorizontalPodAutoscaler left autoscaling/v2beta2 in
      metadata: {name: web}
      spec:
        scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
        maxReplicas: 3
      """,
    ],
    good: [
      """
      apiVersion: batch/v1
      kind: CronJob
      metadata: {name: report}
      spec:
        schedule: "0 3 * * *"
        jobTemplate:
          spec:
            template: {spec: {restartPolicy: Never, containers: [{name: app, image: "app:1.0"}]}}
      """,
      AdviceExample(
        """
        apiVersion: autoscaling/v2beta2
        kind: HorizontalPodAutoscaler
        metadata: {name: web}
        spec:
          scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
          maxReplicas: 3
        """, version: KubernetesVersion(minor: 25)),
      """
      apiVersion: example.com/v1beta1
      kind: Ingress
      metadata: {name: web}
      """,
    ])

  static func check(_ object: AdviceObject, into report: inout AdviceReport) {
    let gvk = object.gvk
    guard let node = object.node[.apiVersion],
      report.schema.kind(apiVersion: gvk.apiVersion, kind: gvk.kind) == nil
    else { return }
    let removal = report.schema.removal(of: gvk)
    let message: String
    if let removal, let removed = removal.removedIn, report.version >= removed {
      message = "\(gvk.kind) left \(gvk.apiVersion) in Kubernetes \(removed)"
    } else if let known = report.schema.availability(of: gvk), let since = known.since,
      report.version < since
    {
      message = "\(gvk.kind) comes into \(gvk.apiVersion) in Kubernetes \(since)"
    } else {
      return
    }
    let successor = SuccessorAPI(of: object, removal, report.schema)
    report.flag(
      at: node, message, help: successor?.help ?? "there is no replacement",
      fixes: successor?.fixes(object, report) ?? [])
  }
}
