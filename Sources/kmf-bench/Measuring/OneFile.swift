import CBaseline
import ManifestRules
import ManifestSchema
import ManifestSyntax

/// One large file on one thread: what each stage costs beside libyaml alone.
struct OneFile {
  let source: SourceText
  let rounds: Int

  init(bytes: Int, rounds: Int) {
    source = SourceText(
      name: "generated.yaml", bytes: ManifestGenerator.stream(bytes: bytes, seed: 1))
    self.rounds = rounds
  }

  /// Measures all stages and adds them to `scores`.
  func measure(into scores: inout Scores) {
    let seconds = Rounds(
      rounds, clock: Stopwatch.cpu, [bareLibYAML, tree, schema, validate]
    ).seconds
    let megabytes = Scores.rounded(Double(source.count) / 1e6 / seconds[0])
    print("libyaml alone: \(megabytes) MB/s of \(source.count / 1_000_000) MB")
    for (what, value, target) in [
      ("one file: tree", seconds[1], 1.35),
      ("one file: tree, schema", seconds[2], 1.8),
      ("one file: validate, all rules", seconds[3], 2.5),
    ] {
      scores.add(Score(what: what, value: value / seconds[0], unit: " ×", target: target))
    }
  }

  /// Runs one stage alone, for a profiler.
  func run(stage: String) -> Bool {
    let stages = [
      "libyaml": bareLibYAML, "tree": tree, "schema": schema, "validate": validate,
    ]
    guard let work = stages[stage] else { return false }
    for _ in 0..<rounds { work() }
    return true
  }

  private func bareLibYAML() {
    let bytes = source.bytes.assumingMemoryBound(to: UInt8.self)
    let events = baseline_events(bytes.baseAddress, bytes.count)
    precondition(events > 0, "the generated manifests are no YAML")
  }

  private func tree() {
    var reader = DocumentReader(source)
    while let document = reader.next() { precondition(document.tree != nil) }
  }

  private func schema() {
    let schema = Schema()
    var reader = DocumentReader(source)
    while let document = reader.next() {
      guard let tree = document.tree, let apiVersion = tree.value(.root, "apiVersion"),
        let name = tree.value(.root, "kind"),
        let kind = schema.kind(apiVersion: tree.string(apiVersion), kind: tree.string(name))
      else { preconditionFailure("the generated manifests have a kind that no table knows") }
      var checker = SchemaChecker(schema: schema, tree: tree)
      checker.check(.root, as: kind.type)
      precondition(checker.diagnostics.isEmpty, "a generated manifest breaks its schema")
    }
  }

  private func validate() {
    let result = Validator(ValidationContext()).validate(source, isExplicit: true)
    var report = Concise(ReportOptions())
    var summary = RunSummary()
    summary.add(result)
    precondition(summary.errors == 0, report.begin() + report.add(result) + report.end(summary))
  }
}
