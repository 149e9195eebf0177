import ManifestSyntax

/// CV-01: the old field's value goes to the new one, which wins where both are set.
enum ServiceAccountName {
  static func apply(_ scope: DefaultScope) {
    let old = scope.text("serviceAccount")
    guard scope.text("serviceAccountName").isEmpty, !old.isEmpty else { return }
    scope.set("serviceAccountName", to: .string(old))
  }
}
