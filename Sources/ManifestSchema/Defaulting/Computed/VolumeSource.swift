import ManifestSyntax

/// VO-D01: a volume without a source is an empty folder.
enum VolumeSource {
  static func apply(_ scope: DefaultScope) {
    let hasSource = scope.tree.entries(scope.object).contains { key, value in
      scope.tree.kind(value) == .mapping && scope.tree.string(key) != "name"
    }
    if !hasSource { scope.set("emptyDir", to: .emptyMap) }
  }
}
