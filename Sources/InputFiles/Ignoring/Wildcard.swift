/// A pattern for one path component: `*`, `?`, `[a-z]`, `\` before a character to be meant as such.
///
/// Matching costs at most pattern times name, whatever the pattern: where it fails, only the last
/// star is tried again.
struct Wildcard: Hashable, Sendable {
  enum Token: Hashable, Sendable {
    case literal(UInt32)
    case anyOne
    case anyRun
    case oneOf([ClosedRange<UInt32>], isNegated: Bool)
  }

  /// What `?` and brackets take one of.
  enum Unit: Hashable, Sendable {
    /// As git does in its ignore files, where `?` does not match `ü`.
    case byte
    /// As shells do.
    case character
  }

  private let unit: Unit
  private(set) var tokens: [Token] = []
  /// The bytes to compare, for the common pattern without any wildcard.
  private(set) var literal: [UInt8]?

  /// Whether the pattern begins with a dot, and so means hidden names.
  var beginsWithDot: Bool { tokens.first == .literal(46) }
  /// Whether it says how a name ends.
  var endsLiterally: Bool {
    if case .literal? = tokens.last { true } else { false }
  }

  /// Reads the component; nil if it ends inside an escape or a bracket, which matches nothing.
  init?(_ text: ArraySlice<UInt8>, by unit: Unit) {
    self.unit = unit
    var index = text.startIndex
    var isLiteral = true
    while index < text.endIndex {
      switch text[index] {
      case UInt8(ascii: "*"):
        if tokens.last != .anyRun { tokens.append(.anyRun) }
        index += 1
        isLiteral = false
      case UInt8(ascii: "?"):
        tokens.append(.anyOne)
        index += 1
        isLiteral = false
      case UInt8(ascii: "["):
        guard let set = BracketSet(text[index...], by: unit) else { return nil }
        tokens.append(.oneOf(set.ranges, isNegated: set.isNegated))
        index = set.end
        isLiteral = false
      case UInt8(ascii: "\\"):
        index += 1
        guard index < text.endIndex else { return nil }
        fallthrough
      default: tokens.append(.literal(unit.next(in: text, at: &index)))
      }
    }
    if isLiteral { literal = unescaped(text) }
  }

  func matches(_ name: ArraySlice<UInt8>) -> Bool {
    if let literal { return literal.elementsEqual(name) }
    var token = 0
    var index = name.startIndex
    /// Where to go on when the tokens after the last star do not fit here.
    var retry: (token: Int, index: Int)?
    while index < name.endIndex {
      var next = index
      let character = unit.next(in: name, at: &next)
      if token < tokens.count, tokens[token] == .anyRun {
        token += 1
        retry = (token, index)
      } else if token < tokens.count, tokens[token].accepts(character) {
        token += 1
        index = next
      } else if let last = retry {
        token = last.token
        index = last.index
        _ = unit.next(in: name, at: &index)
        retry = (token, index)
      } else {
        return false
      }
    }
    return tokens[token...].allSatisfy { $0 == .anyRun }
  }
}

extension Wildcard.Token {
  fileprivate func accepts(_ character: UInt32) -> Bool {
    switch self {
    case .literal(let wanted): wanted == character
    case .anyOne: true
    case .anyRun: false
    case .oneOf(let ranges, let isNegated):
      ranges.contains { $0.contains(character) } != isNegated
    }
  }
}

/// The inside of `[...]`: single characters, ranges, named classes, all of it maybe negated.
private struct BracketSet {
  var ranges: [ClosedRange<UInt32>] = []
  var isNegated = false
  /// The position after the closing bracket.
  var end: Int

  init?(_ text: ArraySlice<UInt8>, by unit: Wildcard.Unit) {
    var index = text.startIndex + 1
    if index < text.endIndex, [UInt8(ascii: "!"), UInt8(ascii: "^")].contains(text[index]) {
      isNegated = true
      index += 1
    }
    let first = index
    while index < text.endIndex {
      // A bracket that comes first is a member of the set, not its end.
      if text[index] == UInt8(ascii: "]"), index > first {
        end = index + 1
        return
      }
      if let named = NamedClass(text[index...]) {
        guard let known = named.ranges else { return nil }
        ranges += known
        index = named.end
        continue
      }
      guard let low = BracketSet.member(in: text, at: &index, by: unit) else { return nil }
      var high = low
      if index + 1 < text.endIndex, text[index] == UInt8(ascii: "-"),
        text[index + 1] != UInt8(ascii: "]")
      {
        index += 1
        guard let upper = BracketSet.member(in: text, at: &index, by: unit) else { return nil }
        high = upper
      }
      if low <= high { ranges.append(low...high) }
    }
    return nil
  }

  private static func member(
    in text: ArraySlice<UInt8>, at index: inout Int, by unit: Wildcard.Unit
  ) -> UInt32? {
    if text[index] == UInt8(ascii: "\\") { index += 1 }
    return index < text.endIndex ? unit.next(in: text, at: &index) : nil
  }
}

/// A class such as `[:digit:]` inside brackets; ASCII only, as git has it.
private struct NamedClass {
  /// nil for a name that is no class.
  var ranges: [ClosedRange<UInt32>]?
  var end: Int

  init?(_ text: ArraySlice<UInt8>) {
    guard text.starts(with: "[:".utf8) else { return nil }
    var index = text.startIndex + 2
    while index < text.endIndex, (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(text[index]) {
      index += 1
    }
    guard text[index...].starts(with: ":]".utf8) else { return nil }
    let name = String(decoding: text[(text.startIndex + 2)..<index], as: UTF8.self)
    ranges = NamedClass.known[name]
    end = index + 2
  }

  private static let known: [String: [ClosedRange<UInt32>]] = [
    "alnum": [48...57, 65...90, 97...122], "alpha": [65...90, 97...122], "blank": [9...9, 32...32],
    "cntrl": [0...31, 127...127], "digit": [48...57], "graph": [33...126], "lower": [97...122],
    "print": [32...126], "punct": [33...47, 58...64, 91...96, 123...126],
    "space": [9...13, 32...32], "upper": [65...90], "xdigit": [48...57, 65...70, 97...102],
  ]
}

extension Wildcard.Unit {
  /// Reads one and moves past it. A byte that is no UTF-8 is a character of its own, above all real
  /// ones.
  fileprivate func next(in text: ArraySlice<UInt8>, at index: inout Int) -> UInt32 {
    let byte = text[index]
    if byte < 0x80 || self == .byte {
      index += 1
      return UInt32(byte)
    }
    var decoder = UTF8()
    var bytes = text[index...].prefix(4).makeIterator()
    guard case .scalarValue(let scalar) = decoder.decode(&bytes) else {
      index += 1
      return 0x11_0000 + UInt32(byte)
    }
    index += UTF8.width(scalar)
    return scalar.value
  }
}

/// The text without the backslashes that protect the next character.
private func unescaped(_ text: ArraySlice<UInt8>) -> [UInt8] {
  var result: [UInt8] = []
  var isProtected = false
  for byte in text {
    if byte == UInt8(ascii: "\\"), !isProtected {
      isProtected = true
    } else {
      result.append(byte)
      isProtected = false
    }
  }
  return result
}
