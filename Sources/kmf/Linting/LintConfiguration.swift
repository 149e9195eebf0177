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
  var failOn: FailOn?

  /// Carries the section over into `settings`.
  func apply(to settings: inout LintSettings, folder: String) throws(CommandFailure) {
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
      settings.policy.configured.append(
        ConfiguredSuppression(
          rules: codes, covers: Self.coverage(paths, folder),
          kinds: item.kinds, names: item.names, namespaces: item.namespaces,
          containers: item.containers, reason: item.reason, until: item.until))
    }
    settings.policy.locked = try Self.codes(locked)
    settings.externals = externals
    settings.baseline = baseline
    settings.usesCache = cache ?? true
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

/// The keys of the section `lint`, in one table: what reads them, and what describes them.
extension LintConfiguration {
  /// What values a key takes.
  enum Shape: Sendable {
    case text(String?)
    case flag
    case texts
    /// A mapping of names to texts.
    case map([String]?)
    /// Parameters by rule.
    case parameters
    case choice([String])
    case list([Field])
  }

  /// One key.
  struct Field: Sendable {
    var name: String
    var summary: String
    var shape: Shape
    init(_ name: String, _ summary: String, _ shape: Shape) {
      self.name = name
      self.summary = summary
      self.shape = shape
    }
  }

  static let keys: [Field] = [
    Field(
      "presets", "The rules to begin with; recommended where neither this nor select is given.",
      .texts
    ),
    Field("select", "Rules to add: codes, beginnings of codes, names.", .texts),
    Field("ignore", "Rules to leave out.", .texts),
    Field("severity", "Severities by rule.", .map(["error", "warning", "info"])),
    Field("rules", "Parameters of rules, by code.", .parameters),
    Field(
      "perPath", "Changes for the files that patterns mean; the last one has the last word.",
      .list([
        Field("paths", "Patterns in the language of .gitignore.", .texts),
        Field("select", "Rules to add for these files.", .texts),
        Field("ignore", "Rules to leave out for these files.", .texts),
        Field(
          "severity", "Severities by rule for these files.", .map(["error", "warning", "info"])),
      ])
    ),
    Field(
      "suppress", "Findings to leave out, for files that nobody edits.",
      .list([
        Field("rules", "Which rules.", .texts),
        Field("paths", "Patterns of files; all files where none is given.", .texts),
        Field("kinds", "Kinds of objects.", .texts),
        Field("names", "Names of objects; * stands for any text.", .texts),
        Field("namespaces", "Namespaces of objects.", .texts),
        Field("containers", "Names of containers.", .texts),
        Field("reason", "Why.", .text(nil)),
        Field(
          "until", "The last day that it holds, as YYYY-MM-DD.", .text("^\\d{4}-\\d{2}-\\d{2}$")),
      ])
    ),
    Field("locked", "Rules that comments and annotations cannot suppress.", .texts),
    Field(
      "externals",
      "Names that something outside supplies: KIND/NAME or KIND/NAMESPACE/NAME, * "
        + "for any text.", .texts
    ),
    Field("podSecurity", "A Pod Security profile, with a version: restricted@1.31.", .text(nil)),
    Field("baseline", "A file of known findings.", .text(nil)),
    Field("cache", "Whether results are kept in .kmf/cache; true by default.", .flag),
    Field(
      "failOn", "Which findings make the exit code 1.", .choice(["error", "warning", "never"])),
  ]
}
