import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Judges the replacement of a stored object by a manifest.
public enum UpdateValidation {
  /// What the server would refuse when the object in `old` is replaced by the one in `new`.
  public static func diagnostics(
    old: SourceText, new: SourceText, version: KubernetesVersion
  ) -> [Diagnostic] {
    var oldReader = DocumentReader(old)
    var newReader = DocumentReader(new)
    guard let oldDocument = oldReader.next(), let newDocument = newReader.next() else { return [] }
    guard let newTree = newDocument.tree else { return newDocument.diagnostics }
    guard let oldTree = oldDocument.tree else { return newDocument.diagnostics }
    return newDocument.diagnostics + diagnostics(old: oldTree, new: newTree, version: version)
  }

  /// What the server would refuse when the object in `old` is replaced by the one in `new`.
  ///
  /// Findings are about `new`. `old` may be the stored object or the manifest that made it; what
  /// the cluster allocated is then assumed. Both trees are completed in place, so the caller must
  /// own them alone.
  ///
  /// - Parameter network: What the cluster gives to Services; nil to conclude it from `old`.
  public static func diagnostics(
    old: Tree, new: Tree, version: KubernetesVersion, network: ClusterNetwork? = nil
  ) -> [Diagnostic] {
    let schema = Schema(version: version)
    guard new.kind(.root) == .mapping, old.kind(.root) == .mapping else {
      return [notAnObject()]
    }
    if case .incomplete(let diagnostic) = ManifestShape(new, .root, file: "") {
      return [diagnostic]
    }
    let gvk = new.writtenKind
    guard let kind = schema.kind(apiVersion: gvk.apiVersion, kind: gvk.kind) else {
      return [KindAdvice(schema: schema).diagnostic(for: gvk, at: .root) ?? unknown(gvk)]
    }
    guard old.writtenKind == gvk else { return [anotherKind(gvk, old.writtenKind)] }
    var checker = SchemaChecker(schema: schema, tree: new)
    checker.checkObject(.root, kind.type)
    var oldChecker = SchemaChecker(schema: schema, tree: old)
    oldChecker.checkObject(.root, kind.type)
    guard !checker.hasTypeErrors, !oldChecker.hasTypeErrors else { return checker.diagnostics }
    return checker.diagnostics
      + rules(
        old: old, new: new, gvk, kind, Defaulter(schema: schema), version: version,
        network: network)
  }

  /// What the rules say of objects of one kind that the server can decode. Both trees are completed
  /// in place.
  public static func rules(
    old: Tree, new: Tree, _ gvk: GroupVersionKind, _ kind: Kind, _ defaulter: Defaulter,
    version: KubernetesVersion, network: ClusterNetwork? = nil
  ) -> [Diagnostic] {
    for tree in [old, new] {
      ObjectSkeleton.complete(tree, at: .root, gvk: gvk)
      defaulter.apply(to: tree, kind: kind, dropsAnnotations: false)
    }
    let update = Update(
      old: ObjectSubject(gvk: gvk, node: old.node),
      new: ObjectSubject(gvk: gvk, node: new.node, isUpdate: true), version: version)
    return update.diagnostics(old, new, network: network)
  }

  // MARK: - Objects that cannot be compared

  private static func notAnObject() -> Diagnostic {
    Diagnostic(
      "DEC-03", .error, .notAManifest, at: .root, "an object is replaced by an object only",
      help: "give two manifests of the same object", anchor: .key)
  }

  private static func unknown(_ gvk: GroupVersionKind) -> Diagnostic {
    Diagnostic(
      "KMF-02", .error, .unknownKind, at: "kind",
      "nothing is known about \(gvk.kind) in \(gvk.apiVersion), so it was not judged")
  }

  private static func anotherKind(_ new: GroupVersionKind, _ old: GroupVersionKind) -> Diagnostic {
    Diagnostic(
      "DEC-02", .error, .unknownKind, at: "kind",
      "\(new) cannot replace \(old): an object keeps its kind",
      help: "compare two versions of the same object")
  }
}

/// One replacement of an object, both sides with their defaults.
private struct Update {
  let old: ObjectSubject
  let new: ObjectSubject
  let version: KubernetesVersion

  func diagnostics(_ oldTree: Tree, _ newTree: Tree, network: ClusterNetwork?) -> [Diagnostic] {
    if ServiceRules.kinds.contains(new.gvk),
      let preparation = ServiceUpdatePreparation(
        old: oldTree, new: newTree, network: network ?? .proved(by: old.node))
    {
      var report = Report(version: version)
      preparation.run(into: &report)
      if report.hasErrors { return report.diagnostics }
    }
    let runner = RuleRunner(version: version)
    var found = Ratchets.ratcheted(
      runner.create(new), old: { runner.create(old) }, oldTree: oldTree, newTree: newTree)
    found.removeAll { Self.onlyForCreates.contains($0.code) || isSilent($0) }
    return found + runner.update(old, new)
  }

  /// Rules about what a new object may say; an update takes these values from the old one.
  private static let onlyForCreates: Set<String> = ["META-01", "META-24", "META-25", "WRN-40"]

  /// Updates of pods are never warned about, those of workloads only where they change something.
  private func isSilent(_ diagnostic: Diagnostic) -> Bool {
    guard diagnostic.severity != .error, diagnostic.code.hasPrefix("WRN-") else { return false }
    switch new.gvk.kind {
    case "Pod": return true
    case "Deployment", "ReplicaSet": return old.node[.spec] == new.node[.spec]
    default: return false
    }
  }
}
