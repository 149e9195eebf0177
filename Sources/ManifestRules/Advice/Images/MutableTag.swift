import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Flags images whose tag moves.
struct MutableTag: PodUniverseAdvice {
  static let about = AdviceDescription(
    "IMG001", "mutable-tag", .warning, .recommended,
    "An image names no fixed version.",
    why: """
      A node resolves a tag when it pulls. Where the tag moves, two pods of one workload may run \
      different programs, and going back to the version before is not possible. A digest always \
      passes.
      """,
    bad: [
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers:
        - name: app
          image: nginx # want: the image 'nginx' has no tag
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
            - {name: setup, image: "busybox:latest"} # want: the tag 'latest' of the image moves
            containers:
            - name: app
              image: registry.example.com:5000/shop/web:main # want: the tag 'main' of the image moves
      """,
    ],
    good: [
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers:
        - {name: app, image: "nginx:1.29.1"}
        - {name: other, image: "localhost:5000/nginx:1-alpine"}
        - name: digest
          image: nginx@sha256:9a1d2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f8
        - name: both
          image: app:latest@sha256:9a1d2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f8
      """,
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers:
        - {name: app, image: registry.example.com/shop/web}
        - {name: build, image: "registry.example.com/shop/api:main-4f2a91c"}
      --- # file: kustomization.yaml
      resources: [example.yaml]
      images:
      - {name: registry.example.com/shop/web, newTag: "1.4.2"}
      """,
    ])

  static func check(
    _ pod: AdvicePod, in universe: Universe, into report: inout AdviceReport
  ) {
    for image in pod.images where image.hasFloatingTag && !universe.isSetByOverlay(image) {
      let message =
        image.reference.tag.map { "the tag '\($0)' of the image moves" }
        ?? "the image '\(image.text)' has no tag, which stands for 'latest'"
      report.flag(at: image.node, message, help: "name a version, or a digest")
    }
  }
}
