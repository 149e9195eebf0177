import ManifestRules
import ManifestSchema

/// Everything that a run of `kmf validate` depends on: defaults, configuration and flags in one.
struct ValidateSettings {
  var paths: [String] = []
  var standardInputName = "<stdin>"
  var respectsIgnoreFiles = true
  /// Patterns of the configuration, and the folder that they are relative to.
  var exclude: [String] = []
  var excludeFolder = "."

  var versions = VersionRange(.latest, .latest)
  var unknownKinds = UnknownKindsChoice.warn
  var skipsNonManifests = false
  var allowsPlaceholders = true
  var substitutions: [String: String] = [:]
  var crds: [String] = []
  var schemaLocations: [String] = []

  var outputs: [OutputRequest] = []
  var failOn = FailOn.error
  /// The most diagnostics to show; nil for all.
  var maxDiagnostics: Int?
  var isQuiet = false
  /// nil where the terminal and the environment decide.
  var isColored: Bool?
  var jobs: Int?

  init() {}

  /// The settings of a configuration.
  init(_ file: Configuration) throws(CommandFailure) {
    exclude = file.exclude
    excludeFolder = file.folder
    respectsIgnoreFiles = file.ignoreFiles ?? respectsIgnoreFiles
    versions = file.kubernetesVersion ?? versions
    unknownKinds = file.unknownKinds ?? unknownKinds
    skipsNonManifests = file.skipNonManifests ?? skipsNonManifests
    allowsPlaceholders = file.placeholders ?? allowsPlaceholders
    for path in file.substituteFiles ?? [] { try addSubstitutions(fromFile: path) }
    substitutions.merge(file.substitute) { _, new in new }
    crds = file.crds ?? crds
    schemaLocations = file.schemaLocations ?? schemaLocations
    outputs = file.output ?? outputs
    failOn = file.failOn ?? failOn
    maxDiagnostics = file.maxDiagnostics
    jobs = file.jobs
  }
}
