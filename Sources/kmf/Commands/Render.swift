import ArgumentParser
import InputFiles
import ManifestRules
import ManifestSchema
import ManifestSyntax

/// `kmf render`.
struct Render: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print objects in normal form, or as the API server would store them.",
    discussion: """
      Fields come in the order of the API, scalars in their canonical form. Where syntax or fields \
      are wrong, the findings go to standard error and nothing is printed. Secrets are printed as \
      they are given.

      Exit codes: 0 printed, 1 findings, 2 wrong usage or configuration or unreadable input, \
      3 internal error.
      """)

  /// The form of the output.
  enum Format: String, CaseIterable, ExpressibleByArgument { case yaml, json }

  @Argument(
    help: "Files, folders, patterns, or '-' for standard input.",
    completion: .file(extensions: ["yaml", "yml", "json"]))
  var path: [String] = []

  @Flag(help: "Complete objects with the server's defaults; leave out what it would drop.")
  var defaults = false

  @Flag(
    help: """
      Also what the server writes itself, as far as a manifest tells: status, generation, the \
      namespace of the request; implies --defaults.
      """)
  var serverFields = false

  @Option(name: [.short, .long], help: "yaml, or json (a List where there are several objects).")
  var output: Format = .yaml

  @Option(
    name: [.short, .long],
    help: ArgumentHelp("The namespace of objects that name none.", valueName: "name"))
  var namespace: String?

  @OptionGroup(title: "Input") var input: InputOptions
  @OptionGroup(title: "Input") var ignoring: IgnoreFilesOption
  @OptionGroup(title: "Judging") var judging: JudgingOptions

  func run() throws {
    let configuration = try ConfigurationFile.load(input.config)
    var settings = try ValidateSettings(configuration)
    settings.paths = try Validate.paths(path, for: "render")
    input.apply(to: &settings)
    ignoring.apply(to: &settings)
    try judging.apply(to: &settings)
    guard settings.versions.first == settings.versions.last else {
      throw CommandFailure(
        "objects are rendered for one version, not for \(settings.versions)",
        help: "pass --kubernetes-version \(settings.versions.last)")
    }
    var options = ManifestRenderer.Options()
    options.defaults = defaults
    options.serverFields = serverFields
    options.namespace = namespace
    let (objects, status) = try RenderRun(settings: settings, options: options).run()
    if status == .clean { try print(objects) }
    if status != .clean { throw status }
  }

  private func print(_ objects: [Value]) throws(CommandFailure) {
    let text = Output()
    switch output {
    case .yaml: text.write(YAMLWriter.write(documents: objects))
    case .json:
      let list: Value = ["apiVersion": "v1", "kind": "List", "items": .list(objects)]
      text.writeLine(
        JSONWriter.string(objects.count == 1 ? objects[0] : list, .indented))
    }
    text.flush()
    if let failure = text.failureText { throw CommandFailure(failure) }
  }
}
