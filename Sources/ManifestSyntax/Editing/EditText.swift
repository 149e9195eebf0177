/// How keys and values are written where an edit puts them.
enum EditText {
  /// The value that a piece of YAML on its own means; nil where it is none.
  static func value(of text: String) -> Value? {
    var reader = DocumentReader(SourceText(text))
    guard let document = reader.next(), document.diagnostics.isEmpty else { return nil }
    if reader.next() != nil { return nil }
    return document.tree.flatMap { $0.nodeCount == 0 ? nil : $0.value() }
  }

  /// `text` as it can stand in a container of `style`, best first.
  static func spellings(of text: String, in style: NodeStyle) -> [String] {
    guard let value = value(of: text) else { return [] }
    let json = JSONWriter.string(value)
    if style == .json { return [json] }
    let isRisky = text.utf8.contains { byte in
      byte < 32 || style == .flow && ",[]{}:#".utf8.contains(byte)
    }
    return isRisky ? [json] : [text, json]
  }

  /// `name` as a key of a container of `style`, quoted as `old` was where that is given.
  static func key(_ name: String, in style: NodeStyle, like old: NodeStyle? = nil) -> String {
    let isPlainSafe =
      name.utf8.allSatisfy { byte in
        byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A || byte >= 0x30 && byte <= 0x39
          || "-_./".utf8.contains(byte)
      } && !name.isEmpty && !name.hasPrefix("-") && value(of: name) == .string(name)
    if style != .json, old == .singleQuoted, !name.utf8.contains(where: { $0 < 32 || $0 == 0x27 }) {
      return "'\(name)'"
    }
    let isQuoted = style == .json || old == .doubleQuoted || old == .singleQuoted
    return isPlainSafe && !isQuoted ? name : JSONWriter.string(.string(name))
  }
}
