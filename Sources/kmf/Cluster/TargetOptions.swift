import ArgumentParser
import ClusterAPI
import InputFiles

/// `-n`, `-f`, `-l` and the rest that says which objects a command is about.
struct TargetOptions: ParsableArguments {
  @Option(
    name: [.customShort("f"), .customLong("filename")],
    help: ArgumentHelp(
      "Take the objects that this file or folder names, '-' for standard input; repeatable.",
      valueName: "path"),
    completion: .file(extensions: ["yaml", "yml", "json"]))
  var filename: [String] = []

  @Option(
    name: [.customShort("n"), .long],
    help: ArgumentHelp("The namespace to look in (default: default).", valueName: "name"))
  var namespace: String?

  @Flag(name: [.customShort("A"), .long], help: "Look in all namespaces.")
  var allNamespaces = false

  @Option(
    name: [.customShort("l"), .long],
    help: ArgumentHelp("Only objects whose labels match: app=web,tier!=db.", valueName: "labels"))
  var selector: String?

  @Option(
    help: ArgumentHelp(
      "Only objects whose fields match: status.phase=Running.", valueName: "fields"))
  var fieldSelector: String?

  /// What the words and files mean.
  func targets(_ words: [String], in client: ClusterClient) throws(CommandFailure) -> [Target] {
    if allNamespaces, namespace != nil {
      throw CommandFailure("-n and --all-namespaces exclude each other")
    }
    let reader = ResourceWords(
      catalog: client.catalog, namespace: allNamespaces ? nil : namespace ?? "default")
    guard !filename.isEmpty else { return try reader.targets(words) }
    guard words.isEmpty else {
      throw CommandFailure("name objects by words or by -f, not by both")
    }
    return try reader.targets(
      try ManifestFiles.objects(filename), isNamespaceFixed: namespace != nil)
  }

  var selectors: Selectors {
    Selectors(labels: selector ?? "", fields: fieldSelector ?? "")
  }

  /// The same, for commands that change what they find: a collection must be asked for.
  func chosenTargets(
    _ words: [String], all: Bool, in client: ClusterClient
  ) throws(CommandFailure) -> [Target] {
    let targets = try targets(words, in: client)
    let isChosen = targets.contains { $0.name != nil }
    guard isChosen || all || !selectors.isEmpty else {
      throw CommandFailure(
        "which objects is not said", help: "name them, or choose by -l, --field-selector or --all")
    }
    guard !(isChosen && (all || !selectors.isEmpty)) else {
      throw CommandFailure("objects are named or selected, not both")
    }
    return targets
  }
}
