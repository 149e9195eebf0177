/// Regular expressions in RE2's syntax, matched in time that grows with the text only.
///
/// A schema's `pattern` is the author's, the text is the manifest's: neither is trusted. So a
/// pattern is parsed here, turned into a small program and run with all its ways at once
/// (`LinearPattern.swift`); nothing ever goes back in the text. What RE2 has not, such
/// as look-ahead and back-references, is refused, as the API server refuses it.

/// Why a text is no pattern.
public enum PatternError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The server would not read it either.
  case malformed(String)
  /// It may be right, but it is not matched here.
  case unsupported(String)

  public var description: String {
    switch self {
    case .malformed(let why), .unsupported(let why): why
    }
  }
}

/// What a pattern says, as a tree.
indirect enum PatternNode {
  case empty
  case set(ScalarSet)
  case assertion(PatternAssertion)
  case sequence([PatternNode])
  case choice([PatternNode])
  /// `max` is nil for "any number".
  case repeated(PatternNode, min: Int, max: Int?)
}

/// A condition on a place in the text.
enum PatternAssertion: Sendable {
  case textStart, textEnd, lineStart, lineEnd, wordBoundary, noWordBoundary
}

struct PatternParser {
  private struct Flags {
    var ignoresCase = false
    var isMultiline = false
    var dotTakesNewline = false
  }

  private static let depthMax = 100
  private static let repetitionMax = 1000

  private let text: [Unicode.Scalar]
  private var at = 0
  private var flags = Flags()

  static func parse(_ pattern: String) throws(PatternError) -> PatternNode {
    var parser = PatternParser(text: Array(pattern.unicodeScalars))
    let node = try parser.choice(depth: 0)
    if parser.at < parser.text.count { throw .malformed("a ')' closes nothing") }
    return node
  }

  private init(text: [Unicode.Scalar]) { self.text = text }

  private var next: Unicode.Scalar? { at < text.count ? text[at] : nil }

  private func follows(_ word: String) -> Bool {
    let scalars = Array(word.unicodeScalars)
    return at + scalars.count <= text.count && Array(text[at..<at + scalars.count]) == scalars
  }

  private mutating func skip(_ word: String) -> Bool {
    guard follows(word) else { return false }
    at += word.unicodeScalars.count
    return true
  }

  // MARK: - Structure

  private mutating func choice(depth: Int) throws(PatternError) -> PatternNode {
    guard depth < Self.depthMax else { throw .unsupported("groups are nested too deeply") }
    var ways = [try sequence(depth: depth)]
    while skip("|") { ways.append(try sequence(depth: depth)) }
    return ways.count == 1 ? ways[0] : .choice(ways)
  }

  private mutating func sequence(depth: Int) throws(PatternError) -> PatternNode {
    var parts: [PatternNode] = []
    while let scalar = next, scalar != "|", scalar != ")" {
      let atom = try atom(depth: depth)
      parts.append(try repeated(atom))
    }
    return parts.count == 1 ? parts[0] : .sequence(parts)
  }

  /// Takes the repetition that follows an atom.
  private mutating func repeated(_ atom: PatternNode) throws(PatternError) -> PatternNode {
    guard let (min, max) = try repetition() else { return atom }
    // Whether it takes few or many makes no difference to whether there is a match.
    _ = skip("?")
    if try repetition() != nil { throw .malformed("two repetitions follow each other") }
    return .repeated(atom, min: min, max: max)
  }

  private mutating func repetition() throws(PatternError) -> (min: Int, max: Int?)? {
    if skip("*") { return (0, nil) }
    if skip("+") { return (1, nil) }
    if skip("?") { return (0, 1) }
    let start = at
    guard skip("{") else { return nil }
    // Braces that hold no numbers are text.
    guard let min = number() else {
      at = start
      return nil
    }
    var max: Int? = min
    if skip(",") { max = number() }
    guard skip("}") else {
      at = start
      return nil
    }
    if min > Self.repetitionMax || max ?? 0 > Self.repetitionMax || max.map({ $0 < min }) ?? false {
      throw .malformed("the repetition '{\(min),\(max.map(String.init) ?? "")}' is out of range")
    }
    return (min, max)
  }

  private mutating func number() -> Int? {
    var value: Int?
    while let scalar = next, ("0"..."9").contains(scalar) {
      value = min((value ?? 0) * 10 + Int(scalar.value - 48), 1_000_000)
      at += 1
    }
    return value
  }

  private mutating func atom(depth: Int) throws(PatternError) -> PatternNode {
    let start = at
    let scalar = text[at]
    at += 1
    switch scalar {
    case ".": return .set(flags.dotTakesNewline ? .all : .notNewline)
    case "^": return .assertion(flags.isMultiline ? .lineStart : .textStart)
    case "$": return .assertion(flags.isMultiline ? .lineEnd : .textEnd)
    case "(": return try group(depth: depth)
    case "[": return .set(try bracket())
    case "\\": return try escape()
    case "*", "+", "?": throw .malformed("'\(scalar)' at \(start) repeats nothing")
    case "{":
      at = start
      if try repetition() != nil { throw .malformed("'{' at \(start) repeats nothing") }
      at = start + 1
      return literal(scalar)
    default: return literal(scalar)
    }
  }

  private func literal(_ scalar: Unicode.Scalar) -> PatternNode {
    var set = ScalarSet(scalar)
    set.ignoresCase = flags.ignoresCase
    return .set(set)
  }

  private mutating func group(depth: Int) throws(PatternError) -> PatternNode {
    let before = flags
    if skip("?") {
      if follows("=") || follows("!") || follows("<=") || follows("<!") {
        throw .unsupported("look-ahead and look-behind are not part of RE2")
      }
      if skip("P<") || skip("<") {
        while let scalar = next, scalar != ">" { at += scalar == "(" ? text.count : 1 }
        guard skip(">") else { throw .malformed("a group's name is not closed") }
      } else if try !groupFlags() {
        // The flags hold for the rest of the group around them.
        return .empty
      }
    }
    let inside = try choice(depth: depth + 1)
    guard skip(")") else { throw .malformed("a '(' is not closed") }
    flags = before
    return inside
  }

  /// Reads `i-s:` or `i-s)`; whether a group follows.
  private mutating func groupFlags() throws(PatternError) -> Bool {
    var value = true
    while let scalar = next {
      at += 1
      switch scalar {
      case "i": flags.ignoresCase = value
      case "m": flags.isMultiline = value
      case "s": flags.dotTakesNewline = value
      case "U": break
      case "-" where value: value = false
      case ":": return true
      case ")": return false
      default: throw .malformed("'\(scalar)' is no flag of a group")
      }
    }
    throw .malformed("a '(' is not closed")
  }

  // MARK: - Escapes and classes

  private mutating func escape() throws(PatternError) -> PatternNode {
    guard let scalar = next else { throw .malformed("the pattern ends with a '\\'") }
    switch scalar {
    case "A":
      at += 1
      return .assertion(.textStart)
    case "z":
      at += 1
      return .assertion(.textEnd)
    case "b":
      at += 1
      return .assertion(.wordBoundary)
    case "B":
      at += 1
      return .assertion(.noWordBoundary)
    case "Q":
      at += 1
      var parts: [PatternNode] = []
      while at < text.count, !skip("\\E") {
        parts.append(literal(text[at]))
        at += 1
      }
      return .sequence(parts)
    default: break
    }
    var set: ScalarSet
    if let named = try escapedClass() { set = named } else { set = ScalarSet(try escapedScalar()) }
    set.ignoresCase = flags.ignoresCase
    return .set(set)
  }

  /// `\d` and the like after the backslash; nil, and nothing taken, for other escapes.
  private mutating func escapedClass() throws(PatternError) -> ScalarSet? {
    guard let scalar = next else { return nil }
    switch scalar {
    case "d", "D", "w", "W", "s", "S":
      at += 1
      let lower = scalar.properties.lowercaseMapping
      let set: ScalarSet = lower == "d" ? .digits : lower == "w" ? .word : .space
      return scalar.properties.isUppercase ? set.inverted : set
    case "p", "P":
      at += 1
      var isInverted = scalar == "P"
      var name = ""
      if skip("{") {
        if skip("^") { isInverted.toggle() }
        while let part = next, part != "}" {
          name.unicodeScalars.append(part)
          at += 1
        }
        guard skip("}") else { throw .malformed("'\\p{' is not closed") }
      } else if let letter = next {
        name.unicodeScalars.append(letter)
        at += 1
      }
      guard let set = ScalarSet(category: name) else {
        throw .unsupported("the class '\\p{\(name)}' is not known here")
      }
      return isInverted ? set.inverted : set
    default: return nil
    }
  }

  /// The scalar that an escape stands for, after the backslash.
  private mutating func escapedScalar() throws(PatternError) -> Unicode.Scalar {
    guard let scalar = next else { throw .malformed("the pattern ends with a '\\'") }
    at += 1
    switch scalar {
    case "a": return "\u{07}"
    case "f": return "\u{0C}"
    case "n": return "\n"
    case "r": return "\r"
    case "t": return "\t"
    case "v": return "\u{0B}"
    case "x": return try hexadecimal()
    case "0"..."7":
      var value = scalar.value - 48
      var digits = 1
      while digits < 3, let digit = next, ("0"..."7").contains(digit) {
        value = value * 8 + digit.value - 48
        digits += 1
        at += 1
      }
      if scalar != "0", digits == 1 { throw .unsupported("RE2 has no back-references") }
      return Unicode.Scalar(value) ?? scalar
    default:
      if scalar.isASCII, scalar.properties.numericType == nil, !scalar.properties.isAlphabetic {
        return scalar
      }
      throw .malformed("'\\\(scalar)' is no escape")
    }
  }

  private mutating func hexadecimal() throws(PatternError) -> Unicode.Scalar {
    let isBraced = skip("{")
    var digits = ""
    while let scalar = next, scalar.properties.isASCIIHexDigit, digits.count < (isBraced ? 8 : 2) {
      digits.unicodeScalars.append(scalar)
      at += 1
    }
    guard let value = UInt32(digits, radix: 16), let scalar = Unicode.Scalar(value),
      isBraced ? skip("}") : digits.count == 2
    else { throw .malformed("'\\x' needs a hexadecimal number") }
    return scalar
  }

  private mutating func bracket() throws(PatternError) -> ScalarSet {
    var set = ScalarSet()
    let isInverted = skip("^")
    var isFirst = true
    while isFirst || next != "]" {
      guard let scalar = next else { throw .malformed("a '[' is not closed") }
      isFirst = false
      if follows("[:"), let named = try namedClass() {
        set.formUnion(named)
        continue
      }
      at += 1
      if scalar == "\\", let escaped = try escapedClass() {
        set.formUnion(escaped)
        continue
      }
      let low = scalar == "\\" ? try escapedScalar() : scalar
      var high = low
      if next == "-", at + 1 < text.count, text[at + 1] != "]" {
        at += 1
        let end = text[at]
        at += 1
        high = end == "\\" ? try escapedScalar() : end
      }
      guard low <= high else { throw .malformed("the range '\(low)-\(high)' runs backwards") }
      set.ranges.append(low.value...high.value)
    }
    at += 1
    set.ignoresCase = flags.ignoresCase
    return isInverted ? set.inverted : set
  }

  /// `[:alpha:]` inside brackets; nil, and nothing taken, where it is not closed.
  private mutating func namedClass() throws(PatternError) -> ScalarSet? {
    var end = at + 2
    while end < text.count, text[end] != ":", text[end] != "]" { end += 1 }
    guard end + 1 < text.count, text[end] == ":", text[end + 1] == "]" else { return nil }
    var name = ""
    name.unicodeScalars.append(contentsOf: text[at + 2..<end])
    let isInverted = name.hasPrefix("^")
    if isInverted { name.removeFirst() }
    guard let set = ScalarSet(named: name) else { throw .malformed("'[:\(name):]' is no class") }
    at = end + 2
    return isInverted ? set.inverted : set
  }
}
