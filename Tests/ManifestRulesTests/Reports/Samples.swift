import ManifestRules
import ManifestSyntax

/// Results as a run would make them, from a source and the texts that its findings point at.
struct Sample {
  var file: FileResult

  init(_ name: String, _ text: String) {
    let source = SourceText(name: name, text)
    file = FileResult(file: name, source: source, lines: LineTable(source))
  }

  /// Adds a document; the diagnostics added next belong to it.
  mutating func document(
    _ kind: String?, _ name: String?, namespace: String? = nil, line: Int = 1,
    _ status: DocumentResult.Status = .valid, skip: String? = nil
  ) {
    var document = DocumentResult(document: file.documents.count, line: line, status: status)
    document.apiVersion = kind == nil ? nil : "apps/v1"
    document.kind = kind
    document.name = name
    document.namespace = namespace
    document.skipReason = skip
    file.documents.append(document)
  }

  /// Adds a diagnostic at the `turn`-th place where the source says `excerpt`.
  mutating func finding(
    _ diagnostic: Diagnostic, at excerpt: String, turn: Int = 0,
    related: [(message: String, at: String)] = []
  ) {
    guard let source = file.source, let lines = file.lines else { return }
    let span = Self.span(of: excerpt, turn: turn, in: source)
    let places = related.map { related in
      let span = Self.span(of: related.at, turn: 0, in: source)
      return LocatedDiagnostic.Related(
        message: related.message, start: lines.position(of: span.start),
        end: lines.position(of: span.end))
    }
    file.documents[file.documents.count - 1].diagnostics.append(
      LocatedDiagnostic(
        diagnostic, span: span, start: lines.position(of: span.start),
        end: lines.position(of: span.end), byteOffset: Int(span.start), related: places))
  }

  static func span(of excerpt: String, turn: Int, in source: SourceText) -> Span {
    let all = Array(source.bytes)
    let part = Array(excerpt.utf8)
    var left = turn
    for start in 0...max(0, all.count - part.count)
    where all.dropFirst(start).prefix(part.count).elementsEqual(part) {
      if left == 0 { return Span(start: UInt32(start), end: UInt32(start + part.count)) }
      left -= 1
    }
    return Span(start: 0, end: 0)
  }

  /// What `format` prints for `files`.
  static func report(
    _ format: any ReportFormat.Type, _ files: [FileResult],
    _ change: (inout ReportOptions) -> Void = { _ in }
  ) -> String {
    var options = ReportOptions()
    options.toolVersion = "1.2.3"
    change(&options)
    var report = format.init(options)
    var summary = RunSummary()
    var text = report.begin()
    for file in files {
      summary.add(file)
      text += report.add(file)
    }
    summary.durationMilliseconds = 12
    return text + report.end(summary)
  }

  /// Two files that exercise what the formats can say.
  static var shop: [FileResult] {
    var web = Sample(
      "shop/web.yaml",
      """
      kind: Deployment
      metadata: {name: web}
      spec:
        replicas: "3"
        selector: a
        replicsa: 4
      ---
      kind: Widget
      ---
      kind: Service
      """)
    web.document("Deployment", "web", namespace: "shop", .invalid)
    web.finding(
      Diagnostic(
        "DEC-09", .error, .typeInvalid, at: "spec.replicas",
        "expected a whole number, found string '3'",
        help: "remove the quotes", notes: ["the server does not convert text to numbers"],
        fixes: [
          FixIt(
            "write `3`", safety: .safe,
            edits: [.replace(Self.span(of: "\"3\"", turn: 0, in: web.source), with: "3")])
        ]), at: "\"3\"")
    web.finding(
      Diagnostic("DEC-02", .warning, .unknownField, at: "spec.replicsa", "no such field"),
      at: "replicsa", related: [("meant this one?", "replicas")])
    web.document("Widget", nil, line: 8, .skipped, skip: "unknown kind")
    web.document("Service", "web", line: 10)
    var gone = FileResult(file: "shop/gone.yaml")
    gone.failure = Diagnostic(
      "IO-01", .error, .notFound, at: .root, "the file vanished while it was read")
    var values = FileResult(file: "shop/values.yaml")
    values.skipReason = "not a Kubernetes manifest"
    return [web.file, gone, values]
  }

  var source: SourceText { file.source ?? SourceText("") }
}

extension Sample {
  /// All that a file has to say.
  static func diagnostics(_ file: FileResult) -> [Diagnostic] {
    (file.failure.map { [$0] } ?? [])
      + file.documents.flatMap { $0.diagnostics.map(\.diagnostic) }
  }
}
