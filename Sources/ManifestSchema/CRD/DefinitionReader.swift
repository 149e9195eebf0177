import ManifestSyntax

extension CustomKinds {
  /// Whether the object at `node` says that it is a CustomResourceDefinition.
  public static func isDefinition(_ tree: Tree, root node: NodeID = .root) -> Bool {
    guard let kind = tree.value(node, "kind"), tree.string(kind) == "CustomResourceDefinition",
      let version = tree.value(node, "apiVersion")
    else { return false }
    return tree.string(version).hasPrefix("apiextensions.k8s.io/")
  }

  /// Whether objects of the kind are CustomResourceDefinitions.
  public static func isDefinition(_ gvk: GroupVersionKind) -> Bool {
    gvk.kind == "CustomResourceDefinition" && gvk.group == "apiextensions.k8s.io"
  }

  /// Reads the kinds of the CustomResourceDefinition at `root`, in v1 or v1beta1.
  ///
  /// - Returns: nil where the object is something else or names no kind; and what is wrong with the
  ///   definition beyond what its own schema says.
  public static func read(
    _ tree: Tree, root: NodeID = .root
  ) -> (kinds: CustomKinds?, diagnostics: [Diagnostic]) {
    guard isDefinition(tree, root: root) else { return (nil, []) }
    var reader = DefinitionReader(tree: tree, root: root)
    let kinds = reader.kinds()
    return (kinds.isEmpty ? nil : CustomKinds(kinds), reader.diagnostics)
  }
}

/// Reads one CustomResourceDefinition, and judges what its own schema cannot.
private struct DefinitionReader {
  let tree: Tree
  let root: NodeID
  var diagnostics: [Diagnostic] = []

  private var isBeta: Bool { text(root, "apiVersion") == "apiextensions.k8s.io/v1beta1" }

  init(tree: Tree, root: NodeID) {
    self.tree = tree
    self.root = root
  }

  mutating func kinds() -> [CustomKind] {
    guard let spec = tree.value(root, "spec"), let names = tree.value(spec, "names"),
      let group = text(spec, "group"), let kindName = text(names, "kind"), !kindName.isEmpty
    else { return [] }
    checkName(group: group, names)
    var template = CustomKind(
      gvk: GroupVersionKind(group: group, version: "", kind: kindName), schema: nil)
    template.plural = text(names, "plural") ?? ""
    template.singular = text(names, "singular") ?? kindName.lowercased()
    template.shortNames = strings(names, "shortNames")
    template.categories = strings(names, "categories")
    template.listKind = text(names, "listKind") ?? "\(kindName)List"
    template.scope =
      switch text(spec, "scope") {
      case "Namespaced": .namespaced
      case "Cluster": .cluster
      default: nil
      }
    let versions = tree.value(spec, "versions").map { Array(tree.items($0)) } ?? []
    if versions.isEmpty, let version = text(spec, "version") {
      template.gvk.version = version
      template.subresources = subresources(spec)
      template.schema = schema(in: tree.value(spec, "validation"), of: spec)
      return [template]
    }
    checkStorage(versions)
    return versions.compactMap { kind($0, template, spec) }
  }

  /// The kind in one of its versions; nil where the version is not served.
  private mutating func kind(
    _ version: NodeID, _ template: CustomKind, _ spec: NodeID
  ) -> CustomKind? {
    guard let name = text(version, "name"), !name.isEmpty else { return nil }
    let common = isBeta ? tree.value(spec, "validation") : nil
    let own = tree.value(version, "schema")
    if !isBeta { checkSchema(own, of: version) }
    var kind = template
    kind.gvk.version = name
    kind.subresources = subresources(version)
    if kind.subresources.isEmpty, isBeta { kind.subresources = subresources(spec) }
    kind.schema = schema(in: own ?? common, of: spec)
    if isTrue(version, "deprecated") {
      kind.deprecation =
        text(version, "deprecationWarning")
        ?? "\(kind.gvk.kind) in \(kind.gvk.apiVersion) is deprecated"
    }
    return isFalse(version, "served") ? nil : kind
  }

  private mutating func schema(in validation: NodeID?, of spec: NodeID) -> JSONSchema? {
    guard let validation, let node = tree.value(validation, "openAPIV3Schema"),
      tree.kind(node) == .mapping
    else { return nil }
    // The old version kept unknown fields unless told not to.
    let keepsAll =
      isTrue(spec, "preserveUnknownFields")
      || isBeta && tree.value(spec, "preserveUnknownFields") == nil
    var reader = JSONSchemaReader(
      tree: tree, dialect: keepsAll ? .foreign : .structural, base: node)
    let schema = reader.schema(at: node)
    diagnostics += reader.diagnostics
    return schema
  }

  private func subresources(_ node: NodeID) -> [String] {
    guard let subresources = tree.value(node, "subresources") else { return [] }
    return ["status", "scale"].filter { tree.value(subresources, $0) != nil }
  }

  // MARK: - What the definition's own schema cannot say

  private mutating func checkName(group: String, _ names: NodeID) {
    guard let plural = text(names, "plural"), let metadata = tree.value(root, "metadata"),
      let name = tree.value(metadata, "name"), tree.kind(name) == .string
    else { return }
    let wanted = "\(plural).\(group)"
    let parts = [name, tree.value(names, "plural")].compactMap { $0 }
    guard tree.string(name) != wanted, !parts.contains(where: { tree.isPlaceholder($0) }),
      !wanted.contains("$"), !wanted.contains("{{")
    else { return }
    add(
      "CRD-20", .invalid, name,
      "\(tree.string(name).quoted) is not the plural and the group of the definition",
      help: "write '\(wanted)'")
  }

  private mutating func checkStorage(_ versions: [NodeID]) {
    var names: Set<String> = []
    for version in versions {
      guard let node = tree.value(version, "name"), tree.kind(node) == .string else { continue }
      if !names.insert(tree.string(node)).inserted {
        add(
          "CRD-25", .invalid, node, "version \(tree.string(node).quoted) is defined twice",
          help: "remove one of the two")
      }
    }
    guard !isBeta else { return }
    let stored = versions.count { isTrue($0, "storage") }
    guard stored != 1, let first = versions.first else { return }
    let list = tree.path(to: first).parent
    diagnostics.append(
      Diagnostic(
        "CRD-26", .error, .invalid, at: list,
        "\(stored == 0 ? "no version is" : "\(stored) versions are") marked as the stored one",
        help: "set `storage: true` in exactly one version", anchor: .key))
  }

  private mutating func checkSchema(_ schema: NodeID?, of version: NodeID) {
    let path = tree.path(to: version).field("schema").field("openAPIV3Schema")
    guard let node = schema.flatMap({ tree.value($0, "openAPIV3Schema") }),
      tree.kind(node) != .null
    else {
      diagnostics.append(
        Diagnostic(
          "CRD-21", .error, .required, at: path, "a version needs a schema",
          help: "add 'schema.openAPIV3Schema' with `type: object`", anchor: .key))
      return
    }
    guard tree.kind(node) == .mapping else { return }
    guard let type = tree.value(node, "type"), tree.kind(type) != .null else {
      diagnostics.append(
        Diagnostic(
          "CRD-21", .error, .required, at: path.field("type"),
          "a schema must say that it is an object",
          help: "add `type: object`", anchor: .key))
      return
    }
    if tree.kind(type) == .string, tree.string(type) != "object", !tree.isPlaceholder(type) {
      add(
        "CRD-21", .invalid, type, "a custom resource is an object, not \(tree.string(type).quoted)",
        help: "write `type: object`")
    }
  }

  private mutating func add(
    _ code: String, _ reason: Diagnostic.Reason, _ node: NodeID, _ message: String, help: String
  ) {
    diagnostics.append(
      Diagnostic(code, .error, reason, at: tree.path(to: node), message, help: help))
  }

  // MARK: - Values

  private func text(_ node: NodeID, _ name: String) -> String? {
    guard let value = tree.value(node, name), tree.kind(value) == .string else { return nil }
    return tree.string(value)
  }

  private func strings(_ node: NodeID, _ name: String) -> [String] {
    guard let list = tree.value(node, name) else { return [] }
    return tree.items(list).map { tree.string($0) }
  }

  private func isTrue(_ node: NodeID, _ name: String) -> Bool {
    tree.value(node, name).flatMap { tree.bool($0) } == true
  }

  private func isFalse(_ node: NodeID, _ name: String) -> Bool {
    tree.value(node, name).flatMap { tree.bool($0) } == false
  }
}
