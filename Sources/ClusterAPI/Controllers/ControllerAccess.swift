import ClusterControl
import ClusterStore
import ManifestSyntax

/// The way of the cluster's own controllers to its objects: they read everything at once, and what
/// they write was decided by the rules of the cluster already, so it is stored as it is.
extension ClusterSession {
  /// Every object of the cluster, in the order in which they were created.
  ///
  /// - Parameter hasEvents: Whether Events are wanted too: there are more of them than of all else,
  ///   and no controller looks at them.
  public func clusterState(hasEvents: Bool = true) throws(StatusError) -> ClusterState {
    let revision: Revision
    var entries: [Entry]
    do throws(StoreError) {
      revision = try access.currentRevision()
      entries = try access.list(StoreKeys.objects).entries
    } catch { throw StatusError(error) }
    if !hasEvents {
      let events = StoreKeys.prefix(.events, namespace: nil)
      entries.removeAll { $0.key.hasPrefix(events) }
    }
    entries.sort { $0.createRevision < $1.createRevision }
    var state = ClusterState(revision: revision)
    for entry in entries {
      guard let key = StoreKeys.resourceKey(of: entry.key) else { continue }
      guard let value = ObjectCodec.tree(entry.value)?.value(), value.map != nil else {
        throw .internalError("what is stored at '\(entry.key)' is no object")
      }
      state.put(ClusterObject(key: key, value: value, revision: entry.modRevision))
    }
    return state
  }

  /// Stores what controllers changed, in its order and as one: everything, or (when it throws)
  /// nothing.
  ///
  /// What deleted objects held of the cluster's addresses and ports is given back.
  public func record(_ changes: [Change]) throws(StatusError) {
    guard !changes.isEmpty else { return }
    var writes: [Transaction.Write] = []
    writes.reserveCapacity(changes.count)
    var hasDefinitions = false
    for change in changes {
      guard let resource = catalog.preferred(change.key.resource) else {
        throw .internalError("controllers wrote \(change.key), which the cluster does not serve")
      }
      let key = storeKey(resource, change.key.namespace, change.key.name)
      if resource.resource == .customResourceDefinitions {
        hasDefinitions = true
        writes.append(.put(StoreKeys.definitions, Array(change.key.name.utf8)))
      }
      if let new = change.new {
        let storage = workshop.catalog.storage(of: resource)
        writes.append(
          .put(key, ObjectCodec.storedBytes(Conversion.convert(new.value, to: storage))))
      } else {
        writes += try givenBack(by: change, resource)
        writes.append(.delete(key))
      }
    }
    _ = try commit(Transaction(writes))
    if hasDefinitions { try refreshDefinitions() }
  }

  /// The deletion of what a deleted object held beside itself.
  private func givenBack(
    by change: Change, _ resource: ServedResource
  ) throws(StatusError) -> [Transaction.Write] {
    guard let old = change.old,
      resource.resource == .services || resource.resource == .nodes
    else { return [] }
    let place = Place(resource, change.key.namespace, change.key.name)
    return try sideWrites(release(old.value, place), AdmissionOutcome(), place)
  }
}
