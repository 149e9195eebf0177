import ManifestSyntax

/// A kind that somebody other than Kubernetes defines, in one of its versions.
public struct CustomKind: Sendable {
  public var gvk: GroupVersionKind
  /// The resource's name in URLs; empty where a foreign schema does not tell.
  public var plural = ""
  public var singular = ""
  public var shortNames: [String] = []
  public var categories: [String] = []
  /// The kind of a list of such objects; nil where nobody said.
  public var listKind: String?
  /// Nil where a foreign schema does not tell.
  public var scope: Kind.Scope?
  public var subresources: [String] = []
  /// What the server warns of when the version is used; nil for versions that are well.
  public var deprecation: String?
  /// What its objects look like; nil where anything goes.
  public var schema: JSONSchema?

  /// A kind of which only the schema is known, as from a file of a schema location.
  public init(gvk: GroupVersionKind, schema: JSONSchema?) {
    self.gvk = gvk
    self.schema = schema
  }
}

/// Kinds that CustomResourceDefinitions and foreign schemas describe: read once, then installed
/// into the ``Schema`` of every worker.
public struct CustomKinds: Sendable {
  public private(set) var kinds: [CustomKind] = []

  public init(_ kinds: [CustomKind] = []) {
    for kind in kinds { add(kind) }
  }

  public var isEmpty: Bool { kinds.isEmpty }

  /// Adds a kind; the last one of the same name and version stays.
  public mutating func add(_ kind: CustomKind) {
    if let position = kinds.firstIndex(where: { $0.gvk == kind.gvk }) {
      kinds[position] = kind
    } else {
      kinds.append(kind)
    }
  }

  /// Adds the kinds of `other`.
  public mutating func merge(_ other: CustomKinds) {
    for kind in other.kinds { add(kind) }
  }

  /// Makes the kinds known to `schema`.
  ///
  /// A kind of Kubernetes' own keeps its names and type; only a foreign schema, which is given on
  /// purpose, judges its objects from then on.
  /// - Complexity: O(kinds); types are made when somebody asks for them.
  public func install(into schema: Schema) {
    for kind in kinds { schema.install(kind) }
  }
}

extension Schema {
  fileprivate func install(_ custom: CustomKind) {
    let isForeign = custom.schema?.dialect == .foreign
    let isKnown = anyKind(custom.gvk) != nil && customKinds[custom.gvk] == nil
    if isKnown {
      if isForeign { customKinds[custom.gvk] = custom }
      return
    }
    customKinds[custom.gvk] = custom
    let type = customRoot(custom)
    add(
      kind: Kind(
        gvk: custom.gvk, type: type, plural: custom.plural,
        singular: custom.singular, shortNames: custom.shortNames, scope: custom.scope,
        categories: custom.categories, verbs: custom.plural.isEmpty ? [] : Kind.usualVerbs,
        subresources: custom.subresources))
    guard let listKind = custom.listKind else { return }
    var gvk = custom.gvk
    gvk.kind = listKind
    guard anyKind(gvk) == nil else { return }
    add(kind: Kind(gvk: gvk, type: customList(of: type, gvk), isList: true))
  }

  /// What judges objects of the kind instead of a ``SchemaChecker``; nil for kinds of Kubernetes'
  /// own.
  public func customChecker(for gvk: GroupVersionKind) -> CustomChecker? {
    customKinds[gvk].map { CustomChecker(schema: self, kind: $0) }
  }

  /// The custom kind of this name, as it was installed.
  public func customKind(_ gvk: GroupVersionKind) -> CustomKind? { customKinds[gvk] }
}

/// Judges objects of a custom kind.
public struct CustomChecker {
  let schema: Schema
  public let kind: CustomKind

  /// What was found in one object.
  public struct Findings {
    public var diagnostics: [Diagnostic]
    /// The first placeholder that kept a value from being judged.
    public var placeholder: NodeID?
    /// Whether something was found that the server's decoder stops at.
    public var hasTypeErrors: Bool

    public init(diagnostics: [Diagnostic], placeholder: NodeID?, hasTypeErrors: Bool) {
      self.diagnostics = diagnostics
      self.placeholder = placeholder
      self.hasTypeErrors = hasTypeErrors
    }
  }

  /// What is wrong with the object at `node`; paths count from the document's root.
  public func check(
    _ tree: Tree, _ node: NodeID = .root, mode: SchemaChecker.Mode = SchemaChecker.Mode()
  ) -> [Diagnostic] {
    findings(tree, node, mode: mode).diagnostics
  }

  /// What is wrong with the object at `node`, and what could not be judged.
  public func findings(
    _ tree: Tree, _ node: NodeID, mode: SchemaChecker.Mode = SchemaChecker.Mode()
  ) -> Findings {
    let definition = kind.schema ?? .anything
    var checker = JSONSchemaChecker(
      schema: schema, definition: definition, kindName: kind.gvk.kind, tree: tree, node: node,
      mode: mode)
    checker.check(node, as: definition.root, .resource)
    let prefix = node == .root ? 0 : tree.path(to: node).steps.count
    var diagnostics = checker.diagnostics.filter { counts($0, below: prefix) }
    if let message = kind.deprecation {
      diagnostics.append(
        Diagnostic(
          "CRD-30", .warning, .warning, at: tree.path(to: node).field("apiVersion"), message,
          help: "use a newer version of \(kind.gvk.kind)"))
    }
    if checker.isCut {
      diagnostics.append(
        Diagnostic(
          "CRD-15", .warning, .warning, at: tree.path(to: node),
          "this object is too deep or too involved for its schema; a part of it was not checked"))
    }
    return Findings(
      diagnostics: diagnostics, placeholder: checker.placeholder,
      hasTypeErrors: diagnostics.contains { $0.reason == .typeInvalid })
  }

  /// Values in a status do not count where the server keeps it apart: it drops what is written.
  private func counts(_ diagnostic: Diagnostic, below prefix: Int) -> Bool {
    guard kind.subresources.contains("status"), diagnostic.reason != .unknownField,
      diagnostic.path.steps.count > prefix
    else { return true }
    return diagnostic.path.steps[prefix] != .field("status")
  }
}

extension JSONSchema {
  /// A schema that any object satisfies.
  static let anything: JSONSchema = {
    var node = Node()
    node.types = .object
    node.flags = .keepsUnknown
    return JSONSchema(dialect: .structural, nodes: [node], rules: [], root: 0)
  }()
}
