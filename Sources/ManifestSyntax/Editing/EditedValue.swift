extension Value {
  /// The value after a field edit; nil where the edit does not apply: a part to remove that is not
  /// there, a new name that is taken, a step into a scalar.
  func applying(_ edit: FixIt.Edit) -> Value? {
    switch edit {
    case .set(let path, let text):
      guard let value = EditText.value(of: text) else { return nil }
      return changing(path.steps[...]) { _ in value }
    case .remove(let path):
      guard self[path] != nil, let last = path.steps.last else { return nil }
      return changing(path.steps.dropLast()) { $0?.removing(last) }
    case .rename(let path, let name):
      guard self[path] != nil, let last = path.steps.last else { return nil }
      return changing(path.steps.dropLast()) { $0?.renaming(last, to: name) }
    case .replace: return nil
    }
  }

  /// This value with the part at `steps` changed; maps that are missing on the way are made.
  private func changing(
    _ steps: ArraySlice<FieldPath.Step>, _ change: (Value?) -> Value?
  ) -> Value? {
    guard let step = steps.first else { return change(self) }
    let rest = steps.dropFirst()
    switch (step, self) {
    case (.index(let position), .list(var items)):
      guard items.indices.contains(position),
        let changed = items[position].changing(rest, change)
      else { return nil }
      items[position] = changed
      return .list(items)
    case (.field(let name), .map(var map)), (.key(let name), .map(var map)):
      let part = map[name] ?? .null
      guard
        let changed = map[name] == nil && rest.isEmpty ? change(nil) : part.changing(rest, change)
      else { return nil }
      map[name] = changed
      return .map(map)
    case (.field, .null), (.key, .null):
      return Value.emptyMap.changing(steps, change)
    default: return nil
    }
  }

  private func removing(_ step: FieldPath.Step) -> Value? {
    switch (step, self) {
    case (.index(let position), .list(var items)):
      guard items.indices.contains(position) else { return nil }
      items.remove(at: position)
      return .list(items)
    case (.field(let name), .map(var map)), (.key(let name), .map(var map)):
      map[name] = nil
      return .map(map)
    default: return nil
    }
  }

  private func renaming(_ step: FieldPath.Step, to name: String) -> Value? {
    guard case .map(let map) = self, map[name] == nil else { return nil }
    switch step {
    case .index: return nil
    case .field(let old), .key(let old):
      return .map(
        ValueMap(map.entries.map { (key: $0.key == old ? name : $0.key, value: $0.value) }))
    }
  }
}
