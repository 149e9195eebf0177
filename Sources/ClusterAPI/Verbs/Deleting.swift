import ClusterControl
import ClusterStore
import ManifestSchema
import ManifestSyntax

extension ClusterSession {
  /// Deletes an object, or marks it as one that is to go where something keeps it: a grace period,
  /// finalizers, a namespace's content.
  public func delete(
    _ resource: ServedResource, namespace: String? = nil, name: String,
    options: DeleteOptions = DeleteOptions()
  ) throws(StatusError) -> Deleted {
    let place = Place(resource, namespace, name)
    guard let existing = try existing(place) else { throw .notFound(resource.resource, name) }
    try checkPreconditions(options, existing)
    var writing = WriteOptions()
    writing.user = options.user
    let request = admissionRequest(.delete, place, writing)
    let outcome = try approve(nil, old: existing.object, request, place)
    var object = existing.object
    setFinalizers(&object, options, resource)
    let grace = gracePeriod(of: existing.object, options, resource)
    let isKept =
      grace > 0 || object["metadata"]?["finalizers"]?.list?.isEmpty == false
      || resource.resource == .namespaces && object["spec"]?["finalizers"]?.list?.isEmpty == false
    guard isKept else {
      try remove(existing, object, outcome)
      return Deleted(object: existing.object, isGone: true)
    }
    mark(&object, grace: grace, options, resource)
    if object == existing.object { return Deleted(object: object, isGone: false) }
    let revision = try store(object, at: place, nil, outcome, isNew: false)
    if !isDryRun { object.setResourceVersion(revision) }
    return Deleted(object: object, isGone: false)
  }

  /// Deletes every object of a selection; those that something keeps stay and are marked.
  ///
  /// - Returns: the objects of the selection.
  public func deleteCollection(
    _ query: ObjectListQuery, options: DeleteOptions = DeleteOptions()
  ) throws(StatusError) -> [Value] {
    var deleted: [Value] = []
    for object in try list(query).objects {
      let namespace = object["metadata"]?["namespace"]?.string
      deleted.append(
        try delete(
          query.resource, namespace: namespace, name: object.metadataText("name"),
          options: options
        ).object)
    }
    return deleted
  }

  /// Takes an object out, with what it holds of the cluster.
  func remove(
    _ existing: Existing, _ object: Value, _ outcome: AdmissionOutcome
  ) throws(StatusError) {
    let place = existing.place
    let isDefinition = place.resource.resource == .customResourceDefinitions
    var writes: [Transaction.Write] = []
    if isDefinition { writes += try instances(of: object) }
    var outcome = outcome
    outcome.updates += try quotas(replacing: existing.object, by: nil, place)
    writes += try sideWrites(release(object, place), outcome, place)
    writes.append(.delete(storeKey(place.resource, place.namespace, place.name)))
    _ = try commit(Transaction(writes))
    if isDefinition { try refreshDefinitions() }
  }

  /// The deletion of everything that a definition made possible.
  private func instances(of definition: Value) throws(StatusError) -> [Transaction.Write] {
    let group = definition["spec"]?["group"]?.string ?? ""
    let plural = definition["spec"]?["names"]?["plural"]?.string ?? ""
    let prefix = StoreKeys.prefix(GroupResource(group: group, plural), namespace: nil)
    do { return try access.list(prefix).entries.map { .delete($0.key) } } catch {
      throw StatusError(error)
    }
  }

  private func checkPreconditions(
    _ options: DeleteOptions, _ existing: Existing
  ) throws(StatusError) {
    let metadata = existing.object["metadata"]
    for (name, wanted, field) in [
      ("UID", options.uid, "uid"),
      ("ResourceVersion", options.resourceVersion, "resourceVersion"),
    ] {
      guard let wanted, let found = metadata?[field]?.string, found != wanted else { continue }
      throw .conflict(
        existing.place.resource.resource, existing.place.name,
        "Precondition failed: \(name) in precondition: \(wanted), \(name) in object meta: \(found)")
    }
  }

  private func setFinalizers(
    _ object: inout Value, _ options: DeleteOptions, _ resource: ServedResource
  ) {
    let known = object["metadata"]?["finalizers"]?.list ?? []
    let propagation: DeleteOptions.Propagation? =
      if let wanted = options.propagation {
        wanted
      } else if known.contains("orphan") {
        .orphan
      } else if known.contains("foregroundDeletion") {
        .foreground
      } else if resource.orphansDependents {
        .orphan
      } else {
        nil
      }
    var finalizers = known.filter { $0 != "orphan" && $0 != "foregroundDeletion" }
    switch propagation {
    case .orphan: finalizers.append("orphan")
    case .foreground: finalizers.append("foregroundDeletion")
    case .background, nil: break
    }
    if finalizers == known { return }
    object.change("metadata") {
      $0["finalizers"] = finalizers.isEmpty ? Optional.none : .list(finalizers)
    }
    object.restoreOrder()
  }

  /// How long the object has from now: pods that run somewhere are given time.
  private func gracePeriod(
    of object: Value, _ options: DeleteOptions, _ resource: ServedResource
  ) -> Int64 {
    guard resource.resource == .pods else { return 0 }
    let node = object["spec"]?["nodeName"]?.string ?? ""
    let phase = object["status"]?["phase"]
    if node.isEmpty || phase == "Failed" || phase == "Succeeded" { return 0 }
    let own = object["spec"]?["terminationGracePeriodSeconds"]?.int64
    let seconds = options.gracePeriodSeconds ?? own ?? 30
    // A mistake of old clients: a negative period is the shortest one.
    return seconds < 0 ? 1 : min(seconds, 1 << 40)
  }

  /// Says on the object that it is to go; what was said before can only become sooner.
  private func mark(
    _ object: inout Value, grace: Int64, _ options: DeleteOptions, _ resource: ServedResource
  ) {
    let before = object["metadata"]?["deletionTimestamp"] ?? .null
    var end = Timestamp.seconds(moment + Double(grace))
    if before != .null {
      let known = object["metadata"]?["deletionGracePeriodSeconds"]?.int64 ?? 0
      guard options.gracePeriodSeconds != nil, grace < known else { return }
      // A shorter grace still counts from the first deletion.
      if let time = before.string.flatMap({ Time($0) }) {
        end = time.advanced(bySeconds: grace - known).description
      }
    }
    object.change("metadata") { metadata in
      metadata["deletionTimestamp"] = .string(end)
      metadata["deletionGracePeriodSeconds"] = .int(grace)
      if before == .null, let number = metadata["generation"]?.int64 {
        metadata["generation"] = .int(number &+ 1)
      }
    }
    if resource.resource == .namespaces { object.change("status") { $0["phase"] = "Terminating" } }
    object.restoreOrder()
  }
}
