import ClusterControl
import ManifestRules
import ManifestSchema
import ManifestSyntax

/// An object as a request brought it: checked against the schema and completed with its defaults.
struct Incoming {
  /// With defaults; nobody else has it.
  let tree: Tree
  /// As the server holds it once it is decoded.
  var decoded: Value
  /// Findings of the schema that are the business of validation.
  var mistakes: [Diagnostic] = []
  var warnings: [String] = []

  /// Whether a pod was sent with `overhead: {}`, of which nothing is left once it is decoded.
  var hasEmptyOverhead: Bool {
    guard decoded["kind"] == "Pod", let overhead = tree.node(at: "spec.overhead") else {
      return false
    }
    return tree.kind(overhead) == .mapping && tree.count(overhead) == 0
  }
}

/// How a body that cannot be decoded is refused.
enum DecodingRefusal {
  /// 400, as for bodies that are objects.
  case badRequest
  /// 422 on `patch`, as for what a patch makes of an object.
  case patch

  func error(_ message: String) -> StatusError {
    switch self {
    case .badRequest: return .badRequest(message)
    case .patch:
      return .invalid(
        group: "", kind: "", "",
        [StatusError.Cause(reason: "FieldValueInvalid", message: message, field: "patch")])
    }
  }
}

extension Workshop {
  /// Decodes the object in `document` as one of `resource`.
  func incoming(
    _ document: ParsedDocument, as resource: ServedResource,
    _ validation: WriteOptions.FieldValidation, refusal: DecodingRefusal = .badRequest
  ) throws(StatusError) -> Incoming {
    guard let tree = document.tree else {
      let first = document.diagnostics.first { $0.severity == .error }
      throw refusal.error("error decoding the body: \(first?.message ?? "it is empty")")
    }
    guard tree.kind(.root) == .mapping else {
      throw refusal.error("error decoding the body: it is no object")
    }
    try nameKind(of: tree, resource)
    let kind = kind(resource)
    var mode = SchemaChecker.Mode()
    mode.allowsPlaceholders = false
    let findings = findings(tree, kind, mode)
    let typeError = findings.diagnostics.first { $0.severity == .error && $0.isDecodingError }
    if findings.hasTypeErrors, !resource.isCustom {
      throw refusal.error(
        "\(resource.kind) in version \"\(resource.version)\" cannot be handled as a "
          + "\(resource.kind): \(typeError.map { Self.text($0, resource) } ?? "wrong type")")
    }
    var result = Incoming(tree: tree, decoded: .null)
    let strict = (document.diagnostics + findings.diagnostics).filter(\.isStrictError)
    if !strict.isEmpty {
      let texts = strict.map { Self.text($0, resource) }
      switch validation {
      case .strict:
        throw refusal.error("strict decoding error: " + texts.joined(separator: ", "))
      case .warn: result.warnings += texts
      case .ignore: break
      }
    }
    result.mistakes = findings.diagnostics.filter {
      $0.severity == .error && !$0.isStrictError && !(findings.hasTypeErrors && !resource.isCustom)
    }
    result.warnings += deprecations(resource, findings.diagnostics)
    if CustomKinds.isDefinition(tree) {
      result.mistakes += CustomKinds.read(tree).diagnostics.filter { $0.severity == .error }
    }
    ObjectSkeleton.complete(tree, gvk: kind.gvk)
    defaulter.apply(to: tree, kind: kind)
    result.decoded = decoded(tree, kind)
    // Entries that are empty say something too: that tracking begins anew.
    if let given = tree.node(at: "metadata.managedFields"), tree.kind(given) == .sequence {
      result.decoded.change("metadata") { $0["managedFields"] = tree.value(given) }
    }
    return result
  }

  /// What the server says to whoever uses a version that will go.
  private func deprecations(_ resource: ServedResource, _ found: [Diagnostic]) -> [String] {
    // CRD-30 is what a definition says of its own version.
    let own = found.filter { $0.code == "CRD-30" }.map(\.message)
    guard let removal = schema.removal(of: resource.gvk), let since = removal.deprecatedIn,
      schema.version >= since
    else { return own }
    let rest = removal.replacement.map { "; use \($0)" } ?? ""
    return own + ["\(resource.apiVersion) \(resource.kind) is deprecated in v\(since)+\(rest)"]
  }

  private func findings(
    _ tree: Tree, _ kind: Kind, _ mode: SchemaChecker.Mode
  ) -> CustomChecker.Findings {
    if let custom = schema.customChecker(for: kind.gvk) {
      return custom.findings(tree, .root, mode: mode)
    }
    var checker = SchemaChecker(schema: schema, tree: tree, mode: mode)
    checker.checkObject(.root, kind.type)
    return CustomChecker.Findings(
      diagnostics: checker.diagnostics, placeholder: nil, hasTypeErrors: checker.hasTypeErrors)
  }

  /// The path supplies what the body leaves out; what it says must agree.
  private func nameKind(of tree: Tree, _ resource: ServedResource) throws(StatusError) {
    func text(_ name: String) throws(StatusError) -> String {
      guard let node = tree.value(.root, name), tree.kind(node) != .null else { return "" }
      guard tree.kind(node) == .string else {
        throw .badRequest("couldn't get version/kind; '\(name)' must be a string")
      }
      return tree.string(node)
    }
    let apiVersion = try text("apiVersion")
    let kind = try text("kind")
    if apiVersion.isEmpty {
      tree.set("apiVersion", in: .root, to: .string(resource.apiVersion))
    } else if GroupVersionKind(apiVersion: apiVersion, kind: "")
      != GroupVersionKind(apiVersion: resource.apiVersion, kind: "")
    {
      throw .badRequest(
        "the API version in the data (\(apiVersion)) does not match the expected API version "
          + "(\(resource.apiVersion))")
    }
    if kind.isEmpty {
      tree.set("kind", in: .root, to: .string(resource.kind))
    } else if kind != resource.kind {
      throw .badRequest("\(kind) in \(apiVersion) cannot be handled as a \(resource.kind)")
    }
  }

  /// The object of a tree that has its defaults, typed.
  func decoded(_ tree: Tree, _ kind: Kind) -> Value {
    if schema.customKind(kind.gvk) != nil { return CustomForm(schema).decoded(tree, kind) }
    var object = rendering.decoded(tree, kind: kind)
    switch (kind.gvk.group, kind.gvk.kind) {
    case ("", "Secret"): SecretForm.joinTexts(&object)
    case ("", "Namespace"): ClusterSession.nameNamespace(&object)
    default: break
    }
    return object
  }

  static func text(_ diagnostic: Diagnostic, _ resource: ServedResource) -> String {
    let field = diagnostic.serverField ?? diagnostic.path.description
    switch diagnostic.reason {
    case .unknownField, .version: return "unknown field \"\(field)\""
    case .duplicateField: return "duplicate field \"\(field)\""
    default:
      let message = resource.safe(diagnostic)
      return field.isEmpty ? message : "\(field): \(message)"
    }
  }
}

extension ServedResource {
  /// The diagnostic's message, without a word that may be a secret.
  func safe(_ diagnostic: Diagnostic) -> String {
    guard group.isEmpty, kind == "Secret", let first = diagnostic.path.steps.first,
      first != .field("metadata")
    else { return diagnostic.message }
    return "the value is not of the right form"
  }
}

extension Diagnostic {
  /// What only strict decoding minds.
  var isStrictError: Bool {
    reason == .unknownField || reason == .duplicateField || reason == .version
  }

  /// What the server says in a Warning header; other warnings are kmf's own.
  var isServerWarning: Bool { severity == .warning && code.hasPrefix("WRN-") }

  /// What keeps a body from being decoded at all.
  var isDecodingError: Bool {
    reason == .typeInvalid || reason == .syntaxError || code.hasPrefix("DEC-")
  }
}

/// Secrets take texts besides bytes, for whoever writes them by hand.
enum SecretForm {
  static func joinTexts(_ secret: inout Value) {
    guard case .map(let texts)? = secret["stringData"] else { return }
    var data = secret["data"]?.map ?? ValueMap()
    for entry in texts.entries {
      data[entry.key] = .string(Base64.encode(Array((entry.value.string ?? "").utf8)))
    }
    var map = ValueMap()
    for entry in secret.map?.entries ?? [] where entry.key != "stringData" && entry.key != "data" {
      map[entry.key] = entry.value
      if entry.key == "metadata", !data.isEmpty {
        let sorted = data.entries.sorted { $0.key < $1.key }
        map["data"] = .map(ValueMap(unique: sorted))
      }
    }
    secret = .map(map)
  }
}
