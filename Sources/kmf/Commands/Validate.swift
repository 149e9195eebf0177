import ArgumentParser
import Glibc
import InputFiles
import ManifestSchema
import ManifestSyntax

/// `kmf validate`.
struct Validate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Judge manifests as the API server would.",
    discussion: """
      A PATH is a file, a folder (searched for .yaml, .yml and .json), a pattern such as \
      'k8s/**/*.yaml', or '-' for standard input, which is also read where no PATH is given and \
      something is piped in.

      Options stand before what kmf.yaml in this folder or above says; see docs/configuration.md.

      Exit codes: 0 clean, 1 findings, 2 wrong usage or configuration or unreadable input, \
      3 internal error.
      """)

  @Argument(
    help: "Files, folders, patterns, or '-' for standard input.",
    completion: .file(extensions: ["yaml", "yml", "json"]))
  var path: [String] = []

  @OptionGroup(title: "Input") var input: InputOptions
  @OptionGroup(title: "Input") var ignoring: IgnoreFilesOption
  @OptionGroup(title: "Judging") var judging: JudgingOptions
  @OptionGroup(title: "Updates") var updating: UpdatingOptions
  @OptionGroup(title: "Fixing") var fixing: FixingOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  func run() throws {
    let configuration = try ConfigurationFile.load(input.config)
    var settings = try ValidateSettings(configuration)
    settings.paths = try paths()
    input.apply(to: &settings)
    ignoring.apply(to: &settings)
    try judging.apply(to: &settings)
    output.apply(to: &settings)
    try fixing.apply(to: &settings, hasOutput: !output.output.isEmpty)
    try updating.apply(to: &settings)
    let status = try ValidationRun(settings).run()
    if status != .clean { throw status }
  }

  /// The paths given, or standard input where there are none and something is piped in.
  private func paths() throws(CommandFailure) -> [String] {
    try Self.paths(path, for: "validate")
  }

  /// The paths given, or standard input where there are none and something is piped in.
  static func paths(_ path: [String], for command: String) throws(CommandFailure) -> [String] {
    if !path.isEmpty { return path }
    var status = stat()
    if fstat(STDIN_FILENO, &status) == 0,
      [S_IFIFO, S_IFREG, S_IFSOCK].contains(status.st_mode & S_IFMT)
    {
      return ["-"]
    }
    throw CommandFailure(
      "nothing to \(command)",
      help: "name files or folders (kmf \(command) .), or pipe manifests in")
  }
}

/// Whether ignore files count.
struct IgnoreFilesOption: ParsableArguments {
  @Flag(
    inversion: .prefixedNo,
    help: "Leave out what .gitignore and .kmfignore name (default), or not.")
  var ignore: Bool?

  func apply(to settings: inout ValidateSettings) {
    settings.respectsIgnoreFiles = ignore ?? settings.respectsIgnoreFiles
  }
}

/// Where manifests come from.
struct InputOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("What to call standard input in reports.", valueName: "name"),
    completion: .file())
  var stdinFilename: String?

  @Flag(
    inversion: .prefixedNo,
    help: "Count named files that are no Kubernetes manifests as skipped instead of wrong.")
  var skipNonManifests: Bool?

  @Option(
    help: ArgumentHelp(
      "The configuration to use instead of the nearest kmf.yaml.", valueName: "file"),
    completion: .file(extensions: ["yaml"]))
  var config: String?

  @Option(
    help: ArgumentHelp("How many files to judge at once (default: processors).", valueName: "n"),
    transform: { try WholeNumber.read($0, least: 1) })
  var jobs: Int?

  func apply(to settings: inout ValidateSettings) {
    settings.standardInputName = stdinFilename ?? settings.standardInputName
    settings.skipsNonManifests = skipNonManifests ?? settings.skipsNonManifests
    settings.jobs = jobs ?? settings.jobs
  }
}

/// What to judge by.
struct JudgingOptions: ParsableArguments {
  @OptionGroup var target: VersionOption

  @Option(help: "Documents of kinds that nothing describes: error, warn or skip (default: warn).")
  var unknownKinds: UnknownKindsChoice?

  @Option(
    help: ArgumentHelp(
      "CustomResourceDefinitions to know, besides those among the inputs; repeatable.",
      valueName: "path"),
    completion: .file(extensions: ["yaml", "yml", "json"]))
  var crds: [String] = []

  @Option(
    help: ArgumentHelp(
      "Where JSON schemas of other kinds are: a path with {{.ResourceKind}}, {{.Group}}, "
        + "{{.ResourceAPIVersion}}, {{.KindSuffix}}, {{.NormalizedKubernetesVersion}}, "
        + "{{.StrictSuffix}}; repeatable.", valueName: "template"))
  var schemaLocation: [String] = []

  @Option(
    help: ArgumentHelp("The value of ${VAR} in manifests; repeatable.", valueName: "VAR=value"))
  var substitute: [String] = []

  @Option(
    help: ArgumentHelp("A file of VAR=value lines; repeatable.", valueName: "file"),
    completion: .file())
  var substituteFile: [String] = []

  @Flag(
    inversion: .prefixedNo,
    help: "Take ${VAR} without a value as unknown (default), or as the text that it is.")
  var placeholders: Bool?

  func apply(to settings: inout ValidateSettings) throws(CommandFailure) {
    settings.versions = target.kubernetesVersion ?? settings.versions
    settings.unknownKinds = unknownKinds ?? settings.unknownKinds
    if !crds.isEmpty { settings.crds = crds }
    if !schemaLocation.isEmpty { settings.schemaLocations = schemaLocation }
    settings.allowsPlaceholders = placeholders ?? settings.allowsPlaceholders
    for file in substituteFile { try settings.addSubstitutions(fromFile: file) }
    for text in substitute {
      let (name, value) = try Substitutions.assignment(text)
      settings.substitutions[name] = value
    }
  }
}

/// What to say and how to end.
struct OutputOptions: ParsableArguments {
  @Option(
    name: [.short, .long],
    help: ArgumentHelp(
      "The report: \(OutputRequest.names.joined(separator: ", ")); repeatable, and NAME=FILE "
        + "writes to a file (default: pretty).", valueName: "name[=file]"),
    completion: .list(OutputRequest.names),
    transform: { text in
      do throws(CommandFailure) {
        return try OutputRequest(checking: text)
      } catch {
        throw ValidationError(
          [error.message, error.help].compactMap { $0 }.joined(separator: "; "))
      }
    })
  var output: [OutputRequest] = []

  @Option(help: "Which findings make the exit code 1: error, warning or never (default: error).")
  var failOn: FailOn?

  @Option(
    help: ArgumentHelp("The most findings to show; all are counted.", valueName: "n"),
    transform: { try WholeNumber.read($0, least: 0) })
  var maxDiagnostics: Int?

  @Flag(name: [.short, .long], help: "Show findings only, no summary.")
  var quiet = false

  @Flag(
    inversion: .prefixedNo,
    help: "Colours (default: on a terminal; NO_COLOR and CLICOLOR_FORCE are respected).")
  var color: Bool?

  func apply(to settings: inout ValidateSettings) {
    if !output.isEmpty { settings.outputs = output }
    settings.failOn = failOn ?? settings.failOn
    settings.maxDiagnostics = maxDiagnostics ?? settings.maxDiagnostics
    settings.isQuiet = quiet
    settings.isColored = color
  }
}

/// Numbers of the command line.
enum WholeNumber {
  static func read(_ text: String, least: Int) throws -> Int {
    guard let number = Int(text), number >= least else {
      throw ValidationError("'\(text)' is no whole number from \(least)")
    }
    return number
  }
}

extension ValidateSettings {
  /// Adds the lines of an env file; later values win.
  mutating func addSubstitutions(fromFile path: String) throws(CommandFailure) {
    let source = try Reading.required(path, purpose: "substitutions")
    let text = source.text(Span(start: 0, end: UInt32(source.count)))
    substitutions.merge(try Substitutions.file(text, name: path)) { _, new in new }
  }
}
