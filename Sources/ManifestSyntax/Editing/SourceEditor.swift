/// Edits fields where they stand in a text: comments, order and line ends elsewhere stay, byte for
/// byte.
///
/// An edit is worked out on the document's own text, tried on a copy, and handed out only when the
/// copy then reads as the edited object and as nothing else. What cannot be done that surely (an
/// entry that came through an alias or a merge key, a name that is taken) is refused.
public enum SourceEditor {
  /// The changes to the source of `tree` that amount to `edits`.
  ///
  /// - Parameter base: where the edits' paths begin, such as an item of a `List`.
  /// - Returns: changes that do all of `edits`; none where one of them cannot be done.
  public static func apply(
    _ edits: [FixIt.Edit], to tree: Tree, within base: FieldPath = .root
  ) -> [TextEdit] {
    guard let document = EditableDocument(tree) else { return [] }
    let edits = edits.map { document.localized($0, base) }
    guard let wanted = document.expected(after: edits) else { return [] }
    let changes = together(edits, in: document, wanted) ?? inTurn(edits, in: document, wanted)
    return (changes ?? []).map { document.globalized($0) }
  }

  /// All edits worked out on the same text; nil where that does not give what is wanted.
  private static func together(
    _ edits: [FixIt.Edit], in document: EditableDocument, _ wanted: EditableDocument.Expectation
  ) -> [TextEdit]? {
    var changes: [TextEdit] = []
    for edit in edits {
      guard let candidate = FieldEditing(document).candidates(for: edit).first else { return nil }
      // Two names of one anchored text, set to the same: one change does both.
      changes += candidate.filter { $0.span.count == 0 || !changes.contains($0) }
    }
    guard let text = TextEdit.apply(changes, to: document.source), wanted.isMet(by: text) else {
      return nil
    }
    return changes
  }

  /// One edit after the other, each on the text that the one before left.
  private static func inTurn(
    _ edits: [FixIt.Edit], in document: EditableDocument, _ wanted: EditableDocument.Expectation
  ) -> [TextEdit]? {
    var current = document
    for edit in edits {
      guard let next = step(edit, in: current) else { return nil }
      current = next
    }
    let text = Array(current.source.bytes)
    guard wanted.isMet(by: text) else { return nil }
    return [difference(document.source, text)]
  }

  private static func step(
    _ edit: FixIt.Edit, in document: EditableDocument
  ) -> EditableDocument? {
    guard let wanted = document.expected(after: [edit]) else { return nil }
    for candidate in FieldEditing(document).candidates(for: edit) {
      guard let text = TextEdit.apply(candidate, to: document.source), wanted.isMet(by: text)
      else { continue }
      return document.reread(text)
    }
    return nil
  }

  /// The one change between two texts, as small as their common ends allow.
  private static func difference(_ old: SourceText, _ new: [UInt8]) -> TextEdit {
    var start = 0
    while start < old.count, start < new.count, old.bytes[start] == new[start] { start += 1 }
    // A change must not begin inside a character.
    while start > 0, start < old.count, old.bytes[start] & 0xC0 == 0x80 { start -= 1 }
    var tail = 0
    while tail < min(old.count, new.count) - start,
      old.bytes[old.count - tail - 1] == new[new.count - tail - 1]
    {
      tail += 1
    }
    while tail > 0, old.bytes[old.count - tail] & 0xC0 == 0x80 { tail -= 1 }
    let text = String(decoding: new[start..<(new.count - tail)], as: UTF8.self)
    let span = Span(start: UInt32(clamping: start), end: UInt32(clamping: old.count - tail))
    return TextEdit(span, with: text)
  }
}

/// The text of one document by itself, read again: a tree handed in may hold defaults by now.
struct EditableDocument {
  let source: SourceText
  let tree: Tree
  /// Where ``source`` begins in the whole text.
  private let offset: Int
  /// What the text holds: more than one value where documents are parted by `...` only.
  private let values: [Value]
  /// Which of ``values`` is edited.
  private let number: Int
  private let isJSON: Bool

  /// The document that `tree` was read from; nil where it does not read any more.
  init?(_ tree: Tree) {
    guard tree.nodeCount > 0 else { return nil }
    let root = tree.span(.root)
    let isJSON = tree.style(.root) == .json
    let range = isJSON ? Int(root.start)..<Int(root.end) : Self.lines(around: root, in: tree.source)
    self.init(
      Array(tree.source.bytes[range]), offset: range.lowerBound, isJSON: isJSON,
      picking: { _, found in Int(found.span(.root).start) + range.lowerBound == Int(root.start) })
  }

  private init?(
    _ text: [UInt8], offset: Int, isJSON: Bool, picking isMine: (Int, Tree) -> Bool
  ) {
    source = SourceText(name: "<document>", bytes: text)
    self.offset = offset
    self.isJSON = isJSON
    guard let trees = Self.read(source, isJSON: isJSON) else { return nil }
    values = trees.map { $0.value() }
    guard let number = trees.indices.first(where: { isMine($0, trees[$0]) }) else { return nil }
    self.number = number
    tree = trees[number]
  }

  /// The same document after its text became `text`.
  func reread(_ text: [UInt8]) -> EditableDocument? {
    EditableDocument(text, offset: offset, isJSON: isJSON, picking: { at, _ in at == number })
  }

  /// From the marker before `root` to the marker after it.
  private static func lines(around root: Span, in source: SourceText) -> Range<Int> {
    var start = Int(root.start)
    while start > 0 {
      if isMarker(at: start, in: source) { break }
      start -= 1
    }
    // The document may stand on the line of its marker.
    let from = max(Int(root.end), start + 1)
    return start..<max(Int(root.end), source.documentMarker(from: from) ?? source.count)
  }

  private static func isMarker(at start: Int, in source: SourceText) -> Bool {
    guard start == 0 || source.bytes[start - 1] == 10 || source.bytes[start - 1] == 13 else {
      return false
    }
    return source.isMarker(start)
  }

  /// The documents of `source`; nil where one cannot be read.
  fileprivate static func read(_ source: SourceText, isJSON: Bool) -> [Tree]? {
    if isJSON { return JSONReader.read(source).tree.map { [$0] } }
    var reader = DocumentReader(source)
    var trees: [Tree] = []
    while let document = reader.next() {
      if document.isEmpty { continue }
      guard let tree = document.tree else { return nil }
      trees.append(tree)
    }
    return trees
  }

  // MARK: - What is wanted

  /// What the text must hold after an edit.
  struct Expectation {
    fileprivate var values: [Value]
    /// Whether the edit is of bytes, so that only their owner knows what they will mean.
    fileprivate var isOpen: Bool
    fileprivate var isJSON: Bool

    func isMet(by text: [UInt8]) -> Bool {
      let source = SourceText(name: "<document>", bytes: text)
      guard let trees = EditableDocument.read(source, isJSON: isJSON) else { return false }
      return isOpen ? trees.count == values.count : trees.map { $0.value() } == values
    }
  }

  /// What the text must hold after `edits`; nil where one does not apply.
  func expected(after edits: [FixIt.Edit]) -> Expectation? {
    var wanted = Expectation(values: values, isOpen: false, isJSON: isJSON)
    for edit in edits {
      if case .replace = edit {
        wanted.isOpen = true
        continue
      }
      guard let value = wanted.values[number].applying(edit) else { return nil }
      wanted.values[number] = value
    }
    return wanted
  }

  // MARK: - Places

  /// `edit` with paths from the root of the document and spans in ``source``.
  func localized(_ edit: FixIt.Edit, _ base: FieldPath) -> FixIt.Edit {
    switch edit {
    case .set(let path, let text): return .set(base + path, to: text)
    case .rename(let path, let name): return .rename(base + path, to: name)
    case .remove(let path): return .remove(base + path)
    case .replace(let span, let text):
      let shift = UInt32(clamping: offset)
      guard span.start >= shift, span.end >= span.start else {
        // Outside of this document: a span that no text has, which nobody will apply.
        return .replace(Span(start: .max, end: .max), with: text)
      }
      return .replace(Span(start: span.start - shift, end: span.end - shift), with: text)
    }
  }

  /// `edit` with its span in the whole text.
  func globalized(_ edit: TextEdit) -> TextEdit {
    let shift = UInt32(clamping: offset)
    return TextEdit(
      Span(start: edit.span.start &+ shift, end: edit.span.end &+ shift), with: edit.replacement)
  }
}
