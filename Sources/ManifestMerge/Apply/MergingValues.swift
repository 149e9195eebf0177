import ManifestSchema
import ManifestSyntax

extension MergeTypes {
  /// `live` overlaid with `config`; nil where nothing results.
  ///
  /// Items of `config` come in its order; items that only `live` has keep their place beside
  /// their neighbours. A null in `config` stays one.
  func merge(_ live: Value?, _ config: Value?, _ type: MergeType) -> Value? {
    switch shape(type) {
    case .scalar, .untyped: return config ?? live
    case .list(let list):
      if list.type == .atomic { return config ?? live }
      return merge(items: live, config, list)
    case .object(let object):
      if object.isAtomic { return config ?? live }
      return merge(entries: live, config) { object.type(of: $0) ?? .deduced }
    case .map(let element, let isAtomic):
      if isAtomic { return config ?? live }
      return merge(entries: live, config) { _ in element }
    case .deduced:
      switch (live, config) {
      case (_, .map?): return merge(entries: live, config) { _ in .deduced }
      case (.map?, nil), (.map?, .null?): return merge(entries: live, config) { _ in .deduced }
      default: return config ?? live
      }
    }
  }

  private func merge(
    entries live: Value?, _ config: Value?, typeOf: (String) -> MergeType
  ) -> Value? {
    let left = live?.map
    let right = config?.map
    if left?.isEmpty ?? true, right?.isEmpty ?? true { return config ?? live }
    let rightIndex = MapIndex(right)
    var merged: [ValueMap.Entry] = []
    for entry in left?.entries ?? [] {
      let value = merge(entry.value, rightIndex[entry.key], typeOf(entry.key))
      if let value { merged.append(ValueMap.Entry(key: entry.key, value: value)) }
    }
    let leftIndex = MapIndex(left)
    for entry in right?.entries ?? [] where leftIndex[entry.key] == nil {
      let value = merge(nil, entry.value, typeOf(entry.key))
      if let value { merged.append(ValueMap.Entry(key: entry.key, value: value)) }
    }
    // Spelt out, since a bare nil beside a `Value` would mean `.null`.
    if merged.isEmpty { return Optional.none }
    return .map(ValueMap(unique: merged))
  }

  private func merge(items live: Value?, _ config: Value?, _ list: ListShape) -> Value? {
    let left = live?.list ?? []
    let right = config?.list ?? []
    if left.isEmpty, right.isEmpty { return config ?? live }
    var merge = ListMerge(left: left, right: right, list: list)
    let merged = merge.run { live, config in self.merge(live, config, list.element) }
    if merged.isEmpty { return Optional.none }
    return .list(merged)
  }
}

/// Merges two keyed lists or sets, keeping the order of both as well as can be.
private struct ListMerge {
  private let left: [(name: PathElement, item: Value)]
  private let right: [(name: PathElement, item: Value)]
  /// The items by name; nil for a name that the live list holds twice, which no item merges with.
  private var leftItems: [PathElement: Value?] = [:]
  private var rightItems: [PathElement: Value] = [:]
  /// The names that both have, in the order of the configuration, and how many are done with.
  private var shared: ArraySlice<PathElement> = []
  private var done: Set<PathElement> = []

  init(left: [Value], right: [Value], list: ListShape) {
    self.left = left.compactMap { item in list.name(of: item).map { ($0, item) } }
    self.right = right.compactMap { item in list.name(of: item).map { ($0, item) } }
    for (name, item) in self.left {
      let isRepeated = leftItems.keys.contains(name)
      leftItems.updateValue(isRepeated ? Optional.none : item, forKey: name)
    }
    for (name, item) in self.right where rightItems[name] == nil { rightItems[name] = item }
    shared = self.right.map(\.name).filter { leftItems.keys.contains($0) }[...]
  }

  mutating func run(_ merge: (Value?, Value?) -> Value?) -> [Value] {
    var merged: [Value] = []
    func add(_ live: Value?, _ config: Value?) {
      if let value = merge(live, config) { merged.append(value) }
    }
    var (leftAt, rightAt) = (0, 0)
    while leftAt < left.count || rightAt < right.count {
      if leftAt < left.count {
        let (name, item) = left[leftAt]
        if rightAt < right.count, name == right[rightAt].name {
          done.insert(name)
          add(leftItems[name] ?? nil, rightItems[name])
          leftAt += 1
          rightAt += 1
          shared = shared.dropFirst()
          continue
        }
        if rightItems[name] == nil {
          add(item, nil)
          leftAt += 1
          continue
        }
        // An item that both have waits for its turn in the configuration's order.
        if rightAt < right.count, let next = shared.first, next != name {
          leftAt += 1
          continue
        }
        if done.contains(name) { leftAt += 1 }
      }
      if rightAt < right.count {
        let name = right[rightAt].name
        done.insert(name)
        add(leftItems[name] ?? nil, rightItems[name])
        rightAt += 1
        if shared.first == name { shared = shared.dropFirst() }
      }
    }
    return merged
  }
}
