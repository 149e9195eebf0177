/// The text form of label selectors: `a=b,c in (x,y),!d,size>3`.
extension LabelSelector {
  /// What is wrong with a selector's text.
  public struct ParseError: Error, Hashable, Sendable {
    public var message: String
  }

  /// Reads the text form; the empty text selects everything.
  public init(parsing text: String) throws(ParseError) {
    var parser = SelectorParser(text)
    self.init(try parser.requirements())
  }
}

private struct SelectorParser {
  private typealias ParseError = LabelSelector.ParseError

  private enum Token: Equatable {
    case word(String)
    case symbol(String)
    case end
  }

  private var tokens: ArraySlice<Token>

  init(_ text: String) { tokens = Self.tokens(of: text)[...] }

  mutating func requirements() throws(LabelSelector.ParseError) -> [LabelSelector.Requirement] {
    var found: [LabelSelector.Requirement] = []
    if peek == .end { return [] }
    while true {
      found.append(try requirement())
      switch next() {
      case .end: return found
      case .symbol(","):
        // "a," is refused, as a key must follow.
        if peek == .end { throw ParseError(message: "a label key must follow the last ','") }
      case let token:
        throw ParseError(message: "found \(name(token)) where ',' or the end was expected")
      }
    }
  }

  private mutating func requirement() throws(LabelSelector.ParseError) -> LabelSelector.Requirement
  {
    if peek == .symbol("!") {
      _ = next()
      return LabelSelector.Requirement(try key(), .doesNotExist)
    }
    let key = try key()
    switch peek {
    case .end, .symbol(","): return LabelSelector.Requirement(key, .exists)
    case .symbol("="), .symbol("=="):
      _ = next()
      return LabelSelector.Requirement(key, .in, [try labelValue()])
    case .symbol("!="):
      _ = next()
      return LabelSelector.Requirement(key, .notIn, [try labelValue()])
    case .symbol(">"), .symbol("<"):
      let isGreater = next() == .symbol(">")
      let value = try labelValue()
      guard Int64(value) != nil else {
        throw ParseError(message: "'\(value)' after '\(isGreater ? ">" : "<")' is not an integer")
      }
      return LabelSelector.Requirement(key, isGreater ? .greaterThan : .lessThan, [value])
    case .word("in"):
      _ = next()
      return LabelSelector.Requirement(key, .in, try list())
    case .word("notin"):
      _ = next()
      return LabelSelector.Requirement(key, .notIn, try list())
    case let token:
      throw ParseError(message: "found \(name(token)) where an operator was expected")
    }
  }

  private mutating func key() throws(LabelSelector.ParseError) -> String {
    guard case .word(let key) = next() else {
      throw ParseError(message: "a label key is missing")
    }
    if let problem = LabelFormat.key(key).first {
      throw ParseError(message: "'\(key)' is no label key: \(problem)")
    }
    return key
  }

  /// A value after `=`, which may be missing.
  private mutating func labelValue() throws(LabelSelector.ParseError) -> String {
    guard case .word(let value) = peek else {
      if peek == .end || peek == .symbol(",") { return "" }
      throw ParseError(message: "found \(name(peek)) where a label value was expected")
    }
    _ = next()
    return try checked(value)
  }

  private func checked(_ value: String) throws(LabelSelector.ParseError) -> String {
    if let problem = LabelFormat.value(value).first {
      throw ParseError(message: "'\(value)' is no label value: \(problem)")
    }
    return value
  }

  private mutating func list() throws(LabelSelector.ParseError) -> [String] {
    guard next() == .symbol("(") else { throw ParseError(message: "'(' is missing") }
    var values: [String] = []
    while true {
      if case .word(let value) = peek {
        _ = next()
        values.append(try checked(value))
      } else {
        // An empty place between commas is the empty value.
        values.append("")
      }
      switch next() {
      case .symbol(")"): return values
      case .symbol(","): continue
      default: throw ParseError(message: "')' is missing")
      }
    }
  }

  private var peek: Token { tokens.first ?? .end }

  private mutating func next() -> Token { tokens.popFirst() ?? .end }

  private func name(_ token: Token) -> String {
    switch token {
    case .word(let text), .symbol(let text): return "'\(text)'"
    case .end: return "the end"
    }
  }

  private static func tokens(of text: String) -> [Token] {
    let special = Set("=!(),<>".utf8)
    let blanks = Set(" \t\r\n".utf8)
    var tokens: [Token] = []
    var rest = Substring(text).utf8
    while let first = rest.first {
      if blanks.contains(first) {
        rest = rest.dropFirst()
      } else if special.contains(first) {
        let isDouble = "=!".utf8.contains(first) && rest.dropFirst().first == UInt8(ascii: "=")
        let symbol = rest.prefix(isDouble ? 2 : 1)
        tokens.append(.symbol(String(decoding: symbol, as: UTF8.self)))
        rest = rest[symbol.endIndex...]
      } else {
        let word = rest.prefix { !blanks.contains($0) && !special.contains($0) }
        tokens.append(.word(String(decoding: word, as: UTF8.self)))
        rest = rest[word.endIndex...]
      }
    }
    return tokens
  }
}
