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
    let count = file.documents.reduce(file.failure == nil ? 0 : 1) { $0 + $1.diagnostics.count }
    guard count > 0 else { return "" }
    let secrets = Discretion.secrets(in: file)
    var text = ReportText(Paint(isOn: options.isColored), capacity: count * 512)
    file.forEachFinding { finding in
      add(finding, hiding: secrets, to: &text)
      text.add("\n\n")
    }
    return text.string
  }

  public mutating func end(_ summary: RunSummary) -> String {
    guard !options.isQuiet else { return "" }
    let severity: Diagnostic.Severity? =
      summary.errors > 0 ? .error : summary.warnings > 0 ? .warning : nil
    let paint = Paint(isOn: options.isColored, severity: severity ?? .error)
    return "\(paint("kmf", severity == nil ? .help : .primary)): \(summary.sentence(skips))\n"
  }

  private func add(_ finding: Finding, hiding secrets: [Span], to text: inout ReportText) {
    let diagnostic = finding.diagnostic
    text.paint.severity = diagnostic.severity
    addTitle(diagnostic, to: &text)
    let marks = marks(of: finding)
    let gutter = ReportText.digitCount(lastLine(of: finding, marks))
    addPlace(finding, gutter: gutter, to: &text)
    if let source = finding.file.source, let lines = finding.file.lines, !marks.isEmpty {
      let width = max(24, options.width - gutter - 3)
      var excerpt = Excerpt(source: source, lines: lines, width: width)
      excerpt.hidesValues = Discretion.isCalledFor(
        kind: finding.document?.kind, path: diagnostic.path, in: source)
      excerpt.hidden = secrets
      excerpt.addBar(nil, gutter: gutter, to: &text)
      excerpt.add(marks, gutter: gutter, to: &text)
    }
    addField(finding, gutter: gutter, to: &text)
    if marks.isEmpty {
      for related in diagnostic.related {
        addRemark("note:", .bold, related.message, gutter: gutter, to: &text)
      }
    }
    for related in finding.located?.related ?? [] {
      guard let file = related.file else { continue }
      let place = "\(file):\(related.start.line):\(related.start.column)"
      addRemark("see:", .bold, "\(place): \(related.message)", gutter: gutter, to: &text)
    }
    if let help = diagnostic.help {
      addRemark("help:", .help, help, gutter: gutter, to: &text)
    }
    for note in diagnostic.notes { addRemark("note:", .bold, note, gutter: gutter, to: &text) }
  }

  /// `error[DEC-09]: what is wrong`
  private func addTitle(_ diagnostic: Diagnostic, to text: inout ReportText) {
    text.begin(.primary)
    text.add(text: diagnostic.severity.rawValue)
    text.add("[")
    text.add(text: diagnostic.code)
    text.add("]")
    text.endPaint()
    text.begin(.bold)
    text.add(": ")
    text.add(escaping: diagnostic.message)
    text.endPaint()
  }

  /// `--> web.yaml:3:5`
  private func addPlace(_ finding: Finding, gutter: Int, to text: inout ReportText) {
    text.add("\n")
    text.add(" ", times: gutter)
    text.add("-->", .gutter)
    text.add(" ")
    text.add(escaping: finding.file.file)
    guard let start = finding.start else { return }
    text.add(":")
    text.add(start.line)
    text.add(":")
    text.add(start.column)
  }

  /// `= field: spec.replicas of Deployment shop/web`
  private func addField(_ finding: Finding, gutter: Int, to text: inout ReportText) {
    let field = finding.diagnostic.path.description
    let hasOwner = finding.document?.kind != nil
    if field.isEmpty, !hasOwner { return }
    addBullet(gutter: gutter, to: &text)
    if field.isEmpty {
      text.add("object: ")
    } else {
      text.add("field: ")
      text.add(escaping: field)
      if hasOwner { text.add(" of ") }
    }
    if hasOwner { finding.document?.writeTitle(to: &text) }
  }

  /// `= help: what to do`
  private func addRemark(
    _ title: StaticString, _ style: Paint.Style, _ remark: String, gutter: Int,
    to text: inout ReportText
  ) {
    addBullet(gutter: gutter, to: &text)
    text.add(title, style)
    text.add(" ")
    text.add(escaping: remark)
  }

  private func addBullet(gutter: Int, to text: inout ReportText) {
    text.add("\n")
    text.add(" ", times: gutter + 1)
    text.add("=", .gutter)
    text.add(" ")
  }

  private func marks(of finding: Finding) -> [Excerpt.Mark] {
    guard let source = finding.file.source, let lines = finding.file.lines,
      let located = finding.located
    else { return [] }
    var marks = [
      Excerpt.Mark(span: clamped(located.span, to: source), isPrimary: true, label: "")
    ]
    for related in located.related where related.file == nil {
      let start = lines.offset(of: related.start, in: source)
      let end = max(start, lines.offset(of: related.end, in: source))
      marks.append(
        Excerpt.Mark(
          span: Span(start: start, end: end), isPrimary: false, label: related.message))
    }
    return marks
  }

  private func clamped(_ span: Span, to source: SourceText) -> Span {
    let last = UInt32(clamping: source.count)
    return Span(start: min(span.start, last), end: min(max(span.start, span.end), last))
  }

  private func lastLine(of finding: Finding, _ marks: [Excerpt.Mark]) -> Int {
    guard let lines = finding.file.lines else { return finding.start?.line ?? 1 }
    return marks.reduce(finding.start?.line ?? 1) { max($0, lines.line(of: $1.span.start)) }
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
