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
  /// The empty reports of all rules, by version and by their numbers in the registry.
  private let prototypes: [[AdviceReport]]
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
    prototypes = zip(versions, schemas).map { version, schema in
      Self.prototypes(universe, selection, version, schema)
    }
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
    var run = DocumentAdvice(file: file, document: document, advice: [])
    for entry in rules.source where isOn(entry, file) {
      run.apply(nil, report(entry, document.tree, nil, number, file)) {
        entry.rule.check(document, into: &$0)
      }
    }
    for object in document.objects where !file.isPatch {
      let keys = KeySketch(of: object)
      let kind = rules.kind(object.kind)
      for entry in kind.object where keys.mayMeet(entry.needs) && isOn(entry, file) {
        run.apply(object.position, report(entry, object, number, file)) {
          entry.rule.check(object, into: &$0)
        }
      }
      for entry in kind.universe where keys.mayMeet(entry.needs) && isOn(entry, file) {
        run.apply(object.position, report(entry, object, number, file)) {
          entry.rule.check(object, in: universe, into: &$0)
        }
      }
      guard let pod = universe.pod(of: object) else { continue }
      for entry in rules.pod where keys.mayMeet(entry.needs) && isOn(entry, file) {
        run.apply(object.position, report(entry, object, number, file)) {
          entry.rule.check(pod, into: &$0)
        }
      }
      for entry in rules.podUniverse where keys.mayMeet(entry.needs) && isOn(entry, file) {
        run.apply(object.position, report(entry, object, number, file)) {
          entry.rule.check(pod, in: universe, into: &$0)
        }
      }
    }
    advice += run.settled()
  }

  private func isOn<Rule>(_ entry: AdviceEntry<Rule>, _ file: AdviceFile) -> Bool {
    !hasOverrides || selection.isOn(prototypes[0][entry.number].rule, file: file.name)
  }

  /// Whether a rule runs over a file.
  func isOn(_ rule: AdviceDescription, _ file: AdviceFile) -> Bool {
    selection.isOn(rule, file: file.name)
  }

  /// How grave a finding of a rule is in a file.
  func severity(of rule: AdviceDescription, _ file: AdviceFile) -> Diagnostic.Severity {
    selection.severity(of: rule, file: file.name)
  }

  private func report<Rule>(
    _ entry: AdviceEntry<Rule>, _ object: AdviceObject, _ version: Int, _ file: AdviceFile
  ) -> AdviceReport {
    report(entry, object.tree, object.place, version, file)
  }

  /// A report for a rule; but for the places all of it was worked out beforehand.
  private func report<Rule>(
    _ entry: AdviceEntry<Rule>, _ tree: Tree?, _ fallback: NodeRef?, _ version: Int,
    _ file: AdviceFile
  ) -> AdviceReport {
    var report = prototypes[version][entry.number]
    report.tree = tree
    report.fallback = fallback
    if hasOverrides { report.severity = selection.severity(of: report.rule, file: file.name) }
    return report
  }

  private static func prototypes(
    _ universe: Universe, _ selection: AdviceSelection, _ version: KubernetesVersion,
    _ schema: Schema
  ) -> [AdviceReport] {
    AdviceRegistry.all.map { rule in
      let about = rule.about
      let isPodSecurity = about.family == "PSB" || about.family == "PSR"
      let version = isPodSecurity ? selection.podSecurityVersion ?? version : version
      return AdviceReport(
        version: version, schema: schema, universe: universe,
        rule: PreparedRule(about, selection))
    }
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

  /// - Parameter position: the object that is judged; nil where it is the document as a whole.
  mutating func apply(
    _ position: Int?, _ report: AdviceReport, _ check: (inout AdviceReport) -> Void
  ) {
    var report = report
    check(&report)
    if report.diagnostics.isEmpty { return }
    for diagnostic in report.diagnostics {
      advice.append(
        Linter.Advice(
          document: document.number, position: position ?? self.position(of: diagnostic),
          diagnostic: diagnostic))
    }
    let lintCodes = report.prepared.superseded
    guard !lintCodes.isEmpty else { return }
    for diagnostic in report.diagnostics {
      superseded.append((lintCodes, line(of: diagnostic)))
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
