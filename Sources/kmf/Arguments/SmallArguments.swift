import ArgumentParser
import ManifestRules
import ManifestSchema

/// How a command that asks the tables shows its answer.
enum TextOrJSON: String, CaseIterable, ExpressibleByArgument {
  case text, json
}

/// Which findings make the exit code 1.
enum FailOn: String, CaseIterable, ExpressibleByArgument {
  case error, warning, never
}

/// What to do with documents of a kind that no table describes.
enum UnknownKindsChoice: String, CaseIterable, ExpressibleByArgument {
  case error, warn, skip
}

/// `--kubernetes-version`, shared by the commands that ask the tables.
struct VersionOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The Kubernetes version: 1.31, a range 1.30..1.33, or latest (the default).",
      valueName: "version"),
    completion: .list(KubernetesVersion.all.map(\.description) + ["latest"]),
    transform: VersionRange.init(checking:))
  var kubernetesVersion: VersionRange?

  /// The versions asked for; the newest by default.
  var range: VersionRange { kubernetesVersion ?? VersionRange(.latest, .latest) }
}

/// `--crds` of the commands that ask the tables.
struct DefinitionsOption: ParsableArguments {
  @Option(
    help: ArgumentHelp("CustomResourceDefinitions to know; repeatable.", valueName: "path"),
    completion: .file(extensions: ["yaml", "yml", "json"]))
  var crds: [String] = []

  /// The tables for `version`, with the kinds that the definitions describe.
  func schema(_ version: KubernetesVersion) throws(CommandFailure) -> Schema {
    let schema = Schema(version: version)
    guard !crds.isEmpty else { return schema }
    var context = ValidationContext()
    try context.addDefinitions(crds)
    context.customKinds.install(into: schema)
    return schema
  }
}

extension VersionRange {
  /// Reads a version or range whose fields the tables know.
  init(checking text: String) throws {
    let first = KubernetesVersion.oldest
    let last = KubernetesVersion.latest
    guard let range = VersionRange(text) else {
      throw ValidationError(
        "'\(text)' is no Kubernetes version; write one like \(last), a range like "
          + "\(first)..\(last), or latest")
    }
    guard range.first.isCovered, range.last.isCovered else {
      throw ValidationError(
        "Kubernetes \(range) is not covered; kmf \(Version.text) knows \(first) to \(last)")
    }
    self = range
  }
}

extension Availability {
  /// `all`, `since 1.29`, `until 1.31`, `1.26 to 1.31`.
  var words: String {
    switch (since, until) {
    case (nil, nil): "all"
    case (let since?, nil): "since \(since)"
    case (nil, let until?): "until \(until)"
    case (let since?, let until?): since == until ? "\(since) only" : "\(since) to \(until)"
    }
  }
}
