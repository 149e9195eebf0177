import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Flags pods that nothing starts again.
struct NakedPod: ObjectAdvice {
  static let about = AdviceDescription(
    "REL006", "naked-pod", .warning, .recommended,
    "A Pod is written by itself, without anything that makes it anew.",
    why: """
      When its node goes away, or it is evicted, a pod by itself is gone for good, and it cannot \
      be updated in place. A Deployment or a Job makes another one. Hooks of Helm charts are let be.
      """,
    bad: [
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web # want: nothing makes Pod web anew
      spec: {containers: [{name: app, image: "nginx:1.29.1"}]}
      """,
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web, namespace: shop, labels: {app: web}} # want: nothing makes Pod shop/web
      spec: {restartPolicy: Always, containers: [{name: app, image: "nginx:1.29.1"}]}
      """,
    ],
    good: [
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web-test, annotations: {helm.sh/hook: test}}
      spec: {restartPolicy: Never, containers: [{name: app, image: "curl:8.16.0"}]}
      """,
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web-0
        ownerReferences:
        - {apiVersion: apps/v1, kind: StatefulSet, name: web, uid: a1, controller: true}
      spec: {containers: [{name: app, image: "nginx:1.29.1"}]}
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec:
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec: {containers: [{name: app, image: "nginx:1.29.1"}]}
      """,
    ])

  static let kinds = ["Pod"]

  static func check(_ object: AdviceObject, into report: inout AdviceReport) {
    guard object.gvk.group.isEmpty, !object.hasController,
      // Hooks run once, at the word of whoever installs the chart.
      object.annotations["helm.sh/hook"] == nil,
      object.annotations["kubernetes.io/config.mirror"] == nil
    else { return }
    report.flag(
      at: object.place, "nothing makes \(object.title) anew when it is gone",
      help: "write a Deployment, or a Job where it runs to an end")
  }
}
