/// A comment on lines of its own.
struct LayoutComment {
  /// From the `#` on.
  var text: String
  var column: Int
  var isAfterBlank: Bool
}

/// A key with its value, or an item.
struct LayoutEntry {
  var before: [LayoutComment]
  /// Whether a blank line stands right before it.
  var isAfterBlank: Bool
  /// The key as it is written; empty for an item.
  var key = ""
  /// What the key means.
  var name = ""
  /// Where its key or dash stood.
  var column: Int
  var value = LayoutValue()
}

/// What stands after a colon or a dash.
struct LayoutValue {
  /// Anchor, tag, text, or the header of a block text: what stands on the same line.
  var head = ""
  /// A comment at the end of that line, with the blanks before it.
  var comment = ""
  /// What the text means where it is a scalar.
  var text: String?
  var rest = Rest.none

  enum Rest {
    case none
    /// Further lines of a text, as they are written.
    case lines([[UInt8]])
    /// The lines of a block text without their indentation, and how far they are to be indented.
    case block([[UInt8]], indent: Int)
    case entries(LayoutBlock)
  }
}

/// A block mapping or a block sequence.
struct LayoutBlock {
  var isSequence: Bool
  var entries: [LayoutEntry] = []
  /// The comments behind its last entry.
  var after: [LayoutComment] = []
}
