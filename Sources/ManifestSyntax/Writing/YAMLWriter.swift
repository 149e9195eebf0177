/// Prints values as YAML the way kubectl does.
///
/// Block style, two spaces a level, lists not indented below their key. Text is quoted exactly when
/// Kubernetes' reader would take the bare words for something else; text of several lines becomes a
/// literal block where a block can hold it.
public struct YAMLWriter {
  /// In which order the entries of a map are printed.
  public enum KeyOrder: Hashable, Sendable {
    /// As they are in the value.
    case given
    /// By name.
    case sorted
  }

  private let order: KeyOrder
  private var text = ""

  private init(order: KeyOrder) { self.order = order }

  /// `value` as one document, without a marker, with a line break at its end.
  public static func write(_ value: Value, keys order: KeyOrder = .given) -> String {
    var writer = YAMLWriter(order: order)
    writer.write(value, indent: 0, isAfterKey: false)
    return writer.text
  }

  /// `values` as documents with `---` between them.
  public static func write(documents values: [Value], keys order: KeyOrder = .given) -> String {
    values.map { write($0, keys: order) }.joined(separator: "---\n")
  }

  // MARK: - Values

  /// Writes `value` where the cursor stands, its line break included.
  ///
  /// - Parameter indent: how far the lines of a container are indented.
  private mutating func write(_ value: Value, indent: Int, isAfterKey: Bool) {
    switch value {
    case .map(let map) where !map.isEmpty:
      if isAfterKey { text += "\n" }
      writeEntries(of: map, indent: indent, isFirstInPlace: !isAfterKey)
    case .list(let items) where !items.isEmpty:
      if isAfterKey { text += "\n" }
      writeItems(items, indent: indent, isFirstInPlace: !isAfterKey)
    default:
      if isAfterKey { text += " " }
      writeScalar(value, indent: indent)
      text += "\n"
    }
  }

  private mutating func writeEntries(of map: ValueMap, indent: Int, isFirstInPlace: Bool) {
    var entries = map.entries
    if order == .sorted { entries.sort { $0.key < $1.key } }
    for (position, entry) in entries.enumerated() {
      if position > 0 || !isFirstInPlace { pad(indent) }
      writeKey(entry.key, indent: indent)
      // A list stands as far left as its key.
      var inner = indent + 2
      if case .list = entry.value { inner = indent }
      write(entry.value, indent: inner, isAfterKey: true)
    }
  }

  private mutating func writeItems(_ items: [Value], indent: Int, isFirstInPlace: Bool) {
    for (position, item) in items.enumerated() {
      if position > 0 || !isFirstInPlace { pad(indent) }
      text += "- "
      write(item, indent: indent + 2, isAfterKey: false)
    }
  }

  private mutating func writeKey(_ key: String, indent: Int) {
    if key.utf8.count > Self.simpleKeyLengthMax {
      text += "? \(YAMLText.inLine(key))\n"
      pad(indent)
      text += ":"
      return
    }
    text += YAMLText.inLine(key) + ":"
  }

  /// Longer keys are marked by a question mark.
  private static let simpleKeyLengthMax = 128

  private mutating func writeScalar(_ value: Value, indent: Int) {
    switch value {
    case .null: text += "null"
    case .bool(let truth): text += truth ? "true" : "false"
    case .int(let number): text += String(number)
    case .uint(let number): text += String(number)
    case .double(let number):
      if number.isFinite {
        text += GoFloat.jsonText(number)
      } else {
        text += number.isNaN ? ".nan" : number < 0 ? "-.inf" : ".inf"
      }
    case .string(let string):
      if YAMLText.fitsBlock(string) {
        writeBlock(string, indent: max(indent, 2))
      } else {
        text += YAMLText.inLine(string)
      }
    case .list: text += "[]"
    case .map: text += "{}"
    }
  }

  /// Writes a literal block up to its last line break.
  private mutating func writeBlock(_ string: String, indent: Int) {
    let bytes = Array(string.utf8)
    text += "|"
    // A reader takes the indentation from the first line unless it is told.
    if bytes.first == 32 || bytes.first == 10 { text += "2" }
    var body = bytes[...]
    if bytes.last != 10 {
      text += "-"
    } else {
      if bytes.dropLast().last == 10 || bytes.count == 1 { text += "+" }
      body = bytes.dropLast()
    }
    for line in body.split(separator: 10, omittingEmptySubsequences: false) {
      text += "\n"
      if !line.isEmpty { pad(indent) }
      text += String(decoding: line, as: UTF8.self)
    }
  }

  private mutating func pad(_ count: Int) {
    for _ in 0..<count { text += " " }
  }
}
