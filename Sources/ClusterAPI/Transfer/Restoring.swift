import ClusterControl
import ClusterStore
import ManifestSyntax

/// What storing an object of another cluster or another time came to.
public struct Restored: Sendable {
  /// Whether anything was stored.
  public var isChanged: Bool
  public var warnings: [String] = []
}

extension ClusterSession {
  /// Stores an object as it was at another time: uid, status and ownership included.
  ///
  /// - Throws: 409 when another object has an address or a port that it held.
  public func bringBack(
    _ object: Value, as resource: ServedResource, namespace: String?
  ) throws(StatusError) -> Restored {
    try restore(object, as: resource, namespace, overwrites: true)
  }

  /// Stores an object as another cluster had it: completed and in its storage version, else
  /// unchanged. What it holds of addresses and ports is taken for it.
  ///
  /// - Throws: 409 when another object is there and `overwrites` is false, or has what it holds.
  func restore(
    _ object: Value, as resource: ServedResource, _ namespace: String?, overwrites: Bool
  ) throws(StatusError) -> Restored {
    let document = JSONReader.read(
      SourceText(name: "<object>", bytes: JSONWriter.bytes(object)))
    let incoming = try workshop.incoming(document, as: resource, .warn)
    var restored = incoming.decoded
    let name = restored.metadataText("name")
    guard !name.isEmpty else { throw .badRequest("the \(resource.kind) has no name") }
    restored.change("metadata") { metadata in
      metadata["resourceVersion"] = nil
      metadata["selfLink"] = nil
      if let namespace { metadata["namespace"] = .string(namespace) }
      if metadata["creationTimestamp"]?.string == nil {
        metadata["creationTimestamp"] = .string(time)
      }
    }
    restored.restoreOrder()
    let stored = catalog.storage(of: resource)
    guard let kept = workshop.converted(restored, to: stored.apiVersion) else {
      throw .internalError("a \(resource.kind) cannot be kept as \(stored.apiVersion)")
    }
    let bytes = ObjectCodec.storedBytes(kept)
    let key = storeKey(resource, namespace, name)
    var condition = Transaction.Condition.absent(key)
    var replaced: Value?
    if let entry = try entry(resource, namespace, name) {
      if entry.value == bytes { return Restored(isChanged: false, warnings: incoming.warnings) }
      guard overwrites || isOfNewCluster(entry) else {
        throw .alreadyExists(resource.resource, name)
      }
      let old = try ObjectCodec.value(entry)
      if old.metadataText("uid") == kept.metadataText("uid") {
        replaced = old
        condition = .unchanged(key, at: entry.modRevision)
      } else {
        try discard(resource, namespace, name, entry)
      }
    }
    var writes: [Transaction.Write] = [.put(key, bytes)]
    let owner = AllocationOwner(
      resource.key(namespace: namespace, name: name), uid: kept.metadataText("uid"))
    writes += try takeHoldings(of: kept, insteadOf: replaced, resource, owner)
    let isDefinition = resource.resource == .customResourceDefinitions
    if isDefinition { writes.append(.put(StoreKeys.definitions, Array(name.utf8))) }
    _ = try commit(Transaction(if: [condition], writes))
    if isDefinition { try refreshDefinitions() }
    return Restored(isChanged: true, warnings: incoming.warnings)
  }

  /// - Parameter old: The same object as it is now; what it holds is given back.
  private func takeHoldings(
    of object: Value, insteadOf old: Value?, _ resource: ServedResource, _ owner: AllocationOwner
  ) throws(StatusError) -> [Transaction.Write] {
    let table = PendingAllocations(access)
    do throws(AdmissionRefusal) {
      if let old {
        for key in Holdings.keys(of: old, resource.resource)
        where try table.owner(of: key) == owner {
          try table.release(key)
        }
      }
      for key in Holdings.keys(of: object, resource.resource) {
        if let other = try table.owner(of: key), other != owner {
          throw AdmissionRefusal(
            code: 409, reason: "Conflict", message: "'\(key.path)' is taken by \(other)")
        }
        try table.take(key, for: owner)
      }
      return try table.writes()
    } catch {
      throw StatusError(error, resource, owner.key.name)
    }
  }

  /// Takes an object out of the way at once, with what it holds; whoever brings another one of the
  /// same name knows what comes in its place.
  func discard(
    _ resource: ServedResource, _ namespace: String?, _ name: String, _ entry: Entry
  ) throws(StatusError) {
    let object = try ObjectCodec.value(entry)
    let owner = AllocationOwner(
      resource.key(namespace: namespace, name: name), uid: object.metadataText("uid"))
    var writes: [Transaction.Write] = [.delete(entry.key)]
    do throws(AdmissionRefusal) {
      let table = PendingAllocations(access)
      for key in Holdings.keys(of: object, resource.resource)
      where try table.owner(of: key) == owner {
        try table.release(key)
      }
      writes += try table.writes()
    } catch {
      throw StatusError(error, resource, name)
    }
    _ = try commit(
      Transaction(if: [.unchanged(entry.key, at: entry.modRevision)], writes))
  }

  /// Whether the object is one that every new cluster has, as it was made.
  private func isOfNewCluster(_ entry: Entry) -> Bool {
    guard entry.version == 1, let key = StoreKeys.resourceKey(of: entry.key) else { return false }
    switch key.resource {
    case .namespaces: return NewCluster.namespaces.contains(key.name)
    case .priorityClasses: return key.name.hasPrefix("system-")
    case .serviceAccounts: return key.name == "default"
    case .services: return key.namespace == "default" && key.name == "kubernetes"
    default: return false
    }
  }
}
