/// A change to a text: the bytes of `span` give way to `replacement`.
public struct TextEdit: Hashable, Sendable {
  /// The bytes that go; of no length where something is only added.
  public var span: Span
  public var replacement: String

  public init(_ span: Span, with replacement: String) {
    self.span = span
    self.replacement = replacement
  }

  /// The change of a ``FixIt/Edit/replace(_:with:)``; nil for edits of fields, which need a tree.
  public init?(_ edit: FixIt.Edit) {
    guard case .replace(let span, let text) = edit else { return nil }
    self.init(span, with: text)
  }

  /// The text of `source` after `edits`; nothing but their spans differs from it.
  ///
  /// Additions at one place keep the order in which they were given.
  /// - Returns: nil where two edits touch the same bytes or one leaves the text; no order would do
  ///   both justice, so the caller applies one, reads the text again and then asks for the other.
  public static func apply(_ edits: [TextEdit], to source: SourceText) -> [UInt8]? {
    guard let sorted = sorted(edits) else { return nil }
    var result: [UInt8] = []
    result.reserveCapacity(source.count)
    var at = 0
    for edit in sorted {
      guard Int(edit.span.end) <= source.count else { return nil }
      result.append(contentsOf: source.bytes[at..<Int(edit.span.start)])
      result.append(contentsOf: edit.replacement.utf8)
      at = Int(edit.span.end)
    }
    result.append(contentsOf: source.bytes[at..<source.count])
    return result
  }

  /// Picks those of `groups` that can be applied together; the changes of a group stand or fall
  /// together.
  ///
  /// - Returns: the edits of the groups picked, and the positions of the groups left for another
  ///   round. A group that comes first wins.
  public static func compatible(_ groups: [[TextEdit]]) -> (edits: [TextEdit], left: [Int]) {
    var edits: [TextEdit] = []
    var left: [Int] = []
    for (position, group) in groups.enumerated() {
      let fresh = group.filter { !edits.contains($0) }
      let isFree = !fresh.contains { edit in edits.contains { $0.meets(edit) } }
      if isFree, sorted(edits + fresh) != nil { edits += fresh } else { left.append(position) }
    }
    return (edits, left)
  }

  /// Whether the two touch: also where one begins at the byte where the other ends, since what
  /// belongs together there is anyone's guess.
  private func meets(_ other: TextEdit) -> Bool {
    span.start <= other.span.end && other.span.start <= span.end
  }

  /// The edits by place; nil where two overlap.
  private static func sorted(_ edits: [TextEdit]) -> [TextEdit]? {
    let sorted = edits.enumerated().sorted {
      ($0.element.span.start, $0.element.span.end, $0.offset)
        < ($1.element.span.start, $1.element.span.end, $1.offset)
    }.map(\.element)
    var end: UInt32 = 0
    for edit in sorted {
      guard edit.span.start >= end, edit.span.end >= edit.span.start else { return nil }
      end = edit.span.end
    }
    return sorted
  }
}
