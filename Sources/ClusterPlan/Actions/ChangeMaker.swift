import ClusterAPI
import ManifestMerge
import ManifestSyntax

/// Applies manifests one after the other in a session, and says of each what it did.
///
/// The session's batch is kept for `apply` and discarded for `diff`: both do the same, so that what
/// is shown is what happens.
struct ChangeMaker {
  let session: ClusterSession
  let options: PlanOptions

  private var comparison: FieldComparison {
    FieldComparison(types: session.mergeTypes, options: options)
  }

  /// Applies one manifest.
  func change(_ item: PreparedSet.Item) -> ObjectChange {
    var change = ObjectChange(item.object, .unchanged, source: item.manifest.source)
    change.config = item.config
    do throws(StatusError) {
      try apply(item, &change)
    } catch {
      change.action = .failed
      change.error = ChangeError(error)
    }
    return change
  }

  private func apply(
    _ item: PreparedSet.Item, _ change: inout ObjectChange
  ) throws(StatusError) {
    let resource = try served(item)
    let before = try live(resource, item.object)
    change.before = before
    change.uid = before?["metadata"]?["uid"]?.string
    let ownership = Ownership(before, manager: options.manager)
    let configured = comparison.fields(of: item.config)
    var item = item
    if let before { item.config = ListOrder.aligned(item.config, like: before, configured) }
    let written: Written
    do throws(StatusError) {
      written = try send(item, resource, force: options.onConflict == .force)
    } catch {
      if error.isConflictOfManagers {
        if let before, let item = respelled(item, error, configured, before) {
          return try apply(item, &change)
        }
        return try conflict(error, item, resource, configured, ownership, &change)
      }
      if before == nil, options.isRehearsal {
        return try rehearseCreation(error, item, resource, configured, ownership, &change)
      }
      guard error.code == 422, let before else { throw error }
      return try replace(before, because: error, item, resource, &change)
    }
    change.warnings = written.warnings
    try take(written, item, configured, ownership, &change)
    if let before, options.onConflict == .force {
      change.conflicts = forced(change.fields, before, item.config, configured, ownership)
    }
  }

  /// Fills `change` with what a write did.
  private func take(
    _ written: Written, _ item: PreparedSet.Item, _ configured: FieldSet, _ ownership: Ownership,
    _ change: inout ObjectChange
  ) throws(StatusError) {
    guard let before = change.before else {
      change.action = .create
      change.after = comparison.shown(written.object, config: item.config)
      change.pods = PodEffect.ofCreation(item.object.gvk, written.object)
      change.uid = nil
      return
    }
    change.after = comparison.foreseeable(written.object, config: item.config, before: before)
    if written.isChanged {
      change.fields = comparison.changes(
        from: before, to: written.object, config: item.config, configured, ownership)
      change.pods = PodEffect.ofUpdate(item.object.gvk, from: before, to: written.object)
      change.released = released(ownership, configured, written.object)
      change.adoptsFields = change.fields.isEmpty
    }
    change.action = change.fields.isEmpty ? .unchanged : .update
    if options.explainsIgnored {
      change.ignored = IgnoredDifferences(comparison: comparison).all(
        config: change.config ?? item.config, stored: written.object, configured, ownership)
    }
  }

  // MARK: - The cluster

  private func served(_ item: PreparedSet.Item) throws(StatusError) -> ServedResource {
    let object = item.object
    guard
      let resource = session.catalog.resource(apiVersion: object.apiVersion, kind: object.kind)
    else {
      throw StatusError(
        404, .notFound, "the cluster knows no \(object.kind) in \(object.apiVersion)")
    }
    return resource
  }

  /// The object as it is now; nil where there is none.
  private func live(
    _ resource: ServedResource, _ object: ObjectIdentity
  ) throws(StatusError) -> Value? {
    do throws(StatusError) {
      return try session.get(resource, namespace: object.namespace, name: object.name)
    } catch {
      if error.reason == .notFound { return nil }
      throw error
    }
  }

  private func send(
    _ item: PreparedSet.Item, _ resource: ServedResource, force: Bool
  ) throws(StatusError) -> Written {
    let writing = WriteOptions(
      fieldManager: options.manager, force: force, fieldValidation: .strict)
    return try session.apply(
      item.config, in: resource, namespace: item.object.namespace, name: item.object.name,
      options: writing)
  }

  /// What only applying refuses can still be created: items of a list that are there twice, say.
  private func rehearseCreation(
    _ error: StatusError, _ item: PreparedSet.Item, _ resource: ServedResource,
    _ configured: FieldSet, _ ownership: Ownership, _ change: inout ObjectChange
  ) throws(StatusError) {
    guard
      let written = try? session.create(
        item.config, in: resource, namespace: item.object.namespace)
    else { throw error }
    try take(written, item, configured, ownership, &change)
    change.notes.append("rehearsed as 'kmf create' would make it")
    change.isRehearsed = true
    change.action = .failed
    change.error = ChangeError(error)
  }

  // MARK: - Conflicts

  /// The manifest in the cluster's words, where some of the conflicts are about words only.
  private func respelled(
    _ item: PreparedSet.Item, _ error: StatusError, _ configured: FieldSet, _ before: Value
  ) -> PreparedSet.Item? {
    let fields = Set(error.details.causes.map(\.field))
    let paths = configured.paths.filter { fields.contains($0.pathText) }
    let config = Spelling(types: session.mergeTypes).respelled(
      item.config, like: before, at: paths)
    if config == item.config { return nil }
    var item = item
    item.config = config
    return item
  }

  /// Others own what the manifest sets: says who and what, and what forcing would do.
  private func conflict(
    _ error: StatusError, _ item: PreparedSet.Item, _ resource: ServedResource,
    _ configured: FieldSet, _ ownership: Ownership, _ change: inout ObjectChange
  ) throws(StatusError) {
    let fields = Set(error.details.causes.map(\.field))
    change.conflicts = configured.paths.filter { fields.contains($0.pathText) }.map {
      conflict($0, item.config, change.before, ownership)
    }
    if options.onConflict == .skip {
      change.action = .skipped
      change.notes.append("left alone: others own fields that the manifest sets otherwise")
      return
    }
    // What would happen with force is still worth showing; the batch will not be kept.
    let written = try send(item, resource, force: true)
    try take(written, item, configured, ownership, &change)
    if options.isRehearsal {
      change.notes.append(conflictNote(change.conflicts))
      return
    }
    change.action = .failed
    change.error = ChangeError(
      reason: "Conflict",
      message: change.conflicts.count == 1
        ? "somebody else owns a field that the manifest sets otherwise"
        : "others own \(change.conflicts.count) fields that the manifest sets otherwise",
      help: conflictHelp(change.conflicts))
  }

  /// The conflicts that were overridden: what others own and `changes` alter.
  private func forced(
    _ changes: [FieldChange], _ before: Value, _ config: Value, _ configured: FieldSet,
    _ ownership: Ownership
  ) -> [FieldConflict] {
    var changed = Set<[PathElement]>()
    for change in changes where change.reason == .manifest { changed.insert(change.path) }
    return configured.paths.compactMap { path in
      guard changed.contains(path) else { return nil }
      let conflict = conflict(path, config, before, ownership)
      return conflict.owners.isEmpty || conflict.found == nil ? nil : conflict
    }
  }

  private func conflict(
    _ path: [PathElement], _ config: Value, _ before: Value?, _ ownership: Ownership
  ) -> FieldConflict {
    FieldConflict(
      path: path, wanted: config.part(at: path), found: before?.part(at: path),
      owners: ownership.owners(of: path))
  }

  /// What stands between a rehearsal and the same for good.
  private func conflictNote(_ conflicts: [FieldConflict]) -> String {
    let owners = Set(conflicts.flatMap(\.owners)).sorted()
    let fields = conflicts.count == 1 ? conflicts[0].pathText : "\(conflicts.count) fields"
    let whose = owners.isEmpty ? "others" : owners.joined(separator: ", ")
    return "\(whose) \(owners.count == 1 ? "owns" : "own") \(fields): "
      + "'kmf apply' will want --force-conflicts"
  }

  private func conflictHelp(_ conflicts: [FieldConflict]) -> String {
    let isScaled = conflicts.allSatisfy { $0.path == [.field("spec"), .field("replicas")] }
    return isScaled && !conflicts.isEmpty
      ? "leave 'replicas' out of the manifest if something else scales it, or pass "
        + "--force-conflicts"
      : "take them with --force-conflicts, leave them out of the manifest, or pass "
        + "--on-conflict skip"
  }

  /// What the manifest gave up and others hold on to.
  private func released(
    _ ownership: Ownership, _ configured: FieldSet, _ after: Value
  ) -> [ReleasedField] {
    ownership.own.subtracting(configured).leaves.paths.compactMap { path in
      guard !configured.touches(path), after.part(at: path) != nil else { return nil }
      let owners = ownership.owners(of: path)
      return owners.isEmpty ? nil : ReleasedField(path: path, owners: owners)
    }
  }

  // MARK: - Replacing

  /// What an update cannot reach, deleting and creating can, if the object as such is right.
  private func replace(
    _ before: Value, because error: StatusError, _ item: PreparedSet.Item,
    _ resource: ServedResource, _ change: inout ObjectChange
  ) throws(StatusError) {
    let object = item.object
    guard try isRightWhenNew(item, resource) else { throw error }
    let finalizers = before["metadata"]?["finalizers"]?.list?.compactMap(\.string) ?? []
    guard finalizers.isEmpty else {
      throw StatusError(
        409, .conflict,
        "it must be replaced, and its finalizers hold it: \(finalizers.joined(separator: ", "))",
        details: error.details)
    }
    var deleting = DeleteOptions(gracePeriodSeconds: 0, propagation: .background)
    deleting.uid = change.uid
    let deleted = try session.delete(
      resource, namespace: object.namespace, name: object.name, options: deleting)
    guard deleted.isGone else {
      throw StatusError(
        409, .conflict, "it must be replaced, and does not go away at once", details: error.details)
    }
    let written = try send(item, resource, force: false)
    let causes = error.details.causes.map {
      Replacement.Cause(field: $0.field, message: $0.message)
    }
    change.action = .replace
    change.warnings = written.warnings
    change.after = comparison.shown(written.object, config: item.config)
    change.fields = comparison.changes(
      from: before, to: comparison.foreseeable(written.object, config: item.config),
      config: item.config, comparison.fields(of: item.config),
      Ownership(before, manager: options.manager), immutable: causes)
    change.replacement = Replacement(
      causes: causes, losses: Losses.of(object.gvk, old: before, new: written.object))
    change.pods = PodEffect.ofReplacement(object.gvk, before)
  }

  /// Whether nothing but the object that is there keeps a new one from being made.
  private func isRightWhenNew(
    _ item: PreparedSet.Item, _ resource: ServedResource
  ) throws(StatusError) -> Bool {
    do throws(StatusError) {
      _ = try session.create(
        item.config, in: resource, namespace: item.object.namespace,
        options: WriteOptions(fieldManager: options.manager, fieldValidation: .strict))
      return false
    } catch {
      if error.reason == .alreadyExists { return true }
      // What the object itself holds is free once it is gone.
      return error.code == 422
        && error.details.causes.contains { cause in
          ["spec.clusterIP", "spec.clusterIPs", "spec.ports"].contains { cause.field.hasPrefix($0) }
            && cause.message.contains("allocated")
        }
    }
  }
}

extension StatusError {
  /// Whether it says that others own what would change.
  var isConflictOfManagers: Bool {
    code == 409 && details.causes.contains { $0.reason == "FieldManagerConflict" }
  }
}

extension ChangeError {
  init(_ error: StatusError) {
    self.init(
      reason: error.reason == .unknown ? "Refused" : error.reason.rawValue, message: error.message,
      causes: error.details.causes.map {
        Replacement.Cause(field: $0.field, message: $0.message)
      })
  }
}
