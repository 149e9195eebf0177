import ClusterControl

/// What the path of a request is about.
struct RequestTarget {
  var resource: ServedResource
  /// nil where the path names none.
  var namespace: String?
  /// nil for all objects.
  var name: String?
  /// Empty for the object itself.
  var subresource = ""
  /// The path has the old form of watches.
  var isWatch = false

  /// Reads `/api/v1/…` and `/apis/GROUP/VERSION/…`; nil where nothing is served.
  init?(_ request: APIRequest, in catalog: ResourceCatalog) {
    var parts = request.segments[...]
    var group = ""
    switch parts.popFirst() {
    case "api"?: break
    case "apis"?:
      guard let name = parts.popFirst() else { return nil }
      group = name
    default: return nil
    }
    guard let version = parts.popFirst() else { return nil }
    if parts.first == "watch" {
      isWatch = true
      parts.removeFirst()
    }
    // Two parts are the namespace itself, unless the second part begins one of its subresources.
    let isInNamespace =
      parts.first == "namespaces" && parts.count > 2
      && !(group.isEmpty && parts.count == 3
        && ["status", "finalize"].contains(parts[parts.startIndex + 2]))
    if isInNamespace {
      parts.removeFirst()
      namespace = parts.popFirst()
    }
    guard let plural = parts.popFirst(),
      let found = catalog.resource(group: group, version: version, plural: plural)
    else { return nil }
    resource = found
    name = parts.popFirst()
    subresource = parts.joined(separator: "/")
    if namespace != nil, !resource.isNamespaced { return nil }
    if name != nil, namespace == nil, resource.isNamespaced { return nil }
    if let name, !Self.isPathSegment(name) { return nil }
    if let namespace, !Self.isPathSegment(namespace) { return nil }
  }

  /// Names that would lead elsewhere in a path or in the store's keys are nobody's.
  private static func isPathSegment(_ text: String) -> Bool {
    !text.isEmpty && text != "." && text != ".." && !text.contains("/") && !text.contains("%")
  }
}
