import ManifestSchema
import ManifestSyntax

/// Judges inputs, one after the other: syntax, schema, semantic rules.
///
/// A validator belongs to one thread; workers share a ``ValidationContext`` and have one each.
public final class Validator {
  fileprivate let context: ValidationContext
  fileprivate let judges: [DocumentJudge]
  fileprivate let names = KindNames()

  /// A validator for the versions that the context's options name.
  public init(_ context: ValidationContext) {
    self.context = context
    judges = context.options.versions.enumerated().map { number, version in
      DocumentJudge(version: version, number: number, context: context)
    }
  }

  /// Judges all documents of `source`.
  ///
  /// - Parameter isExplicit: The input was given by name; what is no manifest is an error then.
  public func validate(_ source: SourceText, isExplicit: Bool) -> FileResult {
    validate(source, range: 0..<source.count, isExplicit: isExplicit)
  }

  /// Judges the documents in a part of `source` made by ``SourceText/chunks(_:)``; their numbers
  /// begin at 0 in each part.
  public func validate(
    _ source: SourceText, range: Range<Int>, isExplicit: Bool
  ) -> FileResult {
    var run = FileRun(
      source: source, range: range, isExplicit: isExplicit, validator: self)
    run.read()
    return run.result()
  }

  /// Judges all documents of `source`, and hands out the objects in them as they were written.
  ///
  /// - Parameters:
  ///   - isExplicit: The input was given by name; what is no manifest is an error then.
  ///   - range: A part of `source` made by ``SourceText/chunks(_:)``.
  ///   - isKnown: The objects whose texts it knows come without their values.
  public func read(
    _ source: SourceText, range: Range<Int>? = nil, isExplicit: Bool,
    isKnown: @escaping KnownManifest = { _ in false }
  ) -> ManifestReading {
    var run = FileRun(
      source: source, range: range ?? 0..<source.count, isExplicit: isExplicit, validator: self)
    run.reading = ManifestReading(report: FileResult(file: source.name), source: source)
    run.isKnown = isKnown
    run.read()
    var reading = run.reading ?? ManifestReading(report: FileResult(file: source.name))
    reading.report = run.result()
    // A file of templates is passed over whole.
    if reading.report.documents.isEmpty { reading.objects = [] }
    return reading
  }

  /// Judges all documents of `file`, which its universe has read already, and adds what the lint
  /// rules said of them.
  ///
  /// - Parameter isRendered: The text is what a template came to, whatever it is called.
  public func validate(
    _ file: AdviceFile, isExplicit: Bool, isRendered: Bool = false, advice: SettledAdvice
  ) -> FileResult {
    let source = file.source
    var run = FileRun(
      source: source, range: 0..<source.count, isExplicit: isExplicit, validator: self)
    run.isRendered = isRendered
    run.advice = AdviceMerge(advice.advice, source, suppressed: advice.suppressed)
    run.read(file)
    return run.result()
  }

  /// The fixes of what is found in `source`, worked out for its text.
  func fixes(
    _ source: SourceText, isExplicit: Bool, includesUnsafe: Bool, advice: [Linter.Advice] = []
  ) -> [ReadyFix] {
    var run = FileRun(
      source: source, range: 0..<source.count, isExplicit: isExplicit, validator: self)
    if !advice.isEmpty { run.advice = AdviceMerge(advice, source) }
    run.collecting = includesUnsafe ? .all : .safe
    run.read()
    return run.fixes
  }
}

/// One input on its way through the validator.
private struct FileRun {
  let source: SourceText
  let range: Range<Int>
  let isExplicit: Bool
  /// What judges it. Its parts are looked at where they are: copying them for each file would show.
  let validator: Validator
  private var documents: [DocumentResult] = []
  private var skippedCount = 0
  private var hasFindings = false
  private var hasSuppressed = false
  private var locator: Locator
  private var documentNumber = 0
  private var lineFrom: Int
  private var line: Int
  private var hasPlaceholderNote = false
  private let hasPlaceholders: Bool
  /// Whether the text is what became of a template.
  var isRendered = false
  private var isTemplate = false
  /// Whether a document could not be read.
  private var isBroken = false
  /// Whether to pass over what is no manifest.
  private var passesOver: Bool { !isExplicit || validator.context.options.skipsNonManifests }
  private var nonManifests: [String] = []
  /// Which fixes to work out on the way.
  enum Collecting { case none, safe, all }
  var collecting = Collecting.none
  private(set) var fixes: [ReadyFix] = []
  /// The objects as they were written, where they are asked for.
  var reading: ManifestReading?
  /// What lint rules said; nil where only validation was asked for.
  var advice: AdviceMerge?
  var isKnown: KnownManifest = { _ in false }
  private var documentRange = 0..<0

  init(
    source: SourceText, range: Range<Int>, isExplicit: Bool, validator: Validator
  ) {
    self.source = source
    self.validator = validator
    self.range = range
    self.isExplicit = isExplicit
    locator = Locator(source)
    lineFrom = range.lowerBound
    line = 1 + source.lineFeeds(in: 0..<range.lowerBound)
    hasPlaceholders = validator.context.options.allowsPlaceholders && source.contains("${")
  }

  mutating func read() {
    if passesOver, isUnrenderedTemplate {
      isTemplate = true
      return
    }
    let substitutions = validator.context.options.substitutions
    SourceDocuments.forEach(in: source, range: range, memory: validator.names.reading) { document in
      if hasPlaceholders { document.tree?.fillPlaceholders(substitutions) }
      take(document.tree, document.diagnostics, document.span)
    }
  }

  /// Judges the documents of a file that has been read, placeholders filled and all.
  mutating func read(_ file: AdviceFile) {
    // The universe leaves templates unread; given by name they are judged nevertheless.
    if isUnrenderedTemplate { return read() }
    // Defaults are added to a tree that nobody else sees.
    var copy: Tree?
    for document in file.documents {
      if let tree = document.tree {
        if let copy { copy.become(tree) } else { copy = Tree(copying: tree) }
      }
      let span = Span(
        start: UInt32(clamping: document.range.lowerBound),
        end: UInt32(clamping: document.range.upperBound))
      take(document.tree == nil ? nil : copy, document.diagnostics, span)
    }
  }

  private var isUnrenderedTemplate: Bool {
    !isRendered && (validator.context.charts.isTemplate(source) || Charts.isAnnotated(source))
  }

  private mutating func take(
    _ tree: Tree?, _ diagnostics: [Diagnostic], _ span: Span
  ) {
    advanceLine(to: Int((tree?.documentSpan ?? span).start))
    guard let tree else {
      if diagnostics.contains(where: { $0.message.contains("template, not YAML") }) {
        isTemplate = true
      }
      isBroken = true
      add(
        DocumentResult(document: documentNumber, line: line, status: .invalid),
        diagnostics, nil)
      documentNumber += 1
      return
    }
    documentRange = Int(span.start)..<Int(span.end)
    judge(tree, diagnostics)
    documentNumber += 1
  }

  private mutating func advanceLine(to offset: Int) {
    guard offset > lineFrom else { return }
    line += source.lineFeeds(in: lineFrom..<min(offset, source.count))
    lineFrom = offset
  }

  private mutating func judge(_ tree: Tree, _ diagnostics: [Diagnostic]) {
    if tree.kind(.root).isScalar, tree.isPlaceholder(.root) {
      var result = DocumentResult(document: documentNumber, line: line, status: .valid)
      result.skipReason = "a document that is filled later"
      return add(result, diagnostics, tree, .root)
    }
    let role = validator.context.kustomizations.role(of: source.name)
    if role != nil, PatchChecks.isJSONPatch(tree) {
      var result = DocumentResult(document: documentNumber, line: line, status: .valid)
      result.kind = "JSON patch"
      return add(result, diagnostics + PatchChecks.jsonPatch(tree), tree)
    }
    for (position, object) in ObjectInDocument.objects(in: tree).enumerated() {
      var result = DocumentResult(document: documentNumber, line: line, status: .valid)
      let named = object.named(tree, validator.names)
      object.name(&result, tree, named)
      let isAlone = object.impliedKind == nil
      switch ManifestShape(
        tree, object.node, file: source.name, named: isAlone ? named : nil)
      {
      case .other(let what) where isAlone:
        notAManifest(what, result, diagnostics, tree, position)
      case .incomplete(let diagnostic) where isAlone && role == nil:
        add(result, diagnostics + [diagnostic], tree, position: position)
      default:
        note(object, tree, isPatch: role != nil)
        let verdict = Verdicts.merged(validator.judges) { judge in
          judge.judge(tree, object, named, isPatch: role != nil)
        }
        result.skipReason = verdict.skipReason
        add(
          result, diagnostics + verdict.diagnostics, tree, prefix: object.prefix,
          verdict.placeholder, position: position)
      }
    }
  }

  /// Keeps the object before defaults are added to its tree.
  private mutating func note(_ object: ObjectInDocument, _ tree: Tree, isPatch: Bool) {
    guard reading != nil else { return }
    if isPatch {
      reading?.passedOver.append("a patch")
      return
    }
    var result = DocumentResult(document: 0, line: line, status: .valid)
    object.name(&result, tree)
    let hasName = tree.value(object.node, "metadata").flatMap { tree.value($0, "name") } != nil
    var found = ManifestObject(
      value: nil, apiVersion: result.apiVersion ?? "", kind: result.kind ?? "",
      namespace: result.namespace, name: hasName ? result.name : nil, line: line,
      document: documents.count, text: nil)
    if object.node == .root {
      found.text = documentRange
      if isKnown(UnsafeRawBufferPointer(rebasing: source.bytes[documentRange])) {
        reading?.objects.append(found)
        return
      }
    }
    var value = tree.value(object.node)
    if let kind = object.impliedKind {
      value["apiVersion"] = .string(kind.apiVersion)
      value["kind"] = .string(kind.kind)
    }
    found.value = value
    reading?.objects.append(found)
  }

  /// A document that is something else: an error where it was given by name, else passed over.
  private mutating func notAManifest(
    _ what: String, _ result: consuming DocumentResult, _ diagnostics: [Diagnostic], _ tree: Tree,
    _ position: Int
  ) {
    result.skipReason = what
    nonManifests.append(what)
    guard !passesOver else {
      return add(result, diagnostics, tree, position: position)
    }
    result.skipReason = nil
    let diagnostic = Diagnostic(
      "DEC-03", .error, .notAManifest, at: .root,
      "this document is no Kubernetes object: it is \(what)",
      help: "give 'apiVersion' and 'kind', or pass --skip-non-manifests", anchor: .key)
    add(result, diagnostics + [diagnostic], tree, position: position)
  }

  private mutating func add(
    _ result: consuming DocumentResult, _ diagnostics: consuming [Diagnostic], _ tree: Tree?,
    prefix: FieldPath = .root, _ placeholder: NodeID? = nil, position: Int = 0
  ) {
    advice?.add(to: &diagnostics, document: documentNumber, position: position, tree)
    if let placeholder, let tree, !hasPlaceholderNote {
      hasPlaceholderNote = true
      diagnostics.append(PlaceholderNote.diagnostic(for: placeholder, in: tree))
    }
    if !diagnostics.isEmpty {
      let kind = tree == nil ? nil : result.kind ?? ""
      for index in diagnostics.indices
      where Discretion.isCalledFor(kind: kind, path: diagnostics[index].path, in: source) {
        diagnostics[index] = Discretion.hushed(diagnostics[index], kind: kind)
      }
      if advice != nil { diagnostics = Discretion.hushed(diagnostics) }
      result.diagnostics = locator.located(diagnostics, in: tree, prefix: prefix)
      if collecting != .none {
        fixes += result.diagnostics.compactMap {
          ReadyFix($0, in: tree, includesUnsafe: collecting == .all)
        }
      }
      if diagnostics.contains(where: { $0.severity == .error }) {
        result.status = .invalid
        result.skipReason = nil
      }
    }
    if result.skipReason != nil {
      result.status = .skipped
      skippedCount += 1
    }
    result.suppressed = suppressed(tree, kind: result.kind ?? "", prefix: prefix, position)
    hasFindings = hasFindings || !result.diagnostics.isEmpty
    hasSuppressed = hasSuppressed || !result.suppressed.isEmpty
    documents.append(result)
  }

  /// What suppressions leave out of the findings about an object, in the order of the text.
  private mutating func suppressed(
    _ tree: Tree?, kind: String, prefix: FieldPath, _ position: Int
  ) -> [SuppressedFinding] {
    guard let left = advice?.suppressed(document: documentNumber, position: position) else {
      return []
    }
    let found = left.flatMap { item in
      var diagnostic = item.advice.diagnostic
      if Discretion.isCalledFor(kind: kind, path: diagnostic.path, in: source) {
        diagnostic = Discretion.hushed(diagnostic, kind: kind)
      }
      return locator.located([diagnostic], in: tree, prefix: prefix).map {
        SuppressedFinding($0, kind: item.kind, justification: item.justification)
      }
    }
    return found.enumerated().sorted { left, right in
      (left.element.located.span.start, left.offset)
        < (right.element.located.span.start, right.offset)
    }.map(\.element)
  }

  /// Whether the words that every manifest needs are there, or a kustomization makes it a patch.
  private var isLikeManifest: Bool {
    source.contains("apiVersion") || source.contains("kind")
      || validator.context.kustomizations.role(of: source.name) != nil
  }

  /// Whether a lint rule calls the template a mistake: outside of a chart nobody renders it.
  private var isToldAsTemplate: Bool {
    advice != nil && isLikeManifest
      && documents.contains { document in
        document.diagnostics.contains { $0.diagnostic.code == TemplateResidue.about.code }
      }
  }

  func result() -> FileResult {
    var result = FileResult(file: source.name, documents: documents)
    if isBroken, !isTemplate, passesOver, !isLikeManifest {
      result.documents = []
      result.skipReason = "neither a Kubernetes manifest nor well-formed"
      return result
    }
    if isTemplate, passesOver, !isToldAsTemplate {
      // Templates lie among manifests in charts; rendered they will be judged.
      result.documents = []
      result.skipReason = "a template that has not been rendered"
      return result
    }
    if !documents.isEmpty, skippedCount == documents.count, !hasFindings,
      nonManifests.count == documents.count
    {
      result.skipReason = nonManifests.first
    }
    if hasFindings || hasSuppressed {
      result.source = source
      result.lines = locator.lines
    }
    return result
  }
}

/// What is said once per file about `${VAR}`.
private enum PlaceholderNote {
  static func diagnostic(for node: NodeID, in tree: Tree) -> Diagnostic {
    Diagnostic(
      "KMF-01", .note, .warning, at: tree.path(to: node),
      "'\(tree.string(node))' is filled later, so its value was not judged",
      help: "give values with --substitute VAR=value, or refuse placeholders with --no-placeholders"
    )
  }
}
