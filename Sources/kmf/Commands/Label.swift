import ArgumentParser
import ClusterAPI
import ManifestSyntax

/// `kmf label`.
struct Label: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Set and remove labels of objects.",
    discussion: """
      kmf label pod web-0 tier=front
      kmf label pods --all tier=front --overwrite
      kmf label pod/web-0 tier-

      Exit codes: 0 done, 1 not found or refused, 2 wrong usage, 3 internal error.
      """)

  @Argument(help: "A kind and names, or KIND/NAME for each; then KEY=VALUE, or KEY- to remove.")
  var words: [String] = []

  @OptionGroup(title: "Labels") var marking: MarkingOptions
  @OptionGroup(title: "Objects") var objects: TargetOptions
  @OptionGroup(title: "Change") var change: ChangeOptions
  @OptionGroup(title: "Cluster") var place: ClusterOptions

  func run() throws {
    try Marking(mark: .label, options: marking, objects: objects, change: change, place: place)
      .run(words)
  }
}

/// `kmf annotate`.
struct Annotate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Set and remove annotations of objects.",
    discussion: """
      kmf annotate deploy web example.com/owner='the shop team'
      kmf annotate deploy/web example.com/owner-

      Exit codes: 0 done, 1 not found or refused, 2 wrong usage, 3 internal error.
      """)

  @Argument(help: "A kind and names, or KIND/NAME for each; then KEY=VALUE, or KEY- to remove.")
  var words: [String] = []

  @OptionGroup(title: "Annotations") var marking: MarkingOptions
  @OptionGroup(title: "Objects") var objects: TargetOptions
  @OptionGroup(title: "Change") var change: ChangeOptions
  @OptionGroup(title: "Cluster") var place: ClusterOptions

  func run() throws {
    try Marking(mark: .annotation, options: marking, objects: objects, change: change, place: place)
      .run(words)
  }
}

/// What `label` and `annotate` have in common.
struct MarkingOptions: ParsableArguments {
  @Flag(help: "Change values that are there.")
  var overwrite = false

  @Flag(help: "Print what the objects have.")
  var list = false

  @Flag(help: "All objects of the kind in the namespace.")
  var all = false

  @Option(help: ArgumentHelp("Only if the object is at this version.", valueName: "version"))
  var resourceVersion: String?
}
