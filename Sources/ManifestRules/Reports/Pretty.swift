import ManifestSyntax

/// The report for people: every finding with the lines that it is about.
public struct Pretty: ReportFormat {
  public static let name = "pretty"
  public static let summary = "For people: each finding with an excerpt of the source and a remedy."

  private let options: ReportOptions
  private var skips = SkipTally()

  public init(_ options: ReportOptions) { self.options = options }

  public mutating func begin() -> String { "" }

  public mutating func add(_ file: FileResult) -> String {
    skips.add(file)
    let findings = file.findings
    guard !findings.isEmpty else { return "" }
    let secrets = Discretion.secrets(in: file)
    var text = ""
    text.reserveCapacity(findings.count * 512)
    for finding in findings {
      add(finding, hiding: secrets, to: &text)
      text += "\n"
    }
    return text
  }

  public mutating func end(_ summary: RunSummary) -> String {
    guard !options.isQuiet else { return "" }
    let severity: Diagnostic.Severity? =
      summary.errors > 0 ? .error : summary.warnings > 0 ? .warning : nil
    let name = severity.map { Paint(isOn: options.isColored, severity: $0).primary("kmf") }
    return "\(name ?? Paint(isOn: options.isColored).help("kmf")): \(summary.sentence(skips))\n"
  }

  private func add(_ finding: Finding, hiding secrets: [Span], to text: inout String) {
    let diagnostic = finding.diagnostic
    let paint = Paint(isOn: options.isColored, severity: diagnostic.severity)
    let title = "\(diagnostic.severity.rawValue)[\(diagnostic.code)]"
    text += paint.primary(title)
    text += paint.bold(": \(Escaping.terminal(diagnostic.message))")
    let marks = marks(of: finding)
    let gutter = String(lastLine(of: finding, marks)).utf8.count
    let margin = String(repeating: " ", count: gutter)
    text.addRow(margin, paint.gutter("-->"), " ", Escaping.terminal(finding.place))
    if let source = finding.file.source, let lines = finding.file.lines, !marks.isEmpty {
      let width = max(24, options.width - gutter - 3)
      var excerpt = Excerpt(source: source, lines: lines, width: width, paint: paint)
      excerpt.hidesValues = Discretion.isCalledFor(
        kind: finding.document?.kind, path: diagnostic.path, in: source)
      excerpt.hidden = secrets
      text.addRow(paint.gutter("\(margin) |"))
      excerpt.add(marks, gutter: gutter, to: &text)
    }
    let bullet = "\(margin) \(paint.gutter("=")) "
    if let about = about(finding) { text.addRow(bullet, about) }
    if marks.isEmpty {
      for related in diagnostic.related {
        text.addRow(bullet, paint.bold("note:"), " ", Escaping.terminal(related.message))
      }
    }
    for related in finding.located?.related ?? [] {
      guard let file = related.file else { continue }
      let place = "\(file):\(related.start.line):\(related.start.column)"
      text.addRow(
        bullet, paint.bold("see:"), " ", Escaping.terminal("\(place): \(related.message)"))
    }
    if let help = diagnostic.help {
      text.addRow(bullet, paint.help("help:"), " ", Escaping.terminal(help))
    }
    for note in diagnostic.notes {
      text.addRow(bullet, paint.bold("note:"), " ", Escaping.terminal(note))
    }
    text += "\n"
  }

  /// `field: spec.replicas of Deployment shop/web`
  private func about(_ finding: Finding) -> String? {
    let field = finding.diagnostic.path.description
    let owner = finding.document.flatMap { $0.kind == nil ? nil : $0.title }
    let text: String
    switch (field.isEmpty, owner) {
    case (true, nil): return nil
    case (true, let owner?): text = "object: \(owner)"
    case (false, nil): text = "field: \(field)"
    case (false, let owner?): text = "field: \(field) of \(owner)"
    }
    return Escaping.terminal(text)
  }

  private func marks(of finding: Finding) -> [Excerpt.Mark] {
    guard let source = finding.file.source, let lines = finding.file.lines,
      let located = finding.located
    else { return [] }
    let first = Excerpt.Mark(span: clamped(located.span, to: source), isPrimary: true, label: "")
    return [first]
      + located.related.filter { $0.file == nil }.map { related in
        let start = lines.offset(of: related.start, in: source)
        let end = max(start, lines.offset(of: related.end, in: source))
        return Excerpt.Mark(
          span: Span(start: start, end: end), isPrimary: false,
          label: Escaping.terminal(related.message))
      }
  }

  private func clamped(_ span: Span, to source: SourceText) -> Span {
    let last = UInt32(clamping: source.count)
    return Span(start: min(span.start, last), end: min(max(span.start, span.end), last))
  }

  private func lastLine(of finding: Finding, _ marks: [Excerpt.Mark]) -> Int {
    guard let lines = finding.file.lines else { return finding.start?.line ?? 1 }
    let last = marks.map { lines.line(of: $0.span.start) }.max() ?? 1
    return max(last, finding.start?.line ?? 1)
  }
}

extension String {
  /// Begins a row with these pieces.
  mutating func addRow(_ pieces: String...) {
    self += "\n"
    for piece in pieces { self += piece }
  }
}

extension LineTable {
  /// The byte at `position`; the end of its line where the line is shorter.
  func offset(of position: Position, in source: SourceText) -> UInt32 {
    guard position.line >= 1, position.line <= lineCount else {
      return UInt32(clamping: source.count)
    }
    let line = span(ofLine: position.line)
    var at = Int(line.start)
    if at == 0, source.count >= 3, source.bytes[0] == 0xEF, source.bytes[1] == 0xBB { at = 3 }
    var column = 1
    while at < Int(line.end), column < position.column {
      at += 1
      while at < Int(line.end), source.bytes[at] & 0xC0 == 0x80 { at += 1 }
      column += 1
    }
    return UInt32(clamping: at)
  }
}
