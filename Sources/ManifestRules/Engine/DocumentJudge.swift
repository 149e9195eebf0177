import ManifestModel
import ManifestSchema
import ManifestSyntax

/// What one version of Kubernetes says about one object.
struct Verdict {
  var diagnostics: [Diagnostic] = []
  /// Why the object could not be judged.
  var skipReason: String?
  /// A value that a `${VAR}` kept from being judged.
  var placeholder: NodeID?
}

/// Judges objects by the schema and rules of one Kubernetes version.
final class DocumentJudge {
  private let schema: Schema
  private let defaulter: Defaulter
  /// The kinds whose foreign schemas have been looked for, and why one cannot be used.
  private var lookedUp: [GroupVersionKind: Diagnostic?] = [:]
  /// What is wrong with kinds that are not served, for whole documents; nil where nothing can be
  /// said, as of most custom ones.
  private var strangers: [GroupVersionKind: Diagnostic?] = [:]
  /// Which of the judges that share the names of kinds this is, from 0.
  private let number: Int
  /// What has been looked up about kinds holds for this many foreign schemas.
  private var generation = 0
  private let context: ValidationContext
  private var options: ValidationOptions { context.options }

  init(version: KubernetesVersion, number: Int = 0, context: ValidationContext) {
    self.number = number
    schema = Schema(version: version)
    defaulter = Defaulter(schema: schema)
    context.customKinds.install(into: schema)
    self.context = context
  }

  /// Judges the object at `object.node`, which is of the kind that it or its list names.
  func judge(
    _ tree: Tree, _ object: ObjectInDocument, _ named: NamedKind?, isPatch: Bool
  ) -> Verdict {
    let node = object.node
    guard let named else {
      // A patch may leave its target to the kustomization.
      return Verdict(skipReason: "a patch that names no kind")
    }
    if options.allowsPlaceholders, tree.hasPlaceholders, let open = openKind(tree, node) {
      return Verdict(skipReason: "a kind that is filled later", placeholder: open)
    }
    if let verdict = list(named.gvk, tree, node) { return verdict }
    let schemaTrouble = lookUp(named.gvk, tree, node)
    guard let known = find(named) else {
      if !schemaTrouble.isEmpty { return Verdict(diagnostics: schemaTrouble) }
      return unknown(named, tree, node)
    }
    var mode = SchemaChecker.Mode()
    mode.isPatch = isPatch
    mode.allowsPlaceholders = options.allowsPlaceholders
    let findings = check(tree, node, known, mode)
    var verdict = Verdict(diagnostics: schemaTrouble + findings.diagnostics)
    verdict.placeholder = findings.placeholder
    if !isPatch, named.isDefinition {
      verdict.diagnostics += CustomKinds.read(tree, root: node).diagnostics
    }
    if options.rules, !isPatch, !findings.hasTypeErrors {
      let found = rules(tree, object, known, named)
      verdict.diagnostics += found.diagnostics
      verdict.placeholder = verdict.placeholder ?? found.placeholder
    }
    if options.warnings, let removal = known.removal {
      verdict.diagnostics += deprecated(removal, tree, node)
    }
    return verdict
  }

  /// What is known of a kind; nil where this version does not serve it.
  private func find(_ named: NamedKind) -> KnownKind? {
    if number < named.known.count, let known = named.known[number],
      known.generation == generation
    {
      return known
    }
    guard let kind = schema.kind(apiVersion: named.apiVersion, kind: named.kind) else { return nil }
    let known = KnownKind(kind, schema, generation: generation)
    while named.known.count <= number { named.known.append(nil) }
    named.known[number] = known
    return known
  }

  /// What the schema finds: the tables, or what describes a custom kind.
  private func check(
    _ tree: Tree, _ node: NodeID, _ known: KnownKind, _ mode: SchemaChecker.Mode
  ) -> CustomChecker.Findings {
    if let custom = known.custom { return custom.findings(tree, node, mode: mode) }
    var checker = SchemaChecker(schema: schema, tree: tree, mode: mode)
    checker.checkObject(node, known.kind.type)
    return CustomChecker.Findings(
      diagnostics: checker.diagnostics, placeholder: checker.placeholder,
      hasTypeErrors: checker.hasTypeErrors)
  }

  /// What is wrong with the foreign schema of the object's kind; looks for it when the kind is met
  /// for the first time.
  private func lookUp(_ gvk: GroupVersionKind, _ tree: Tree, _ node: NodeID) -> [Diagnostic] {
    guard !context.schemaLocations.isEmpty else { return [] }
    // A file of thousands of made-up kinds must not grow the memory without end.
    if lookedUp.count >= 4096 { lookedUp.removeAll() }
    if lookedUp[gvk] == nil { lookedUp[gvk] = .some(install(gvk)) }
    guard var trouble = lookedUp[gvk] ?? nil else { return [] }
    trouble.path = tree.path(to: node).field("kind")
    return [trouble]
  }

  /// Makes the foreign schema of `gvk` known, where there is one; returns why it cannot be used.
  private func install(_ gvk: GroupVersionKind) -> Diagnostic? {
    let found = SchemaLocation.find(
      gvk, version: schema.version, in: context.schemaLocations,
      isEmbedded: schema.kind(apiVersion: gvk.apiVersion, kind: gvk.kind) != nil,
      load: context.loadSchema)
    guard case .schema(let kinds, let path, let trouble) = found else { return nil }
    kinds.install(into: schema)
    generation += 1
    guard let first = trouble.first(where: { $0.severity == .error }) else { return nil }
    return Diagnostic(
      "CRD-27", .error, .invalid, at: .root,
      "the schema in '\(path)' cannot be used: \(first.message)", help: first.help)
  }

  /// What the semantic rules find in an object that could be decoded.
  private func rules(
    _ tree: Tree, _ object: ObjectInDocument, _ known: KnownKind, _ named: NamedKind
  ) -> Verdict {
    // Defaults of the new object would look like a part of the update, so it is copied first.
    let pair = context.stored.pair(for: object, in: tree)
    if let pair, let found = update(pair.old, pair.new, known.kind, object.prefix) {
      return Verdict(diagnostics: found)
    }
    let keys = KeySketch(of: .tree(tree, object.node))
    ObjectSkeleton.complete(tree, at: object.node, gvk: named.gvk, named.workload)
    defaulter.apply(to: tree, at: object.node, gvk: named.gvk, type: known.kind.type)
    let subject = ObjectSubject(
      gvk: named.gvk, node: .tree(tree, object.node), workload: named.workload, keys: keys)
    let report = RuleRunner(version: schema.version)
      .report(on: subject, prefix: object.prefix, known.rules)
    var said = report.diagnostics
    if pair != nil { said.append(Self.incomparable(tree, object, known.kind)) }
    if !options.warnings { said.removeAll { $0.severity != .error } }
    return Verdict(diagnostics: said, placeholder: report.placeholder)
  }

  /// What the rules say of `new` when it replaces `old`; nil where the two cannot be compared.
  private func update(
    _ old: Tree, _ new: Tree, _ kind: Kind, _ prefix: FieldPath
  ) -> [Diagnostic]? {
    guard old.writtenKind == kind.gvk else { return nil }
    if schema.customKind(kind.gvk) == nil {
      var checker = SchemaChecker(schema: schema, tree: old)
      checker.checkObject(.root, kind.type)
      if checker.hasTypeErrors { return nil }
    }
    let found = UpdateValidation.rules(
      old: old, new: new, kind.gvk, kind, defaulter, version: schema.version)
    return found.compactMap { diagnostic in
      guard options.warnings || diagnostic.severity == .error else { return nil }
      var diagnostic = diagnostic
      diagnostic.path = prefix + diagnostic.path
      // Offsets in the copy mean nothing in the text.
      diagnostic.span = nil
      return diagnostic
    }
  }

  private static func incomparable(
    _ tree: Tree, _ object: ObjectInDocument, _ kind: Kind
  ) -> Diagnostic {
    Diagnostic(
      "KMF-03", .warning, .warning, at: tree.path(to: object.node).field("kind"),
      "the old \(kind.gvk.kind) cannot be read as \(kind.gvk.apiVersion), so this is judged as new",
      help: "give the old object in the same apiVersion, without mistakes")
  }

  // MARK: - Kinds

  /// The `${VAR}` that keeps the object's kind from being known.
  private func openKind(_ tree: Tree, _ node: NodeID) -> NodeID? {
    [Key.apiVersion, Key.kind].lazy.compactMap { tree.value(node, $0) }
      .first { tree.isPlaceholder($0) }
  }

  /// An object of a kind that this version does not serve.
  private func unknown(_ named: NamedKind, _ tree: Tree, _ node: NodeID) -> Verdict {
    let gvk = named.gvk
    let path = tree.path(to: node)
    if let diagnostic = trouble(with: gvk, at: path) { return Verdict(diagnostics: [diagnostic]) }
    var verdict = Verdict(skipReason: "unknown kind \(gvk)")
    guard options.unknownKinds != .skip else { return verdict }
    verdict.diagnostics = [
      Diagnostic(
        "KMF-02", options.unknownKinds == .error ? .error : .warning, .unknownKind,
        at: path.field("kind"),
        "nothing is known about \(named.kind) in \(named.apiVersion), so it was not judged",
        help: "give its CustomResourceDefinition with --crds, or pass --unknown-kinds skip")
    ]
    return verdict
  }

  private func trouble(with gvk: GroupVersionKind, at path: FieldPath) -> Diagnostic? {
    if let known = strangers[gvk], known == nil || path == .root { return known }
    let diagnostic = KindAdvice(schema: schema).diagnostic(for: gvk, at: path)
    if diagnostic == nil || path == .root {
      // A file of thousands of made-up kinds must not grow the memory without end.
      if strangers.count >= 4096 { strangers.removeAll() }
      strangers[gvk] = .some(diagnostic)
    }
    return diagnostic
  }

  /// A `List` that was not unfolded: it has no items, or something else in their place. nil for
  /// other kinds.
  private func list(_ gvk: GroupVersionKind, _ tree: Tree, _ node: NodeID) -> Verdict? {
    guard gvk.kind.hasSuffix("List") else { return nil }
    let isOfOneKind =
      schema.kind(apiVersion: gvk.apiVersion, kind: String(gvk.kind.dropLast(4))) != nil
    guard isOfOneKind || gvk.kind == "List" && gvk.apiVersion == "v1" else { return nil }
    let items = tree.value(node, "items")
    if let items, tree.kind(items) != .null, tree.kind(items) != .sequence {
      return Verdict(diagnostics: [
        Diagnostic(
          "DEC-14", .error, .typeInvalid, at: tree.path(to: items),
          "the items of a list must be a list", help: "begin each object with '- '", anchor: .key)
      ])
    }
    guard items.map(tree.count) ?? 0 == 0 else { return nil }
    return Verdict(skipReason: "a list without items")
  }

  private func deprecated(_ removal: Removal, _ tree: Tree, _ node: NodeID) -> [Diagnostic] {
    guard let since = removal.deprecatedIn, schema.version >= since else { return [] }
    let end = removal.removedIn.map { "and gone in \($0)" } ?? "and will go"
    return [
      Diagnostic(
        "WRN-58", .warning, .warning, at: tree.path(to: node).field("apiVersion"),
        "\(removal.gvk.kind) in \(removal.gvk.apiVersion) is deprecated since \(since) \(end)",
        help: removal.replacement.map { "use \($0)" })
    ]
  }
}

/// Joins the verdicts of several versions: what any of them finds is found.
enum Verdicts {
  static func merged(
    _ judges: [DocumentJudge], _ judge: (DocumentJudge) -> Verdict
  ) -> Verdict {
    guard let first = judges.first else { return Verdict() }
    var result = judge(first)
    if judges.count == 1 { return result }
    let verdicts = judges.dropFirst().map(judge)
    var seen = Set(result.diagnostics.map(Finding.init))
    for verdict in verdicts {
      for diagnostic in verdict.diagnostics where seen.insert(Finding(diagnostic)).inserted {
        result.diagnostics.append(diagnostic)
      }
      if verdict.skipReason == nil { result.skipReason = nil }
      result.placeholder = result.placeholder ?? verdict.placeholder
    }
    return result
  }

  private struct Finding: Hashable {
    let code: String
    let path: FieldPath
    let reason: Diagnostic.Reason
    init(_ diagnostic: Diagnostic) {
      code = diagnostic.code
      path = diagnostic.path
      reason = diagnostic.reason
    }
  }
}
