import ManifestSchema
import ManifestSyntax

/// A list in a strategic merge patch.
struct StrategicList {
  let merge: StrategicMerge
  let type: MergeType

  /// The list after `patch`: scalars as a set, objects by the merge key.
  func merge(
    _ patch: [Value], into original: [Value], isDeletion: Bool
  ) throws(PatchRefusal) -> [Value] {
    if original.isEmpty, patch.isEmpty { return original }
    guard try isOfMaps(original + patch) else {
      if isDeletion { return original.filter { !patch.contains($0) } }
      return ordered(Self.unique(original + patch), by: patch, originally: original)
    }
    guard let key = type.patchMergeKey else {
      throw .inapplicable("cannot merge a list of objects without a merge key")
    }
    let (kept, added) = try carryOutDirectives(of: patch, on: original, key)
    var merged = kept
    for item in added {
      guard let name = item[key] else { throw missingKey(key) }
      if let position = merged.firstIndex(where: { $0[key] == name }) {
        guard let patch = item.map else { throw missingKey(key) }
        merged[position] = try self.merge.merge(patch, into: merged[position].map, element)
      } else {
        merged.append(try StrategicMerge.withoutDirectives(item))
      }
    }
    return ordered(merged, by: added, originally: kept)
  }

  /// Deletes what the patch says to delete, or everything.
  private func carryOutDirectives(
    of patch: [Value], on original: [Value], _ key: String
  ) throws(PatchRefusal) -> (kept: [Value], added: [Value]) {
    var kept = original
    var added: [Value] = []
    var isReplaced = false
    for item in patch {
      switch item[StrategicMerge.Directive.patch] {
      case nil: added.append(item)
      case "delete"?:
        guard let name = item[key] else { throw missingKey(key) }
        kept.removeAll { $0[key] == name }
      case "replace"?: isReplaced = true
      case "merge"?: throw .inapplicable("merging lists cannot yet be specified in the patch")
      case let directive?:
        throw .inapplicable("unknown patch type '\(directive.string ?? "")' in list")
      }
    }
    return isReplaced ? (added, []) : (kept, added)
  }

  private var element: MergeType {
    guard case .list(let list) = merge.types.shape(type) else { return .deduced }
    return list.element
  }

  private func isOfMaps(_ items: [Value]) throws(PatchRefusal) -> Bool {
    let maps = items.count { $0.map != nil }
    if items.contains(where: { $0.list != nil }) {
      throw .inapplicable("lists of lists are not supported")
    }
    guard maps == 0 || maps == items.count else {
      throw .inapplicable("a list holds values of different types")
    }
    return maps > 0
  }

  private func missingKey(_ key: String) -> PatchRefusal {
    .inapplicable("an item of the patch does not contain the merge key '\(key)'")
  }
}

// MARK: - Order

extension StrategicList {
  /// The items that `order` names, in its order, among the others in theirs.
  ///
  /// What both orders know stands as the original has it; what is new comes before the items that
  /// the patch does not name.
  func ordered(_ items: [Value], by order: [Value], originally original: [Value]) -> [Value] {
    var named = items.filter { position(of: $0, in: order) != nil }
    var others = items.filter { position(of: $0, in: order) == nil }
    named = sorted(named, by: order)
    others = sorted(others, by: original)
    var result: [Value] = []
    var next = named[...]
    for item in others {
      let place = position(of: item, in: original)
      while let first = next.first {
        let firstPlace = position(of: first, in: original)
        if let place, let firstPlace, place < firstPlace { break }
        result.append(first)
        next = next.dropFirst()
      }
      result.append(item)
    }
    return result + next
  }

  private func sorted(_ items: [Value], by order: [Value]) -> [Value] {
    let placed = items.enumerated().map { offset, item in
      (place: position(of: item, in: order) ?? -1, offset: offset, item: item)
    }
    return placed.sorted { ($0.place, $0.offset) < ($1.place, $1.offset) }.map(\.item)
  }

  private func position(of item: Value, in order: [Value]) -> Int? {
    guard let key = type.patchMergeKey, item.map != nil else { return order.firstIndex(of: item) }
    return order.firstIndex { $0[key] == item[key] }
  }

  /// Refuses a patch whose items stand in another order than the one that it asks for.
  func check(_ patch: [Value], against order: [Value]) throws(PatchRefusal) {
    guard !patch.isEmpty, !order.isEmpty else { return }
    var rest = order[...]
    for item in patch where item[StrategicMerge.Directive.patch] != "delete" {
      guard let place = position(of: item, in: Array(rest)) else {
        throw .malformed("the order of the patch's list does not match its $setElementOrder list")
      }
      rest = rest.dropFirst(place)
    }
  }

  private static func unique(_ items: [Value]) -> [Value] {
    var seen: Set<Value> = []
    return items.filter { seen.insert($0).inserted }
  }
}
