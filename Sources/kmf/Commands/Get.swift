import ArgumentParser
import ClusterAPI
import ManifestSyntax
import ObjectPrinting

/// `kmf get`.
struct Get: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show objects of a cluster.",
    discussion: """
      kmf get pods
      kmf get deploy,svc -l app=web -o wide
      kmf get deployments.apps/web -o yaml
      kmf get pods -o jsonpath='{range .items[*]}{.metadata.name}{"\\n"}{end}'
      kmf get all -A

      A kind is called by its plural, its singular, a short name, or one of these with its group. \
      Tables show no secret's values; yaml, json and templates show what they are asked for.

      Exit codes: 0 shown, 1 not found or refused, 2 wrong usage, 3 internal error.
      """)

  @Argument(help: "Kinds and names, or KIND/NAME for each.")
  var words: [String] = []

  @OptionGroup(title: "Objects") var objects: TargetOptions

  @Flag(help: "Say nothing of objects that are not there.")
  var ignoreNotFound = false

  @Option(help: ArgumentHelp("How many objects to ask for at once; 0 for all.", valueName: "n"))
  var chunkSize: Int = 500

  @Option(help: ArgumentHelp("Show status, scale or another part instead.", valueName: "name"))
  var subresource: String?

  @Flag(name: [.customShort("w"), .long], help: "Go on with the changes as they come.")
  var watch = false

  @Option(
    help: ArgumentHelp(
      "Watch this time of a cluster with nodes pass, at once, instead of waiting.",
      valueName: "time"),
    transform: { try TimeSpan.read($0) })
  var watchFor: Duration?

  @Flag(help: "Show changes as they come, without what is there.")
  var watchOnly = false

  @Flag(help: "Say with each change whether it was added, modified or deleted.")
  var outputWatchEvents = false

  @OptionGroup(title: "Output") var form: ShowingOptions
  @OptionGroup(title: "Cluster") var place: ClusterOptions

  func run() throws {
    guard chunkSize >= 0 else {
      throw CommandFailure("--chunk-size is \(chunkSize); it must be at least 0")
    }
    let showing = try form.showing(isInAllNamespaces: objects.allNamespaces)
    let client = try place.client(for: .existing)
    let targets = try objects.targets(words, in: client)
    var selectors = objects.selectors
    selectors.chunkSize = chunkSize
    if targets.contains(where: { $0.name != nil }), !selectors.isEmpty {
      throw CommandFailure("objects are named or selected, not both")
    }
    let run = GetRun(
      client: client, targets: targets, selectors: selectors, subresource: subresource,
      ignoresMissing: ignoreNotFound, namespace: objects.namespace ?? "default")
    if watch || watchOnly || watchFor != nil {
      guard targets.count == 1, subresource == nil else {
        throw CommandFailure("only one kind or one object can be watched at a time")
      }
      try WatchRun(
        get: run, showing: showing, showsPresent: !watchOnly, showsEvents: outputWatchEvents,
        span: watchFor
      ).run(targets[0])
    } else {
      try run.run(showing)
    }
  }
}

/// How `kmf get` shows what it finds.
struct ShowingOptions: ParsableArguments {
  @Option(
    name: [.customShort("o"), .long],
    help: ArgumentHelp(
      """
      wide, name, yaml, json, jsonpath=TEMPLATE, jsonpath-file=FILE, jsonpath-as-json=TEMPLATE, \
      custom-columns=HEADER:PATH,…, or custom-columns-file=FILE; a table without it.
      """, valueName: "form"))
  var output: String?

  @Flag(help: "Show who owns which field in yaml and json.")
  var showManagedFields = false

  @Flag(help: "Show all labels in a last column.")
  var showLabels = false

  @Option(
    name: [.customShort("L"), .long],
    help: ArgumentHelp("Show these labels in columns; repeatable.", valueName: "labels"))
  var labelColumns: [String] = []

  @Flag(help: "Show the kind before each name.")
  var showKind = false

  @Option(help: ArgumentHelp("Sort by what this path finds: .metadata.name.", valueName: "path"))
  var sortBy: String?

  @Flag(help: "Leave out the headings of tables.")
  var noHeaders = false

  /// What the options ask for.
  func showing(isInAllNamespaces: Bool) throws(CommandFailure) -> Showing {
    var showing = Showing(
      form: try output.map { (text) throws(CommandFailure) in
        try OutputForm(checking: text)
      } ?? .table(isWide: false))
    showing.showsManagedFields = showManagedFields
    showing.showsKind = showKind
    showing.table.hasHeadings = !noHeaders
    showing.table.showsNamespace = isInAllNamespaces
    showing.table.showsLabels = showLabels
    showing.table.labelColumns = labelColumns.flatMap { $0.split(separator: ",").map(String.init) }
    if case .table(let isWide) = showing.form {
      showing.table.isWide = isWide
    } else if showLabels || !labelColumns.isEmpty {
      throw CommandFailure("labels have columns in tables only", help: "leave out --output")
    }
    if let sortBy {
      do throws(JSONPathError) {
        showing.order = try ObjectOrder(by: sortBy)
      } catch {
        throw CommandFailure("--sort-by: \(error.message)")
      }
    }
    return showing
  }
}
