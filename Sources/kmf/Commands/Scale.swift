import ArgumentParser
import ClusterAPI
import ManifestSyntax

/// `kmf scale`.
struct Scale: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Set how many replicas a workload is to have.",
    discussion: """
      kmf scale deploy/web --replicas 3
      kmf scale statefulset db --replicas 1 --current-replicas 3

      Exit codes: 0 scaled, 1 not found or refused, 2 wrong usage, 3 internal error.
      """)

  @Argument(help: "A kind and names, or KIND/NAME for each.")
  var words: [String] = []

  @Option(help: ArgumentHelp("How many there are to be.", valueName: "n"))
  var replicas: Int

  @Option(help: ArgumentHelp("Only if that many are asked for now.", valueName: "n"))
  var currentReplicas: Int?

  @Option(help: ArgumentHelp("Only if the object is at this version.", valueName: "version"))
  var resourceVersion: String?

  @Flag(help: "All objects of the kind in the namespace.")
  var all = false

  @OptionGroup(title: "Objects") var objects: TargetOptions
  @OptionGroup(title: "Change") var change: ChangeOptions
  @OptionGroup(title: "Cluster") var place: ClusterOptions

  func run() throws {
    guard (0...Int(Int32.max)).contains(replicas) else {
      throw CommandFailure("--replicas is \(replicas); it must be from 0 to \(Int32.max)")
    }
    let changes = try change.changes()
    let client = try place.client(for: .existing)
    let targets = try objects.chosenTargets(words, all: all, in: client)
    try changes.forEach(targets) { target in
      for target in try client.expanded([target], objects.selectors) {
        guard target.resource.has(subresource: "scale") else {
          throw ClusterRefusal(
            code: 405, reason: "MethodNotAllowed",
            message: "\(target.shownName) cannot be scaled: \(target.resource.plural) have no scale"
          )
        }
        try scale(target, client)
        // The answer is a Scale; what is printed is the object.
        let object = change.output == nil ? Value.emptyMap : try client.object(target)
        try changes.tell(target, "scaled", object)
      }
    }
    try changes.end()
  }

  private func scale(_ target: Target, _ client: ClusterClient) throws {
    let path = ClusterClient.path(
      target.resource, namespace: target.namespace, name: target.name, subresource: "scale")
    let query = change.query("scale")
    var body: Value = ["spec": ["replicas": .int(Int64(replicas))]]
    if currentReplicas != nil || resourceVersion != nil {
      let scale = try client.send("GET", path)
      let found = scale["spec"]?["replicas"]?.int64 ?? 0
      if let currentReplicas, found != Int64(currentReplicas) {
        throw ClusterRefusal(
          code: 409, reason: "Conflict",
          message: "\(target.shownName) asks for \(found) replicas, not for \(currentReplicas)")
      }
      // Makes the write refuse when somebody comes between.
      let version = resourceVersion ?? scale["metadata"]?["resourceVersion"]?.string ?? ""
      body["metadata"] = ["resourceVersion": .string(version)]
    }
    _ = try client.send(
      "PATCH", path, query: query, contentType: "application/merge-patch+json", body)
  }
}
