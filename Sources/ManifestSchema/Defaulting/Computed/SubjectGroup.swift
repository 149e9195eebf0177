import ManifestSyntax

/// Users and groups belong to the API of roles, service accounts to the core.
enum SubjectGroup {
  static func apply(_ scope: DefaultScope) {
    guard scope.text("apiGroup").isEmpty, ["User", "Group"].contains(scope.text("kind")) else {
      return
    }
    scope.set("apiGroup", to: "rbac.authorization.k8s.io")
  }
}
