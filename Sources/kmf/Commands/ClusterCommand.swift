import ArgumentParser
import ClusterAPI
import ClusterControl
import ClusterStore
import ControlPlane
import ManifestSchema
import ManifestSyntax

/// `kmf cluster`.
struct ClusterCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cluster",
    abstract: "Make, look at and look after a stored cluster.",
    subcommands: [
      ClusterCreate.self, ClusterInfo.self, ClusterCheckCommand.self, ClusterCompact.self,
      ClusterReset.self,
    ])
}

/// `kmf cluster create`.
struct ClusterCreate: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "create",
    abstract: "Make a new cluster, in .kmf of this folder unless --cluster says else.",
    discussion: """
      kmf cluster create
      kmf cluster create --nodes 3 --node-cpu 4 --node-memory 16Gi

      It has the namespaces and priority classes of every cluster. Without nodes it keeps what it \
      is told, and nothing happens in it. With nodes, all simulated, it has controllers, a \
      scheduler and kubelets, which act in virtual time whenever a command runs.
      """)

  @Option(
    help: ArgumentHelp("Which Kubernetes it behaves as, such as 1.36.", valueName: "version"),
    completion: .list(KubernetesVersion.all.map(\.description)))
  var kubernetesVersion: String?

  @Option(
    help: ArgumentHelp(
      "The addresses of Services; a second range of the other family makes it dual-stack.",
      valueName: "cidr"))
  var serviceCidr: [String] = []

  @Option(help: ArgumentHelp("The ports that nodes open: 30000-32767.", valueName: "range"))
  var nodePortRange: String?

  @Option(help: ArgumentHelp("The addresses of pods.", valueName: "cidr"))
  var podCidr: String?

  @Option(
    help: ArgumentHelp("An admission plugin that is not to run; repeatable.", valueName: "name"))
  var disableAdmission: [String] = []

  @OptionGroup(title: "Nodes") var newNodes: NewNodesOptions
  @OptionGroup(title: "Cluster") var place: ClusterOptions

  func run() throws {
    let nodes = try newNodes.all()
    var settings = try NewClusterSettings(
      version: kubernetesVersion, serviceCIDRs: serviceCidr, nodePortRange: nodePortRange,
      podCIDR: podCidr, disabledAdmission: disableAdmission
    ).checked()
    if podCidr == nil, newNodes.needsLargeRange { settings.podCIDR = Self.largeRange }
    let whereTo = try place.newPlace()
    let cluster = try whereTo.cluster(for: .new, settings: settings)
    Answer.print("cluster created at \(whereTo.address) (Kubernetes \(settings.version))")
    guard !nodes.isEmpty else { return }
    let late = try NodeMaking.add(nodes, to: cluster)
    let count = nodes.count == 1 ? "1 node is" : "\(nodes.count) nodes are"
    guard late.isEmpty else {
      Complaint.writeLine("kmf: not ready: \(late.prefix(10).joined(separator: ", "))")
      throw ExitStatus.findings
    }
    Answer.print("\(count) ready: \(Self.listed(nodes))")
  }

  /// Addresses for 16,384 nodes of 256 pods each.
  private static let largeRange = "100.64.0.0/10"

  private static func listed(_ nodes: [NewNode]) -> String {
    guard nodes.count > 12, let last = nodes.last else {
      return nodes.map(\.name).joined(separator: ", ")
    }
    return nodes.prefix(10).map(\.name).joined(separator: ", ") + ", … \(last.name)"
  }
}

/// `kmf cluster info`.
struct ClusterInfo: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "info", abstract: "Tell where the cluster is and what it holds.")

  @Option(name: [.short, .long], help: "How to show it: text or json.")
  var output: TextOrJSON = .text

  @OptionGroup(title: "Cluster") var place: ClusterOptions

  func run() throws {
    let found = try place.place()
    let cluster = try found.cluster(for: .existing)
    let summary: StoreSummary
    let plane = OpenClusters.controlPlane(of: cluster)
    let isRunning = try OpenClusters.hasControllers(cluster)
    let ahead = isRunning ? plane.time.ahead : nil
    let counts: [(resource: String, count: Int)]
    do throws(StoreError) {
      summary = try cluster.store.summary()
      counts = try Self.counts(cluster.store)
    } catch {
      throw CommandFailure(error)
    }
    switch output {
    case .text: Answer.print(text(found, cluster.settings, summary, counts, ahead))
    case .json: Answer.print(value(found, cluster.settings, summary, counts, ahead))
    }
  }

  /// How many objects there are of each resource, without decoding them.
  private static func counts(
    _ store: any Store
  ) throws(StoreError) -> [(resource: String, count: Int)] {
    var counts: [String: Int] = [:]
    var query: ListQuery? = ListQuery(prefix: StoreKeys.objects, limit: 1000)
    while let asked = query {
      let page = try store.list(asked)
      for entry in page.entries {
        guard let key = StoreKeys.resourceKey(of: entry.key) else { continue }
        counts[key.resource.description, default: 0] += 1
      }
      query = page.next(of: asked)
    }
    return counts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  private func text(
    _ place: ClusterPlace, _ settings: ClusterSettings, _ summary: StoreSummary,
    _ counts: [(resource: String, count: Int)], _ ahead: Duration?
  ) -> String {
    var lines = [
      "address     \(place.address)" + (place.origin.map { " (from \($0))" } ?? ""),
      "kubernetes  \(settings.gitVersion)",
      "services    \(settings.serviceCIDRs.joined(separator: ", ")), node ports "
        + "\(settings.nodePortRange.lowerBound)-\(settings.nodePortRange.upperBound)",
      "pods        \(settings.podCIDR)",
      "revision    \(summary.currentRevision), readable from \(summary.oldestRevision)",
      "records     \(summary.recordCount) for \(summary.entryCount) present entries",
    ]
    if !settings.disabledAdmissionPlugins.isEmpty {
      lines.append(
        "admission   without \(settings.disabledAdmissionPlugins.joined(separator: ", "))")
    }
    lines.append(
      "controllers "
        + (ahead.map { "run in virtual time, \(ClusterSpan.text($0)) ahead of the machine's" }
          ?? "none: nothing happens in it by itself"))
    if let bytes = summary.byteCount { lines.append("size        \(bytes) bytes") }
    lines.append("objects     \(counts.reduce(0) { $0 + $1.count })")
    lines += counts.map { "  \($0.count) \($0.resource)" }
    return lines.joined(separator: "\n")
  }

  private func value(
    _ place: ClusterPlace, _ settings: ClusterSettings, _ summary: StoreSummary,
    _ counts: [(resource: String, count: Int)], _ ahead: Duration?
  ) -> Value {
    [
      "address": .string(place.address),
      "kubernetesVersion": .string(settings.gitVersion),
      "settings": settings.value,
      "revision": .int(summary.currentRevision),
      "oldestRevision": .int(summary.oldestRevision),
      "entries": .int(Int64(summary.entryCount)),
      "records": .int(Int64(summary.recordCount)),
      "hasControllers": .bool(ahead != nil),
      "secondsAhead": ahead.map { .double($0 / .seconds(1)) } ?? .null,
      "bytes": summary.byteCount.map { .int(Int64($0)) } ?? .null,
      "objects": .map(ValueMap(counts.map { ($0.resource, .int(Int64($0.count))) })),
    ]
  }
}

/// `kmf cluster check`.
struct ClusterCheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Look for damage: checksums, history, objects, allocations.",
    discussion: "Exit codes: 0 sound, 1 damaged, 2 wrong usage or not a cluster, 3 internal error.")

  @OptionGroup(title: "Cluster") var place: ClusterOptions

  func run() throws {
    // Without a cluster above it: what is damaged might not open as one.
    let store = try place.store(for: .existing)
    let check: ClusterCheck
    do throws(StoreError) {
      check = try ClusterCheck(store)
    } catch {
      throw CommandFailure(error)
    }
    let output = Output()
    for problem in check.problems { output.writeLine("kmf: \(problem.message)") }
    let counts = "\(check.objectCount) objects, \(check.allocationCount) allocations"
    let found = check.problems.count
    output.writeLine(
      found == 0 ? "sound: \(counts)" : "\(found) \(found == 1 ? "problem" : "problems"): \(counts)"
    )
    output.flush()
    if found > 0 { throw ExitStatus.findings }
  }
}

/// `kmf cluster compact`.
struct ClusterCompact: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compact",
    abstract: "Forget old history; objects stay as they are.",
    discussion: "Watches and lists of forgotten revisions have to begin anew.")

  @Option(help: ArgumentHelp("How many of the newest revisions to keep.", valueName: "n"))
  var keep: Int = 1000

  @OptionGroup(title: "Cluster") var place: ClusterOptions

  func run() throws {
    guard keep >= 0 else { throw CommandFailure("--keep is \(keep); it must be at least 0") }
    let store = try place.store(for: .existing)
    do throws(StoreError) {
      let before = try store.summary()
      let target = max(before.oldestRevision, before.currentRevision - Int64(keep))
      try store.compact(to: target)
      let after = try store.summary()
      let gone = before.recordCount - after.recordCount
      var text = "forgot \(gone) of \(before.recordCount) records; readable from revision "
      text += "\(after.oldestRevision)"
      if let old = before.byteCount, let new = after.byteCount {
        text += "; \(old) bytes became \(new)"
      }
      Answer.print(text)
    } catch {
      throw CommandFailure(error)
    }
  }
}

/// `kmf cluster reset`.
struct ClusterReset: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reset",
    abstract: "Delete everything in the cluster; its settings stay.")

  @Flag(help: "Yes, delete everything.")
  var yes = false

  @OptionGroup(title: "Cluster") var place: ClusterOptions

  func run() throws {
    let found = try place.place()
    guard yes else {
      throw CommandFailure(
        "this would delete everything in \(found.address)", help: "pass --yes to do it")
    }
    let cluster = try found.cluster(for: .existing)
    do throws(StatusError) {
      let count = try cluster.reset()
      Answer.print("cluster at \(found.address) reset: \(count) objects deleted")
    } catch {
      throw CommandFailure(error)
    }
  }
}
