import CLibYAML

/// Names a node of a ``Tree``.
public struct NodeID: Hashable, Sendable {
  @usableFromInline let index: UInt32
  @inlinable init(_ index: UInt32) { self.index = index }
  /// The node that stands for the whole document.
  @inlinable public static var root: NodeID { NodeID(0) }
}

/// One document, located: every node knows the bytes that it came from.
///
/// Nodes lie in one flat buffer and refer to each other by number; scalars are slices of the
/// source, or of the tree's arena where escapes, folding or a default made new text. Aliases are
/// expanded: each holds a copy of its anchor's nodes, which keep the place of the anchor. A tree is
/// built by ``DocumentReader`` or ``JSONReader``, may be completed (defaults are appended as
/// synthetic nodes) by whoever owns it alone, and is read-only from the moment it is shared.
///
/// `@unchecked Sendable`: the rule of the sentence above; no method that changes a tree may be
/// called once a second task can see it.
public final class Tree: @unchecked Sendable {
  /// The text that the tree was read from.
  public internal(set) var source: SourceText {
    didSet { text = Self.start(of: source) }
  }
  // These are read and written for every node. Nothing of ours runs within an access, so checking
  // that accesses do not overlap would only cost: a tenth of the time to build a tree.
  /// Where the source's bytes begin.
  @usableFromInline @exclusivity(unchecked) private(set) var text: UnsafeRawPointer
  @usableFromInline @exclusivity(unchecked) var records: UnsafeMutablePointer<NodeRecord>
  @usableFromInline @exclusivity(unchecked) private(set) var recordCount = 0
  @exclusivity(unchecked) private var recordCapacity: Int
  @usableFromInline @exclusivity(unchecked) var arena: UnsafeMutableRawPointer
  @exclusivity(unchecked) private(set) var arenaCount = 0
  @exclusivity(unchecked) private var arenaCapacity: Int
  /// Which keys there are among the first nodes, and how many nodes these are.
  private var sketched: (keys: KeySketch, nodeCount: Int) = (KeySketch(), 0)
  /// Where each node stands, made when first asked for.
  @exclusivity(unchecked) private var places: [Place] = []
  /// The children of crowded containers, noted when first looked for; see ``Crowd``.
  @exclusivity(unchecked) private var crowds: (nodeCount: Int, byContainer: [UInt32: Crowd]) = (
    0, [:]
  )
  /// Whether several threads may read the tree; then nothing is noted in it any more.
  var isShared = false
  /// What ``hasRewrittenScalars`` says of a shared tree.
  var isRewritten = false
  /// Whether a node is marked as one that another program fills in later.
  public internal(set) var hasPlaceholders = false
  /// Tags other than the implied ones, by node.
  @exclusivity(unchecked) var tags: [UInt32: String] = [:]
  /// Where aliases stood, by the node that replaced them.
  @exclusivity(unchecked) var aliasStarts: [UInt32: UInt32] = [:]

  init(source: SourceText) {
    self.source = source
    recordCapacity = 256
    records = Self.room(for: recordCapacity)
    arenaCapacity = 1024
    arena = UnsafeMutableRawPointer(Self.room(for: arenaCapacity) as UnsafeMutablePointer<UInt8>)
    text = Self.start(of: source)
  }

  private static func start(of source: SourceText) -> UnsafeRawPointer {
    // An empty source has no bytes to point at, and no node that would look for them.
    source.bytes.baseAddress ?? UnsafeRawPointer(bitPattern: 8).unsafelyUnwrapped
  }

  deinit {
    free(records)
    free(arena)
  }

  /// Memory from `malloc`, which small plain allocations of Swift's go around: they ask for an
  /// alignment that this has anyway.
  private static func room<T: BitwiseCopyable>(for count: Int) -> UnsafeMutablePointer<T> {
    guard let memory = malloc(count * MemoryLayout<T>.stride) else {
      preconditionFailure("no memory for \(count) nodes or bytes of text")
    }
    return memory.bindMemory(to: T.self, capacity: count)
  }

  /// Forgets all nodes and keeps the memory.
  func reset(source: SourceText) {
    if self.source !== source { self.source = source }
    recordCount = 0
    arenaCount = 0
    if !places.isEmpty { places.removeAll(keepingCapacity: true) }
    forgetKeys()
    if crowds.nodeCount > 0 { crowds = (0, [:]) }
    isShared = false
    hasPlaceholders = false
    if !tags.isEmpty { tags.removeAll() }
    if !aliasStarts.isEmpty { aliasStarts.removeAll() }
  }

  /// Whether the tree has room for more than most documents need.
  var isLarge: Bool { recordCapacity > 1 << 16 || arenaCapacity > 1 << 22 }

  /// How many nodes the tree has, synthetic ones included.
  public var nodeCount: Int { recordCount }

  // MARK: - Building

  @discardableResult
  func add(_ record: NodeRecord) -> UInt32 {
    if recordCount == recordCapacity { growRecords() }
    records[recordCount] = record
    recordCount += 1
    return UInt32(truncatingIfNeeded: recordCount - 1)
  }

  /// Takes the nodes of `other`, and the texts in its arena, in the place of its own.
  func copyNodes(of other: Tree) {
    if recordCapacity < other.recordCount {
      free(records)
      recordCapacity = other.recordCount * 2
      records = Self.room(for: recordCapacity)
    }
    records.update(from: other.records, count: other.recordCount)
    recordCount = other.recordCount
    sketched = other.sketched
    arenaCount = 0
    _ = store(UnsafeRawBufferPointer(start: other.arena, count: other.arenaCount))
  }

  /// Hashes the text of a key, for look-ups in its mapping.
  func noteKey(_ key: UInt32, of mapping: UInt32) {
    let hash = KeyHash.of(bytes(of: records[Int(key)]))
    records[Int(key)].link = hash
    records[Int(mapping)].noteKey(hash)
  }

  private func growRecords() { moveRecords(capacity: recordCapacity * 2) }

  private func moveRecords(capacity: Int) {
    let moved: UnsafeMutablePointer<NodeRecord> = Self.room(for: capacity)
    moved.update(from: records, count: recordCount)
    free(records)
    records = moved
    recordCapacity = capacity
  }

  private func moveArena(capacity: Int) {
    let moved = UnsafeMutableRawPointer(Self.room(for: capacity) as UnsafeMutablePointer<UInt8>)
    moved.copyMemory(from: arena, byteCount: arenaCount)
    free(arena)
    arena = moved
    arenaCapacity = capacity
  }

  /// Gives back what nodes and texts do not fill.
  func shrink() {
    if recordCapacity > recordCount { moveRecords(capacity: max(recordCount, 1)) }
    if arenaCapacity > max(arenaCount, 16) { moveArena(capacity: max(arenaCount, 16)) }
  }

  /// Copies `bytes` into the arena and returns where they begin.
  func store(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
    let needed = arenaCount + bytes.count + 8
    if needed > arenaCapacity {
      moveArena(capacity: max(arenaCapacity * 2, needed))
    }
    let offset = arenaCount
    if let base = bytes.baseAddress { memcpy(arena + offset, base, bytes.count) }
    arenaCount += bytes.count
    return UInt32(truncatingIfNeeded: offset)
  }

  /// The place of each node by number; made once for a finished tree.
  func placeTable() -> [Place] {
    if places.count == recordCount { return places }
    var places = [Place](repeating: Place(parent: 0, ordinal: 0), count: recordCount)
    places.withUnsafeMutableBufferPointer { places in
      // Aliases are left where there were too many to expand; they hold nothing of their own.
      for index in 0..<recordCount {
        switch records[index].kind {
        case .mapping: noteEntries(of: index, in: places)
        case .sequence: noteItems(of: index, in: places)
        default: continue
        }
      }
    }
    self.places = places
    return places
  }

  /// For edits: where nodes stand has changed.
  func forgetPlaces() {
    places = []
    crowds = (0, [:])
  }

  /// Which keys there are. Those of nodes that were taken out stay in it.
  func sketchKeys() -> KeySketch {
    if isShared || sketched.nodeCount == recordCount { return sketched.keys }
    var keys = sketched.keys
    for index in sketched.nodeCount..<recordCount {
      // Of scalars, only keys have a link: their hash.
      let record = records + index
      if record.pointee.kind.isScalar, record.pointee.link != 0 { keys.insert(record.pointee.link) }
    }
    sketched = (keys, recordCount)
    return keys
  }

  /// For changes of keys that stay where they are.
  func forgetKeys() { sketched = (KeySketch(), 0) }

  /// What is known of a crowded container since the tree last changed.
  func knownCrowd(_ container: UInt32) -> Crowd? {
    crowds.nodeCount == recordCount ? crowds.byContainer[container] : nil
  }

  func remember(_ crowd: Crowd, of container: UInt32) {
    if crowds.nodeCount != recordCount { crowds = (recordCount, [:]) }
    crowds.byContainer[container] = crowd
  }

  private func noteEntries(of parent: Int, in places: UnsafeMutableBufferPointer<Place>) {
    var key = records[parent].link
    while key != 0 {
      let value = records[Int(key)].next
      let place = Place(parent: UInt32(truncatingIfNeeded: parent), ordinal: key)
      places[Int(key)] = place
      places[Int(value)] = place
      key = records[Int(value)].next
    }
  }

  private func noteItems(of parent: Int, in places: UnsafeMutableBufferPointer<Place>) {
    var item = records[parent].link
    var ordinal: UInt32 = 0
    while item != 0 {
      places[Int(item)] = Place(parent: UInt32(truncatingIfNeeded: parent), ordinal: ordinal)
      ordinal += 1
      item = records[Int(item)].next
    }
  }

  /// Where a node stands: in which container, and there as which item or under which key.
  struct Place {
    var parent: UInt32
    /// In a sequence the item's position, in a mapping the number of the key.
    var ordinal: UInt32
  }

  // MARK: - Reading

  /// The node that `id` stands for once aliases are followed.
  @inlinable @inline(__always)
  public func resolved(_ id: NodeID) -> NodeID {
    var index = id.index
    while records[Int(index)].kind == .alias { index = records[Int(index)].link }
    return NodeID(index)
  }

  /// What the node is; never `.alias`.
  @inlinable @inline(__always)
  public func kind(_ id: NodeID) -> NodeKind { records[Int(resolved(id).index)].kind }

  /// How the node is written.
  @inlinable
  public func style(_ id: NodeID) -> NodeStyle { records[Int(resolved(id).index)].style }

  /// Whether the node is a reference to an anchor.
  @inlinable
  public func isAlias(_ id: NodeID) -> Bool { records[Int(id.index)].kind == .alias }

  /// Whether the node was not written in the source.
  @inlinable
  public func isSynthetic(_ id: NodeID) -> Bool {
    records[Int(id.index)].flags.contains(.synthetic)
  }

  /// Whether the key came through a `<<` and stands in another mapping of the source.
  @inlinable
  public func isMerged(_ key: NodeID) -> Bool {
    records[Int(key.index)].flags.contains(.merged)
  }

  /// Whether the node's text holds a `${VAR}` that nobody filled.
  @inlinable
  public func isPlaceholder(_ id: NodeID) -> Bool {
    records[Int(resolved(id).index)].flags.contains(.placeholder)
  }

  /// The text of a scalar; empty for containers. Valid until the tree changes.
  @inlinable
  public func bytes(_ id: NodeID) -> UnsafeRawBufferPointer {
    let record = records[Int(resolved(id).index)]
    guard record.kind.isScalar else { return UnsafeRawBufferPointer(start: nil, count: 0) }
    return bytes(of: record)
  }

  @inlinable
  func bytes(of record: NodeRecord) -> UnsafeRawBufferPointer {
    if record.flags.contains(.inArena) {
      return UnsafeRawBufferPointer(start: arena + Int(record.text), count: Int(record.count))
    }
    return UnsafeRawBufferPointer(start: text + Int(record.text), count: Int(record.count))
  }

  /// The text of a scalar as a string; empty for containers.
  public func string(_ id: NodeID) -> String { String(decoding: bytes(id), as: UTF8.self) }

  /// How many items or entries a container has.
  @inlinable
  public func count(_ id: NodeID) -> Int {
    let record = records[Int(resolved(id).index)]
    return record.kind.isScalar ? 0 : Int(record.count)
  }

  /// The hash of a key's text.
  @inlinable
  public func keyHash(_ key: NodeID) -> UInt32 { records[Int(key.index)].link }

  /// The bytes of the source that the node covers; for synthetic nodes those of their parent.
  public func span(_ id: NodeID) -> Span {
    Span(start: records[Int(id.index)].start, end: records[Int(id.index)].end)
  }

  /// The tag written at the node, such as `!!binary`; nil for none.
  public func tag(_ id: NodeID) -> String? { tags[resolved(id).index] }
}
