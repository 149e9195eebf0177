import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Flags containers for debugging in manifests.
struct EphemeralContainers: PodAdvice {
  static let about = AdviceDescription(
    "COR009", "ephemeral-container", .error, .recommended, fix: .safe,
    "A manifest has ephemeral containers.",
    why: """
      Ephemeral containers are put into pods that run, by `kubectl debug`. The server refuses new \
      pods that have some, and templates with them.
      """,
    supersedes: ["TPL-02", "PODC-01"],
    bad: [
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers: [{name: app, image: "nginx:1.29.1"}]
        ephemeralContainers: # want: ephemeral containers cannot be created
        - {name: debug, image: "busybox:1.37"}
      """,
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec:
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec:
            ephemeralContainers: [{name: debug, image: "busybox:1.37"}] # want: ephemeral containers cannot be
            containers: [{name: app, image: "nginx:1.29.1"}]
      """,
    ],
    good: [
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers: [{name: app, image: "nginx:1.29.1"}]
        ephemeralContainers: []
      """,
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        initContainers: [{name: debug, image: "busybox:1.37"}]
        containers: [{name: app, image: "nginx:1.29.1"}]
      """,
    ])

  static let needs = ["ephemeralContainers"]

  static func check(_ pod: AdvicePod, into report: inout AdviceReport) {
    guard let list = pod.spec.node["ephemeralContainers"], list.count > 0 else { return }
    report.flag(
      at: list, "ephemeral containers cannot be created with a pod",
      help: "remove them; `kubectl debug` adds one to a pod that runs", anchor: .key,
      fixes: [report.removing(list, title: "remove ephemeralContainers", safety: .safe)])
  }
}
