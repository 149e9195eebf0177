import ManifestSyntax

/// Reads the text of a ``JSONPath``, character by character.
struct JSONPathParser {
  private let text: String
  private let characters: [Character]
  private var position = 0
  /// How many ranges and filters are open: input from a command line must not exhaust the stack.
  private var depth = 0
  private static let depthMax = 100

  init(_ text: String, depth: Int = 0) {
    self.text = text
    self.depth = depth
    characters = Array(text)
  }

  private var next: Character? { position < characters.count ? characters[position] : nil }

  private func isNext(_ word: String) -> Bool {
    characters[position...].starts(with: word)
  }

  private mutating func take(_ character: Character) -> Bool {
    guard next == character else { return false }
    position += 1
    return true
  }

  private mutating func skipSpaces() {
    while next?.isWhitespace == true { position += 1 }
  }

  private func error(_ message: String) -> JSONPathError {
    JSONPathError("\(message) in '\(text)'")
  }

  // MARK: Templates

  /// The whole text.
  mutating func template() throws(JSONPathError) -> [JSONPath.Part] {
    let parts = try self.parts(inRange: false)
    guard position == characters.count else { throw error("'{end}' without '{range}'") }
    return parts
  }

  /// Parts up to the end of the text or, within a range, up to its `{end}`.
  private mutating func parts(inRange: Bool) throws(JSONPathError) -> [JSONPath.Part] {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.depthMax else { throw error("too many nested parts") }
    var parts: [JSONPath.Part] = []
    while let character = next {
      guard character == "{" else {
        parts.append(.text(plainText()))
        continue
      }
      let start = position
      position += 1
      skipSpaces()
      if takeWord("end") {
        guard inRange else {
          position = start
          return parts
        }
        try closeBrace()
        return parts
      }
      if takeWord("range") {
        let path = try steps(until: "}")
        try closeBrace()
        parts.append(.range(path, body: try self.parts(inRange: true)))
        continue
      }
      parts.append(.path(try steps(until: "}")))
      try closeBrace()
    }
    guard !inRange else { throw error("'{range}' without '{end}'") }
    return parts
  }

  private mutating func plainText() -> String {
    let start = position
    while let character = next, character != "{" { position += 1 }
    return String(characters[start..<position])
  }

  /// Takes a word that ends where letters do.
  private mutating func takeWord(_ word: String) -> Bool {
    guard isNext(word) else { return false }
    let end = position + word.count
    if end < characters.count, !characters[end].isWhitespace, !"}.[@$".contains(characters[end]) {
      return false
    }
    position = end
    return true
  }

  private mutating func closeBrace() throws(JSONPathError) {
    skipSpaces()
    guard take("}") else { throw error("unclosed '{'") }
  }

  // MARK: Steps

  /// All steps of this text.
  mutating func wholePath() throws(JSONPathError) -> [JSONPath.Step] {
    let found = try steps(until: nil)
    guard position == characters.count else { throw error("unexpected '\(characters[position])'") }
    return found
  }

  private mutating func steps(
    until closing: Character?
  ) throws(JSONPathError) -> [JSONPath.Step] {
    var steps: [JSONPath.Step] = []
    while true {
      skipSpaces()
      guard let character = next, character != closing else { return steps }
      switch character {
      case "$":
        position += 1
        steps.append(.root)
      case "@":
        position += 1
        steps.append(.current)
      case "\"", "'": steps.append(.literal(.string(try quoted())))
      case "[":
        position += 1
        steps.append(try brackets())
      case ".": try dot(&steps)
      default: steps.append(.literal(try bareWord(until: closing)))
      }
    }
  }

  private mutating func dot(_ steps: inout [JSONPath.Step]) throws(JSONPathError) {
    position += 1
    if take(".") {
      steps.append(.descendants)
      if next == "." { throw error("unexpected '.'") }
    }
    if next == "[" { return }
    if take("*") { return steps.append(.everything) }
    let name = fieldName()
    // A dot alone is the value itself.
    if !name.isEmpty { steps.append(.field(name)) }
  }

  private mutating func fieldName() -> String {
    var name = ""
    while let character = next {
      if character == "\\", position + 1 < characters.count {
        name.append(characters[position + 1])
        position += 2
        continue
      }
      if character.isWhitespace || ".,[]$@{}".contains(character) { break }
      name.append(character)
      position += 1
    }
    return name
  }

  /// A number or a truth value.
  private mutating func bareWord(until closing: Character?) throws(JSONPathError) -> Value {
    let start = position
    while let character = next, !character.isWhitespace, character != closing,
      !",[]{}".contains(character)
    {
      position += 1
    }
    let word = String(characters[start..<position])
    switch word {
    case "true": return .bool(true)
    case "false": return .bool(false)
    case "null": return .null
    case "range", "end": throw error("'\(word)' stands first between braces")
    default: break
    }
    if let number = Int64(word) { return .int(number) }
    if let number = Double(word), number.isFinite { return .double(number) }
    let near = word.isEmpty ? String(next.map { "\($0)" } ?? "") : word
    throw error("unexpected '\(near)': a field begins with a dot")
  }

  private mutating func quoted() throws(JSONPathError) -> String {
    let quote = characters[position]
    position += 1
    var content = ""
    while let character = next {
      position += 1
      if character == quote { return content }
      guard character == "\\", let escaped = next else {
        content.append(character)
        continue
      }
      position += 1
      switch escaped {
      case "n": content.append("\n")
      case "t": content.append("\t")
      case "r": content.append("\r")
      default: content.append(escaped)
      }
    }
    throw error("unclosed \(quote)")
  }

  // MARK: Brackets

  private mutating func brackets() throws(JSONPathError) -> JSONPath.Step {
    skipSpaces()
    if take("?") { return try filter() }
    var items: [[JSONPath.Step]] = []
    while true {
      items.append([try bracketItem()])
      skipSpaces()
      if take("]") { break }
      guard take(",") else { throw error("unclosed '['") }
    }
    return items.count == 1 ? items[0][0] : .union(items)
  }

  private mutating func bracketItem() throws(JSONPathError) -> JSONPath.Step {
    skipSpaces()
    guard let first = next else { throw error("unclosed '['") }
    if first == "'" || first == "\"" { return .field(try quoted()) }
    let start = position
    while let character = next, !",]".contains(character) { position += 1 }
    var word = Substring(String(characters[start..<position]))
    while word.last?.isWhitespace == true { word.removeLast() }
    if word == "*" { return .slice(from: nil, to: nil, by: 1) }
    let numbers = word.split(separator: ":", omittingEmptySubsequences: false)
    guard (1...3).contains(numbers.count), !word.isEmpty else {
      throw error("'[\(word)]' is no index")
    }
    var values: [Int?] = []
    for number in numbers {
      let digits = number.filter { !$0.isWhitespace }
      guard digits.isEmpty || Int32(digits) != nil else { throw error("'[\(word)]' is no index") }
      values.append(Int32(digits).map { Int($0) })
    }
    if values.count == 1, let index = values[0] { return .index(index) }
    let step = values.count == 3 ? values[2] ?? 1 : 1
    guard step > 0 else { throw error("the step of '[\(word)]' is not positive") }
    return .slice(from: values[0], to: values[1], by: step)
  }

  /// `(left OPERATOR right)]`, behind the question mark.
  private mutating func filter() throws(JSONPathError) -> JSONPath.Step {
    skipSpaces()
    guard take("(") else { throw error("'?' is followed by a condition in parentheses") }
    let start = position
    var open = 1
    var quote: Character?
    var sign: (JSONPath.Comparison, at: Int)?
    while let character = next {
      if character == "\\" {
        position += 2
        continue
      }
      if quote == character {
        quote = nil
      } else if quote == nil {
        if "'\"".contains(character) { quote = character }
        if "([".contains(character) { open += 1 }
        if ")]".contains(character) { open -= 1 }
        if open == 0 { break }
        if open == 1, sign == nil,
          let found = JSONPath.Comparison.allCases.first(where: { isNext($0.rawValue) })
        {
          sign = (found, position)
        }
      }
      position += 1
    }
    let end = min(position, characters.count)
    position = end
    guard open == 0, take(")") else { throw error("unclosed condition") }
    skipSpaces()
    guard take("]") else { throw error("']' is expected behind the condition") }
    guard let sign else {
      return .filter(.init(left: try path(start..<end), comparison: nil, right: []))
    }
    let right = sign.at + sign.0.rawValue.count
    return .filter(
      .init(
        left: try path(start..<sign.at), comparison: sign.0, right: try path(right..<end)))
  }

  private func path(_ range: Range<Int>) throws(JSONPathError) -> [JSONPath.Step] {
    guard depth < Self.depthMax else { throw error("too many nested conditions") }
    var parser = JSONPathParser(String(characters[range]), depth: depth + 1)
    let steps = try parser.wholePath()
    guard !steps.isEmpty else { throw error("a condition compares two sides") }
    return steps
  }
}
