import ManifestSchema
import ManifestSyntax

/// Keeps `metadata.managedFields` for one endpoint of a kind, as the API server does.
///
/// Objects come and go as values in stored form: typed, completed with defaults, without nulls but
/// where the API writes them. What ``apply(_:to:manager:force:time:)`` returns is not: a field that
/// was given up may stand there as null, so decode and complete it before storing it, and then let
/// ``keepingTimes(of:from:)`` look whether anything happened at all.
///
/// Belongs to one thread, like its schema.
public struct FieldManager {
  /// The fields that nobody owns, since the server alone writes them or they name the object.
  static let unowned = FieldSet(
    [["apiVersion"], ["kind"], ["metadata"]].map { $0.map(PathElement.field) }
      + [
        "name", "namespace", "creationTimestamp", "selfLink", "uid", "clusterName", "generation",
        "managedFields", "resourceVersion",
      ].map { [.field("metadata"), .field($0)] })
  /// Who is credited with everything that stood in an object before ownership was tracked.
  static let beforeFirstApply = "before-first-apply"
  /// Who is credited with what the oldest of too many writers own.
  static let ancientChanges = "ancient-changes"
  /// The number of entries that are no applied configurations.
  static let updateEntriesMax = 10

  let updater: Updater
  let types: MergeTypes
  let apiVersion: String
  let kind: String
  let subresource: String
  let empty: Value
  private let memory = CreationMemory()

  /// - Parameters:
  ///   - subresource: The endpoint; empty for the object itself.
  ///   - empty: An object of the kind with nothing set: what creations are compared with.
  ///     Structures that every stored object has (`spec: {}`) belong in it, so that nobody owns
  ///     them.
  ///   - filters: What requests to the endpoint can own, by version.
  ///   - convert: Gives objects in other versions of the API, for entries that were written there.
  public init(
    apiVersion: String, kind: String, subresource: String = "", empty: Value? = nil,
    filters: [String: OwnershipFilter] = [:], types: MergeTypes,
    convert: @escaping VersionConversion = { _, _ in nil }
  ) {
    self.apiVersion = apiVersion
    self.kind = kind
    self.subresource = subresource
    self.types = types
    self.empty = empty ?? ["apiVersion": .string(apiVersion), "kind": .string(kind)]
    updater = Updater(types: types, convert: convert, filters: filters)
  }
}

// MARK: - Applying

/// Why a configuration was not applied.
public enum ApplyRefusal: Error, Hashable, Sendable {
  /// The request makes no sense: HTTP 400.
  case badRequest(String)
  /// The configuration does not fit the schema: HTTP 500, as the API server has it.
  case schema(MergeTroubles)
  /// Others own what it would change: HTTP 409.
  case conflict(ApplyConflict)
}

extension FieldManager {
  /// Overlays `live` with `config` and makes `manager` the owner of what `config` holds.
  ///
  /// - Parameters:
  ///   - live: The stored object; `nil` to create one.
  ///   - force: Take fields that others own instead of refusing.
  ///   - time: Now, RFC 3339 in UTC to the second.
  /// - Returns: The object with its managed fields, not yet decoded and completed.
  public func apply(
    _ config: Value, to live: Value?, manager: String, force: Bool, time: String
  ) throws(ApplyRefusal) -> Value {
    try check(config)
    let live = live ?? empty
    let configObject: TypedObject
    do throws(MergeTroubles) {
      configObject = try TypedObject(config, allowsDuplicates: false, types: types)
    } catch { throw .schema(error) }
    let liveObject = typed(live)
    var managers = (try? ManagedFields(live["metadata"]?["managedFields"])) ?? ManagedFields()
    if managers.isEmpty {
      // The first time that ownership matters: what stands there belongs to its unknown writers.
      managers = update(live, over: empty, managers, manager: Self.beforeFirstApply, time: time)
    }
    let writer = ManagedEntry.Writer(
      manager, .apply, apiVersion: apiVersion, subresource: subresource)
    var applied: Updater.Applied
    do throws(ApplyConflict) {
      applied = try updater.apply(
        configObject, to: liveObject, version: apiVersion, managers: managers, as: writer,
        force: force)
    } catch {
      guard let rest = conflictsBeyondLastApplied(error, live: live, manager: manager) else {
        return try apply(config, to: live, manager: manager, force: true, time: time)
      }
      throw .conflict(rest)
    }
    applied.managers = stripped(applied.managers, writer)
    applied.managers[writer]?.time = time
    var object = applied.object.value
    LastApplied.update(in: &object, config: config, manager: manager)
    return Self.setting(applied.managers, in: object)
  }

  private func check(_ config: Value) throws(ApplyRefusal) {
    let version = config["apiVersion"]?.string ?? ""
    let kind = config["kind"]?.string ?? ""
    guard version == apiVersion, kind == self.kind else {
      let gvk = GroupVersionKind(apiVersion: version, kind: kind)
      throw .badRequest(
        "invalid object type: \(gvk.group)/\(gvk.version), Kind=\(gvk.kind)")
    }
    if let managed = config["metadata"]?["managedFields"], managed != .null {
      throw .badRequest("metadata.managedFields must be nil")
    }
  }

  private func conflictsBeyondLastApplied(
    _ conflict: ApplyConflict, live: Value, manager: String
  ) -> ApplyConflict? {
    guard manager == LastApplied.manager,
      let allowed = LastApplied.fieldsStillAsApplied(in: live, apiVersion: apiVersion, types: types)
    else { return conflict }
    var rest = conflict
    rest.owners = conflict.owners.compactMap { owner in
      var owner = owner
      owner.fields = owner.fields.subtracting(allowed)
      return owner.fields.isEmpty ? nil : owner
    }
    return rest.owners.isEmpty ? nil : rest
  }
}

// MARK: - Updating

extension FieldManager {
  /// Makes `manager` the owner of everything in which `new` differs from `live`.
  ///
  /// - Parameters:
  ///   - new: The object to be stored, as decoded and completed; what it says of managed fields
  ///     counts unless it says nothing or cannot be read, or the endpoint is a subresource.
  ///   - live: The stored object; `nil` when `new` is to be created.
  /// - Returns: `new` with its managed fields.
  public func update(_ new: Value, over live: Value?, manager: String, time: String) -> Value {
    if live == nil, new["metadata"]?["managedFields"] == nil {
      return created(new, by: manager, time: time)
    }
    var managers = managersToStart(from: new, live: live)
    // An object without tracked ownership stays so until the first apply.
    if managers.isEmpty, live != nil { return Self.setting(managers, in: new) }
    managers = update(new, over: live ?? empty, managers, manager: manager, time: time)
    return Self.setting(capped(managers), in: new)
  }

  /// `new`, of which nobody owns anything yet.
  private func created(_ new: Value, by manager: String, time: String) -> Value {
    let object = typed(new)
    let owned = memory.owned(by: new, object.type, empty: empty, types) {
      updater.update(
        object, over: typed(empty), version: apiVersion, managers: ManagedFields()
      ).written.subtracting(Self.unowned)
    }
    if owned.isEmpty { return new }
    let writer = ManagedEntry.Writer(
      manager, .update, apiVersion: apiVersion, subresource: subresource)
    let entry = ManagedEntry(writer, apiVersion: apiVersion, time: time, fields: FieldSet())
    return Self.setting([entry.value(fields: owned.wire)], in: new)
  }

  private func update(
    _ new: Value, over live: Value, _ managers: ManagedFields, manager: String, time: String
  ) -> ManagedFields {
    let writer = ManagedEntry.Writer(
      manager, .update, apiVersion: apiVersion, subresource: subresource)
    var (managers, written) = updater.update(
      typed(new), over: typed(live), version: apiVersion, managers: managers)
    written = written.subtracting(Self.unowned)
    if written.isEmpty { return managers }
    let before = managers[writer]?.fields ?? FieldSet()
    managers[writer] = ManagedEntry(
      writer, apiVersion: apiVersion, time: time, fields: before.union(written))
    return managers
  }

  private func managersToStart(from new: Value, live: Value?) -> ManagedFields {
    let known = live?["metadata"]?["managedFields"]
    let old = (try? ManagedFields(known)) ?? ManagedFields()
    if !subresource.isEmpty { return old }
    let given = new["metadata"]?["managedFields"]
    if given == [] || given == [[:]] { return ManagedFields() }
    guard let read = try? ManagedFields(given), !read.isEmpty else { return old }
    return read
  }
}

// MARK: - Entries

extension FieldManager {
  private func typed(_ object: Value) -> TypedObject {
    TypedObject(
      Self.withoutManagedFields(object), kind: kind, apiVersion: apiVersion, types)
  }

  private func stripped(
    _ managers: ManagedFields, _ writer: ManagedEntry.Writer
  ) -> ManagedFields {
    guard var entry = managers[writer] else { return managers }
    entry.fields = entry.fields.subtracting(Self.unowned)
    var managers = managers
    managers[writer] = entry.fields.isEmpty ? nil : entry
    return managers
  }

  /// Joins the oldest entries that are no applied configurations, so that an object that many
  /// programs write does not grow without end.
  private func capped(_ managers: ManagedFields) -> ManagedFields {
    var updaters = managers.entries.filter { $0.writer.operation == .update }
    guard updaters.count > Self.updateEntriesMax else { return managers }
    updaters.sort {
      ($0.time ?? "", $0.writer.manager, $0.apiVersion, $0.writer.subresource)
        < ($1.time ?? "", $1.writer.manager, $1.apiVersion, $1.writer.subresource)
    }
    var managers = managers
    var count = updaters.count
    var firstOfVersion: [String: ManagedEntry.Writer] = [:]
    for entry in updaters where count > Self.updateEntriesMax {
      guard let first = firstOfVersion[entry.apiVersion] else {
        firstOfVersion[entry.apiVersion] = entry.writer
        continue
      }
      let bucket = ManagedEntry.Writer(
        Self.ancientChanges, .update, apiVersion: entry.apiVersion)
      var joined = managers[bucket] ?? managers[first] ?? entry
      if managers[bucket] == nil { managers[first] = nil }
      joined.writer = bucket
      joined.fields = joined.fields.union(entry.fields)
      // The later of the two times says best how old the entry is.
      joined.time = entry.time
      managers[entry.writer] = nil
      managers[bucket] = joined
      count -= 1
    }
    return managers
  }

  static func withoutManagedFields(_ object: Value) -> Value {
    guard var metadata = object["metadata"], metadata["managedFields"] != nil else { return object }
    metadata["managedFields"] = nil
    var object = object
    object["metadata"] = metadata
    return object
  }

  /// `object` with these managed fields; with none at all where there are no entries.
  static func setting(_ managers: ManagedFields, in object: Value) -> Value {
    managers.isEmpty
      ? withoutManagedFields(object)
      : setting(managers.value, in: withoutManagedFields(object))
  }

  private static func setting(_ managedFields: Value, in object: Value) -> Value {
    var object = object
    var metadata = object["metadata"] ?? .emptyMap
    metadata["managedFields"] = managedFields
    object["metadata"] = metadata
    return object
  }
}

// MARK: - Requests that change nothing

extension FieldManager {
  /// `new`, or `live` where they differ in nothing but the times of managed fields: a request that
  /// changes nothing leaves no trace.
  public static func keepingTimes(of new: Value, from live: Value) -> Value {
    guard withoutManagedFields(new) == withoutManagedFields(live),
      let newEntries = try? ManagedFields(new["metadata"]?["managedFields"]),
      let oldEntries = try? ManagedFields(live["metadata"]?["managedFields"]),
      newEntries.withoutTimes == oldEntries.withoutTimes
    else { return new }
    return live
  }
}

extension ManagedFields {
  fileprivate var withoutTimes: Set<ManagedEntry> {
    Set(
      entries.map { entry in
        var entry = entry
        entry.time = nil
        return entry
      })
  }
}
