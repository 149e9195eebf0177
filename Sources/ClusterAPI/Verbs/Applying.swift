import ClusterControl
import ClusterStore
import ManifestMerge
import ManifestSyntax

extension ClusterSession {
  /// Applies a configuration: server-side apply. Creates the object where there is none.
  ///
  /// - Parameter options: Must name a field manager.
  public func apply(
    _ config: Value, in resource: ServedResource, namespace: String? = nil, name: String,
    options: WriteOptions
  ) throws(StatusError) -> Written {
    let place = Place(resource, namespace, name)
    let fields = workshop.fieldManager(resource, subresource: options.subresource)
    let existing = try existing(place)
    if existing == nil, !options.subresource.isEmpty { throw .notFound(resource.resource, name) }
    let merged: Value
    do throws(ApplyRefusal) {
      merged = try fields.apply(
        config, to: existing?.object, manager: options.manager, force: options.force, time: time)
    } catch { throw StatusError(error) }
    try checkName(config, place)
    // What is merged holds only what the schema knows.
    var incoming = try workshop.incoming(
      Self.document(merged), as: resource, .ignore, refusal: .badRequest)
    try settleNamespace(of: &incoming.decoded, resource, namespace)
    // Who owns what was settled above; the server's defaults are nobody's.
    let managed = incoming.decoded
    guard let existing else {
      if !config.metadataText("uid").isEmpty {
        throw .conflict(
          resource.resource, name,
          "uid mismatch: the provided object specified a uid, and no existing object was found")
      }
      incoming.decoded.change("metadata") { $0["resourceVersion"] = nil }
      return try insert(incoming, incoming.decoded, resource, namespace, options)
    }
    try checkPreconditions(incoming.decoded, existing, isPatch: true)
    return try replace(existing, incoming, managed, options)
  }
}

extension StatusError {
  /// Why a configuration was not applied.
  init(_ refusal: ApplyRefusal) {
    switch refusal {
    case .badRequest(let message): self = .badRequest(message)
    case .schema(let troubles):
      // The server does not say whose mistake it is, so neither does this.
      self.init(500, .unknown, "failed to create typed patch object: \(troubles)")
    case .conflict(let conflict):
      self.init(
        409, .conflict, conflict.message,
        details: Details(
          causes: conflict.causes.map {
            Cause(reason: "FieldManagerConflict", message: $0.message, field: $0.field)
          }))
    }
  }
}
