import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Flags images from registries that are no more.
struct RetiredRegistry: PodAdvice {
  static let about = AdviceDescription(
    "IMG005", "retired-registry", .warning, .recommended, fix: .safe,
    "An image comes from a registry that has been retired.",
    why: """
      Retired registries get no new images and are switched off one day. k8s.gcr.io was frozen in \
      2023; the same images, of all versions, are in registry.k8s.io.
      """,
    bad: [
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers:
        - name: app
          image: k8s.gcr.io/pause:3.9 # want: 'k8s.gcr.io' has been retired
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
            - {name: setup, image: "gcr.io/google_containers/busybox:1.24"} # want: 'gcr.io/google_containers'
            containers:
            - name: app
              image: "docker.pkg.github.com/shop/web/app:1.0" # want: 'docker.pkg.github.com' has been retired
      """,
    ],
    good: [
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers:
        - {name: app, image: "registry.k8s.io/pause:3.9"}
        - {name: other, image: "gcr.io/distroless/static:nonroot"}
      """,
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers:
        - {name: app, image: "mirror.example.com/k8s.gcr.io/pause:3.9"}
        - {name: other, image: "k8s.gcr.io.example.com/pause:3.9"}
      """,
    ])

  static func check(_ pod: AdvicePod, into report: inout AdviceReport) {
    for image in pod.images {
      guard let old = retired.first(where: { image.reference.name.isInside($0.prefix) })
      else { continue }
      var fixes: [FixIt] = []
      var help = "the images are no longer kept up to date there"
      if let new = old.successor {
        let text = new + image.text.dropFirst(old.prefix.count)
        help = "use \(text)"
        fixes = [report.setting(image.node, to: text, title: "use \(new)", safety: .safe)]
      }
      report.flag(
        at: image.node, "'\(old.prefix)' has been retired\(old.when)", help: help, fixes: fixes)
    }
  }

  private static let retired: [(prefix: String, successor: String?, when: String)] = [
    ("k8s.gcr.io", "registry.k8s.io", ": nothing has come in since April 2023"),
    ("gcr.io/google_containers", "registry.k8s.io", ""),
    ("gcr.io/google-containers", "registry.k8s.io", ""),
    ("gcr.io/k8s-artifacts-prod", "registry.k8s.io", ""),
    ("us.gcr.io/k8s-artifacts-prod", "registry.k8s.io", ""),
    ("eu.gcr.io/k8s-artifacts-prod", "registry.k8s.io", ""),
    ("asia.gcr.io/k8s-artifacts-prod", "registry.k8s.io", ""),
    ("docker.pkg.github.com", nil, ": its images are in ghcr.io"),
    ("registry.centos.org", nil, ""),
    ("gcr.io/kubernetes-helm", nil, ""),
  ]
}

extension String {
  /// Whether it is a path below `folder`.
  fileprivate func isInside(_ folder: String) -> Bool {
    let (own, other) = (utf8, folder.utf8)
    return own.count > other.count && own.starts(with: other)
      && own[own.index(own.startIndex, offsetBy: other.count)] == UInt8(ascii: "/")
  }
}
