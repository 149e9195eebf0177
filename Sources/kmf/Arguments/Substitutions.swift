/// Values for `${VAR}` placeholders, from the command line and from files.
enum Substitutions {
  /// Reads `VAR=value`.
  static func assignment(_ text: String) throws(CommandFailure) -> (name: String, value: String) {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, isName(parts[0]) else {
      throw CommandFailure(
        "'\(text)' is no substitution", help: "write VAR=value; a name has letters, digits and '_'")
    }
    return (String(parts[0]), String(parts[1]))
  }

  /// Reads a file of lines `VAR=value`, with blank lines, `#` comments, an optional `export` and
  /// optional quotes, as shells and env files have them.
  static func file(_ text: String, name: String) throws(CommandFailure) -> [String: String] {
    var values: [String: String] = [:]
    for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      .enumerated()
    {
      var content = trimmed(line)
      if content.isEmpty || content.hasPrefix("#") { continue }
      if content.hasPrefix("export ") { content = trimmed(content.dropFirst(7)) }
      let parts = content.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, isName(parts[0]) else {
        throw CommandFailure("\(name):\(index + 1): this is no 'VAR=value' line")
      }
      values[String(parts[0])] = unquoted(trimmed(parts[1]))
    }
    return values
  }

  private static func isName(_ text: Substring) -> Bool {
    guard let first = text.utf8.first, !(0x30...0x39).contains(first) else { return false }
    return text.utf8.allSatisfy {
      (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
        || $0 == 0x5F
    }
  }

  private static func trimmed(_ text: Substring) -> Substring {
    var text = text
    while text.first == " " || text.first == "\t" { text.removeFirst() }
    while text.last == " " || text.last == "\t" { text.removeLast() }
    return text
  }

  private static func unquoted(_ text: Substring) -> String {
    guard text.count >= 2, let first = text.first, first == "\"" || first == "'", text.last == first
    else { return String(text) }
    return String(text.dropFirst().dropLast())
  }
}
