/// Explains a syntax error at the place that a person would point at.
///
/// libyaml reports where it noticed, often a line late; what it was reading at the time (its
/// context) and the text around both usually tell what the writer did.
struct SyntaxDiagnosis {
  let source: SourceText
  let document: Span
  let problem: YAMLProblem
  /// Byte offset where libyaml noticed.
  let at: Int
  /// Byte offset where libyaml began what it could not finish.
  let context: Int

  /// Message, place and remedy.
  func diagnostic() -> Diagnostic {
    let text = problem.problem
    for mark in ["{{", "{%"] where line(at).text.contains(mark) || line(context).text.contains(mark)
    {
      return template(mark)
    }
    if let tab = indentingTab() { return tabbed(tab) }
    if text.hasPrefix("could not find expected ':'") { return missingColon() }
    if text.hasPrefix("mapping values are not allowed") { return unexpectedColon() }
    if text.hasPrefix("block sequence entries are not allowed") {
      return error(
        "a list item cannot begin here", at, "put '- ' on a line of its own, below the key")
    }
    if text.hasPrefix("found unexpected end of stream") || text.contains("document indicator") {
      return error("this quote is never closed", context, "add the closing quote")
    }
    if text.hasPrefix("found unknown escape") || text.contains("escape") {
      return error(
        "double quotes know no such escape", at,
        "write the backslash twice, or use single quotes, where it needs no escape")
    }
    if text.hasPrefix("found character that cannot start any token") { return badStart() }
    if text.hasPrefix("did not find expected alphabetic") {
      return error(
        "'*' and '&' at the start of a value name an alias or an anchor", context,
        "quote the value: \"\(value(at: context))\"")
    }
    if text.contains("',' or") { return openFlow() }
    if text.contains("expected key") || text.contains("'-' indicator") { return badIndentation() }
    if text.contains("<document start>") {
      return error(
        "this text belongs to no document", at,
        "indent it under the key that it belongs to, or separate documents by a line '---'")
    }
    return error(plain(text), at, "see the line above as well: the cause often stands there")
  }

  // MARK: - Cases

  private func template(_ mark: String) -> Diagnostic {
    let place = line(at).text.contains(mark) ? at : context
    let found = line(place)
    let start = found.start + (found.text.utf8Offset(of: mark) ?? 0)
    return error(
      "this is a template, not YAML: '\(mark)' has not been rendered", start,
      "validate the rendered output, for example `helm template . | kmf validate -`")
  }

  private func tabbed(_ offset: Int) -> Diagnostic {
    var result = error(
      "a tab cannot indent YAML", offset, "replace the tab by spaces")
    var end = offset
    while end < source.count, source.bytes[end] == 9 { end += 1 }
    let span = Span(start: UInt32(offset), end: UInt32(end))
    result.span = span
    result.fixes = [
      FixIt(
        "replace tabs by spaces", safety: .changesBehavior,
        edits: [.replace(span, with: String(repeating: "  ", count: end - offset))])
    ]
    return result
  }

  private func missingColon() -> Diagnostic {
    let found = line(context)
    let key = found.text.trimmed
    let previous = previousLine(of: found.start)
    if previous.trimmed.hasSuffix("|") || previous.trimmed.hasSuffix(">") {
      return error(
        "this line is not indented enough to belong to the text above", context,
        "indent the text block deeper than its key")
    }
    let help =
      key.contains(":")
      ? "put a space after the colon: '\(key.spacedColon)'"
      : "write '\(key):', or indent the line under its key"
    return error("'\(key.shortened)' has no ': ' after its key", context, help)
  }

  private func unexpectedColon() -> Diagnostic {
    let found = line(at)
    let before = String(decoding: source.bytes[found.start..<max(found.start, at)], as: UTF8.self)
    if let colon = before.utf8Offset(of: ": ") {
      let start = found.start + colon + 2
      let text = found.text.dropUTF8(colon + 2).trimmed
      return error(
        "this value holds ': ' and so looks like another key", start,
        "quote the value: \"\(text.shortened)\"")
    }
    let start = found.start + found.text.indentation
    let above = previousLine(of: found.start)
    if above.trimmed.hasPrefix("-") || above.contains(":") {
      return error(
        "this line is indented deeper than '\(above.trimmed.shortened)' above, which already has a value",
        start, "align it with the keys that it belongs to")
    }
    return error("a key cannot stand here", start, "align it with the keys that it belongs to")
  }

  private func badStart() -> Diagnostic {
    let character = Character(Unicode.Scalar(source.bytes[min(at, source.count - 1)]))
    return error(
      "a value cannot begin with '\(character)'", at, "quote the value: \"\(value(at: at))\"")
  }

  private func openFlow() -> Diagnostic {
    let isMapping = problem.problem.contains("'}'")
    let (open, close) = isMapping ? ("{", "}") : ("[", "]")
    return error(
      "this '\(open)' is not closed, or a comma is missing", context,
      "add '\(close)', or a comma between the entries; quote text that begins with '\(open)'")
  }

  private func badIndentation() -> Diagnostic {
    let found = line(at)
    let start = found.start + found.text.indentation
    let content = found.text.trimmed
    let expected = line(context).text.indentation(ofContextAt: context - line(context).start)
    if found.text.indentation == expected, content.hasPrefix("- ") {
      return error(
        "a list item stands among the keys of a mapping", start,
        "indent the list under the key that it belongs to")
    }
    if problem.problem.contains("'-' indicator") {
      return error(
        "the items of this list do not line up", start,
        "begin each item with '- ' in column \(expected + 1), or indent deeper to stay inside the item"
      )
    }
    if found.text.indentation != expected { return misaligned(found) }
    return error(
      "'\(content.shortened)' is not a 'key: value' entry", start,
      "write 'key: value', or close the quote or bracket opened before it")
  }

  /// A line whose indentation fits none of the blocks that are open above it.
  private func misaligned(_ found: (start: Int, text: String)) -> Diagnostic {
    let indentation = found.text.indentation
    let levels = openLevels(above: found.start)
    let outer = levels.filter { $0.indentation < indentation }.max {
      $0.indentation < $1.indentation
    }
    let inner = levels.filter { $0.indentation > indentation }.min {
      $0.indentation < $1.indentation
    }
    var places: [String] = []
    for level in [inner, outer].compactMap({ $0 }) {
      places.append("by \(Self.spaces(level.indentation)) to stand beside '\(level.key.shortened)'")
    }
    let help =
      places.isEmpty
      ? "align it with its siblings" : "indent it " + places.joined(separator: ", or ")
    return error(
      "an indentation of \(Self.spaces(indentation)) fits no block above this line",
      found.start + indentation, help)
  }

  private static func spaces(_ count: Int) -> String { count == 1 ? "1 space" : "\(count) spaces" }

  /// The indentations that lines above have, innermost first, with the key that stands there.
  private func openLevels(above start: Int) -> [(indentation: Int, key: String)] {
    var levels: [(indentation: Int, key: String)] = []
    var at = start
    while at > Int(document.start) {
      let above = line(at - 1)
      let content = above.text.trimmed
      let isContent = !content.isEmpty && !content.hasPrefix("#") && !content.hasPrefix("---")
      if isContent, above.text.indentation < levels.last?.indentation ?? .max {
        let key = content.prefix { $0 != ":" }
        levels.append((above.text.indentation, String(key)))
      }
      if above.start >= at { break }
      at = above.start
    }
    return levels
  }

  // MARK: - Text around

  private func error(_ message: String, _ offset: Int, _ help: String) -> Diagnostic {
    let start = min(max(offset, 0), source.count)
    var end = start
    while end < source.count, source.bytes[end] != 10, source.bytes[end] != 13 { end += 1 }
    while end > start, source.bytes[end - 1] == 32 { end -= 1 }
    return Diagnostic(
      "DEC-27", .error, .syntaxError, at: .root, message, help: help,
      span: Span(start: UInt32(start), end: UInt32(max(end, min(start + 1, source.count)))))
  }

  /// A tab in the indentation of the line where it broke, or of the line that it began in.
  private func indentingTab() -> Int? {
    for offset in [at, context] {
      let found = line(offset)
      var index = found.start
      while index < source.count, source.bytes[index] == 32 || source.bytes[index] == 9 {
        if source.bytes[index] == 9 { return index }
        index += 1
      }
    }
    return nil
  }

  private func line(_ offset: Int) -> (start: Int, text: String) {
    var start = min(max(offset, 0), source.count)
    while start > 0, source.bytes[start - 1] != 10, source.bytes[start - 1] != 13 { start -= 1 }
    var end = start
    while end < source.count, source.bytes[end] != 10, source.bytes[end] != 13 { end += 1 }
    return (start, String(decoding: source.bytes[start..<end], as: UTF8.self))
  }

  /// The nearest line above that holds more than a comment.
  private func previousLine(of start: Int) -> String {
    var at = start
    while at > Int(document.start) {
      let above = line(at - 1)
      let content = above.text.trimmed
      if !content.isEmpty, !content.hasPrefix("#") { return above.text }
      if above.start >= at { break }
      at = above.start
    }
    return ""
  }

  private func value(at offset: Int) -> String {
    let found = line(offset)
    return found.text.dropUTF8(offset - found.start).trimmed.shortened
  }

  private func plain(_ text: String) -> String {
    text.isEmpty ? "this is not YAML" : "this is not YAML: \(text)"
  }

  // MARK: - Trouble that libyaml does not report

  /// Text after `...` that belongs to no document.
  static func ignoredText(at span: Span) -> Diagnostic {
    Diagnostic(
      "DEC-28", .warning, .syntaxError, at: .root,
      "text after '...' is ignored by the cluster",
      help: "begin the next document with a line '---'", span: span)
  }

  /// A byte that is not UTF-8, or a character that YAML forbids.
  static func badCharacter(
    _ bad: SourceScan.BadCharacter, in source: SourceText
  ) -> Diagnostic {
    let span = Span(start: UInt32(bad.offset), end: UInt32(bad.offset + bad.length))
    switch bad.kind {
    case .notUTF8:
      let byte = String(source.bytes[bad.offset], radix: 16, uppercase: true)
      return Diagnostic(
        "ENC-01", .error, .syntaxError, at: .root, "byte 0x\(byte) is not UTF-8",
        help: "save the file as UTF-8", span: span)
    case .control(let scalar):
      let name = String(scalar, radix: 16, uppercase: true)
      let padded = String(repeating: "0", count: max(0, 4 - name.count)) + name
      return Diagnostic(
        "ENC-02", .error, .syntaxError, at: .root,
        "control character U+\(padded) is not allowed in YAML",
        help: "remove it, or write it as an escape in double quotes: \"\\u\(padded)\"", span: span)
    }
  }
}

extension String {
  fileprivate var trimmed: String {
    var text = Substring(self)
    while let first = text.first, first == " " || first == "\t" { text.removeFirst() }
    while let last = text.last, last == " " || last == "\t" { text.removeLast() }
    return String(text)
  }

  fileprivate var shortened: String { count > 40 ? prefix(39) + "…" : self }

  fileprivate var spacedColon: String {
    guard let colon = firstIndex(of: ":") else { return self }
    return String(self[...colon]) + " " + self[index(after: colon)...]
  }

  fileprivate var indentation: Int { utf8.prefix { $0 == 32 }.count }

  /// The column where a collection began: of its first key or dash, also behind a `- `.
  fileprivate func indentation(ofContextAt offset: Int) -> Int { Swift.max(0, offset) }

  fileprivate func utf8Offset(of text: String) -> Int? {
    let wanted = Array(text.utf8)
    let all = Array(utf8)
    guard all.count >= wanted.count else { return nil }
    return (0...(all.count - wanted.count)).first { Array(all[$0..<$0 + wanted.count]) == wanted }
  }

  fileprivate func dropUTF8(_ count: Int) -> String {
    String(decoding: Array(utf8).dropFirst(Swift.max(0, count)), as: UTF8.self)
  }
}
