import ArgumentParser
import InputFiles

/// Where the manifests of `diff` and `apply` come from.
struct ManifestOptions: ParsableArguments {
  @Option(
    name: [.short, .customLong("filename")], parsing: .singleValue,
    help: ArgumentHelp("As a PATH; repeatable.", valueName: "path"),
    completion: .file(extensions: ["yaml", "yml", "json"]))
  var filename: [String] = []

  @Option(
    name: [.customShort("k"), .customLong("kustomize")], parsing: .singleValue,
    help: ArgumentHelp(
      "A kustomization's folder, rendered by 'kustomize' or 'kubectl kustomize'; repeatable.",
      valueName: "folder"),
    completion: .directory)
  var kustomize: [String] = []

  @Option(
    name: [.short, .long],
    help: ArgumentHelp("The namespace of objects that name none.", valueName: "name"))
  var namespace = "default"

  @Option(
    help: ArgumentHelp("What to call standard input in messages.", valueName: "name"),
    completion: .file())
  var stdinFilename: String?

  @Flag(
    inversion: .prefixedNo,
    help: "Leave out what .gitignore and .kmfignore name (default), or not.")
  var ignore: Bool?

  @Option(
    help: ArgumentHelp("The value of ${VAR} in manifests; repeatable.", valueName: "VAR=value"))
  var substitute: [String] = []

  @Option(
    help: ArgumentHelp("A file of VAR=value lines; repeatable.", valueName: "file"),
    completion: .file())
  var substituteFile: [String] = []

  @Option(
    help: ArgumentHelp("How many files to read at once (default: processors).", valueName: "n"),
    transform: { try WholeNumber.read($0, least: 1) })
  var jobs: Int?

  /// The settings to read `paths` with.
  func settings(
    _ paths: [String], _ configuration: Configuration, for command: String
  ) throws(CommandFailure) -> ValidateSettings {
    var settings = try ValidateSettings(configuration)
    let named = paths + filename
    settings.paths =
      named.isEmpty && !kustomize.isEmpty ? [] : try Validate.paths(named, for: command)
    settings.standardInputName = stdinFilename ?? settings.standardInputName
    settings.respectsIgnoreFiles = ignore ?? settings.respectsIgnoreFiles
    settings.jobs = jobs ?? settings.jobs
    for path in substituteFile { try settings.addSubstitutions(fromFile: path) }
    for text in substitute {
      let (name, value) = try Substitutions.assignment(text)
      settings.substitutions[name] = value
    }
    return settings
  }
}
