import ArgumentParser
import ClusterAPI
import ClusterControl
import ManifestSyntax

/// `kmf logs`.
struct Logs: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show what became of a simulated container: its starts, ends, probes.",
    discussion: """
      kmf logs web-66db7fc774-5vrtr
      kmf logs pod/web-66db7fc774-5vrtr -c web

      Nothing runs in a simulated container, so it writes nothing; these lines come from the pod's \
      status and its events.

      Exit codes: 0 shown, 1 not found, 2 wrong usage, 3 internal error.
      """)

  @Argument(help: "The pod, or KIND/NAME of what has pods: the first of them is taken.")
  var pod: String

  @Option(
    name: [.customShort("c"), .long], help: ArgumentHelp("Which container.", valueName: "name"))
  var container: String?

  @Flag(help: "All containers, each line with its container.")
  var allContainers = false

  @Option(help: ArgumentHelp("Only the last lines; -1 for all.", valueName: "n"))
  var tail: Int = -1

  @Option(
    name: [.customShort("n"), .long],
    help: ArgumentHelp("The namespace to look in (default: default).", valueName: "name"))
  var namespace: String?

  @OptionGroup(title: "Cluster") var place: ClusterOptions

  func run() throws {
    let client = try place.client(for: .existing)
    do throws(ClusterRefusal) {
      let found = try object(client)
      let history = ContainerHistory(pod: found, events: try events(of: found, client))
      let names = history.containers
      if let container, !names.contains(container) {
        throw ClusterRefusal(
          code: 400, reason: "BadRequest",
          message:
            "container \(container) is not in the pod; it has \(names.joined(separator: ", "))"
        )
      }
      let chosen = allContainers ? names : [container ?? history.standard].compactMap { $0 }
      var lines = history.lines(of: chosen, isMarked: allContainers)
      if tail >= 0 { lines = lines.suffix(tail) }
      let output = Output()
      for line in lines { output.writeLine(line) }
      output.flush()
    } catch {
      error.complain()
      throw ExitStatus.findings
    }
  }

  /// The pod, or the first one of a workload.
  private func object(_ client: ClusterClient) throws(ClusterRefusal) -> Value {
    guard let pods = client.catalog.preferred(.pods) else { return .null }
    let home = namespace ?? "default"
    guard let slash = pod.firstIndex(of: "/") else {
      return try client.object(Target(resource: pods, name: pod, namespace: home))
    }
    let kind = String(pod[..<slash])
    let name = String(pod[pod.index(after: slash)...])
    guard let resource = client.catalog.resources(named: kind).first else {
      throw ClusterRefusal(
        code: 404, reason: "NotFound", message: "the cluster has no kind '\(kind)'")
    }
    let target = Target(resource: resource, name: name, namespace: home)
    let owner = try client.object(target)
    if resource.resource == .pods { return owner }
    let selector = owner["spec"]?["selector"]
    let labels = (selector?["matchLabels"] ?? selector)?.map?.entries ?? []
    let text = labels.compactMap { entry in
      entry.value.string.map { "\(entry.key)=\($0)" }
    }.joined(separator: ",")
    guard !text.isEmpty else {
      throw ClusterRefusal(
        code: 400, reason: "BadRequest", message: "\(target.shownName) selects no pods")
    }
    let all = Target(resource: pods, name: nil, namespace: home)
    let found = try client.collection(all, Selectors(labels: text)).items
    guard let first = found.first else {
      throw ClusterRefusal(
        code: 404, reason: "NotFound", message: "\(target.shownName) has no pods")
    }
    if found.count > 1 {
      let name = first["metadata"]?["name"]?.string ?? ""
      Complaint.writeLine("kmf: found \(found.count) pods, using pod/\(name)")
    }
    return first
  }

  private func events(
    of pod: Value, _ client: ClusterClient
  ) throws(ClusterRefusal) -> [Value] {
    guard let resource = client.catalog.preferred(.events) else { return [] }
    let target = Target(
      resource: resource, name: nil, namespace: pod["metadata"]?["namespace"]?.string)
    let uid = pod["metadata"]?["uid"]
    return try client.collection(target, Selectors()).items.filter {
      $0["involvedObject"]?["uid"] == uid
    }
  }
}
