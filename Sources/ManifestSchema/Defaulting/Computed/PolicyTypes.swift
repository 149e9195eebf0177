import ManifestSyntax

/// A NetworkPolicy is about what comes in, and about what goes out where it has rules for that.
enum PolicyTypes {
  static func apply(_ scope: DefaultScope) {
    guard !scope.isFilled("policyTypes") else { return }
    scope.set("policyTypes", to: scope.isFilled("egress") ? ["Ingress", "Egress"] : ["Ingress"])
  }
}
