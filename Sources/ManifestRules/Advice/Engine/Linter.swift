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
  private let rules: RuleLists
  private let hasOverrides: Bool

  public init(
    _ universe: Universe, selection: AdviceSelection, versions: [KubernetesVersion] = [.latest]
  ) {
    self.universe = universe
    self.selection = selection
    self.versions = versions
    schemas = versions.map(Schema.init(version:))
    hasOverrides = !selection.overrides.isEmpty
    rules = RuleLists(selection)
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
    var advice: [Advice] = []
    for (version, schema) in zip(versions, schemas) {
      for document in file.documents { advise(document, in: file, version, schema, &advice) }
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
    _ document: AdviceDocument, in file: AdviceFile, _ version: KubernetesVersion,
    _ schema: Schema, _ advice: inout [Advice]
  ) {
    var run = DocumentAdvice(file: file, document: document, advice: [])
    for rule in rules.source where isOn(rule, file) {
      run.apply(rule, nil, report(rule, document.tree, nil, version, schema, file)) {
        rule.check(document, into: &$0)
      }
    }
    for object in document.objects where !file.isPatch {
      for rule in rules.object(object.kind) where isOn(rule, file) {
        run.apply(rule, object.position, report(rule, object, version, schema, file)) {
          rule.check(object, into: &$0)
        }
      }
      for rule in rules.universe(object.kind) where isOn(rule, file) {
        run.apply(rule, object.position, report(rule, object, version, schema, file)) {
          rule.check(object, in: universe, into: &$0)
        }
      }
      guard let pod = universe.pod(of: object) else { continue }
      for rule in rules.pod where isOn(rule, file) {
        run.apply(rule, object.position, report(rule, object, version, schema, file)) {
          rule.check(pod, into: &$0)
        }
      }
      for rule in rules.podUniverse where isOn(rule, file) {
        run.apply(rule, object.position, report(rule, object, version, schema, file)) {
          rule.check(pod, in: universe, into: &$0)
        }
      }
    }
    advice += run.settled()
  }

  private func isOn(_ rule: any AdviceRule.Type, _ file: AdviceFile) -> Bool {
    !hasOverrides || selection.isOn(rule.about, file: file.name)
  }

  /// Whether a rule runs over a file.
  func isOn(_ rule: AdviceDescription, _ file: AdviceFile) -> Bool {
    selection.isOn(rule, file: file.name)
  }

  /// How grave a finding of a rule is in a file.
  func severity(of rule: AdviceDescription, _ file: AdviceFile) -> Diagnostic.Severity {
    selection.severity(of: rule, file: file.name)
  }

  private func report(
    _ rule: any AdviceRule.Type, _ object: AdviceObject, _ version: KubernetesVersion,
    _ schema: Schema, _ file: AdviceFile
  ) -> AdviceReport {
    report(rule, object.tree, object.place, version, schema, file)
  }

  private func report(
    _ rule: any AdviceRule.Type, _ tree: Tree?, _ fallback: NodeRef?,
    _ version: KubernetesVersion, _ schema: Schema, _ file: AdviceFile
  ) -> AdviceReport {
    let about = rule.about
    let isPodSecurity = about.family == "PSB" || about.family == "PSR"
    let version = isPodSecurity ? selection.podSecurityVersion ?? version : version
    var report = AdviceReport(version: version, schema: schema, universe: universe, rule: about)
    report.tree = tree
    report.fallback = fallback
    report.settings = selection.parameters[about.code] ?? [:]
    report.severity = selection.severity(of: about, file: file.name)
    return report
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
    _ rule: any AdviceRule.Type, _ position: Int?, _ report: AdviceReport,
    _ check: (inout AdviceReport) -> Void
  ) {
    var report = report
    check(&report)
    for diagnostic in report.diagnostics {
      advice.append(
        Linter.Advice(
          document: document.number, position: position ?? self.position(of: diagnostic),
          diagnostic: diagnostic))
    }
    let lintCodes = report.rule.supersedes.filter { !$0.contains("-") }
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

/// The rules that are on anywhere, by what they look at.
private struct RuleLists {
  var source: [any SourceAdvice.Type] = []
  var pod: [any PodAdvice.Type] = []
  var podUniverse: [any PodUniverseAdvice.Type] = []
  private var objectByKind: [String: [any ObjectAdvice.Type]] = [:]
  private var anyObject: [any ObjectAdvice.Type] = []
  private var universeByKind: [String: [any UniverseAdvice.Type]] = [:]
  private var anyUniverse: [any UniverseAdvice.Type] = []

  init(_ selection: AdviceSelection) {
    for rule in AdviceRegistry.all {
      let about = rule.about
      let isWanted =
        selection.isOn(about)
        || selection.overrides.contains { AdviceSelection.matches(about, $0.select) }
      if isWanted { add(rule) }
    }
  }

  private mutating func add(_ rule: any AdviceRule.Type) {
    if let rule = rule as? any SourceAdvice.Type { source.append(rule) }
    if let rule = rule as? any PodAdvice.Type { pod.append(rule) }
    if let rule = rule as? any PodUniverseAdvice.Type { podUniverse.append(rule) }
    if let rule = rule as? any ObjectAdvice.Type {
      if rule.kinds.isEmpty { anyObject.append(rule) }
      for kind in rule.kinds { objectByKind[kind, default: []].append(rule) }
    }
    if let rule = rule as? any UniverseAdvice.Type {
      if rule.kinds.isEmpty { anyUniverse.append(rule) }
      for kind in rule.kinds { universeByKind[kind, default: []].append(rule) }
    }
  }

  func object(_ kind: String) -> [any ObjectAdvice.Type] {
    objectByKind[kind].map { anyObject + $0 } ?? anyObject
  }

  func universe(_ kind: String) -> [any UniverseAdvice.Type] {
    universeByKind[kind].map { anyUniverse + $0 } ?? anyUniverse
  }
}
