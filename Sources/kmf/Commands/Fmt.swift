import ArgumentParser
import Glibc
import ManifestRules

/// `kmf fmt`.
struct Fmt: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Lay manifests out in one way: indentation, blank lines, order of keys.",
    discussion: """
      Two spaces a level, lists as far left as their key, apiVersion, kind and metadata first and \
      then the fields in the order of the API; keys that people name (labels, data) and those of \
      kinds that kmf does not know stay in their order, as do documents with anchors. Comments \
      move along with what they stand above; texts and quotes are not touched. What a manifest \
      means never changes: each new text is read and compared before it is written.

      Templates, and files that are no manifests, are left alone. Formatted standard input goes to \
      standard output.

      Exit codes: 0 done, 1 with --check or --diff where something would change, 2 wrong usage or \
      broken or unreadable input, 3 internal error.
      """)

  @Argument(
    help: "Files, folders, patterns, or '-' for standard input.",
    completion: .file(extensions: ["yaml", "yml", "json"]))
  var path: [String] = []

  @Flag(help: "Change nothing; print the names of files that are laid out otherwise.")
  var check = false

  @Flag(help: "Change nothing; print what would change as a unified diff.")
  var diff = false

  @Flag(name: .shortAndLong, help: "No closing line.")
  var quiet = false

  @OptionGroup(title: "Input") var input: InputOptions
  @OptionGroup(title: "Input") var ignoring: IgnoreFilesOption

  func validate() throws {
    if check, diff { throw ValidationError("--check and --diff: choose one of them") }
  }

  func run() throws {
    let configuration = try ConfigurationFile.load(input.config)
    var settings = try ValidateSettings(configuration)
    settings.paths = try Validate.paths(path, for: "fmt")
    input.apply(to: &settings)
    ignoring.apply(to: &settings)
    settings.isQuiet = quiet
    let status = try FormatRun(settings, mode: check ? .check : diff ? .diff : .write).run()
    if status != .clean { throw status }
  }
}
