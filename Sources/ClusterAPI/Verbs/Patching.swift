import ClusterControl
import ManifestMerge
import ManifestSyntax

extension ClusterSession {
  /// Changes an object by a patch of one of the three kinds.
  ///
  /// Refused with 415 for a strategic patch of a custom kind, whose lists have no merge keys.
  public func patch(
    _ patch: Patch, in resource: ServedResource, namespace: String? = nil, name: String,
    options: WriteOptions = WriteOptions()
  ) throws(StatusError) -> Written {
    if case .strategic = patch, resource.isCustom {
      throw .unsupportedMediaType([
        "application/json-patch+json", "application/merge-patch+json",
        "application/apply-patch+yaml",
      ])
    }
    let place = Place(resource, namespace, name)
    guard let existing = try existing(place) else { throw .notFound(resource.resource, name) }
    let patched = try Self.patched(existing.object, by: patch, workshop.types)
    var incoming = try workshop.incoming(
      Self.document(patched), as: resource, options.fieldValidation, refusal: .patch)
    try checkName(incoming.decoded, place)
    try settleNamespace(of: &incoming.decoded, resource, namespace)
    try checkPreconditions(incoming.decoded, existing, isPatch: true)
    let fields = workshop.fieldManager(resource, subresource: options.subresource)
    let managed = fields.update(
      incoming.decoded, over: existing.object, manager: options.manager, time: time)
    return try replace(existing, incoming, managed, options)
  }

  static func patched(
    _ object: Value, by patch: Patch, _ types: MergeTypes
  ) throws(StatusError) -> Value {
    if case .json(let operations) = patch, (operations.list?.count ?? 0) > 10_000 {
      throw StatusError(
        413, .requestEntityTooLarge, "a JSON patch may hold 10000 operations at most")
    }
    do throws(PatchRefusal) { return try patch.applied(to: object, types: types) } catch {
      switch error {
      case .malformed(let text): throw .badRequest("error decoding patch: \(text)")
      case .inapplicable(let text):
        throw StatusError(
          422, .invalid,
          "the server rejected our request due to an error in our request: \(text)")
      }
    }
  }
}
