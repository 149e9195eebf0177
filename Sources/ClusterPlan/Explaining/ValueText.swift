import ManifestSyntax

/// Values as they stand in a line of a difference.
enum ValueText {
  /// The longest text that is shown in its line.
  private static let lineMax = 100

  /// In one line: texts in quotes where YAML would need them, lists and maps as JSON.
  static func inline(_ value: Value?) -> String {
    switch value {
    case nil: return "(absent)"
    case .string(let text)?:
      return text.hasPrefix("(") && text.hasSuffix(")")
        ? text : JSONWriter.string(.string(escapingControls(text)))
    case let value?: return JSONWriter.string(value)
    }
  }

  /// Whether a value needs lines of its own.
  static func isLong(_ value: Value?) -> Bool {
    switch value {
    case .string(let text)?: return text.contains("\n") || text.utf8.count > lineMax
    case .map?, .list?: return inline(value).utf8.count > lineMax
    default: return false
    }
  }

  /// The value as lines of text: texts as they are, everything else as YAML.
  static func lines(_ value: Value) -> [Substring] {
    let text = block(value)
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    if lines.last?.isEmpty ?? false { lines.removeLast() }
    return lines
  }

  /// The value as a text that can be compared line by line.
  static func block(_ value: Value) -> String {
    guard case .string(let text) = value else { return YAMLWriter.write(value) }
    return escapingControls(text)
  }

  /// Control characters could play tricks with a terminal.
  private static func escapingControls(_ text: String) -> String {
    guard text.utf8.contains(where: { $0 < 32 && $0 != 10 && $0 != 9 || $0 == 127 }) else {
      return text
    }
    var result = ""
    for scalar in text.unicodeScalars {
      if scalar.value < 32 && scalar != "\n" && scalar != "\t" || scalar.value == 127 {
        result += "\\x" + SHA256.hex([UInt8(truncatingIfNeeded: scalar.value)])
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
