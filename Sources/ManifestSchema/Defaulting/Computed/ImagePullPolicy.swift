import ManifestSyntax

/// CO-D01, VO-D15: images without a fixed version are pulled each time.
enum ImagePullPolicy {
  static func applyToContainer(_ scope: DefaultScope) {
    apply(scope, field: "imagePullPolicy", image: "image")
  }

  static func applyToVolume(_ scope: DefaultScope) {
    apply(scope, field: "pullPolicy", image: "reference")
  }

  private static func apply(_ scope: DefaultScope, field: String, image: String) {
    guard scope.text(field).isEmpty else { return }
    let name = scope.value(image).flatMap { scope.tree.kind($0) == .string ? $0 : nil }
    let moves = name.map { name in
      scope.tree.bytes(name).withMemoryRebound(to: UInt8.self, ImageReference.isLatest)
    }
    scope.set(field, to: moves ?? false ? "Always" : "IfNotPresent")
  }
}
