import ClusterControl

/// A key of `kmf.yaml`: what reads it and what describes it speak from the same table.
struct ConfigurationKey: Sendable {
  /// What values a key takes.
  enum Shape: Sendable {
    /// A text, of a pattern where one is given.
    case text(String?)
    case flag
    /// A whole number from this one on.
    case number(Int)
    /// A list of texts, or a single one.
    case texts
    /// A mapping of names to texts, of a choice where one is given.
    case map([String]?)
    /// Parameters by rule.
    case parameters
    case choice([String])
    /// A mapping with these keys.
    case section([ConfigurationKey])
    /// A list of mappings with these keys.
    case list([ConfigurationKey])
  }

  var name: String
  var summary: String
  var shape: Shape

  init(_ name: String, _ summary: String, _ shape: Shape) {
    self.name = name
    self.summary = summary
    self.shape = shape
  }

  static let severities: [String]? = ["error", "warning", "info"]
}

extension Configuration {
  /// The keys of the section `simulation`.
  static let simulationKeys: [ConfigurationKey] = [
    ConfigurationKey(
      "images", "Behaviour by image; later ones come on top.",
      .list(
        [ConfigurationKey("match", "An image name; '*' stands for any text.", .text(nil))]
          + ContainerBehavior.settings.map { setting in
            ConfigurationKey(setting.name, setting.summary, .text(nil))
          })),
    ConfigurationKey(
      "run-time", "How long containers run whose pods are meant to end.", .text(nil)),
    ConfigurationKey("init-time", "How long init containers run.", .text(nil)),
  ]

  /// The keys of the file.
  static let keys: [ConfigurationKey] = [
    ConfigurationKey(
      "kubernetesVersion", "A version, a range such as 1.30..1.33, or latest.", .text(nil)),
    ConfigurationKey("exclude", "Patterns of files to leave out, as in .gitignore.", .texts),
    ConfigurationKey("ignoreFiles", "Whether .gitignore and .kmfignore count.", .flag),
    ConfigurationKey("crds", "Files or folders with CustomResourceDefinitions.", .texts),
    ConfigurationKey("schemaLocations", "Path templates of JSON schemas.", .texts),
    ConfigurationKey(
      "unknownKinds", "What becomes of kinds that nobody defines.",
      .choice(UnknownKindsChoice.allCases.map(\.rawValue))),
    ConfigurationKey(
      "skipNonManifests", "Whether named files that are no manifests are skipped.", .flag),
    ConfigurationKey("placeholders", "Whether ${VAR} makes a value unknown.", .flag),
    ConfigurationKey("substitute", "Values of variables.", .map(nil)),
    ConfigurationKey("substituteFiles", "Files of lines VAR=value.", .texts),
    ConfigurationKey(
      "failOn", "Which findings make the exit code 1.",
      .choice(FailOn.allCases.map(\.rawValue))),
    ConfigurationKey("maxDiagnostics", "How many findings are shown; 0 for all.", .number(0)),
    ConfigurationKey("output", "NAME or NAME=FILE.", .texts),
    ConfigurationKey("jobs", "How many threads work.", .number(1)),
    ConfigurationKey("cluster", "The cluster to work on.", .text(nil)),
    ConfigurationKey("clusters", "Addresses of clusters by name.", .map(nil)),
    ConfigurationKey(
      "simulation", "How images of simulated clusters behave.", .section(simulationKeys)),
    ConfigurationKey("lint", "What kmf lint is told besides.", .section(LintConfiguration.keys)),
  ]
}

extension LintConfiguration {
  /// The keys of the section `lint`.
  static let keys: [ConfigurationKey] = [
    ConfigurationKey(
      "presets", "The rules to begin with; recommended where neither this nor select is given.",
      .texts
    ),
    ConfigurationKey("select", "Rules to add: codes, beginnings of codes, names.", .texts),
    ConfigurationKey("ignore", "Rules to leave out.", .texts),
    ConfigurationKey("severity", "Severities by rule.", .map(ConfigurationKey.severities)),
    ConfigurationKey("rules", "Parameters of rules, by code.", .parameters),
    ConfigurationKey(
      "perPath", "Changes for the files that patterns mean; the last one has the last word.",
      .list([
        ConfigurationKey("paths", "Patterns in the language of .gitignore.", .texts),
        ConfigurationKey("select", "Rules to add for these files.", .texts),
        ConfigurationKey("ignore", "Rules to leave out for these files.", .texts),
        ConfigurationKey(
          "severity", "Severities by rule for these files.", .map(ConfigurationKey.severities)),
      ])
    ),
    ConfigurationKey(
      "suppress", "Findings to leave out, for files that nobody edits.",
      .list([
        ConfigurationKey("rules", "Which rules.", .texts),
        ConfigurationKey("paths", "Patterns of files; all files where none is given.", .texts),
        ConfigurationKey("kinds", "Kinds of objects.", .texts),
        ConfigurationKey("names", "Names of objects; * stands for any text.", .texts),
        ConfigurationKey("namespaces", "Namespaces of objects.", .texts),
        ConfigurationKey("containers", "Names of containers.", .texts),
        ConfigurationKey("reason", "Why.", .text(nil)),
        ConfigurationKey(
          "until", "The last day that it holds, as YYYY-MM-DD.", .text("^\\d{4}-\\d{2}-\\d{2}$")),
      ])
    ),
    ConfigurationKey("locked", "Rules that comments and annotations cannot suppress.", .texts),
    ConfigurationKey(
      "externals",
      "Names that something outside supplies: KIND/NAME or KIND/NAMESPACE/NAME, * "
        + "for any text.", .texts
    ),
    ConfigurationKey(
      "podSecurity", "A Pod Security profile, with a version: restricted@1.31.", .text(nil)),
    ConfigurationKey("baseline", "A file of known findings.", .text(nil)),
    ConfigurationKey(
      "render",
      "Whether kustomizations and Helm charts are rendered where a program that can is installed; "
        + "true by default.", .flag),
    ConfigurationKey("cache", "Whether results are kept in .kmf/cache; true by default.", .flag),
    ConfigurationKey(
      "failOn", "Which findings make the exit code 1.", .choice(["error", "warning", "never"])),
  ]
}
