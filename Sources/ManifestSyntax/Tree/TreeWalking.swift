import CLibYAML

extension Tree {
  /// The entries of a mapping in order, merged ones last; empty for other nodes.
  @inlinable @inline(__always)
  public func entries(_ id: NodeID) -> Entries { Entries(tree: self, container: resolved(id)) }

  /// The items of a sequence in order; empty for other nodes.
  @inlinable @inline(__always)
  public func items(_ id: NodeID) -> Items { Items(tree: self, container: resolved(id)) }

  /// Hands every entry of a mapping to `body`, merged ones last: as ``entries(_:)``, for walks that
  /// are made for every document.
  @inlinable @inline(__always)
  public func forEachEntry(of id: NodeID, _ body: (_ key: NodeID, _ value: NodeID) -> Void) {
    let container = Int(resolved(id).index)
    guard records[container].kind == .mapping else { return }
    var key = records[container].link
    while key != 0 {
      let value = records[Int(key)].next
      let following = records[Int(value)].next
      body(NodeID(key), NodeID(value))
      key = following
    }
  }

  /// Whether any string in the tree, keys included, is as wanted: for a quick look before a walk.
  public func hasText(where isWanted: (UnsafeRawBufferPointer) -> Bool) -> Bool {
    for index in 0..<recordCount where records[index].kind == .string {
      if isWanted(bytes(of: records[index])) { return true }
    }
    return false
  }

  /// Whether any string that is written otherwise than it reads, with escapes or over several
  /// lines, is as wanted.
  public func hasRewrittenText(where isWanted: (UnsafeRawBufferPointer) -> Bool) -> Bool {
    for index in 0..<recordCount
    where records[index].flags.contains(.inArena) && records[index].kind == .string {
      if isWanted(bytes(of: records[index])) { return true }
    }
    return false
  }

  /// Walks the entries of a mapping.
  public struct Entries: Sequence, IteratorProtocol {
    @usableFromInline let tree: Tree
    @usableFromInline var following: UInt32

    @inlinable
    init(tree: Tree, container: NodeID) {
      self.tree = tree
      let record = tree.records[Int(container.index)]
      following = record.kind == .mapping ? record.link : 0
    }

    @inlinable
    public mutating func next() -> (key: NodeID, value: NodeID)? {
      guard following != 0 else { return nil }
      let key = following
      let value = tree.records[Int(key)].next
      following = tree.records[Int(value)].next
      return (NodeID(key), NodeID(value))
    }
  }

  /// Walks the items of a sequence.
  public struct Items: Sequence, IteratorProtocol {
    @usableFromInline let tree: Tree
    @usableFromInline var following: UInt32

    @inlinable
    init(tree: Tree, container: NodeID) {
      self.tree = tree
      let record = tree.records[Int(container.index)]
      following = record.kind == .sequence ? record.link : 0
    }

    @inlinable
    public mutating func next() -> NodeID? {
      guard following != 0 else { return nil }
      let item = following
      following = tree.records[Int(item)].next
      return NodeID(item)
    }
  }

  /// The entry of a mapping under `name`, whose hash the caller has; the last one where several
  /// are.
  @inlinable
  public func entry(
    _ id: NodeID, hash: UInt32, name: UnsafeRawBufferPointer
  ) -> (key: NodeID, value: NodeID)? {
    let container = records[Int(resolved(id).index)]
    guard container.kind == .mapping, container.text & NodeRecord.keyBit(hash) != 0 else {
      return nil
    }
    var found: (key: NodeID, value: NodeID)?
    var key = container.link
    while key != 0 {
      let record = records + Int(key)
      if record.pointee.link == hash, Int(record.pointee.count) == name.count,
        isEqual(bytes(of: record.pointee), name)
      {
        found = (NodeID(key), NodeID(record.pointee.next))
        if !container.flags.contains(.mayRepeat) { return found }
      }
      key = records[Int(record.pointee.next)].next
    }
    return found
  }

  /// The value of a mapping under `key`; nil where there is none or it is null.
  @inlinable
  public func filled(_ id: NodeID, _ key: Key) -> NodeID? {
    guard let value = entry(id, hash: key.hash, name: key.bytes)?.value, kind(value) != .null
    else { return nil }
    return value
  }

  @inlinable
  func isEqual(_ a: UnsafeRawBufferPointer, _ b: UnsafeRawBufferPointer) -> Bool {
    guard a.count > 0, let left = a.baseAddress, let right = b.baseAddress else { return true }
    return memcmp(left, right, a.count) == 0
  }

  /// The entry of a mapping under `name`.
  public func entry(_ id: NodeID, _ name: String) -> (key: NodeID, value: NodeID)? {
    if records[Int(resolved(id).index)].kind != .mapping { return nil }
    let found = name.utf8.withContiguousStorageIfAvailable {
      let bytes = UnsafeRawBufferPointer($0)
      return entry(id, hash: KeyHash.of(bytes), name: bytes)
    }
    if let found { return found }
    var copy = name
    return copy.withUTF8 {
      let bytes = UnsafeRawBufferPointer($0)
      return entry(id, hash: KeyHash.of(bytes), name: bytes)
    }
  }

  /// The value of a mapping under `name`; nil where there is none or the node is no mapping.
  public func value(_ id: NodeID, _ name: String) -> NodeID? { entry(id, name)?.value }

  /// The value of a mapping under `key`; nil where there is none or the node is no mapping.
  @inlinable
  public func value(_ id: NodeID, _ key: Key) -> NodeID? {
    entry(id, hash: key.hash, name: key.bytes)?.value
  }

  /// Whether any scalar without quotes may be read as something else than the text that it is: a
  /// null that is spelled out, or what has another text in JSON.
  public var hasRewrittenScalars: Bool {
    if isShared { return isRewritten }
    for index in 0..<nodeCount {
      let record = records[index]
      if record.kind == .null, record.count > 0 { return true }
      if record.style == .plain, record.flags.contains(.inArena) { return true }
    }
    return false
  }

  /// The bytes of the string under `key`; nil where there is none. Valid until the tree changes.
  @inlinable
  public func text(_ id: NodeID, _ key: Key) -> UnsafeRawBufferPointer? {
    guard let value = value(id, key), kind(value) == .string else { return nil }
    return bytes(value)
  }

  /// Whether a key node says `name`.
  @inlinable
  public func isKey(_ key: NodeID, _ name: Key) -> Bool {
    let record = records[Int(key.index)]
    return record.link == name.hash && Int(record.count) == name.bytes.count
      && isEqual(bytes(of: record), name.bytes)
  }

  /// Whether a key node says one of `names`.
  @inlinable
  public func isKey(_ key: NodeID, among names: [Key]) -> Bool {
    let hash = records[Int(key.index)].link
    for name in names where name.hash == hash { return isKey(key, name) }
    return false
  }

  /// The item of a sequence at `position`.
  public func item(_ id: NodeID, at position: Int) -> NodeID? {
    guard position >= 0 else { return nil }
    var left = position
    for item in items(id) {
      if left == 0 { return item }
      left -= 1
    }
    return nil
  }
}
