import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Flags tags that move where nodes keep what they have.
struct StaleImageRisk: PodUniverseAdvice {
  static let about = AdviceDescription(
    "IMG003", "stale-image-risk", .warning, .recommended, fix: .hint,
    "A tag that moves is pulled only where the node lacks the image.",
    why: """
      With IfNotPresent or Never a node goes on using the image that it pulled once under the tag. \
      After the tag has moved, old and new nodes run different programs. IfNotPresent holds where \
      nothing is written, but for 'latest'.
      """,
    bad: [
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers:
        - name: app
          image: nginx:latest
          imagePullPolicy: IfNotPresent # want: nodes keep what they once pulled as 'latest'
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
            initContainers:
            - {name: setup, image: busybox, imagePullPolicy: Never} # want: nodes keep what they once pulled
            containers:
            - name: app
              image: nginx:stable # want: nodes keep what they once pulled as 'stable'
      """,
    ],
    good: [
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers:
        - {name: app, image: "nginx:latest"}
        - {name: other, image: "nginx:stable", imagePullPolicy: Always}
        - {name: implied, image: nginx}
      """,
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers:
        - {name: app, image: "nginx:1.29.1", imagePullPolicy: IfNotPresent}
        - name: digest
          image: app:latest@sha256:9a1d2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f8
          imagePullPolicy: IfNotPresent
      """,
    ])

  static func check(
    _ pod: AdvicePod, in universe: Universe, into report: inout AdviceReport
  ) {
    for image in pod.images where image.hasFloatingTag {
      let tag = image.reference.tagOrLatest
      let policy = image.pullPolicy?.string ?? (tag == "latest" ? "Always" : "IfNotPresent")
      guard policy == "IfNotPresent" || policy == "Never", !universe.isSetByOverlay(image) else {
        continue
      }
      report.flag(
        at: image.pullPolicy ?? image.node, "nodes keep what they once pulled as '\(tag)'",
        help: "name a version; or set imagePullPolicy to Always",
        related: image.pullPolicy == nil
          ? [] : [report.related("the tag moves", at: image.node, of: pod.object)])
    }
  }
}
