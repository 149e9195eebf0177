import ClusterControl
import ClusterStore
import ManifestMerge
import ManifestRules
import ManifestSchema
import ManifestSyntax

/// An object as it is stored when a request comes to it.
struct Existing {
  var place: Place
  var entry: Entry
  /// In the version of the request, with its resource version.
  var object: Value
}

extension ClusterSession {
  /// Replaces an object.
  ///
  /// - Parameter namespace: The namespace of the request, for namespaced resources.
  public func update(
    _ object: Value, in resource: ServedResource, namespace: String? = nil, name: String,
    options: WriteOptions = WriteOptions()
  ) throws(StatusError) -> Written {
    try update(
      Self.document(object), in: resource, namespace: namespace, name: name, options: options)
  }

  /// Replaces an object by the one in `document`, which nobody else has.
  public func update(
    _ document: ParsedDocument, in resource: ServedResource, namespace: String? = nil,
    name: String, options: WriteOptions = WriteOptions()
  ) throws(StatusError) -> Written {
    var incoming = try workshop.incoming(document, as: resource, options.fieldValidation)
    let place = Place(resource, namespace, name)
    try checkName(incoming.decoded, place)
    try settleNamespace(of: &incoming.decoded, resource, namespace)
    let fields = workshop.fieldManager(resource, subresource: options.subresource)
    guard let existing = try existing(place) else {
      guard resource.allowsCreateOnUpdate, options.subresource.isEmpty else {
        throw .notFound(resource.resource, name)
      }
      if !incoming.decoded.metadataText("uid").isEmpty {
        throw .conflict(resource.resource, name, "there is no object with the uid that is given")
      }
      incoming.decoded.change("metadata") { $0["resourceVersion"] = nil }
      let managed = fields.update(
        incoming.decoded, over: nil, manager: options.manager, time: time)
      return try insert(incoming, managed, resource, namespace, options)
    }
    try checkPreconditions(incoming.decoded, existing, isPatch: false)
    let managed = fields.update(
      incoming.decoded, over: existing.object, manager: options.manager, time: time)
    return try replace(existing, incoming, managed, options)
  }

  /// The object at `place` as requests see it; nil when there is none.
  func existing(_ place: Place) throws(StatusError) -> Existing? {
    guard let entry = try entry(place.resource, place.namespace, place.name) else { return nil }
    let object = Conversion.convert(try ObjectCodec.value(entry), to: place.resource)
    return Existing(place: place, entry: entry, object: object)
  }

  /// The body and the path must name the same object.
  func checkName(_ object: Value, _ place: Place) throws(StatusError) {
    let written = object.metadataText("name")
    if written == place.name { return }
    throw .badRequest(
      written.isEmpty
        ? "the name of the object (\(place.name) based on URL) was undeterminable: name must be "
          + "provided"
        : "the name of the object (\(written)) does not match the name on the URL (\(place.name))")
  }

  /// The object must be the one that the writer has seen, as far as it says.
  func checkPreconditions(
    _ object: Value, _ existing: Existing, isPatch: Bool
  ) throws(StatusError) {
    let place = existing.place
    let uid = object.metadataText("uid")
    let known = existing.object.metadataText("uid")
    if !uid.isEmpty, uid != known {
      throw .conflict(
        place.resource.resource, place.name,
        "Precondition failed: UID in precondition: \(uid), UID in object meta: \(known)")
    }
    let version = object.metadataText("resourceVersion")
    if version.isEmpty || version == "0" {
      if !isPatch, !place.resource.allowsUnconditionalUpdate {
        throw .invalid(
          group: place.resource.group, kind: place.resource.kind, place.name,
          [
            StatusError.Cause(
              reason: "FieldValueInvalid", message: "must be specified for an update",
              field: "metadata.resourceVersion")
          ])
      }
      return
    }
    guard UInt64(version) != nil else {
      throw .internalError("'\(version)' is no resource version")
    }
    if version != existing.object.metadataText("resourceVersion") {
      throw .modified(place.resource.resource, place.name)
    }
  }

  /// Stores what replaces an object.
  ///
  /// - Parameter managed: What was decoded, with its managed fields.
  func replace(
    _ existing: Existing, _ incoming: Incoming, _ managed: Value, _ options: WriteOptions
  ) throws(StatusError) -> Written {
    let place = existing.place
    let old = existing.object
    var object = managed
    let request = admissionRequest(.update, place, options)
    try admit(&object, old: old, request, place)
    let tree = object == managed ? incoming.tree : Self.tree(toJudge: object)
    var new = preparedForUpdate(object, over: old, place.resource, subresource: options.subresource)
    new.change("metadata") { SystemMetadata.carry(&$0, from: old["metadata"]) }
    let table = PendingAllocations(access)
    if options.subresource.isEmpty {
      let owner = AllocationOwner(place.key, uid: old.metadataText("uid"))
      try allocate(&new, old: old, owner, table, place)
    }
    var warnings = incoming.warnings
    warnings += try judgeUpdate(
      existing, new: new, tree, incoming.mistakes, options.subresource)
    countGeneration(&new, old, place.resource)
    new.change("metadata") { metadata in
      metadata["resourceVersion"] = old["metadata"]?["resourceVersion"]
    }
    new = FieldManager.keepingTimes(of: new, from: old)
    var outcome = try approve(new, old: old, request, place)
    warnings += outcome.warnings
    var written = Written(object: new, isChanged: false, warnings: warnings)
    written.object.restoreOrder()
    if written.object == old { return written }
    written.isChanged = true
    if isFinished(new, place) {
      try remove(existing, new, outcome)
      written.isRemoved = true
      return written
    }
    // Of pods admission counts new ones only; those that end give back what they held.
    if place.resource.resource == .pods, options.subresource == "status" {
      outcome.updates += try quotas(replacing: old, by: new, place)
    }
    let revision = try store(new, at: place, table, outcome, isNew: false)
    if place.resource.resource == .customResourceDefinitions { try refreshDefinitions() }
    try countQuotas(place)
    if !isDryRun { written.object.setResourceVersion(revision) }
    return written
  }

  private func countGeneration(_ new: inout Value, _ old: Value, _ resource: ServedResource) {
    guard resource.countsGenerations, let number = old["metadata"]?["generation"]?.int64,
      resource.isNewGeneration(old, new)
    else { return }
    new.change("metadata") { $0["generation"] = .int(number &+ 1) }
  }

  /// Whether nothing keeps an object any more that is to go.
  private func isFinished(_ object: Value, _ place: Place) -> Bool {
    let metadata = object["metadata"]
    guard let deleted = metadata?["deletionTimestamp"], deleted != .null,
      metadata?["finalizers"]?.list?.isEmpty ?? true,
      (metadata?["deletionGracePeriodSeconds"]?.int64 ?? 0) == 0
    else { return false }
    guard place.resource.resource == .namespaces else { return true }
    return object["spec"]?["finalizers"]?.list?.isEmpty ?? true
  }
}

// MARK: - Validation

extension ClusterSession {
  private func judgeUpdate(
    _ existing: Existing, new: Value, _ sent: Tree?, _ mistakes: [Diagnostic],
    _ subresource: String
  ) throws(StatusError) -> [String] {
    let resource = existing.place.resource
    guard let sent, let old = Self.document(existing.object).tree else {
      throw .internalError("the object cannot be read again")
    }
    var found = mistakes
    switch subresource {
    case "": found += rules(old: old, new: sent, resource)
    case "ephemeralcontainers":
      found += EphemeralContainers.changes(old: existing.object, new: new)
      if let tree = Self.document(new).tree {
        let subject = ObjectSubject(gvk: resource.gvk, node: .tree(tree, .root))
        found += workshop.runner.create(subject).filter(EphemeralContainers.concerns)
      }
    case "resize":
      if let tree = Self.document(new).tree {
        let subject = ObjectSubject(gvk: resource.gvk, node: .tree(tree, .root))
        found += workshop.runner.create(subject).filter(PodResize.concerns)
      }
    // What only the system writes is taken as it is.
    default: break
    }
    if let refusal = StatusError.invalid(resource, existing.place.name, found) { throw refusal }
    return found.filter(\.isServerWarning).map { Workshop.text($0, resource) }
  }

  private func rules(old: Tree, new: Tree, _ resource: ServedResource) -> [Diagnostic] {
    let families = settings.serviceCIDRs.compactMap { CIDR($0) }.map {
      $0.address.family == .v4 ? "IPv4" : "IPv6"
    }
    return UpdateValidation.rules(
      old: old, new: new, resource.gvk, workshop.kind(resource), workshop.defaulter,
      version: settings.version, network: ClusterNetwork(families: families))
  }
}

/// The endpoint that adds containers to running pods.
enum EphemeralContainers {
  /// What those rules say that concern the added containers; that a new pod has none is no concern.
  static func concerns(_ diagnostic: Diagnostic) -> Bool {
    let steps = diagnostic.path.steps
    return steps.starts(with: [.field("spec"), .field("ephemeralContainers")]) && steps.count > 2
  }

  /// Containers may be added, neither changed nor removed.
  static func changes(old: Value, new: Value) -> [Diagnostic] {
    let before = old["spec"]?["ephemeralContainers"]?.list ?? []
    let after = new["spec"]?["ephemeralContainers"]?.list ?? []
    let isKept = before.allSatisfy { container in
      after.contains { $0["name"] == container["name"] && $0 == container }
    }
    if isKept { return [] }
    return [
      Diagnostic(
        "EPH-UPD", .error, .forbidden, at: "spec.ephemeralContainers",
        "existing ephemeral containers may not be changed or removed")
    ]
  }
}

extension PodResize {
  static func concerns(_ diagnostic: Diagnostic) -> Bool {
    diagnostic.path.steps.contains(.field("resources"))
      || diagnostic.path.steps.contains(.field("resizePolicy"))
  }
}
