import ManifestSchema
import ManifestSyntax

/// Who else owns fields that an applied configuration would change.
public struct ApplyConflict: Error, Hashable, Sendable {
  /// One owner and its fields.
  public struct Owner: Hashable, Sendable {
    public var entry: ManagedEntry
    public var fields: FieldSet
  }

  /// Sorted by manager; never empty.
  public var owners: [Owner]

  /// Every field in conflict, with its owner.
  public var fields: [(path: [PathElement], owner: ManagedEntry)] {
    owners.flatMap { owner in owner.fields.paths.map { ($0, owner.entry) } }
  }
}

/// Gives an object in the terms of another version of its API; nil where there is no such version.
public typealias VersionConversion = (_ object: Value, _ apiVersion: String) -> Value?

/// Works out what a write does to an object and to the ownership of its fields.
///
/// The rules of structured merging. Everything about entries' names, times and number is above it,
/// in ``FieldManager``.
struct Updater {
  let types: MergeTypes
  let convert: VersionConversion
  /// What writes at this endpoint can own, by version; everything where there is none.
  let filters: [String: OwnershipFilter]

  /// What an apply leads to.
  struct Applied {
    var object: TypedObject
    var managers: ManagedFields
  }

  /// Overlays `live` with `config` for `writer`, takes out what the writer gave up, and settles who
  /// owns what.
  func apply(
    _ config: TypedObject, to live: TypedObject, version: String, managers: ManagedFields,
    as writer: ManagedEntry.Writer, force: Bool
  ) throws(ApplyConflict) -> Applied {
    var managers = reconciled(managers, live: live)
    var merged = live.merging(config)
    let last = managers[writer]
    let owned = filtered(config.fields(), version)
    managers[writer] = ManagedEntry(
      writer, apiVersion: version, time: last?.time, fields: owned)
    if let last, !last.fields.isEmpty {
      merged = prune(merged, version: version, managers: managers, last: last)
    }
    managers = try settle(
      from: live, to: merged, version: version, managers: managers, writer: writer, force: force
    ).managers
    return Applied(object: merged, managers: managers)
  }

  /// Settles who owns what after `new` was written over `live` by other means than applying.
  ///
  /// - Returns: What is left to the known managers, and what the writer wrote.
  func update(
    _ new: TypedObject, over live: TypedObject, version: String, managers: ManagedFields
  ) -> (managers: ManagedFields, written: FieldSet) {
    if managers.isEmpty {
      let written = types.written(new.value, over: live.value, new.type)
      return (managers, filtered(written, version))
    }
    let managers = reconciled(managers, live: live)
    let settled = try? settle(
      from: live, to: new, version: version, managers: managers, writer: nil, force: true)
    guard let settled else { return (managers, FieldSet()) }
    return (settled.managers, settled.comparison.modified.union(settled.comparison.added))
  }
}

// MARK: - Settling ownership

extension Updater {
  private func reconciled(_ managers: ManagedFields, live: TypedObject) -> ManagedFields {
    var result = managers
    for index in managers.entries.indices {
      let entry = managers.entries[index]
      let type = types.root(apiVersion: entry.apiVersion, kind: live.kind)
      result.entries[index].fields = types.reconciled(entry.fields, type)
    }
    return result
  }

  private func typed(_ object: TypedObject, in version: String) -> TypedObject? {
    if object.apiVersion == version { return object }
    guard let converted = convert(object.value, version) else { return nil }
    return TypedObject(converted, kind: object.kind, apiVersion: version, types)
  }

  /// Takes what changed from everybody but the writer; when that is not forced, changed fields of
  /// others are conflicts.
  private func settle(
    from live: TypedObject, to new: TypedObject, version: String, managers: ManagedFields,
    writer: ManagedEntry.Writer?, force: Bool
  ) throws(ApplyConflict) -> (managers: ManagedFields, comparison: Comparison) {
    var comparisons = [version: comparison(live, new, version)]
    var kept: [ManagedEntry] = []
    var owners: [ApplyConflict.Owner] = []
    for var entry in managers.entries {
      if entry.writer != writer {
        if comparisons[entry.apiVersion] == nil {
          // A version that is served no more takes its entries along.
          guard let old = typed(live, in: entry.apiVersion),
            let new = typed(new, in: entry.apiVersion)
          else { continue }
          comparisons[entry.apiVersion] = comparison(old, new, entry.apiVersion)
        }
        let comparison = comparisons[entry.apiVersion] ?? Comparison()
        let taken = entry.fields.intersection(comparison.modified.union(comparison.added))
        if !taken.isEmpty { owners.append(ApplyConflict.Owner(entry: entry, fields: taken)) }
        entry.fields = entry.fields.subtracting(taken).subtracting(comparison.removed)
      }
      if !entry.fields.isEmpty { kept.append(entry) }
    }
    if !force, !owners.isEmpty {
      owners.sort { $0.entry.writer.manager < $1.entry.writer.manager }
      throw ApplyConflict(owners: owners)
    }
    return (ManagedFields(kept), comparisons[version] ?? Comparison())
  }

  private func comparison(
    _ old: TypedObject, _ new: TypedObject, _ version: String
  ) -> Comparison {
    let comparison = old.comparison(to: new)
    return filters[version]?(comparison) ?? comparison
  }

  private func filtered(_ fields: FieldSet, _ version: String) -> FieldSet {
    filters[version]?(fields) ?? fields
  }
}

// MARK: - Pruning

extension Updater {
  /// Takes out what the writer applied last time, not this time, and what nobody else owns.
  private func prune(
    _ whole: TypedObject, version: String, managers: ManagedFields, last: ManagedEntry
  ) -> TypedObject {
    guard let merged = typed(whole, in: last.apiVersion) else { return whole }
    var pruned = merged.removing(merged.namingObjects(last.fields))
    pruned = addBackOwned(merged, pruned, version: last.apiVersion, managers)
    pruned = addBackDangling(merged, pruned, last)
    return typed(pruned, in: version) ?? pruned
  }

  /// Puts back what somebody owns, the new configuration included.
  private func addBackOwned(
    _ merged: TypedObject, _ pruned: TypedObject, version: String, _ managers: ManagedFields
  ) -> TypedObject {
    var owned: [(version: String, fields: FieldSet)] = [(version, FieldSet())]
    for entry in managers.entries {
      if let index = owned.firstIndex(where: { $0.version == entry.apiVersion }) {
        owned[index].fields = owned[index].fields.union(entry.fields)
      } else {
        owned.append((entry.apiVersion, entry.fields))
      }
    }
    // The version of the last configuration comes first: others may need fields that it puts back.
    var (merged, pruned) = (merged, pruned)
    for (version, fields) in owned {
      guard let mergedThere = typed(merged, in: version),
        let prunedThere = typed(pruned, in: version)
      else { continue }
      let kept = mergedThere.namingObjects(prunedThere.fields())
        .union(mergedThere.namingObjects(fields))
      let all = mergedThere.namingObjects(mergedThere.fields())
      pruned = mergedThere.removing(all.subtracting(kept))
      merged = mergedThere
    }
    return pruned
  }

  /// Puts back what the last configuration did not hold: nobody's fields, and those below the
  /// removed ones.
  private func addBackDangling(
    _ merged: TypedObject, _ pruned: TypedObject, _ last: ManagedEntry
  ) -> TypedObject {
    guard let pruned = typed(pruned, in: last.apiVersion) else { return merged }
    let gone = merged.namingObjects(merged.fields())
      .subtracting(merged.namingObjects(pruned.fields()))
    return merged.removing(gone.intersection(merged.namingObjects(last.fields)))
  }
}
