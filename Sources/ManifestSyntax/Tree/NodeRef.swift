/// A field's name with the hash by which trees look it up.
public struct Key: Sendable {
  public let name: StaticString
  /// `KeyHash.of(name)`.
  public let hash: UInt32

  /// A key whose hash was computed beforehand: generated code only.
  @inlinable
  public init(_ name: StaticString, hash: UInt32) {
    self.name = name
    self.hash = hash
  }

  @inlinable
  public init(_ name: StaticString) {
    let bytes = UnsafeRawBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
    self.init(name, hash: KeyHash.of(bytes))
  }

  @inlinable
  var bytes: UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
  }

  /// The name as a string; costs no allocation.
  public var text: String { name.description }
}

/// A part of an object, be it a node of a located ``Tree`` or a plain ``Value``.
///
/// Whoever reads objects (views, rules, controllers) reads them through this, so that a file needs
/// no second tree and an object of the store no text. Reading copies nothing but the strings that
/// are asked for.
public enum NodeRef: Sendable {
  case tree(Tree, NodeID)
  case value(Value)

  /// The whole document.
  @inlinable public init(_ tree: Tree) { self = .tree(tree, .root) }

  // MARK: - What it is

  @inlinable
  public var kind: NodeKind {
    switch self {
    case .tree(let tree, let id): tree.kind(id)
    case .value(let value): value.nodeKind
    }
  }

  @inlinable public var isNull: Bool { kind == .null }
  @inlinable public var isMapping: Bool { kind == .mapping }
  @inlinable public var isSequence: Bool { kind == .sequence }

  /// Whether the node was added by the program (a default), not written in the source.
  public var isSynthetic: Bool {
    guard case .tree(let tree, let id) = self else { return false }
    return tree.isSynthetic(id)
  }

  /// Whether the node's text holds a `${VAR}` that nobody filled.
  public var isPlaceholder: Bool {
    guard case .tree(let tree, let id) = self else { return false }
    return tree.isPlaceholder(id)
  }

  /// Where the node lies in its tree; nil for plain values.
  public var treeNode: (tree: Tree, id: NodeID)? {
    guard case .tree(let tree, let id) = self else { return nil }
    return (tree, id)
  }

  /// The way to the node from the root of its tree; plain values are their own root.
  public var path: FieldPath {
    guard case .tree(let tree, let id) = self else { return .root }
    return tree.path(to: id)
  }

  // MARK: - Scalars

  /// The text of a string; nil for anything else.
  @inlinable
  public var string: String? {
    switch self {
    case .tree(let tree, let id): tree.kind(id) == .string ? tree.string(id) : nil
    case .value(let value): value.string
    }
  }

  /// Whether the node is a string with `wanted` anywhere in it.
  public func holds(_ wanted: StaticString) -> Bool {
    switch self {
    case .tree(let tree, let id): tree.kind(id) == .string && tree.bytes(id).holds(wanted)
    case .value(let value): value.string?.holds(wanted) ?? false
    }
  }

  /// The number, where it is whole and fits.
  @inlinable
  public var int64: Int64? {
    switch self {
    case .tree(let tree, let id): tree.int64(id)
    case .value(let value): value.int64
    }
  }

  @inlinable
  public var bool: Bool? {
    switch self {
    case .tree(let tree, let id): tree.bool(id)
    case .value(let value): value.bool
    }
  }

  /// Any number as a double; nil for anything else.
  public var double: Double? {
    switch asScalar {
    case .int(let number): Double(number)
    case .uint(let number): Double(number)
    case .double(let number): number
    default: nil
    }
  }

  /// The text that the server sees for a number: as JSON carries it; nil for anything else.
  public var numberText: String? {
    if case .tree(let tree, let id) = self {
      guard tree.kind(id) == .int || tree.kind(id) == .float else { return nil }
      // JSON's digits reach the server as they are, YAML's after a conversion.
      if tree.style(id) == .json { return tree.string(id) }
      return ScalarResolution.jsonText(ofNumber: tree.bytes(id))
    }
    switch asScalar {
    case .int(let number): return String(number)
    case .uint(let number): return String(number)
    case .double(let number): return GoFloat.jsonText(number)
    default: return nil
    }
  }

  private var asScalar: Value? {
    switch self {
    case .tree(let tree, let id): tree.kind(id).isScalar ? tree.value(id) : nil
    case .value(let value): value
    }
  }

  /// The node and all below it, without places.
  public var asValue: Value {
    switch self {
    case .tree(let tree, let id): tree.value(id)
    case .value(let value): value
    }
  }

  /// The text of a mapping's key: numbers and truth values stand for their JSON text there.
  @inlinable
  public var keyText: String {
    switch self {
    case .tree(let tree, let id): tree.string(id)
    case .value(let value): value.string ?? ""
    }
  }

  // MARK: - Inside

  /// How many items or entries it has; 0 for scalars.
  @inlinable
  public var count: Int {
    switch self {
    case .tree(let tree, let id): tree.count(id)
    case .value(let value): value.count
    }
  }

  /// The value under `key`, nulls included; nil where there is none or this is no mapping.
  @inlinable
  public func member(_ key: Key) -> NodeRef? {
    switch self {
    case .tree(let tree, let id):
      guard let entry = tree.entry(id, hash: key.hash, name: key.bytes) else { return nil }
      return .tree(tree, entry.value)
    case .value(let value): return value[key.text].map { .value($0) }
    }
  }

  /// The value under `key`; nil where there is none or it is null.
  @inlinable
  public subscript(key: Key) -> NodeRef? {
    switch self {
    case .tree(let tree, let id):
      guard let value = tree.filled(id, key) else { return nil }
      return .tree(tree, value)
    case .value(let value):
      guard let member = value[key.text], member.nodeKind != .null else { return nil }
      return .value(member)
    }
  }

  /// The value under `name`, nulls included; nil where there is none or this is no mapping.
  public func member(named name: String) -> NodeRef? {
    switch self {
    case .tree(let tree, let id): tree.value(id, name).map { .tree(tree, $0) }
    case .value(let value): value[name].map { .value($0) }
    }
  }

  /// The value under `name`; nil where there is none or it is null.
  public subscript(name: String) -> NodeRef? {
    switch self {
    case .tree(let tree, let id):
      guard let value = tree.value(id, name), tree.kind(value) != .null else { return nil }
      return .tree(tree, value)
    case .value(let value):
      guard let member = value[name], member.nodeKind != .null else { return nil }
      return .value(member)
    }
  }

  /// The key node of the entry under `name`: the place where a finding about the key belongs.
  public func keyNode(named name: String) -> NodeRef? {
    switch self {
    case .tree(let tree, let id): tree.entry(id, name).map { .tree(tree, $0.key) }
    case .value(let value): value[name].map { _ in .value(.string(name)) }
    }
  }

  /// The item at `position`, nulls included.
  public subscript(position: Int) -> NodeRef? {
    switch self {
    case .tree(let tree, let id): tree.item(id, at: position).map { .tree(tree, $0) }
    case .value(let value): value[position].map { .value($0) }
    }
  }

  /// The part at `path`; nil where it leads nowhere.
  public subscript(path: FieldPath) -> NodeRef? {
    var part: NodeRef? = self
    for step in path.steps {
      if case .tree(let tree, let id) = part {
        part = tree.part(step, of: id).map { .tree(tree, $0.value) }
        continue
      }
      switch step {
      case .field(let name), .key(let name): part = part?.member(named: name)
      case .index(let position): part = part?[position]
      }
    }
    return part
  }

  /// The items of a sequence in order; empty for other nodes.
  @inlinable public var items: NodeItems { NodeItems(self) }

  /// The entries of a mapping in order; empty for other nodes.
  @inlinable public var entries: NodeEntries { NodeEntries(self) }
}

/// Two nodes are equal when they mean the same, wherever they stand.
extension NodeRef: Equatable {
  public static func == (left: NodeRef, right: NodeRef) -> Bool { left.asValue == right.asValue }
}

extension Value {
  /// What kind of node the value would be.
  public var nodeKind: NodeKind {
    switch self {
    case .null: .null
    case .bool: .bool
    case .int, .uint: .int
    case .double: .float
    case .string: .string
    case .list: .sequence
    case .map: .mapping
    }
  }

  /// How many items or entries it has; 0 for scalars.
  public var count: Int {
    switch self {
    case .list(let items): items.count
    case .map(let map): map.count
    default: 0
    }
  }
}

/// Walks the items of a sequence.
public struct NodeItems: Sequence, IteratorProtocol, Sendable {
  @usableFromInline let tree: Tree?
  @usableFromInline var following: UInt32 = 0
  @usableFromInline var values: ArraySlice<Value> = []

  /// No items at all.
  @inlinable public static var none: NodeItems { NodeItems() }

  @inlinable
  init() { tree = nil }

  @inlinable
  init(_ node: NodeRef) {
    switch node {
    case .tree(let tree, let id):
      self.tree = tree
      following = tree.items(id).following
    case .value(let value):
      tree = nil
      if case .list(let items) = value { values = items[...] }
    }
  }

  @inlinable
  public mutating func next() -> NodeRef? {
    guard let tree else { return values.popFirst().map { .value($0) } }
    guard following != 0 else { return nil }
    let item = following
    following = tree.records[Int(item)].next
    return .tree(tree, NodeID(item))
  }
}

/// Walks the entries of a mapping.
public struct NodeEntries: Sequence, IteratorProtocol, Sendable {
  @usableFromInline let tree: Tree?
  @usableFromInline var following: UInt32 = 0
  @usableFromInline var values: ArraySlice<ValueMap.Entry> = []

  /// No entries at all.
  @inlinable public static var none: NodeEntries { NodeEntries() }

  @inlinable
  init() { tree = nil }

  @inlinable
  init(_ node: NodeRef) {
    switch node {
    case .tree(let tree, let id):
      self.tree = tree
      following = tree.entries(id).following
    case .value(let value):
      tree = nil
      if case .map(let map) = value { values = map.entries[...] }
    }
  }

  @inlinable
  public mutating func next() -> (key: NodeRef, value: NodeRef)? {
    guard let tree else {
      return values.popFirst().map { (.value(.string($0.key)), .value($0.value)) }
    }
    guard following != 0 else { return nil }
    let key = following
    let value = tree.records[Int(key)].next
    following = tree.records[Int(value)].next
    return (.tree(tree, NodeID(key)), .tree(tree, NodeID(value)))
  }
}
