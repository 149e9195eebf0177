import ManifestSyntax

extension Linter {
  /// What is told of a manifest with a zero byte in it: no tool reads on behind it.
  ///
  /// - Parameters:
  ///   - bytes: the whole file.
  ///   - offset: of the first zero byte.
  /// - Returns: nil where the file is no manifest by its other bytes, or the rule is off; then all
  ///   there is to say is that it is not text.
  public func judge(_ bytes: [UInt8], named name: String, zeroAt offset: Int) -> FileResult? {
    // A character of one byte takes the place of each zero, so that places stay what they are.
    let source = SourceText(name: name, bytes: bytes.map { $0 == 0 ? 1 : $0 })
    guard source.contains("apiVersion"), source.contains("kind"),
      isOn(LostText.about, named: name)
    else { return nil }
    let lines = LineTable(source)
    let span = Span(start: UInt32(clamping: offset), end: UInt32(clamping: offset &+ 1))
    let diagnostic = Diagnostic(
      LostText.about.code, severity(of: LostText.about, named: name), .advice, at: .root,
      "this byte is zero, which no YAML can hold", help: "remove it", span: span)
    let start = lines.position(of: span.start)
    let end = Position(line: start.line, column: start.column + 1)
    var result = FileResult(file: name, source: source, lines: lines)
    result.documents = [
      DocumentResult(
        document: 0, line: 1, status: .invalid,
        diagnostics: [
          LocatedDiagnostic(diagnostic, span: span, start: start, end: end, byteOffset: offset)
        ])
    ]
    return result
  }
}
