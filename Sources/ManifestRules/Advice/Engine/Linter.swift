import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Runs the lint rules over the files of a universe.
///
/// A linter belongs to one thread; workers share the universe and have one each.
public final class Linter {
  private let universe: Universe
  private let selection: AdviceSelection
  private let versions: [KubernetesVersion]
  private let schemas: [Schema]
  private let rules: AdviceLists
  private let hasOverrides: Bool
  private let rendered: RenderedAdvice?

  /// - Parameter rendered: what kustomizations of the universe come to.
  public init(
    _ universe: Universe, selection: AdviceSelection, versions: [KubernetesVersion] = [.latest],
    rendered: RenderedAdvice? = nil
  ) {
    self.universe = universe
    self.rendered = rendered
    self.selection = selection
    self.versions = versions
    schemas = versions.map(Schema.init(version:))
    hasOverrides = !selection.overrides.isEmpty
    rules = AdviceLists(selection)
  }

  /// What one object of a file is told, or its document as a whole.
  public struct Advice: Sendable {
    /// Which document, from 0.
    public var document: Int
    /// Which object of the document, from 0.
    public var position: Int
    public var diagnostic: Diagnostic
  }

  /// What the rules have to say about a file, each thing once.
  public func advice(on file: AdviceFile) -> [Advice] {
    let written = writtenAdvice(on: file)
    return rendered?.settled(written, on: file) ?? written
  }

  /// What they have to say about the text alone.
  func writtenAdvice(on file: AdviceFile) -> [Advice] {
    var advice: [Advice] = []
    for number in versions.indices {
      for document in file.documents { advise(document, in: file, number, &advice) }
    }
    guard versions.count > 1 else { return advice }
    var seen: Set<Said> = []
    return advice.filter { seen.insert(Said($0)).inserted }
  }

  private struct Said: Hashable {
    var code: String
    var span: Span?
    var message: String
    init(_ advice: Advice) {
      code = advice.diagnostic.code
      span = advice.diagnostic.span
      message = advice.diagnostic.message
    }
  }

  private func advise(
    _ document: AdviceDocument, in file: AdviceFile, _ number: Int, _ advice: inout [Advice]
  ) {
    guard let first = rules.first else { return }
    var run = DocumentAdvice(file: file, document: document, advice: [])
    var report = AdviceReport(
      version: versions[number], schema: schemas[number], universe: universe, rule: first)
    report.tree = document.tree
    for entry in rules.source where turn(&report, to: entry.prepared, number, file) {
      entry.rule.check(document, into: &report)
      run.take(&report, nil)
    }
    for object in document.objects where !file.isPatch {
      report.tree = object.tree
      report.fallback = object.place
      advise(object, file, number, &report, &run)
    }
    advice += run.settled()
  }

  private func advise(
    _ object: AdviceObject, _ file: AdviceFile, _ number: Int, _ report: inout AdviceReport,
    _ run: inout DocumentAdvice
  ) {
    let keys = KeySketch(of: object.node)
    let kind = rules.kind(object.kind)
    forEach(kind.object, keys, number, file, object, &report, &run) { rule, report in
      rule.check(object, into: &report)
    }
    forEach(kind.universe, keys, number, file, object, &report, &run) { rule, report in
      rule.check(object, in: universe, into: &report)
    }
    guard let pod = universe.pod(of: object) else { return }
    forEach(rules.pod, keys, number, file, object, &report, &run) { rule, report in
      rule.check(pod, into: &report)
    }
    forEach(rules.podUniverse, keys, number, file, object, &report, &run) { rule, report in
      rule.check(pod, in: universe, into: &report)
    }
  }

  /// Runs those of `entries` that may have something to say of an object with `keys`.
  @inline(__always)
  private func forEach<Rule>(
    _ entries: [AdviceEntry<Rule>], _ keys: KeySketch, _ number: Int, _ file: AdviceFile,
    _ object: AdviceObject, _ report: inout AdviceReport, _ run: inout DocumentAdvice,
    check: (Rule, inout AdviceReport) -> Void
  ) {
    // In a loop over the array, references would be counted for every rule.
    entries.withUnsafeBufferPointer { entries in
      for index in entries.indices
      where keys.mayMeet(entries[index].needs)
        && turn(&report, to: entries[index].prepared, number, file)
      {
        check(entries[index].rule, &report)
        run.take(&report, object.position)
      }
    }
  }

  /// Makes the report that of a rule; false where the rule does not run over the file.
  private func turn(
    _ report: inout AdviceReport, to rule: PreparedRule, _ number: Int, _ file: AdviceFile
  ) -> Bool {
    var severity = rule.severity
    if hasOverrides {
      guard selection.isOn(rule.about, file: file.name) else { return false }
      severity = selection.severity(of: rule.about, file: file.name)
    }
    report.turn(to: rule, rule.version ?? versions[number], severity)
    return true
  }

  /// Whether a rule runs over a file.
  func isOn(_ rule: AdviceDescription, _ file: AdviceFile) -> Bool {
    isOn(rule, named: file.name)
  }

  /// Whether a rule runs over a file of this name.
  func isOn(_ rule: AdviceDescription, named file: String) -> Bool {
    selection.isOn(rule, file: file)
  }

  /// How grave a finding of a rule is in a file.
  func severity(of rule: AdviceDescription, _ file: AdviceFile) -> Diagnostic.Severity {
    severity(of: rule, named: file.name)
  }

  /// How grave a finding of a rule is in a file of this name.
  func severity(of rule: AdviceDescription, named file: String) -> Diagnostic.Severity {
    selection.severity(of: rule, file: file)
  }
}

/// The findings of one document while its rules run.
private struct DocumentAdvice {
  let file: AdviceFile
  let document: AdviceDocument
  var advice: [Linter.Advice]
  private var superseded: [(codes: [String], line: Int)] = []

  init(file: AdviceFile, document: AdviceDocument, advice: [Linter.Advice]) {
    self.file = file
    self.document = document
    self.advice = advice
  }

  /// Takes what a rule found.
  ///
  /// - Parameter position: the object that is judged; nil where it is the document as a whole.
  mutating func take(_ report: inout AdviceReport, _ position: Int?) {
    guard report.hasFindings else { return }
    let rule = report.prepared
    var found = report.takeDiagnostics()
    // Taken off the end, they need not be copied.
    found.reverse()
    while let diagnostic = found.popLast() {
      if !rule.superseded.isEmpty { superseded.append((rule.superseded, line(of: diagnostic))) }
      let position = position ?? self.position(of: diagnostic)
      advice.append(
        Linter.Advice(
          document: document.number, position: position, diagnostic: diagnostic))
    }
  }

  /// The object of a list that a finding is in.
  private func position(of diagnostic: Diagnostic) -> Int {
    guard document.objects.count > 1, let start = diagnostic.span?.start else { return 0 }
    let before = document.objects.last { object in
      object.node.treeNode.map { $0.tree.span($0.id).start <= start } ?? false
    }
    return before?.position ?? 0
  }

  private func line(of diagnostic: Diagnostic) -> Int {
    document.source.lineFeeds(in: 0..<min(Int(diagnostic.span?.start ?? 0), document.source.count))
  }

  /// The findings without those that a stricter rule repeats.
  func settled() -> [Linter.Advice] {
    guard !superseded.isEmpty else { return advice }
    return advice.filter { item in
      let candidates = superseded.filter { $0.codes.contains(item.diagnostic.code) }
      guard !candidates.isEmpty else { return true }
      let line = line(of: item.diagnostic)
      return !candidates.contains { $0.line == line }
    }
  }
}
