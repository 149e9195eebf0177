import ArgumentParser
import ClusterAPI
import ClusterControl
import ManifestSyntax

/// `kmf service`.
struct ServiceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "service", abstract: "Look into the Services of a cluster.",
    subcommands: [ServiceRouteCommand.self])
}

/// `kmf service route`.
struct ServiceRouteCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "route",
    abstract: "Show to which pods a Service's traffic would go, and why not to the others.",
    discussion: """
      kmf service route web -n shop
      kmf service route web -n shop --from-node n1
      kmf service route web -n shop --from-outside n2

      This is what the proxies of the nodes make of the Service's endpoints.

      Exit codes: 0 shown, 1 not found, 2 wrong usage, 3 internal error.
      """)

  @Argument(help: "The names of the Services.")
  var names: [String]

  @Option(
    name: [.customShort("n"), .long],
    help: ArgumentHelp("The namespace to look in (default: default).", valueName: "name"))
  var namespace: String?

  @Option(help: ArgumentHelp("For traffic that comes from pods of this node.", valueName: "node"))
  var fromNode: String?

  @Option(
    help: ArgumentHelp(
      "For traffic that comes to this node from outside the cluster.", valueName: "node"))
  var fromOutside: String?

  @Option(name: [.short, .long], help: "How to show it: text or json.")
  var output: TextOrJSON = .text

  @OptionGroup(title: "Cluster") var place: ClusterOptions

  func validate() throws {
    if fromNode != nil, fromOutside != nil {
      throw ValidationError("--from-node and --from-outside exclude each other")
    }
  }

  func run() throws {
    let cluster = try place.cluster(for: .existing)
    let state: ClusterState
    do throws(StatusError) {
      state = try cluster.read { (session) throws(StatusError) in
        try session.clusterState(hasEvents: false)
      }
    } catch { throw CommandFailure(error) }
    if let node = fromNode ?? fromOutside,
      state.object(ResourceKey(.nodes, name: node)) == nil
    {
      throw CommandFailure("the cluster has no node '\(node)'")
    }
    let source: ServiceRoute.Source =
      fromOutside.map { .outside(node: $0) } ?? fromNode.map { .node($0) } ?? .anywhere
    var isMissing = false
    var routes: [ServiceRoute] = []
    for name in names {
      let bare = name.split(separator: "/").last.map(String.init) ?? name
      let key = ResourceKey(.services, namespace: namespace ?? "default", name: bare)
      guard let route = ServiceRoute(key, from: source, in: state) else {
        Complaint.writeLine("kmf: services \"\(bare)\" not found")
        isMissing = true
        continue
      }
      routes.append(route)
    }
    switch output {
    case .text: Answer.print(routes.map { RouteText(route: $0).text }.joined(separator: "\n\n"))
    case .json: Answer.print(.list(routes.map { RouteText(route: $0).value }))
    }
    if isMissing { throw ExitStatus.findings }
  }
}
