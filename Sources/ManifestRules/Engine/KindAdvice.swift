import ManifestSchema
import ManifestSyntax

/// Says why a kind is not served, where that is certain.
struct KindAdvice {
  let schema: Schema

  /// The trouble with `gvk`; nil where it may be a custom kind that nobody told us about.
  func diagnostic(for gvk: GroupVersionKind, at path: FieldPath) -> Diagnostic? {
    if let removal = schema.removal(of: gvk), let removed = removal.removedIn,
      schema.version >= removed
    {
      return removedKind(removal, removed, path)
    }
    if let known = schema.availability(of: gvk) { return unavailable(gvk, known, path) }
    guard schema.isBuiltIn(group: gvk.group) else {
      return misspeltGroup(gvk, path) ?? impossibleGroup(gvk, path)
    }
    return misspelt(gvk, path)
  }

  private func removedKind(
    _ removal: Removal, _ version: KubernetesVersion, _ path: FieldPath
  ) -> Diagnostic {
    let gvk = removal.gvk
    var fixes: [FixIt] = []
    if let replacement = removal.replacement, !replacement.contains(" ") {
      fixes = [
        FixIt(
          "use \(replacement)", safety: .changesBehavior,
          edits: [.set(path.field("apiVersion"), to: replacement)])
      ]
    }
    return Diagnostic(
      "DEC-02", .error, .unknownKind, at: path.field("apiVersion"),
      "\(gvk.kind) left \(gvk.apiVersion) in Kubernetes \(version)",
      help: removal.replacement.map { "use \($0)" } ?? "there is no replacement", fixes: fixes)
  }

  private func unavailable(
    _ gvk: GroupVersionKind, _ known: Availability, _ path: FieldPath
  ) -> Diagnostic {
    let others = schema.apiVersions(ofKind: gvk.kind)
    var when = "it is not served"
    if let since = known.since, schema.version < since { when = "it came in \(since)" }
    if let until = known.until, schema.version > until { when = "it was last served in \(until)" }
    return Diagnostic(
      "DEC-02", .error, .unknownKind, at: path.field("apiVersion"),
      "Kubernetes \(schema.version) has no \(gvk.kind) in \(gvk.apiVersion): \(when)",
      help: others.first.map { "use \($0.apiVersion)" })
  }

  /// The group is built in, so all its kinds are known.
  private func misspelt(_ gvk: GroupVersionKind, _ path: FieldPath) -> Diagnostic {
    let places = schema.apiVersions(ofKind: gvk.kind)
    if let place = places.first {
      return Diagnostic(
        "DEC-02", .error, .unknownKind, at: path.field("apiVersion"),
        "there is no \(gvk.kind) in '\(gvk.apiVersion)'",
        help: "\(gvk.kind) is in \(place.apiVersion)",
        fixes: [
          FixIt(
            "use \(place.apiVersion)", safety: .changesBehavior,
            edits: [.set(path.field("apiVersion"), to: place.apiVersion)])
        ])
    }
    let near = schema.nearestKinds(to: gvk.kind, apiVersion: gvk.apiVersion).first
    return Diagnostic(
      "DEC-02", .error, .unknownKind, at: path.field("kind"),
      "there is no kind '\(gvk.kind)' in \(gvk.apiVersion)",
      help: near.map { "did you mean '\($0.kind)'?" }
        ?? "`kmf kinds` lists the kinds that there are",
      fixes: near.map {
        [FixIt("write \($0.kind)", safety: .safe, edits: [.set(path.field("kind"), to: $0.kind)])]
      } ?? [])
  }

  /// A kind of a built-in name in a group that differs from its own by a slip.
  private func misspeltGroup(_ gvk: GroupVersionKind, _ path: FieldPath) -> Diagnostic? {
    guard let place = schema.apiVersions(ofKind: gvk.kind).first,
      let near = schema.nearestAPIVersions(to: gvk.apiVersion).first, place.apiVersion == near
    else { return nil }
    return Diagnostic(
      "DEC-02", .error, .unknownKind, at: path.field("apiVersion"),
      "there is no API '\(gvk.apiVersion)'", help: "did you mean '\(near)'?",
      fixes: [
        FixIt("write \(near)", safety: .safe, edits: [.set(path.field("apiVersion"), to: near)])
      ])
  }

  /// Custom groups are domains: a group without a dot could only be built in, and is not.
  private func impossibleGroup(_ gvk: GroupVersionKind, _ path: FieldPath) -> Diagnostic? {
    let slashes = gvk.apiVersion.utf8.count { $0 == UInt8(ascii: "/") }
    guard !gvk.group.contains(".") || slashes > 1 else { return nil }
    let place = schema.apiVersions(ofKind: gvk.kind).first
    return Diagnostic(
      "DEC-02", .error, .unknownKind, at: path.field("apiVersion"),
      "there is no API '\(gvk.apiVersion)'",
      help: place.map { "\(gvk.kind) is in \($0.apiVersion)" }
        ?? "write GROUP/VERSION, where a custom group is a domain such as example.com",
      fixes: place.map {
        [
          FixIt(
            "use \($0.apiVersion)", safety: .changesBehavior,
            edits: [.set(path.field("apiVersion"), to: $0.apiVersion)])
        ]
      } ?? [])
  }
}
