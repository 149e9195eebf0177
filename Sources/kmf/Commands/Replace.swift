import ArgumentParser
import ClusterAPI
import ManifestSyntax

/// `kmf replace`.
struct Replace: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Replace whole objects by those of files.",
    discussion: """
      An object that carries a resourceVersion is only replaced if it is still at that one.

      Exit codes: 0 replaced, 1 not found or refused, 2 wrong usage, 3 internal error.
      """)

  @Flag(help: "Delete the object and create it anew.")
  var force = false

  @Option(help: ArgumentHelp("Replace status or scale instead.", valueName: "name"))
  var subresource: String?

  @OptionGroup(title: "Objects") var objects: FileOptions
  @OptionGroup(title: "Change") var change: ChangeOptions
  @OptionGroup(title: "Cluster") var place: ClusterOptions

  func run() throws {
    if force, subresource != nil {
      throw CommandFailure("--force and --subresource exclude each other")
    }
    if force, change.dryRun {
      throw CommandFailure(
        "--force and --dry-run exclude each other", help: "the deletion would not have happened")
    }
    let changes = try change.changes()
    let client = try place.client(for: .existing)
    try changes.forEach(try objects.targets(in: client)) { target in
      guard target.name != nil else { throw Self.nameless(target) }
      guard let object = target.object else { return }
      let path = ClusterClient.path(
        target.resource, namespace: target.namespace, name: target.name, subresource: subresource)
      if force {
        try changes.tell(target, "replaced", try recreate(target, object, client))
        return
      }
      let answer = try client.send("PUT", path, query: change.query("replace"), object)
      try changes.tell(target, "replaced", answer)
    }
    try changes.end()
  }

  private static func nameless(_ target: Target) -> CommandFailure {
    CommandFailure("a \(target.resource.kind) in the input has no name, so it replaces nothing")
  }

  private func recreate(
    _ target: Target, _ object: Value, _ client: ClusterClient
  ) throws(ClusterRefusal) -> Value {
    let options: Value = ["gracePeriodSeconds": 0, "propagationPolicy": "Background"]
    do throws(ClusterRefusal) {
      _ = try client.send("DELETE", target.path, options)
    } catch {
      if !error.isNotFound { throw error }
    }
    var fresh = object
    for key in ["resourceVersion", "uid", "creationTimestamp", "managedFields", "generation"] {
      fresh["metadata"]?[key] = nil
    }
    let path = ClusterClient.path(target.resource, namespace: target.namespace)
    return try client.send("POST", path, query: change.query("replace"), fresh)
  }
}

/// `kmf create`.
struct Create: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Create the objects of files.",
    discussion: """
      Makes a cluster in .kmf where there is none.

      Exit codes: 0 created, 1 refused, 2 wrong usage, 3 internal error.
      """)

  @OptionGroup(title: "Objects") var objects: FileOptions
  @OptionGroup(title: "Change") var change: ChangeOptions
  @OptionGroup(title: "Cluster") var place: ClusterOptions

  func run() throws {
    let changes = try change.changes()
    var client = try place.client(for: .writing)
    for object in try objects.read() {
      // A CustomResourceDefinition further up may be what makes the kind known.
      client = try client.refreshed()
      try changes.forEach(try objects.targets([object], in: client)) { target in
        guard let object = target.object else { return }
        let path = ClusterClient.path(target.resource, namespace: target.namespace)
        let query = change.query("create") + [("fieldValidation", "Strict")]
        try changes.tell(target, "created", try client.send("POST", path, query: query, object))
      }
    }
    try changes.end()
  }
}

/// `-f` and `-n` of commands that work on files alone.
struct FileOptions: ParsableArguments {
  @Option(
    name: [.customShort("f"), .customLong("filename")],
    help: ArgumentHelp(
      "A file or folder with objects, '-' for standard input; repeatable.", valueName: "path"),
    completion: .file(extensions: ["yaml", "yml", "json"]))
  var filename: [String] = []

  @Option(
    name: [.customShort("n"), .long],
    help: ArgumentHelp("The namespace of objects that name none.", valueName: "name"))
  var namespace: String?

  /// The objects of the files.
  func read() throws(CommandFailure) -> [FileObject] {
    guard !filename.isEmpty else {
      throw CommandFailure("no file is given", help: "name files or folders with -f")
    }
    let objects = try ManifestFiles.objects(filename)
    guard !objects.isEmpty else { throw CommandFailure("the files hold no objects") }
    return objects
  }

  func targets(in client: ClusterClient) throws(CommandFailure) -> [Target] {
    try targets(try read(), in: client)
  }

  func targets(
    _ objects: [FileObject], in client: ClusterClient
  ) throws(CommandFailure) -> [Target] {
    try ResourceWords(catalog: client.catalog, namespace: namespace ?? "default")
      .targets(objects, isNamespaceFixed: namespace != nil)
  }
}
