import ManifestSyntax

/// A ReplicationController selects by its pods' labels and has them too, where it says nothing.
enum ControllerSelector {
  static func apply(_ scope: DefaultScope) {
    guard let template = scope.value("template"), scope.tree.kind(template) == .mapping,
      let inner = scope.value("metadata", of: template), scope.tree.kind(inner) == .mapping,
      let labels = scope.value("labels", of: inner), scope.tree.count(labels) > 0
    else { return }
    let value = scope.tree.value(labels)
    if !scope.isFilled("selector") { scope.set("selector", to: value) }
    guard let metadata = scope.value("metadata", of: scope.root),
      scope.tree.kind(metadata) == .mapping
    else { return }
    if let own = scope.value("labels", of: metadata), scope.tree.count(own) > 0 { return }
    scope.set("labels", to: value, in: metadata)
  }
}
