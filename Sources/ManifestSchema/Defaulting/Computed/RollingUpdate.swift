import ManifestSyntax

/// DE-D03: a rolling update has its limits, even where nobody wrote the block for them.
enum RollingUpdate {
  static func apply(_ scope: DefaultScope) {
    // The type's own default comes after the computed ones.
    guard ["", "RollingUpdate"].contains(scope.text("type")) else { return }
    if scope.value("rollingUpdate") == nil { scope.set("rollingUpdate", to: .emptyMap) }
  }
}
