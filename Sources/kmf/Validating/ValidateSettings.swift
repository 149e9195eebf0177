import Glibc
import InputFiles
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
  /// Where the report without a file goes.
  var reportDescriptor = STDOUT_FILENO
  /// nil where the terminal and the environment decide.
  var isColored: Bool?
  var jobs: Int?

  /// The command, for reports that name it.
  var command = "validate"
  /// What to do with fixes; nil where findings are only reported.
  var fixing: FixingMode?
  /// Whether fixes that can alter what the cluster does count.
  var fixesUnsafe = false
  /// Where the objects are that the manifests are to replace; nil where they are new.
  var against: String?

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

  /// What finds the inputs.
  var finder: InputFinder {
    var finder = InputFinder(
      respectsIgnoreFiles: respectsIgnoreFiles, standardInputName: standardInputName)
    if !exclude.isEmpty { finder.exclusion = .init(folder: excludeFolder, patterns: exclude) }
    return finder
  }
}
