import InputFiles
import ManifestRules
import ManifestSyntax

/// What the section `lint` of `kmf.yaml` says.
struct LintConfiguration: Equatable {
  /// Changes for the files that patterns name.
  struct PerPath: Equatable {
    var paths: [String] = []
    var select: [String] = []
    var ignore: [String] = []
    var severity: [String: String] = [:]
  }

  /// A suppression for files that nobody edits.
  struct Ignored: Equatable {
    var rules: [String] = []
    var paths: [String] = []
    var kinds: [String] = []
    var names: [String] = []
    var namespaces: [String] = []
    var containers: [String] = []
    var reason = ""
    var until: String?
    /// Where it stands in the file, from 1.
    var line = 0
    var column = 0
  }

  var presets: [String] = []
  var select: [String] = []
  var ignore: [String] = []
  var severity: [String: String] = [:]
  /// Parameters by rule and name; lists as texts parted by commas.
  var rules: [String: [String: String]] = [:]
  var perPath: [PerPath] = []
  var suppressions: [Ignored] = []
  /// Rules that comments and annotations cannot suppress.
  var locked: [String] = []
  var externals: [String] = []
  var podSecurity: String?
  var baseline: String?
  var cache: Bool?
  var render: Bool?
  var failOn: FailOn?

  /// Carries the section over into `settings`.
  func apply(
    to settings: inout LintSettings, of configuration: Configuration
  ) throws(CommandFailure) {
    let folder = configuration.folder
    for name in presets { settings.selection.presets.append(try AdvicePreset(checking: name)) }
    settings.selection.select = try Self.codes(select)
    settings.selection.ignore = try Self.codes(ignore)
    settings.selection.severities = try Self.severities(severity)
    for (code, parameters) in rules.sorted(by: { $0.key < $1.key }) {
      for (name, text) in parameters.sorted(by: { $0.key < $1.key }) {
        try settings.selection.set(code, name, to: text)
      }
    }
    for item in perPath {
      let select = try Self.codes(item.select)
      let ignore = try Self.codes(item.ignore)
      let grades = try Self.severities(item.severity)
      settings.selection.overrides.append(
        AdviceSelection.Override(
          covers: Self.coverage(item.paths, folder), select: select, ignore: ignore,
          severities: grades))
    }
    for item in suppressions {
      let codes = try Self.codes(item.rules)
      let paths = item.paths.isEmpty ? ["*"] : item.paths
      var suppression = ConfiguredSuppression(
        rules: codes, covers: Self.coverage(paths, folder),
        kinds: item.kinds, names: item.names, namespaces: item.namespaces,
        containers: item.containers, reason: item.reason, until: item.until)
      suppression.place = ConfiguredSuppression.Place(
        file: configuration.file, line: item.line, column: item.column)
      settings.policy.configured.append(suppression)
    }
    settings.policy.locked = try Self.codes(locked)
    settings.externals = externals
    settings.baseline = baseline
    settings.usesCache = cache ?? true
    settings.renders = render ?? true
    if let podSecurity { try settings.selection.applyProfile(podSecurity) }
  }

  private static func codes(_ words: [String]) throws(CommandFailure) -> [String] {
    var codes: [String] = []
    for word in words { codes += try RuleWords.codes(word) }
    return codes
  }

  private static func coverage(
    _ patterns: [String], _ folder: String
  ) -> @Sendable (String) -> Bool {
    let paths = PathSelection(patterns, in: folder)
    let here = Repository.workingFolder
    return { paths.contains($0, workingFolder: here) }
  }

  private static func severities(
    _ words: [String: String]
  ) throws(CommandFailure) -> [String: Diagnostic.Severity] {
    var severities: [String: Diagnostic.Severity] = [:]
    for (word, name) in words.sorted(by: { ($0.key.count, $0.key) < ($1.key.count, $1.key) }) {
      let severity = try grade(name)
      let codes = try RuleWords.codes(word)
      // Longer words come later: what names a rule closely has the last word.
      for rule in AdviceRegistry.all.map({ $0.about }) {
        if AdviceSelection.matches(rule, codes) { severities[rule.code] = severity }
      }
    }
    return severities
  }

  private static func grade(_ name: String) throws(CommandFailure) -> Diagnostic.Severity {
    if name == "info" { return .note }
    guard let severity = Diagnostic.Severity(rawValue: name) else {
      throw CommandFailure(
        "'\(name)' is no severity", help: "severities are error, warning and info")
    }
    return severity
  }
}
