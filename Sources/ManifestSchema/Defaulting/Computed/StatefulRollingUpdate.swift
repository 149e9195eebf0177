import ManifestSyntax

/// A StatefulSet that names no strategy updates by the parts that a rolling update has; one that
/// names it is taken at its word.
enum StatefulRollingUpdate {
  static func apply(_ scope: DefaultScope) {
    // The type's own default comes after the computed ones.
    guard scope.text("type").isEmpty, scope.value("rollingUpdate") == nil else { return }
    scope.set("rollingUpdate", to: .emptyMap)
  }
}
