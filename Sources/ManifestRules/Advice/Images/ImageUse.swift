import ManifestModel
import ManifestSchema
import ManifestSyntax

/// A place where a pod names an image: a container, or a volume.
struct ImageUse: Sendable {
  /// Where the name stands.
  let node: NodeRef
  let text: String
  /// The name taken apart.
  let reference: ImageReference
  /// The container; nil for volumes.
  let container: AdviceContainer?
  /// When the image is pulled, where that is written.
  let pullPolicy: NodeRef?

  /// Nil where no image is written, or nothing that could be one.
  init?(_ node: NodeRef?, container: AdviceContainer?, pullPolicy: NodeRef?) {
    guard let node, !node.isPlaceholder, let text = node.string,
      let reference = ImageReference(text)
    else { return nil }
    self.node = node
    self.text = text
    self.reference = reference
    self.container = container
    self.pullPolicy = pullPolicy
  }

  /// The name with the registry in front: `docker.io/library/nginx`.
  var fullName: String {
    guard let slash = reference.name.firstIndex(of: "/") else {
      return "docker.io/library/\(reference.name)"
    }
    let host = reference.name[..<slash]
    if host.contains(".") || host.contains(":") || host == "localhost" { return reference.name }
    return "docker.io/\(reference.name)"
  }

  /// Whether the tag is one that moves: none at all, `latest`, `main`, `stable-alpine`.
  var hasFloatingTag: Bool {
    guard reference.digest == nil else { return false }
    guard let tag = reference.tag else { return true }
    // A number in it tells one build from another.
    guard !tag.utf8.contains(where: { (0x30...0x39).contains($0) }) else { return false }
    return tag.lowercased().split(whereSeparator: { "-_.".contains($0) }).contains {
      Self.floating.contains(String($0))
    }
  }

  private static let floating: Set<String> = [
    "latest", "stable", "edge", "main", "master", "develop", "development", "dev", "nightly",
    "canary", "head", "trunk", "current", "release", "rolling", "unstable", "snapshot", "testing",
    "mainline", "lts", "next", "prod", "production", "staging", "daily", "weekly", "beta", "alpha",
    "rc", "preview", "experimental", "default", "live",
  ]
}

extension ImageUse {
  /// The images that a pod names, in order.
  static func all(in spec: PodSpec, _ containers: [AdviceContainer]) -> [ImageUse] {
    containers.compactMap {
      ImageUse($0.node[.image], container: $0, pullPolicy: $0.node["imagePullPolicy"])
    }
      + spec.node.list(.volumes).compactMap { volume in
        volume[.image].flatMap {
          ImageUse($0["reference"], container: nil, pullPolicy: $0["pullPolicy"])
        }
      }
  }
}

extension Universe {
  /// Whether a kustomization gives the image another tag or name.
  func isSetByOverlay(_ image: ImageUse) -> Bool {
    !overlays.isEmpty
      && (isOverlaid("images:", image.reference.name) || isOverlaid("image:", image.text))
  }
}
