import ManifestSyntax

/// SV-D02, SV-D03: the config belongs to the affinity ClientIP and is complete there.
enum SessionAffinityConfig {
  private static let secondsDefault: Value = 10800

  static func apply(_ scope: DefaultScope) {
    switch scope.text("sessionAffinity") {
    // The affinity's own default, None, comes after the computed ones.
    case "None", "":
      scope.tree.remove("sessionAffinityConfig", from: scope.object)
    case "ClientIP":
      let config = scope.value("sessionAffinityConfig")
      let client = config.flatMap { scope.value("clientIP", of: $0) }
      if client.flatMap({ scope.value("timeoutSeconds", of: $0) }) != nil { return }
      scope.set("sessionAffinityConfig", to: ["clientIP": ["timeoutSeconds": secondsDefault]])
    default: break
    }
  }
}
