/// A condition on fields: `metadata.name=web,status.phase!=Running`.
public struct FieldSelector: Hashable, Sendable {
  /// One comparison of one field with a text.
  public struct Term: Hashable, Sendable {
    public var field: String
    public var isEqual: Bool
    public var value: String

    public init(_ field: String, isEqual: Bool = true, _ value: String) {
      self.field = field
      self.isEqual = isEqual
      self.value = value
    }
  }

  public var terms: [Term]

  public init(_ terms: [Term] = []) { self.terms = terms }

  /// Reads the text form; nil where a term has no operator or a backslash protects nothing.
  ///
  /// `\\`, `\,` and `\=` stand for the characters themselves. Empty terms do not count.
  public init?(parsing text: String) {
    terms = []
    var start = text.utf8.startIndex
    var isEscaped = false
    var pieces: [Substring.UTF8View] = []
    for index in text.utf8.indices {
      let byte = text.utf8[index]
      if isEscaped {
        isEscaped = false
      } else if byte == UInt8(ascii: "\\") {
        isEscaped = true
      } else if byte == UInt8(ascii: ",") {
        pieces.append(text.utf8[start..<index])
        start = text.utf8.index(after: index)
      }
    }
    pieces.append(text.utf8[start...])
    for piece in pieces where !piece.isEmpty {
      guard let term = Self.term(piece) else { return nil }
      terms.append(term)
    }
  }

  /// Whether an object fulfils it; a field that is missing is the empty text.
  public func matches(_ fields: [String: String]) -> Bool {
    terms.allSatisfy { (fields[$0.field] ?? "" == $0.value) == $0.isEqual }
  }

  private static func term(_ piece: Substring.UTF8View) -> Term? {
    guard let sign = piece.firstIndex(of: UInt8(ascii: "=")) else { return nil }
    var name = piece[..<sign]
    var value = piece[sign...].dropFirst()
    let isEqual = name.last != UInt8(ascii: "!")
    if !isEqual {
      name = name.dropLast()
    } else if value.first == UInt8(ascii: "=") {
      value = value.dropFirst()
    }
    guard let text = unescaped(value) else { return nil }
    return Term(String(decoding: name, as: UTF8.self), isEqual: isEqual, text)
  }

  private static func unescaped(_ bytes: Substring.UTF8View) -> String? {
    var plain: [UInt8] = []
    var isEscaped = false
    for byte in bytes {
      let isSpecial = "\\,=".utf8.contains(byte)
      if isEscaped {
        guard isSpecial else { return nil }
        plain.append(byte)
        isEscaped = false
      } else if byte == UInt8(ascii: "\\") {
        isEscaped = true
      } else {
        // A bare "=" inside a value is refused: it would read as a second operator.
        guard !isSpecial else { return nil }
        plain.append(byte)
      }
    }
    return isEscaped ? nil : String(decoding: plain, as: UTF8.self)
  }
}

extension FieldSelector: CustomStringConvertible {
  /// The text form, with the special characters of values escaped.
  public var description: String {
    terms.map { term in
      let value = term.value.unicodeScalars.map { scalar in
        "\\,=".unicodeScalars.contains(scalar) ? "\\\(scalar)" : String(scalar)
      }
      return term.field + (term.isEqual ? "=" : "!=") + value.joined()
    }.joined(separator: ",")
  }
}
