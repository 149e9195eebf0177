import ManifestSyntax

/// A custom kind that does not say how one or a list of its objects is called.
enum DefinitionNames {
  static func apply(_ scope: DefaultScope) {
    let kind = scope.text("kind")
    if kind.isEmpty { return }
    if scope.text("singular").isEmpty { scope.set("singular", to: .string(kind.lowercased())) }
    if scope.text("listKind").isEmpty { scope.set("listKind", to: .string(kind + "List")) }
  }
}
