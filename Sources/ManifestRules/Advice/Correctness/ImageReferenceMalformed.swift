import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Flags names of images that no runtime can read.
struct ImageReferenceMalformed: PodAdvice {
  static let about = AdviceDescription(
    "COR014", "image-reference-malformed", .error, .recommended,
    "The name of an image is none.",
    why: """
      The server stores any text, and the pods then wait with InvalidImageName. An image has no \
      scheme, its path is in lower case, its tag has up to 128 characters, and its digest has as \
      many digits as its kind asks for.
      """,
    supersedes: ["CTR-07", "EPH-04"],
    bad: [
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers:
        - name: app
          image: https://registry.example.com/web:1.0 # want: no image can be called
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
            - {name: setup, image: "Shop/Web:1.0"} # want: no image can be called 'Shop/Web:1.0'
            containers:
            - name: app
              image: nginx@sha256:abc123 # want: no image can be called 'nginx@sha256:abc123'
      """,
    ],
    good: [
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers:
        - {name: app, image: "registry.example.com:5000/shop/web_api--v2:1.0_RC.1"}
        - name: digest
          image: nginx:1@sha256:9a1d2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f8
      """,
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers:
        - {name: app, image: "LOCALHOST:5000/web"}
        - {name: variable, image: "registry.example.com/web:${TAG}"}
      """,
    ])

  static func check(_ pod: AdvicePod, into report: inout AdviceReport) {
    let volumes = pod.spec.node.list(.volumes).compactMap { $0[.image]?["reference"] }
    let nodes = pod.containers.compactMap { $0.node[.image] } + volumes
    // All of them could be read.
    if nodes.count == pod.images.count { return }
    for node in nodes {
      guard let text = node.string, !text.isEmpty, !node.isPlaceholder, ImageReference(text) == nil,
        // Templates are told of elsewhere.
        !text.holds("{{"), !text.holds("${"), !text.holds("$(")
      else { continue }
      report.flag(at: node, "no image can be called '\(text)': \(reason(text))", help: help(text))
    }
  }

  private static func reason(_ text: String) -> String {
    if text.contains("://") { return "it has a scheme" }
    if text.contains(where: \.isWhitespace) { return "it has spaces" }
    if let at = text.firstIndex(of: "@") {
      return ImageReference(String(text[..<at])) == nil
        ? "the part before the digest is no name" : "its digest is none"
    }
    let path = text.split(separator: ":").first ?? ""
    if path.contains(where: \.isUppercase) { return "it has capitals" }
    return "it is not of the form REGISTRY/PATH:TAG"
  }

  private static func help(_ text: String) -> String? {
    var plain = text
    if let scheme = plain.firstRange(of: "://") { plain = String(plain[scheme.upperBound...]) }
    plain = String(plain.filter { !$0.isWhitespace })
    if ImageReference(plain) == nil { plain = plain.lowercased() }
    return plain != text && ImageReference(plain) != nil ? "write '\(plain)'" : nil
  }
}
