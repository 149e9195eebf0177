import ManifestMerge
import ManifestSyntax

/// Writes a manifest's values as the cluster spells them, where both mean the same.
///
/// Server-side apply compares texts: a manifest that says `1000m` where others own the `1` that is
/// stored would be refused for nothing.
struct Spelling {
  let types: MergeTypes

  /// `config` with the words of `stored` for those of `fields` that differ in nothing else.
  func respelled(_ config: Value, like stored: Value, at fields: [[PathElement]]) -> Value {
    let whole = replacing(fields, in: config, by: stored)
    let changes = ObjectDiff(from: config, to: whole, types: types).changes.map(\.path)
    if changes.isEmpty { return whole }
    let alike = fields.filter { field in
      !changes.contains { $0.starts(with: field) || field.starts(with: $0) }
    }
    return replacing(alike, in: config, by: stored)
  }

  private func replacing(
    _ fields: [[PathElement]], in config: Value, by stored: Value
  ) -> Value {
    var config = config
    for path in fields {
      if let words = stored.part(at: path) { config.set(words, at: path[...]) }
    }
    return config
  }
}

extension Value {
  /// Puts `value` at a path that is there.
  fileprivate mutating func set(_ value: Value, at path: ArraySlice<PathElement>) {
    guard let element = path.first else {
      self = value
      return
    }
    let rest = path.dropFirst()
    switch element {
    case .field(let name):
      guard var inner = self[name] else { return }
      inner.set(value, at: rest)
      self[name] = inner
    case .index, .key, .value:
      guard case .list(var items) = self, let old = part(at: [element]),
        let position = items.firstIndex(of: old)
      else { return }
      items[position].set(value, at: rest)
      self = .list(items)
    }
  }
}
