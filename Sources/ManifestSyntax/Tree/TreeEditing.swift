import CLibYAML

/// Completing a tree: what is added is marked synthetic and has its place where its parent is.
///
/// Only the tree's sole owner may do this. Ids stay valid; those of nodes that were taken out name
/// nodes that nothing leads to any more.
extension Tree {
  /// A tree of `value` without a text: every node is synthetic but for the root.
  public convenience init(_ value: Value) {
    self.init(source: SourceText(name: "<value>", ""))
    add(NodeRecord(start: 0, end: 0, kind: .null, style: .json))
    fill(0, with: value)
  }

  /// Sets the entry under `name` of a mapping and returns the value's node, which keeps its id and
  /// its place where the entry is there already.
  @discardableResult
  public func set(_ name: String, in mapping: NodeID, to value: Value) -> NodeID {
    var name = name
    return name.withUTF8 { bytes in
      let bytes = UnsafeRawBufferPointer(bytes)
      return set(bytes, hash: KeyHash.of(bytes), in: mapping, to: value)
    }
  }

  /// Sets the entry under `name`, whose hash the caller has.
  @discardableResult
  public func set(
    _ name: UnsafeRawBufferPointer, hash: UInt32, in mapping: NodeID, to value: Value
  ) -> NodeID {
    if let found = entry(mapping, hash: hash, name: name) {
      replace(found.value, with: value)
      return found.value
    }
    return add(name, hash: hash, to: mapping, value)
  }

  /// Adds an entry under `name`, which the mapping must not have yet.
  @discardableResult
  public func add(
    _ name: UnsafeRawBufferPointer, hash: UInt32, to mapping: NodeID, _ value: Value
  ) -> NodeID {
    let node = addEntry(name, hash: hash, to: mapping)
    fill(node, with: value)
    return NodeID(node)
  }

  /// Adds an entry with a scalar, whose text the caller has, under `name`, which the mapping must
  /// not have yet.
  public func add(
    _ name: UnsafeRawBufferPointer, hash: UInt32, to mapping: NodeID, _ kind: NodeKind,
    text: UnsafeRawBufferPointer
  ) {
    precondition(kind.isScalar, "only scalars have a text")
    setText(addEntry(name, hash: hash, to: mapping), kind, text)
  }

  /// Adds a key and a value that is still to be filled.
  private func addEntry(
    _ name: UnsafeRawBufferPointer, hash: UInt32, to mapping: NodeID
  ) -> UInt32 {
    precondition(kind(mapping) == .mapping, "entries are set in mappings only")
    let key = addChild(of: mapping.index)
    setText(key, .string, name)
    records[Int(key)].link = hash
    let node = addChild(of: mapping.index)
    records[Int(mapping.index)].count += 1
    records[Int(mapping.index)].text |= NodeRecord.keyBit(hash)
    return node
  }

  /// Puts `value` in the place of a node, which is synthetic from then on.
  public func replace(_ id: NodeID, with value: Value) {
    records[Int(id.index)].flags = [.synthetic]
    records[Int(id.index)].style = .json
    tags[id.index] = nil
    fill(id.index, with: value)
    forgetPlaces()
  }

  /// Adds an item to the end of a sequence.
  @discardableResult
  public func append(_ value: Value, to sequence: NodeID) -> NodeID {
    precondition(kind(sequence) == .sequence, "items are added to sequences only")
    let node = addChild(of: sequence.index)
    records[Int(sequence.index)].count += 1
    fill(node, with: value)
    return NodeID(node)
  }

  /// Takes every entry under `name` out of a mapping; returns whether there was one.
  @discardableResult
  public func remove(_ name: String, from mapping: NodeID) -> Bool {
    var hasRemoved = false
    while let key = entry(mapping, name)?.key {
      unlink(key.index, from: mapping.index)
      hasRemoved = true
    }
    return hasRemoved
  }

  private func unlink(_ key: UInt32, from mapping: UInt32) {
    let value = records[Int(key)].next
    var before: UInt32 = 0
    var child = records[Int(mapping)].link
    while child != key, child != 0 {
      before = records[Int(child)].next
      child = records[Int(before)].next
    }
    let next = records[Int(value)].next
    if before == 0 { records[Int(mapping)].link = next } else { records[Int(before)].next = next }
    if records[Int(mapping)].last == value { records[Int(mapping)].last = before }
    records[Int(mapping)].count -= 1
    forgetPlaces()
  }

  // MARK: - Filling nodes

  private func addChild(of parent: UInt32) -> UInt32 {
    let owner = records[Int(parent)]
    var record = NodeRecord(start: owner.start, end: owner.end, kind: .null, style: .json)
    record.flags = [.synthetic]
    let child = add(record)
    let last = records[Int(parent)].last
    if last == 0 { records[Int(parent)].link = child } else { records[Int(last)].next = child }
    records[Int(parent)].last = child
    return child
  }

  private func fill(_ node: UInt32, with value: Value) {
    switch value {
    case .null, .bool, .int, .uint, .double, .string:
      setText(node, value.nodeKind, value.scalarText ?? "")
    case .list(let items):
      setContainer(node, .sequence)
      for item in items { append(item, to: NodeID(node)) }
    case .map(let map):
      setContainer(node, .mapping)
      for entry in map.entries { set(entry.key, in: NodeID(node), to: entry.value) }
    }
  }

  private func setContainer(_ node: UInt32, _ kind: NodeKind) {
    records[Int(node)].kind = kind
    records[Int(node)].count = 0
    records[Int(node)].text = 0
    records[Int(node)].flags.remove(.mayRepeat)
    records[Int(node)].link = 0
    records[Int(node)].last = 0
  }

  private func setText(_ node: UInt32, _ kind: NodeKind, _ text: String) {
    var text = text
    text.withUTF8 { setText(node, kind, UnsafeRawBufferPointer($0)) }
  }

  private func setText(_ node: UInt32, _ kind: NodeKind, _ text: UnsafeRawBufferPointer) {
    let offset = store(text)
    records[Int(node)].kind = kind
    records[Int(node)].text = offset
    records[Int(node)].count = UInt32(truncatingIfNeeded: text.count)
    records[Int(node)].link = 0
    records[Int(node)].flags.insert(.inArena)
  }
}

extension Value {
  /// The text of a scalar, as a tree holds it; nil for lists and maps.
  public var scalarText: String? {
    switch self {
    case .null: "null"
    case .bool(let truth): truth ? "true" : "false"
    case .int(let number): String(number)
    case .uint(let number): String(number)
    case .double(let number): GoFloat.jsonText(number)
    case .string(let text): text
    case .list, .map: nil
    }
  }
}
