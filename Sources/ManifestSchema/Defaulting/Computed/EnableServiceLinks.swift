import ManifestSyntax

/// POD-D06: pods get the environment variables of services; templates leave it to their pods.
enum EnableServiceLinks {
  static func apply(_ scope: DefaultScope) {
    guard scope.isPod, scope.value("enableServiceLinks") == nil else { return }
    scope.set("enableServiceLinks", to: true)
  }
}
