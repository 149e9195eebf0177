extension TreeBuilder.Fault {
  /// Whether the document cannot be judged any further.
  var isFatal: Bool {
    switch self {
    case .duplicateKey: false
    default: true
    }
  }

  /// What to tell the reader.
  func diagnostic(in tree: Tree) -> Diagnostic {
    switch self {
    case .duplicateKey(let mapping, let first, let second):
      return Self.duplicate(mapping: mapping, first: first, second: second, in: tree)
    case .undefinedAlias(let name, let span):
      return Self.syntax(
        "DEC-27", "alias '*\(name)' has no anchor '&\(name)' before it", at: span,
        help: "define the anchor earlier in this document, or quote the text if no alias is meant")
    case .recursiveAlias(let name, let span):
      return Self.syntax(
        "DEC-27", "alias '*\(name)' stands inside its own anchor '&\(name)'", at: span,
        help: "write the value out: an object cannot contain itself")
    case .nullKey(let span):
      return Self.syntax(
        "DEC-25", "this key is null; a key must be text", at: span,
        help: "quote the key, or remove the empty entry")
    case .complexKey(let span):
      if let template = Self.template(at: span, in: tree.source) { return template }
      return Self.syntax(
        "DEC-25", "this key is a list or a mapping; a key must be text", at: span,
        help: "write a plain key; if this is a template such as `{{ … }}`, render it first")
    case .tooDeep(let span):
      return Self.syntax(
        "LIM-01", "nested deeper than \(SyntaxLimits.depthMax) levels", at: span,
        help: "no Kubernetes object is this deep: look for a generator that went wrong")
    case .excessiveAliases(let span):
      return Self.syntax(
        "LIM-02", "aliases blow this document up beyond what the API server reads", at: span,
        help: "write the repeated parts out, or use fewer aliases inside anchors")
    case .badMerge(let span):
      return Self.syntax(
        "DEC-29", "'<<' merges mappings only", at: span,
        help: "give `<<` an alias of a mapping, or a list of such aliases")
    case .badTag(let tag, let span):
      return Self.syntax(
        "DEC-27", "this value is not a '!!\(tag)'", at: span,
        help: "remove the tag or change the value")
    case .notANumber(let span):
      return Self.syntax(
        "DEC-26", "infinity and not-a-number cannot be written as JSON", at: span,
        help: "use a finite number, or quote the text")
    case .directive(let version, let span):
      return Self.syntax(
        "DEC-24", "directive '%YAML \(version.0).\(version.1)': Kubernetes reads YAML 1.1 only",
        at: span,
        help: "remove the directive")
    }
  }

  /// `{{ … }}` reads as a mapping that is the key of another.
  private static func template(at span: Span, in source: SourceText) -> Diagnostic? {
    let start = Int(span.start)
    guard start > 0, source.bytes[start] == 0x7B, source.bytes[start - 1] == 0x7B else {
      return nil
    }
    return syntax(
      "DEC-27", "this is a template, not YAML: '{{' has not been rendered",
      at: Span(start: span.start - 1, end: span.start + 1),
      help: "validate the rendered output, for example `helm template . | kmf validate -`")
  }

  private static func syntax(
    _ code: String, _ message: String, at span: Span, help: String
  ) -> Diagnostic {
    Diagnostic(code, .error, .syntaxError, at: .root, message, help: help, span: span)
  }

  private static func duplicate(
    mapping: UInt32, first: UInt32, second: UInt32, in tree: Tree
  ) -> Diagnostic {
    let name = tree.string(NodeID(second))
    let path = tree.path(to: NodeID(mapping)).field(name)
    let isJSON = tree.records[Int(mapping)].style == .json
    return Diagnostic(
      isJSON ? "DEC-06" : "DEC-07", .error, .duplicateField, at: path,
      "key '\(name)' is set twice in this mapping",
      help: "keep one of the two entries",
      notes: ["a strict API server refuses the document; others silently keep the last one"],
      anchor: .key, span: tree.span(NodeID(second)),
      related: [
        Diagnostic.Related(
          path: path, span: tree.span(NodeID(first)), message: "'\(name)' is first set here")
      ])
  }
}
