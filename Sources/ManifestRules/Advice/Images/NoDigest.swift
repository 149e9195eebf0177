import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Flags images that are not named by their content.
struct NoDigest: PodUniverseAdvice {
  static let about = AdviceDescription(
    "IMG002", "no-digest", .note, .optional,
    "An image is not pinned by its digest.",
    why: """
      A digest names the content of an image; any tag can be moved to another one, by accident or \
      by somebody who got into the registry.
      """,
    bad: [
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers:
        - name: app
          image: nginx:1.29.1 # want: the image 'nginx:1.29.1' is not pinned by a digest
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
            - {name: setup, image: busybox} # want: the image 'busybox' is not pinned by a digest
            containers:
            - name: app
              image: nginx@sha256:9a1d2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f8
      """,
    ],
    good: [
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers:
        - name: app
          image: nginx@sha256:9a1d2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f8
      """,
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers:
        - name: app
          image: nginx:1.29@sha256:9a1d2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f8
      """,
    ])

  static func check(
    _ pod: AdvicePod, in universe: Universe, into report: inout AdviceReport
  ) {
    for image in pod.images
    where image.reference.digest == nil
      && !(universe.isSetByOverlay(image) && universe.isOverlaid("digest:", image.reference.name))
    {
      report.flag(
        at: image.node, "the image '\(image.text)' is not pinned by a digest",
        help: "add '@sha256:…' behind the tag")
    }
  }
}
