/// What a node is.
public enum NodeKind: UInt8, Sendable, BitwiseCopyable {
  /// Text, whatever it looked like: every quoted scalar and every plain one that is nothing else.
  case string
  case null
  case bool
  /// A number that JSON would print without a fraction.
  case int
  /// Any other number.
  case float
  case mapping
  case sequence
  /// A reference to another node of the same tree; only while the tree is built.
  case alias

  /// Whether the node holds one value and no other nodes.
  @inlinable public var isScalar: Bool { rawValue < NodeKind.mapping.rawValue }
}

/// How a node is written.
public enum NodeStyle: UInt8, Sendable, BitwiseCopyable {
  case plain, singleQuoted, doubleQuoted, literal, folded
  case block, flow
  /// Read by the JSON reader, or made by the program.
  case json
}

/// One node of a ``Tree``, 32 bytes of plain data.
@usableFromInline
struct NodeRecord: BitwiseCopyable {
  /// The bytes of the source that the node covers.
  @usableFromInline var start: UInt32
  @usableFromInline var end: UInt32
  /// Scalars: where the text begins, in the source or (with the flag) in the tree's own arena.
  /// Mappings: a bit for the hash of each key (``keyBit(_:)``), so that a key that is not there
  /// is seldom looked for.
  @usableFromInline var text: UInt32
  /// Scalars: how many bytes of text. Containers: how many items or entries.
  @usableFromInline var count: UInt32
  /// The next sibling; 0 after the last one, since the root is nobody's sibling.
  @usableFromInline var next: UInt32
  /// Containers: the first child. Keys: the hash of the text. Aliases: the target.
  @usableFromInline var link: UInt32
  @usableFromInline var kind: NodeKind
  @usableFromInline var style: NodeStyle
  @usableFromInline var flags: Flags
  /// Containers: the last child. Unused elsewhere.
  @usableFromInline var last: UInt32 = 0

  /// The bit by which a mapping remembers that it has a key of this hash.
  @inlinable
  static func keyBit(_ hash: UInt32) -> UInt32 { 1 << (hash & 31) }

  /// Notes that the mapping has a key of this hash.
  mutating func noteKey(_ hash: UInt32) {
    let bit = Self.keyBit(hash)
    if text & bit != 0 { flags.insert(.mayRepeat) }
    text |= bit
  }

  @usableFromInline
  struct Flags: OptionSet, BitwiseCopyable {
    @usableFromInline let rawValue: UInt8
    @inlinable init(rawValue: UInt8) { self.rawValue = rawValue }
    /// The text lies in the arena.
    @inlinable static var inArena: Flags { Flags(rawValue: 1) }
    /// Not written in the source: a default.
    @inlinable static var synthetic: Flags { Flags(rawValue: 2) }
    /// Has a tag in the tree's side table.
    @inlinable static var tagged: Flags { Flags(rawValue: 4) }
    /// Has an anchor.
    @inlinable static var anchored: Flags { Flags(rawValue: 8) }
    /// Stands for an unknown text: a `${VAR}` placeholder that nobody filled.
    @inlinable static var placeholder: Flags { Flags(rawValue: 16) }
    /// A key that is a plain `<<`.
    @inlinable static var merge: Flags { Flags(rawValue: 32) }
    /// A key that a `<<` brought in from another mapping.
    @inlinable static var merged: Flags { Flags(rawValue: 64) }
    /// A mapping in which two keys may be the same: in others a look-up ends where it finds one.
    @inlinable static var mayRepeat: Flags { Flags(rawValue: 128) }
  }

  @inlinable
  init(start: UInt32, end: UInt32, kind: NodeKind, style: NodeStyle) {
    self.start = start
    self.end = end
    self.kind = kind
    self.style = style
    text = 0
    count = 0
    next = 0
    link = 0
    flags = []
  }
}
