import Glibc
import ManifestRules
import ManifestSyntax

/// What the reports of a lint run are made from, and what is noted on the way.
struct LintProgress {
  var run: ValidationRun.Progressing
  /// Known findings, to be left out.
  var baseline: Baseline?
  /// A baseline to write.
  var written: Baseline?
  /// Findings by rule, where somebody asks for them.
  var statistics: FindingStatistics?
  /// Which suppressions of the configuration left something out.
  private(set) var usedSuppressions: Set<Int> = []
  /// The results as they came, where they are to be kept.
  var results: [FileResult]?
  /// The folder that baselines name files from.
  let baselineFolder: String
  private let workingFolder = Repository.workingFolder

  /// Reports on a file; returns whether anybody still listens.
  mutating func take(_ file: FileResult) -> Bool {
    var file = file
    results?.append(file)
    usedSuppressions.formUnion(file.usedSuppressions)
    if written != nil || baseline != nil {
      let path = FilePaths.normalized(FilePaths.join(workingFolder, file.file))
      let name = FilePaths.relative(path, to: baselineFolder)
      written?.note(file, name: name)
      baseline?.strip(&file, name: name)
    }
    statistics?.add(file)
    return run.take(file)
  }

  /// Reports what is in the baseline and nowhere else.
  mutating func takeStale(_ path: String, _ source: SourceText?, _ selection: AdviceSelection) {
    let rule = AdviceRegistry.unusedSuppression
    guard let baseline, let source, selection.isOn(rule) else { return }
    let stale = baseline.stale(selection) { name in
      access(FilePaths.join(baselineFolder, name), F_OK) == 0
    }
    if stale.isEmpty { return }
    var result = FileResult(file: path)
    let lines = LineTable(source)
    result.source = source
    result.lines = lines
    let severity = selection.severity(of: rule, file: path)
    let diagnostics = stale.map { entry in
      let span = lines.span(ofLine: max(1, entry.line))
      let diagnostic = Diagnostic(
        rule.code, severity, .advice, at: .root,
        "the baseline knows a finding \(entry.code) in \(entry.file) that is gone",
        help: "write the baseline anew: --write-baseline \(path)", span: span)
      return LocatedDiagnostic(
        diagnostic, span: span, start: lines.position(of: span.start),
        end: lines.position(of: span.start), byteOffset: Int(span.start))
    }
    result.documents = [
      DocumentResult(document: 0, line: 1, status: .valid, diagnostics: diagnostics)
    ]
    statistics?.add(result)
    _ = run.take(result)
  }

  /// Reports what there is to say about the suppressions of the configuration.
  mutating func take(_ remarks: SuppressionRemarks) {
    for result in remarks.results(used: usedSuppressions) {
      statistics?.add(result)
      _ = run.take(result)
    }
  }
}
