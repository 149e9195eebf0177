import ManifestModel
import ManifestSchema
import ManifestSyntax

/// What a document is, judged by its shape.
enum ManifestShape {
  /// An object that names its API and kind.
  case object(apiVersion: String, kind: String)
  /// Nearly an object: something that it needs to say is missing or misspelt.
  case incomplete(Diagnostic)
  /// Something else, with its name in a few words.
  case other(String)

  /// - Parameter named: The kind that the object names, where that is known.
  init(_ tree: Tree, _ node: NodeID, file: String, named: NamedKind? = nil) {
    if let named, named.isWhole {
      self = Self.whole(
        named.apiVersion, named.kind, format: named.clientSideFormat, tree, node)
      return
    }
    guard tree.kind(node) == .mapping else {
      self = .other(tree.kind(node) == .sequence ? "a list, not an object" : "text, not an object")
      return
    }
    let apiVersion = Self.text(tree, node, .apiVersion)
    let kind = Self.text(tree, node, .kind)
    if let apiVersion, let kind {
      let format = Self.clientSideFormat(apiVersion: apiVersion, kind: kind)
      self = Self.whole(apiVersion, kind, format: format, tree, node)
      return
    }
    if let name = Self.fileFormat(file) {
      self = .other(name)
    } else if let diagnostic = Self.whatIsMissing(tree, node, apiVersion, kind) {
      self = .incomplete(diagnostic)
    } else {
      self = .other(Self.otherFormat(tree, node))
    }
  }

  /// What an object is that says what it is.
  private static func whole(
    _ apiVersion: String, _ kind: String, format: String?, _ tree: Tree, _ node: NodeID
  ) -> ManifestShape {
    if let format { return .other(format) }
    if isEncrypted(tree, node) { return .other("encrypted by SOPS") }
    return .object(apiVersion: apiVersion, kind: kind)
  }

  private static func text(_ tree: Tree, _ node: NodeID, _ name: Key) -> String? {
    guard let value = tree.value(node, name), tree.kind(value) == .string else { return nil }
    let text = tree.string(value)
    return text.isEmpty ? nil : text
  }

  /// Says what keeps a document that looks like an object from being one.
  private static func whatIsMissing(
    _ tree: Tree, _ node: NodeID, _ apiVersion: String?, _ kind: String?
  ) -> Diagnostic? {
    let keys = tree.entries(node).map { tree.string($0.key) }
    let hasBody = ["metadata", "spec", "data", "stringData", "rules", "items", "subjects"]
      .contains { keys.contains($0) }
    for (name, code) in [("apiVersion", "DEC-02"), ("kind", "DEC-01")] {
      if name == "apiVersion" ? apiVersion != nil : kind != nil { continue }
      if let near = EditDistance.nearest(to: name, in: keys), near != name,
        apiVersion != nil || kind != nil || hasBody
      {
        let path = FieldPath([.field(near)])
        return Diagnostic(
          code, .error, .required, at: path, "'\(near)' is not '\(name)'",
          help: "did you mean '\(name)'?", anchor: .key,
          fixes: [FixIt("rename to '\(name)'", safety: .safe, edits: [.rename(path, to: name)])])
      }
      guard hasBody,
        apiVersion != nil || kind != nil || keys.contains("metadata") && keys.contains("spec")
      else { continue }
      let help =
        name == "apiVersion"
        ? "add 'apiVersion', for example 'apiVersion: v1'" : "add 'kind', for example 'kind: Pod'"
      if let value = tree.value(node, name), tree.kind(value) != .null, tree.kind(value) != .string
      {
        return Diagnostic(
          "DEC-08", .error, .typeInvalid, at: FieldPath([.field(name)]),
          "'\(name)' must be a string",
          help: "quote it: \"\(tree.string(value))\"")
      }
      return Diagnostic(
        code, .error, .required, at: FieldPath([.field(name)]),
        "the object does not say its '\(name)'",
        help: help, anchor: .key)
    }
    return nil
  }

  /// Files with an apiVersion and kind that no API server ever sees.
  static func clientSideFormat(apiVersion: String, kind: String) -> String? {
    if apiVersion == "v1" { return kind == "Config" ? "a kubeconfig" : nil }
    let bytes = apiVersion.utf8
    let group = apiVersion[..<(bytes.firstIndex(of: UInt8(ascii: "/")) ?? bytes.endIndex)]
    if group == "builtin" { return "a kustomize transformer" }
    if group == "skaffold" { return "a Skaffold configuration" }
    // The others have a dot, and the groups of most objects have none.
    guard group.utf8.contains(UInt8(ascii: ".")) else { return nil }
    switch group {
    case "kustomize.config.k8s.io": return "a kustomization"
    case "kind.x-k8s.io", "kind.sigs.k8s.io": return "a kind cluster configuration"
    case "ctlptl.dev": return "a ctlptl configuration"
    case "eksctl.io", "k3d.io": return "a description of a cluster"
    case "kuttl.dev", "chainsaw.kyverno.io", "cli.kyverno.io", "scorecard.operatorframework.io":
      return "a description of tests"
    case "backstage.io": return "a Backstage catalogue entry"
    case "kpt.dev", "fn.kpt.dev": return "a kpt package or function configuration"
    case "krew.googlecontainertools.github.com": return "a Krew plug-in"
    case "kubelet.config.k8s.io", "kubeadm.k8s.io", "kubescheduler.config.k8s.io",
      "kubeproxy.config.k8s.io", "apiserver.config.k8s.io", "audit.k8s.io",
      "kubecontrollermanager.config.k8s.io", "client.authentication.k8s.io":
      // Policy and Event of audit.k8s.io are read from files, never stored.
      return "a component's configuration file"
    default: return nil
    }
  }

  /// Whether SOPS encrypted values of the object. What it adds goes away again, and the values come
  /// back, before anything is sent to a server.
  private static let sops = Key("sops")

  private static func isEncrypted(_ tree: Tree, _ node: NodeID) -> Bool {
    guard let sops = tree.value(node, Self.sops), tree.kind(sops) == .mapping else { return false }
    return tree.value(sops, "mac") != nil
  }

  private static func fileFormat(_ file: String) -> String? {
    let name = file.split(separator: "/").last.map(String.init) ?? file
    let stem = name.split(separator: ".").first ?? ""
    switch name {
    case _ where stem == "values" || stem.hasPrefix("values-") || stem.hasSuffix("-values"):
      return "values of a Helm chart"
    case "kustomization.yaml", "kustomization.yml", "Kustomization": return "a kustomization"
    case "Chart.yaml", "Chart.yml": return "a Helm chart's description"
    case _ where stem == "docker-compose" || stem == "compose":
      return "a Compose file"
    default: return nil
    }
  }

  private static func otherFormat(_ tree: Tree, _ node: NodeID) -> String {
    let keys = Set(tree.entries(node).map { tree.string($0.key) })
    if keys.contains("services") { return "a Compose file" }
    if keys.contains("swagger") || keys.contains("openapi") { return "an OpenAPI document" }
    return "not a Kubernetes manifest"
  }
}
