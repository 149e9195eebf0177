/// Works out where in a document's text a field edit has to change what.
///
/// What comes out are candidates, best first: the caller tries them and keeps the first that does
/// what it should, so nothing here needs to know every corner of YAML.
struct FieldEditing {
  let document: EditableDocument
  let tree: Tree
  let text: TextCursor

  init(_ document: EditableDocument) {
    self.document = document
    tree = document.tree
    text = TextCursor(document.source)
  }

  /// A value, the key that it has in a mapping, and the container that holds both.
  struct Place {
    var key: NodeID?
    var value: NodeID
    var container: NodeID?
  }

  /// One entry or item of a container as it stands in the text.
  struct Part {
    var node: NodeID
    var key: NodeID?
    var start: Int
    var end: Int
  }

  /// Ways to do `edit`, best first; none where it cannot be done.
  func candidates(for edit: FixIt.Edit) -> [[TextEdit]] {
    switch edit {
    case .set(let path, let text): return set(path, to: text)
    case .rename(let path, let name): return rename(path, to: name)
    case .remove(let path): return remove(path)
    case .replace(let span, let text): return [[TextEdit(span, with: text)]]
    }
  }

  // MARK: - Setting

  private func set(_ path: FieldPath, to value: String) -> [[TextEdit]] {
    var place = Place(value: .root)
    for (number, step) in path.steps.enumerated() {
      guard let part = tree.part(step, of: place.value) else {
        return add(Array(path.steps[number...]), value, to: place)
      }
      place = Place(key: part.key, value: part.value, container: place.value)
    }
    let style = tree.style(place.container ?? place.value)
    return EditText.spellings(of: value, in: style).map { [replacement(of: place, with: $0)] }
  }

  /// Adds what `steps` name below `place`, containers on the way included.
  private func add(_ steps: [FieldPath.Step], _ value: String, to place: Place) -> [[TextEdit]] {
    var names: [String] = []
    for step in steps {
      switch step {
      case .field(let name), .key(let name): names.append(name)
      case .index: return []
      }
    }
    let style = tree.style(place.value)
    switch tree.kind(place.value) {
    case .mapping where style == .block: return addToBlock(names, value, place.value)
    case .mapping: return addToFlow(names, value, place.value)
    case .null: return fill(place, names, value)
    default: return []
    }
  }

  /// Gives an empty field its first entry: on lines of its own, or in braces where those cannot be.
  private func fill(_ place: Place, _ names: [String], _ value: String) -> [[TextEdit]] {
    let style = place.container.map { tree.style($0) } ?? .block
    var candidates: [[TextEdit]] = []
    if let key = place.key, style == .block, tree.span(place.value).count == 0 {
      let column = text.column(of: Int(tree.span(key).start))
      let end = text.lineEnd(of: Int(tree.span(key).end))
      for spelling in EditText.spellings(of: value, in: .block) {
        candidates.append([insertion(at: end, lines(names, spelling, indentation: column + 2))])
      }
    }
    let inner = style == .json ? NodeStyle.json : .flow
    for spelling in EditText.spellings(of: value, in: inner) {
      candidates.append([replacement(of: place, with: "{\(inFlow(names, spelling, inner))}")])
    }
    return candidates
  }

  private func replacement(of place: Place, with spelling: String) -> TextEdit {
    let value = written(place.value)
    if value.isEmpty { return insertion(at: value.lowerBound, " \(spelling)") }
    let isBlock = !tree.kind(place.value).isScalar && tree.style(place.value) == .block
    if isBlock, tree.aliasOffset(place.value) == nil, let key = place.key,
      let colon = text.colon(after: Int(tree.span(key).end))
    {
      return change(colon + 1..<value.upperBound, " \(spelling)")
    }
    return change(value, spelling)
  }

  private func addToBlock(
    _ names: [String], _ value: String, _ container: NodeID
  ) -> [[TextEdit]] {
    let span = tree.span(container)
    let first = parts(of: container).first?.start ?? Int(span.start)
    let column = text.column(of: first)
    let end = text.lineEnd(of: Int(span.end))
    return EditText.spellings(of: value, in: .block).flatMap { spelling in
      let added = lines(names, spelling, indentation: column)
      // The text must not follow a block scalar that keeps its blank lines: then it goes first.
      let ahead = added.dropFirst(text.newline.utf8.count + column)
      let gap = text.newline + String(repeating: " ", count: column)
      return [[insertion(at: end, added)], [insertion(at: first, ahead + gap)]]
    }
  }

  /// `names`, one below the other, the last with its value; every line begins with a line break.
  private func lines(_ names: [String], _ spelling: String, indentation: Int) -> String {
    var result = ""
    for (depth, name) in names.enumerated() {
      result += text.newline + String(repeating: " ", count: indentation + depth * 2)
      result += EditText.key(name, in: .block) + ":"
    }
    return "\(result) \(spelling)"
  }

  // MARK: - Renaming

  private func rename(_ path: FieldPath, to name: String) -> [[TextEdit]] {
    guard let place = place(of: path), let key = place.key, let container = place.container
    else { return [] }
    let spelling = EditText.key(name, in: tree.style(container), like: tree.style(key))
    let span = tree.span(key)
    return [[change(Int(span.start)..<Int(span.end), spelling)]]
  }

  // MARK: - Removing

  private func remove(_ path: FieldPath) -> [[TextEdit]] {
    guard let place = place(of: path), let container = place.container else { return [] }
    let parts = parts(of: container)
    guard let number = parts.firstIndex(where: { $0.node == place.value }) else { return [] }
    if tree.style(container) != .block { return [removeFromFlow(number, of: parts, container)] }
    let part = parts[number]
    if parts.count == 1 { return empty(container, at: path.parent, of: part) }
    return [[removalOfLines(part)]]
  }

  /// The lines of `part`, or, where something stands before it on its line, the text up to the
  /// next entry.
  private func removalOfLines(_ part: Part) -> TextEdit {
    let lineStart = text.lineStart(of: part.start)
    let next = text.nextLine(after: part.end)
    if text.isBlank(lineStart..<part.start) {
      // Without a line end of its own the last line takes the one before with it.
      let isLast = next == text.count && text.lineEnd(of: part.end) == next
      return change((isLast ? text.endOfLine(before: lineStart) : lineStart)..<next, "")
    }
    var end = next
    while end < text.count, text[end] == 32 { end += 1 }
    return change(part.start..<end, "")
  }

  /// Leaves `{}` or `[]` where the last part of a block goes: nothing at all would mean null.
  private func empty(_ container: NodeID, at path: FieldPath, of part: Part) -> [[TextEdit]] {
    let brackets = tree.kind(container) == .mapping ? "{}" : "[]"
    let inPlace = [change(part.start..<part.end, brackets)]
    guard let key = place(of: path)?.key,
      let colon = text.colon(after: Int(tree.span(key).end)),
      text.lineStart(of: colon) != text.lineStart(of: part.start)
    else { return [inPlace] }
    return [[insertion(at: colon + 1, " \(brackets)"), removalOfLines(part)], inPlace]
  }

  // MARK: - Places

  func place(of path: FieldPath) -> Place? {
    var place = Place(value: .root)
    for step in path.steps {
      guard let part = tree.part(step, of: place.value) else { return nil }
      place = Place(key: part.key, value: part.value, container: place.value)
    }
    return place
  }

  /// The bytes of a value; of an alias those of the alias, not of what it stands for.
  func written(_ node: NodeID) -> Range<Int> {
    if let alias = tree.aliasOffset(node) {
      return Int(alias)..<text.wordEnd(from: Int(alias))
    }
    let span = tree.span(node)
    return Int(span.start)..<Int(span.end)
  }

  /// The parts of a container that stand in its own text, in order: what a merge key brought in is
  /// elsewhere.
  func parts(of container: NodeID) -> [Part] {
    let outer = tree.span(container)
    let isBlock = tree.style(container) == .block
    var parts: [Part] = []
    for (key, value) in tree.entries(container) {
      let span = tree.span(key)
      guard span.start >= outer.start, span.end <= outer.end else { continue }
      let end = max(Int(span.end), written(value).upperBound)
      parts.append(
        Part(node: value, key: key, start: text.start(withProperties: Int(span.start)), end: end))
    }
    for item in tree.items(container) {
      let bytes = written(item)
      var start = text.start(withProperties: bytes.lowerBound)
      if isBlock {
        guard let dash = text.dash(before: start) else { continue }
        start = dash
      }
      parts.append(Part(node: item, key: nil, start: start, end: bytes.upperBound))
    }
    return parts.sorted { $0.start < $1.start }
  }

  func change(_ range: Range<Int>, _ replacement: String) -> TextEdit {
    let start = UInt32(clamping: range.lowerBound)
    return TextEdit(Span(start: start, end: UInt32(clamping: range.upperBound)), with: replacement)
  }

  func insertion(at offset: Int, _ replacement: String) -> TextEdit {
    change(offset..<offset, replacement)
  }
}
