import ManifestSyntax

extension Value {
  /// Changes the object under `name`, which is made where it is not there and `body` fills it.
  mutating func edit<Failure: Error>(
    _ name: String, in order: [String], _ body: (inout Value) throws(Failure) -> Void
  ) throws(Failure) {
    var part = self[name] ?? .emptyMap
    if case .null = part { part = .emptyMap }
    let isNew = self[name]?.map == nil
    try body(&part)
    if isNew, part.map?.isEmpty ?? true { return }
    set(name, to: part, in: order)
  }

  /// Changes every item of the list under `name`.
  mutating func editItems(_ name: String, _ body: (inout Value) -> Void) {
    guard case .list(var items)? = self[name] else { return }
    for index in items.indices { body(&items[index]) }
    self[name] = .list(items)
  }

  /// Adds `item` to the list under `name`.
  mutating func append(_ item: Value, to name: String, in order: [String]) {
    set(name, to: .list(items(name) + [item]), in: order)
  }

  /// Changes the spec of a pod.
  mutating func editSpec<Failure: Error>(
    _ body: (inout Value) throws(Failure) -> Void
  ) throws(Failure) {
    try edit("spec", in: FieldOrder.object, body)
  }

  /// Whether the field is there and says something.
  func has(_ name: String) -> Bool {
    switch self[name] {
    case nil, .null?: false
    case .some(let value): value != ""
    }
  }

  var metadataName: String { self["metadata"]?["name"]?.string ?? "" }

  func annotation(_ key: String) -> String? { self["metadata"]?["annotations"]?[key]?.string }

  func label(_ key: String) -> String? { self["metadata"]?["labels"]?[key]?.string }

  /// The entries of the map under `name` as texts.
  func texts(_ name: String) -> [String: String] {
    var texts: [String: String] = [:]
    for entry in self[name]?.map?.entries ?? [] { texts[entry.key] = entry.value.string }
    return texts
  }
}
