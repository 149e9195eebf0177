import ManifestSyntax

/// The claims of a StatefulSet stay, where nobody says that they go.
enum ClaimRetention {
  static func apply(_ scope: DefaultScope) {
    guard scope.value("persistentVolumeClaimRetentionPolicy") == nil else { return }
    scope.set("persistentVolumeClaimRetentionPolicy", to: .emptyMap)
  }
}
