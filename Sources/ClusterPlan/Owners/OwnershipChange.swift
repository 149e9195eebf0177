import ClusterAPI
import ClusterStore
import ManifestMerge
import ManifestSyntax

/// Hands fields of an object over from one manager to another, without changing their values.
public struct OwnershipChange: Sendable {
  /// What changes.
  public enum Step: Sendable {
    /// The manager becomes the only owner of the fields.
    case take
    /// The manager gives them up; they stay as they are.
    case release
  }

  public var step: Step
  /// The fields, with everything below them; `.` is the whole object.
  public var paths: [String]
  public var manager: String
  /// Only what this one owns is taken; nil for whoever does.
  public var previous: String?

  public init(_ step: Step, _ paths: [String], manager: String, from previous: String? = nil) {
    self.step = step
    self.paths = paths
    self.manager = manager
    self.previous = previous
  }

  /// - Returns: How many fields were handed over.
  /// - Throws: 404 where a path names no field that could be.
  public func perform(
    on object: ObjectIdentity, in cluster: LocalCluster, isDryRun: Bool = false
  ) throws(StatusError) -> Int {
    try cluster.decide { (session) throws(StatusError) in
      let resource = try session.resource(object.resource)
      var value = try session.get(resource, namespace: object.namespace, name: object.name)
      guard var managed = try? ManagedFields(value["metadata"]?["managedFields"]) else {
        throw StatusError(500, .internalError, "the object's ownership cannot be read")
      }
      let count = try move(&managed, in: value, resource.apiVersion, session)
      if count == 0 { return .discard(0) }
      value["metadata"]?["managedFields"] = managed.value
      _ = try session.update(
        value, in: resource, namespace: object.namespace, name: object.name,
        options: WriteOptions(fieldManager: manager))
      return isDryRun ? .discard(count) : .keep(count)
    }
  }

  private func move(
    _ managed: inout ManagedFields, in object: Value, _ apiVersion: String,
    _ session: ClusterSession
  ) throws(StatusError) -> Int {
    func isOwn(_ entry: ManagedEntry) -> Bool {
      entry.writer.manager == manager && entry.writer.operation == .apply
        && entry.writer.subresource.isEmpty
    }
    var chosen = FieldSet()
    for entry in managed.entries {
      if isOwn(entry) != (step == .release) { continue }
      if let previous, entry.writer.manager != previous { continue }
      chosen = chosen.union(matching(entry.fields))
    }
    if chosen.isEmpty, step == .take, previous == nil,
      let typed = try? TypedObject(object, types: session.mergeTypes)
    {
      let own = managed.entries.first(where: isOwn)?.fields ?? FieldSet()
      chosen = matching(typed.fields()).subtracting(own)
      // What names the object, and what the server writes, is nobody's.
      chosen = chosen.subtractingTrees(Self.unowned)
    }
    guard !chosen.isEmpty else {
      if step == .take, managed.entries.contains(where: isOwn) { return 0 }
      throw StatusError(
        404, .notFound,
        step == .take
          ? "nobody\(previous.map { " called '\($0)'" } ?? "") owns such a field"
          : "'\(manager)' owns no such field")
    }
    hand(chosen, over: &managed, apiVersion, session.time, isOwn)
    return chosen.leaves.count
  }

  private func hand(
    _ fields: FieldSet, over managed: inout ManagedFields, _ apiVersion: String, _ time: String,
    _ isOwn: (ManagedEntry) -> Bool
  ) {
    var entries: [ManagedEntry] = []
    for var entry in managed.entries {
      let isGiver = step == .release ? isOwn(entry) : !isOwn(entry)
      if isGiver { entry.fields = entry.fields.subtracting(fields) }
      if !entry.fields.isEmpty { entries.append(entry) }
    }
    if step == .take {
      if let index = entries.firstIndex(where: isOwn) {
        entries[index].fields = entries[index].fields.union(fields)
        entries[index].time = time
      } else {
        let writer = ManagedEntry.Writer(manager, .apply, apiVersion: apiVersion)
        entries.append(
          ManagedEntry(writer, apiVersion: apiVersion, time: time, fields: fields))
      }
    }
    managed = ManagedFields(entries)
  }

  /// The paths of `set` that are meant.
  private func matching(_ set: FieldSet) -> FieldSet {
    FieldSet(
      set.paths.filter { path in
        // The status belongs to those who report it.
        if path.first == .field("status") { return false }
        let text = PathText.of(path)
        return paths.contains { wanted in
          wanted == "." || text == wanted || text.hasPrefix(wanted + ".")
            || text.hasPrefix(wanted + "[")
        }
      })
  }

  private static let unowned = FieldSet(
    [["apiVersion"], ["kind"], ["status"]].map { $0.map(PathElement.field) }
      + [
        "name", "namespace", "creationTimestamp", "uid", "generation", "managedFields",
        "resourceVersion",
      ].map { [.field("metadata"), .field($0)] })
}
