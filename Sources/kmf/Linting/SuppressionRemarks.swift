import InputFiles
import ManifestRules
import ManifestSyntax

/// What there is to say about the suppressions of the configuration: that one is out of date, gives
/// no reason, or leaves nothing out.
struct SuppressionRemarks {
  let policy: SuppressionPolicy
  let selection: AdviceSelection
  /// Whether all files were judged; else nobody knows whether a suppression is of use elsewhere.
  let isWhole: Bool

  init(_ settings: LintSettings, isWhole: Bool) {
    policy = settings.policy
    selection = settings.selection
    self.isWhole = isWhole
  }

  /// The findings about the files of the configuration.
  ///
  /// - Parameter used: the suppressions that left something out.
  func results(used: Set<Int>) -> [FileResult] {
    let remarks = policy.remarks(selection, used: isWhole ? used : nil)
    var results: [FileResult] = []
    let byFile = Dictionary(grouping: remarks, by: \.place.file)
    for (path, remarks) in byFile.sorted(by: { $0.key < $1.key }) {
      guard let source = try? SourceReader.read(Input(path: path)) else { continue }
      let lines = LineTable(source)
      var result = FileResult(file: path, source: source, lines: lines)
      let diagnostics = remarks.sorted { $0.place.line < $1.place.line }.map { remark in
        var diagnostic = remark.diagnostic
        var span = lines.span(ofLine: min(max(1, remark.place.line), lines.lineCount))
        let offset = UInt32(clamping: max(0, remark.place.column - 1))
        span.start = min(span.end, span.start &+ offset)
        span.end = span.start
        diagnostic.span = span
        let start = lines.position(of: span.start)
        return LocatedDiagnostic(
          diagnostic, span: span, start: start, end: start, byteOffset: Int(span.start))
      }
      result.documents = [
        DocumentResult(document: 0, line: 1, status: .valid, diagnostics: diagnostics)
      ]
      results.append(result)
    }
    return results
  }
}
