import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Volumes of several sources (VOL-76 … VOL-95).
enum ProjectedVolumes: PodRules {
  static let title = "Projected volumes"
  static let needs = ["projected"]

  private static let lifetime: ClosedRange<Int64> = 600...(1 << 32)

  private static let kinds = VolumeKinds(needs)

  static func check(_ pod: PodSubject, into report: inout Report) {
    let isPodWithoutAccount =
      !pod.isTemplate && (pod.spec.serviceAccountName ?? "").isEmpty
      && (pod.spec.serviceAccount ?? "").isEmpty
    for (_, node, _) in PlacedVolume.all(in: pod, of: kinds, report) {
      var projected = Projected(source: ProjectedVolumeSource(node))
      projected.check(into: &report)
    }
    guard isPodWithoutAccount else { return }
    // The server looks at every projected volume here, one that it refused included.
    for volume in pod.spec.volumes {
      guard let projected = volume.projected else { continue }
      for source in projected.sources where source.serviceAccountToken != nil {
        report.error(
          "VOL-85", .forbidden, at: source.node, "serviceAccountToken",
          "a token needs a service account, and 'serviceAccountName' is not set",
          help: "set 'serviceAccountName: default' or another account")
      }
    }
  }

  /// One volume on its way through the checks.
  private struct Projected {
    let source: ProjectedVolumeSource
    var paths: Set<String> = []

    mutating func check(into report: inout Report) {
      VolumeChecks.mode(
        "VOL-76", source.defaultMode, at: source.node, "defaultMode", into: &report)
      for (index, part) in source.sources.enumerated() {
        let place = FieldPath([.field("sources"), .index(index)])
        var count = 0
        if let secret = part.secret {
          count += 1
          checkObject(secret.node, secret.items, place.field("secret"), into: &report)
        }
        if let configMap = part.configMap {
          count += 1
          checkObject(configMap.node, configMap.items, place.field("configMap"), into: &report)
        }
        if let fields = part.downwardAPI {
          count += 1
          FileVolumes.checkFiles(fields.items, at: fields.node, into: &report)
          note(fields.items.map(\.path), place.field("downwardAPI"), into: &report)
        }
        if let token = part.serviceAccountToken {
          count += 1
          checkToken(token, place.field("serviceAccountToken"), into: &report)
        }
        guard count > 1 else { continue }
        report.error(
          "VOL-77", .forbidden, at: source.node, place,
          "the source is made of \(count) things; each needs a source of its own",
          help: "write several items of 'sources'")
      }
    }

    private mutating func checkObject(
      _ node: NodeRef, _ items: ViewList<KeyToPath>, _ place: FieldPath, into report: inout Report
    ) {
      VolumeChecks.require(
        "VOL-78", ["name"], of: node, "it says which object is meant", into: &report)
      for item in items {
        FileVolumes.checkItem(item, codes: ("VOL-79", "VOL-79", "VOL-79"), into: &report)
      }
      note(items.map(\.path), place, into: &report)
    }

    /// Remembers the paths of files, and reports those that are there already.
    private mutating func note(
      _ files: [String?], _ place: FieldPath, into report: inout Report
    ) {
      for (index, path) in files.enumerated() {
        guard let path, !path.isEmpty, !paths.insert(path).inserted else { continue }
        report.error(
          "VOL-80", .invalid, at: source.node,
          place + FieldPath([.field("items"), .index(index), .field("path")]),
          "another file of the volume has the path \(PodFieldChecks.quoted(path)) already",
          help: "give one of them another path", server: .root)
      }
    }

    private func checkToken(
      _ token: ServiceAccountTokenProjection, _ place: FieldPath, into report: inout Report
    ) {
      if let seconds = token.expirationSeconds, !lifetime.contains(seconds) {
        let isShort = seconds < lifetime.lowerBound
        report.error(
          isShort ? "VOL-82" : "VOL-83", .invalid, at: token.node, "expirationSeconds",
          "'\(seconds)' is no lifetime of a token: it must be at "
            + (isShort ? "least \(lifetime.lowerBound)" : "most \(lifetime.upperBound)")
            + " seconds", help: "leave it out for an hour")
      }
      VolumeChecks.filePath(
        "VOL-84", token.path, at: source.node, place.field("path"), server: "path", into: &report)
    }
  }

  static let rules: [RuleDescription] =
    [
      RuleDescription(
        "VOL-76", "a projected volume's defaultMode is at most 0777",
        bad: "spec.volumes = [{name: v, projected: {defaultMode: 512, sources: []}}]",
        good: "spec.volumes = [{name: v, projected: {defaultMode: 511, sources: []}}]"),
      RuleDescription(
        "VOL-77", "a source of a projected volume is one thing",
        bad: sources("{secret: {name: a}, configMap: {name: b}}"),
        good: sources("{secret: {name: a}}, {configMap: {name: b}}"), sources("{}")),
      RuleDescription(
        "VOL-78", "a projected Secret or ConfigMap is named", bad: sources("{secret: {}}"),
        sources("{configMap: {name: ''}}"), good: sources("{secret: {name: a}}")),
      RuleDescription(
        "VOL-79", "an item of a projected Secret or ConfigMap is sound",
        bad: sources("{secret: {name: a, items: [{key: k}]}}"),
        sources("{configMap: {name: a, items: [{path: p}]}}"),
        sources("{secret: {name: a, items: [{key: k, path: p, mode: 512}]}}"),
        good: sources("{secret: {name: a, items: [{key: k, path: p, mode: 511}]}}")),
      RuleDescription(
        "VOL-80", "the files of a projected volume have different paths",
        bad: sources(
          "{secret: {name: a, items: [{key: k, path: p}]}}, "
            + "{configMap: {name: a, items: [{key: k, path: p}]}}"),
        good: sources(
          "{secret: {name: a, items: [{key: k, path: p}]}}, "
            + "{serviceAccountToken: {path: p}}") + "\nspec.serviceAccountName = a"),
      .untestable(
        "VOL-81", "projected fields of the pod obey the rules of downwardAPI volumes",
        because: "findings carry the codes VOL-68 to VOL-75"),
      RuleDescription(
        "VOL-82", "a token lives ten minutes at least",
        bad: sources("{serviceAccountToken: {path: p, expirationSeconds: 599}}"),
        good: sources("{serviceAccountToken: {path: p, expirationSeconds: 600}}")),
      RuleDescription(
        "VOL-83", "a token lives 4294967296 seconds at most",
        bad: sources("{serviceAccountToken: {path: p, expirationSeconds: 4294967297}}"),
        good: sources("{serviceAccountToken: {path: p, expirationSeconds: 4294967296}}")),
      RuleDescription(
        "VOL-84", "a token has a path that stays in the volume",
        bad: sources("{serviceAccountToken: {}}"), sources("{serviceAccountToken: {path: /p}}"),
        good: sources("{serviceAccountToken: {path: a/p}}")),
      RuleDescription(
        "VOL-85", "a pod with a token has a service account",
        bad: sources("{serviceAccountToken: {path: p}}"),
        good: sources("{serviceAccountToken: {path: p}}") + "\nspec.serviceAccountName = default"),
    ] + offByDefault

  /// Rules about sources that the server drops unread.
  private static let offByDefault: [RuleDescription] = [
    ("VOL-86", "a clusterTrustBundle has a name or a signer"),
    ("VOL-87", "a clusterTrustBundle's name is valid"),
    ("VOL-88", "a clusterTrustBundle's signer is valid"),
    ("VOL-89", "a clusterTrustBundle's selector is valid"),
    ("VOL-90", "a clusterTrustBundle has a path"),
    ("VOL-91", "a podCertificate's signer is valid"),
    ("VOL-92", "a podCertificate's annotations are valid"),
    ("VOL-93", "a podCertificate's key is of a known type"),
    ("VOL-94", "a podCertificate's lifetime is within bounds"),
    ("VOL-95", "a podCertificate has paths"),
  ].map {
    .untestable(
      $0.0, $0.1, because: "the feature is off by default, and the server drops the source")
  }

  private static func sources(_ list: String) -> RuleExample {
    "spec.volumes = [{name: v, projected: {sources: [\(list)]}}]"
  }
}

extension RuleExample {
  /// An example with more lines.
  fileprivate static func + (example: RuleExample, more: String) -> RuleExample {
    "\(example.text)\(more)"
  }
}
