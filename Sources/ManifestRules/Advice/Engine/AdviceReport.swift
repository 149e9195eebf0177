import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Collects what one rule finds in one document or object.
///
/// A finding points at the value that is wrong. What is missing is shown at the key of the nearest
/// existing parent that should hold it, else at the `name:` of the container or object:
/// ``missing(_:in:_:help:notes:related:fixes:)`` finds that place.
public struct AdviceReport {
  /// The version of Kubernetes that the manifests are for.
  public private(set) var version: KubernetesVersion
  /// The tables of that version.
  public let schema: Schema
  /// Every object that is known.
  public let universe: Universe
  /// The rule that speaks, and what was set for it.
  private(set) var prepared: PreparedRule
  private var severity: Diagnostic.Severity
  /// The document whose tree findings must be in.
  var tree: Tree?
  /// Where findings go that name a node of another document.
  var fallback: NodeRef?
  private(set) var diagnostics: [Diagnostic] = []

  init(
    version: KubernetesVersion, schema: Schema, universe: Universe, rule: PreparedRule
  ) {
    self.version = version
    self.schema = schema
    self.universe = universe
    prepared = rule
    severity = rule.severity
  }

  var rule: AdviceDescription { prepared.about }

  /// Goes on for another rule; what the last one found must have been taken.
  mutating func turn(
    to rule: PreparedRule, _ version: KubernetesVersion, _ severity: Diagnostic.Severity
  ) {
    prepared = rule
    self.version = version
    self.severity = severity
  }

  var hasFindings: Bool { !diagnostics.isEmpty }

  /// Hands over what was found.
  mutating func takeDiagnostics() -> [Diagnostic] {
    defer { diagnostics = [] }
    return diagnostics
  }

  // MARK: - Findings

  /// Says that the value at `node`, or the part of it at `part`, is wrong.
  ///
  /// Nothing is said about a value that a `${VAR}` fills in later.
  /// - Parameters:
  ///   - anchor: `.key` to point at the key in place of the value.
  ///   - related: other places that explain it, also in other files.
  ///   - fixes: changes with paths from the root of the document; see
  ///     ``setting(_:_:to:title:safety:)``.
  public mutating func flag(
    at node: NodeRef, _ part: FieldPath, _ message: String, help: String? = nil,
    notes: [String] = [], anchor: Diagnostic.Anchor = .value, related: [Diagnostic.Related] = [],
    fixes: [FixIt] = []
  ) {
    guard let (tree, id) = node.treeNode, self.tree == nil || tree === self.tree else {
      // Another document's node, or one that a generator made: this object has to stand for it.
      if let fallback, fallback.treeNode != nil {
        flag(at: fallback, message, help: help, notes: notes, related: related, fixes: fixes)
      }
      return
    }
    if tree.placeholder(at: part, from: id) != nil { return }
    add(
      at: node.path + part, span: tree.span(of: part, from: id, at: anchor), message, help, notes,
      anchor, related, fixes)
  }

  /// Says that the value at `node` is wrong.
  public mutating func flag(
    at node: NodeRef, _ message: String, help: String? = nil, notes: [String] = [],
    anchor: Diagnostic.Anchor = .value, related: [Diagnostic.Related] = [], fixes: [FixIt] = []
  ) {
    flag(
      at: node, .root, message, help: help, notes: notes, anchor: anchor, related: related,
      fixes: fixes)
  }

  /// Says that the field at `path` inside `node` is not there and should be.
  public mutating func missing(
    _ path: FieldPath, in node: NodeRef, _ message: String, help: String? = nil,
    notes: [String] = [], related: [Diagnostic.Related] = [], fixes: [FixIt] = []
  ) {
    let place = Self.place(ofMissing: path, in: node)
    guard let (tree, id) = place.node.treeNode, self.tree == nil || tree === self.tree else {
      return flag(at: node, message, help: help, notes: notes, related: related, fixes: fixes)
    }
    if tree.placeholder(at: path, from: node.treeNode?.id ?? .root) != nil { return }
    add(
      at: node.path + path, span: tree.span(of: .root, from: id, at: place.anchor), message, help,
      notes, .key, related, fixes)
  }

  /// Says something about bytes of the text, for trouble below the level of fields.
  public mutating func flag(
    span: Span, path: FieldPath = .root, _ message: String, help: String? = nil,
    notes: [String] = [], related: [Diagnostic.Related] = [], fixes: [FixIt] = []
  ) {
    add(at: path, span: span, message, help, notes, .value, related, fixes)
  }

  private mutating func add(
    at path: FieldPath, span: Span, _ message: String, _ help: String?, _ notes: [String],
    _ anchor: Diagnostic.Anchor, _ related: [Diagnostic.Related], _ fixes: [FixIt]
  ) {
    diagnostics.append(
      Diagnostic(
        prepared.code, severity, .advice, at: path, message, help: help, notes: notes,
        anchor: anchor, span: span, related: related, fixes: fixes))
  }

  /// What is shown for a field that is not there: the deepest part of the way to it that is, else
  /// the name of what should hold it, else its key.
  static func place(
    ofMissing path: FieldPath, in node: NodeRef
  ) -> (node: NodeRef, anchor: Diagnostic.Anchor) {
    var deepest: NodeRef?
    var part = node
    for step in path.steps {
      guard case .tree(let tree, let id) = part, let next = tree.part(step, of: id),
        !tree.isSynthetic(next.value)
      else { break }
      part = .tree(tree, next.value)
      deepest = part
    }
    if let deepest { return (deepest, .key) }
    if let name = node[.name], name.kind.isScalar { return (name, .value) }
    if let name = node[.metadata]?[.name], node[.kind] != nil { return (name, .value) }
    return (node, .key)
  }

  // MARK: - Parameters

  /// A whole number set for the rule, or its default.
  public func integer(_ name: String) -> Int {
    if case .integer(let number)? = setting(name) { return number }
    return 0
  }

  /// A number set for the rule, or its default.
  public func number(_ name: String) -> Double {
    switch setting(name) {
    case .number(let number): number
    case .integer(let number): Double(number)
    default: 0
    }
  }

  /// A text or choice set for the rule, or its default.
  public func text(_ name: String) -> String {
    if case .text(let text)? = setting(name) { return text }
    return ""
  }

  /// A list set for the rule, or its default.
  public func list(_ name: String) -> [String] {
    if case .list(let list)? = setting(name) { return list }
    return []
  }

  private func setting(_ name: String) -> AdviceSetting? {
    prepared.settings[name]
  }

  // MARK: - Help for rules

  /// A second place that explains a finding; works across files.
  public func related(
    _ message: String, at node: NodeRef, _ part: FieldPath = .root, of object: AdviceObject,
    anchor: Diagnostic.Anchor = .value
  ) -> Diagnostic.Related {
    guard let (tree, id) = node.treeNode else {
      return Diagnostic.Related(path: .root, message: message)
    }
    let span = tree.span(of: part, from: id, at: anchor)
    if tree === self.tree { return Diagnostic.Related(path: .root, span: span, message: message) }
    var related = Diagnostic.Related(path: .root, span: span, message: message)
    related.elsewhere = object.file.location(of: span)
    return related
  }

  /// A fix that sets the part of `node` at `part` to a piece of YAML; missing maps are made.
  public func setting(
    _ node: NodeRef, _ part: FieldPath = .root, to text: String, title: String,
    safety: FixIt.Safety
  ) -> FixIt {
    FixIt(title, safety: safety, edits: [.set(node.path + part, to: text)])
  }

  /// A fix that removes the part of `node` at `part`.
  public func removing(
    _ node: NodeRef, _ part: FieldPath = .root, title: String, safety: FixIt.Safety
  ) -> FixIt {
    FixIt(title, safety: safety, edits: [.remove(node.path + part)])
  }
}

/// What a linter needs to know of a rule for each object, worked out once.
final class PreparedRule: Sendable {
  let about: AdviceDescription
  let code: String
  let severity: Diagnostic.Severity
  /// The values of all parameters.
  let settings: [String: AdviceSetting]
  /// The codes of lint rules that it speaks for.
  let superseded: [String]
  /// The version that it goes by, where it is not that of the run.
  let version: KubernetesVersion?

  init(_ about: AdviceDescription, _ selection: AdviceSelection) {
    self.about = about
    code = about.code
    severity = selection.severities[about.code] ?? about.severity
    var settings: [String: AdviceSetting] = [:]
    for parameter in about.parameters { settings[parameter.name] = parameter.kind.standard }
    self.settings = settings.merging(selection.parameters[about.code] ?? [:]) { _, new in new }
    superseded = about.supersedes.filter { !$0.contains("-") }
    let isPodSecurity = about.family == "PSB" || about.family == "PSR"
    version = isPodSecurity ? selection.podSecurityVersion : nil
  }
}

/// A value set for a parameter.
public enum AdviceSetting: Hashable, Sendable {
  case integer(Int)
  case number(Double)
  case text(String)
  case list([String])
}

extension AdviceParameter.Kind {
  /// The default.
  var standard: AdviceSetting {
    switch self {
    case .integer(let number): .integer(number)
    case .number(let number): .number(number)
    case .text(let text): .text(text)
    case .choice(_, let text): .text(text)
    case .list(let list): .list(list)
    }
  }

  /// Reads a value as `--set` takes it; nil where it does not fit.
  public func setting(_ text: String) -> AdviceSetting? {
    switch self {
    case .integer: Int(text).map(AdviceSetting.integer)
    case .number: Double(text).flatMap { $0.isFinite ? .number($0) : nil }
    case .text: .text(text)
    case .choice(let words, _):
      words.contains(text)
        ? .text(text)
        : isSwitch ? ["true": "yes", "false": "no"][text].map(AdviceSetting.text) : nil
    case .list:
      .list(
        text.split(separator: ",").map { part in
          String(part.drop { $0 == " " })
        })
    }
  }

  /// Whether it is a choice of yes and no, for which YAML has words of its own.
  public var isSwitch: Bool {
    if case .choice(["yes", "no"], _) = self { return true }
    return false
  }

  /// What fits, in words.
  public var words: String {
    switch self {
    case .integer: "a whole number"
    case .number: "a number"
    case .text: "a text"
    case .choice(let words, _): "one of \(words.joined(separator: ", "))"
    case .list: "a list of texts"
    }
  }
}
