import ManifestSyntax
import Testing

/// Numbers that are the same in every run.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }
  mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state
  }
}

/// Writes random values as YAML in random styles, with comments that nothing may lose.
private struct RandomYAML {
  var random: SeededGenerator
  var comments = 0

  mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }

  mutating func scalar() -> Value {
    let all: [Value] = [
      1, -20, true, nil, "x", "on", "", "a: b", "- x", "two\nlines\n", "é😀", "#no", "1.5", "'", "{",
    ]
    return all.randomElement(using: &random) ?? nil
  }

  mutating func value(depth: Int) -> Value {
    let kind = Int.random(in: 0..<10, using: &random)
    if depth == 0 || kind < 3 { return scalar() }
    let count = Int.random(in: 0...4, using: &random)
    if kind < 5 { return .list((0..<count).map { _ in value(depth: depth - 1) }) }
    return map(count, depth)
  }

  mutating func map(_ count: Int, _ depth: Int) -> Value {
    let names = ["a", "b", "cc", "on", "é", "x.y/z", "1"].shuffled(using: &random)
    return .map(ValueMap(names.prefix(count).map { (key: $0, value: value(depth: depth - 1)) }))
  }

  private mutating func comment() -> String {
    guard chance(25) else { return "" }
    comments += 1
    return " # c\(comments)"
  }

  private func key(_ name: String) -> String {
    name == "on" || name == "1" ? "\"\(name)\"" : name
  }

  /// Everything behind a key or dash, the line end included.
  mutating func block(_ value: Value, _ indentation: Int, isRoot: Bool = false) -> String {
    let pad = String(repeating: " ", count: indentation)
    switch value {
    case .map(let map) where !map.isEmpty && (isRoot || !chance(25)):
      var text = isRoot ? "" : comment() + "\n"
      for entry in map.entries {
        if chance(15) { text += "\(pad)\(comment())\n" }
        text += "\(pad)\(key(entry.key)):\(block(entry.value, indentation + 2))"
      }
      return text
    case .list(let items) where !items.isEmpty && !chance(25):
      var text = isRoot ? "" : comment() + "\n"
      for item in items { text += self.item(item, pad, indentation) }
      return text
    case .null where chance(40): return comment() + "\n"
    case .string("two\nlines\n") where chance(60):
      return " |\n\(pad)two\n\(pad)lines\n"
    default: return " \(flow(value))\(comment())\n"
    }
  }

  private mutating func item(_ item: Value, _ pad: String, _ indentation: Int) -> String {
    guard case .map(let map) = item, let first = map.entries.first, chance(60) else {
      return "\(pad)-\(block(item, indentation + 2))"
    }
    var text = "\(pad)- \(key(first.key)):\(block(first.value, indentation + 4))"
    for entry in map.entries.dropFirst() {
      text += "\(pad)  \(key(entry.key)):\(block(entry.value, indentation + 4))"
    }
    return text
  }

  private mutating func flow(_ value: Value) -> String {
    switch value {
    case .map(let map):
      let gap = chance(30) ? " " : ""
      let entries = map.entries.map { "\(key($0.key)): \(flow($0.value))" }
      return "{\(gap)\(entries.joined(separator: ", "))\(gap)}"
    case .list(let items): return "[\(items.map { flow($0) }.joined(separator: ", "))]"
    default: return JSONWriter.string(value)
    }
  }
}

struct EditPropertyTests {
  /// Every path into `value`, the root's excluded.
  private static func paths(_ value: Value, _ path: FieldPath = .root) -> [FieldPath] {
    switch value {
    case .map(let map):
      return map.entries.flatMap { [path.field($0.key)] + paths($0.value, path.field($0.key)) }
    case .list(let items):
      return items.enumerated().flatMap {
        [path.index($0.offset)] + paths($0.element, path.index($0.offset))
      }
    default: return []
    }
  }

  /// What an edit means, said in the plainest way.
  private static func change(
    _ value: Value, _ steps: ArraySlice<FieldPath.Step>, _ change: (Value?) -> Value?
  ) -> Value? {
    guard let step = steps.first else { return change(value) }
    switch (step, value) {
    case (.field(let name), .map(let map)):
      var entries = map.entries.map { (key: $0.key, value: $0.value) }
      let rest = steps.dropFirst()
      guard let position = entries.firstIndex(where: { $0.key == name }) else {
        if let added = Self.change(nil, rest, change) { entries.append((name, added)) }
        return .map(ValueMap(entries))
      }
      let changed =
        rest.isEmpty
        ? change(entries[position].value)
        : Self.change(entries[position].value, rest, change)
      if let changed { entries[position].value = changed } else { entries.remove(at: position) }
      return .map(ValueMap(entries))
    case (.field, .null): return Self.change(Value.emptyMap, steps, change)
    case (.index(let position), .list(var items)):
      let changed = Self.change(items[position], steps.dropFirst(), change)
      if let changed { items[position] = changed } else { items.remove(at: position) }
      return .list(items)
    default: return value
    }
  }

  private static func read(_ text: String, isJSON: Bool) -> Tree? {
    if isJSON { return JSONReader.read(SourceText(text)).tree }
    var reader = DocumentReader(SourceText(text))
    return reader.next()?.tree
  }

  @Test func editedTextReadsAsTheEditedValue() throws {
    for seed in UInt64(1)...1_500 {
      var writer = RandomYAML(random: SeededGenerator(seed: seed))
      let value = writer.map(3, 4)
      let style = Int.random(in: 0..<4, using: &writer.random)
      var text =
        switch style {
        case 0: JSONWriter.string(value, .indented)
        case 1: JSONWriter.string(value)
        default: writer.block(value, 0, isRoot: true)
        }
      if style == 3 {
        text = text.split(separator: "\n", omittingEmptySubsequences: false)
          .joined(separator: "\r\n")
      }
      let tree = try #require(Self.read(text, isJSON: style < 2), "seed \(seed)\n\(text)")
      // Line ends in block scalars are the reader's business; compare with what it made of them.
      let known = tree.value()
      guard let path = Self.paths(known).randomElement(using: &writer.random) else { continue }
      var edit = FixIt.Edit.remove(path)
      var wanted = Self.change(known, path.steps[...]) { _ in nil }
      switch Int.random(in: 0..<4, using: &writer.random) {
      case 0:
        edit = .set(path, to: "\"new\"")
        wanted = Self.change(known, path.steps[...]) { _ in "new" }
      case 1:
        let place = known[path] ?? nil
        guard place == nil || place.map != nil else { continue }
        edit = .set(path.field("n").field("m"), to: "7")
        wanted = Self.change(known, (path.steps + [.field("n"), .field("m")])[...]) { _ in 7 }
      case 2:
        guard case .field(let name)? = path.steps.last else { continue }
        edit = .rename(path, to: "fresh")
        wanted = Self.change(known, path.steps.dropLast()) { map in
          map?.map.map { map in
            .map(ValueMap(map.entries.map { ($0.key == name ? "fresh" : $0.key, $0.value) }))
          }
        }
      default: break
      }
      let changes = SourceEditor.apply([edit], to: tree)
      #expect(!changes.isEmpty, "seed \(seed) \(edit)\n\(text)")
      let after = try #require(TextEdit.apply(changes, to: tree.source))
      let afterText = String(decoding: after, as: UTF8.self)
      #expect(
        Self.read(afterText, isJSON: style < 2)?.value() == wanted,
        "seed \(seed) \(edit)\n\(text)\nbecame\n\(afterText)")
      // Only where a whole part goes may its comments go with it.
      if case .remove = edit { continue }
      guard known[path].map({ $0.map == nil && $0.list == nil }) ?? true else { continue }
      for number in 1...max(1, writer.comments) where text.contains("# c\(number)") {
        #expect(
          afterText.contains("# c\(number)"), "seed \(seed) \(edit)\n\(text)\nbecame\n\(afterText)")
      }
    }
  }
}
