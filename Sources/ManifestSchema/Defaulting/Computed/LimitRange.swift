import ManifestSyntax

/// A container's default limits are the most it may have, its default requests the default limits
/// or the least.
enum LimitRange {
  static func apply(_ scope: DefaultScope) {
    guard scope.text("type") == "Container" else { return }
    fill("default", from: ["max"], scope)
    fill("defaultRequest", from: ["default", "min"], scope)
  }

  private static func fill(_ name: String, from sources: [String], _ scope: DefaultScope) {
    var amounts = scope.value(name).flatMap { scope.tree.value($0).map } ?? ValueMap()
    let before = amounts.count
    for source in sources {
      for entry in scope.value(source).flatMap({ scope.tree.value($0).map })?.entries ?? []
      where amounts[entry.key] == nil {
        amounts[entry.key] = entry.value
      }
    }
    if amounts.count > before { scope.set(name, to: .map(amounts)) }
  }
}
