import ArgumentParser
import ClusterAPI
import ManifestSyntax

/// `kmf node drain`.
struct NodeDrain: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "drain",
    abstract: "Empty nodes: no more pods come, and those that are there are evicted.",
    discussion: """
      kmf node drain n1 --ignore-daemonsets

      Evictions respect PodDisruptionBudgets: what they refuse is tried again every five seconds \
      of the cluster's time, which runs forward until the pods are gone.

      Exit codes: 0 drained, 1 not found or refused, 2 wrong usage, 3 internal error, 7 not \
      drained \
      in time.
      """)

  @Argument(help: "The names of the nodes.") var names: [String]

  @Flag(help: "Leave the pods of DaemonSets where they are.")
  var ignoreDaemonsets = false

  @Flag(name: .customLong("delete-emptydir-data"), help: "Evict pods with emptyDir volumes, too.")
  var deleteEmptyDirData = false

  @Flag(help: "Evict pods that nobody makes anew, too.")
  var force = false

  @Flag(help: "Delete pods instead of evicting them, whatever their budgets say.")
  var disableEviction = false

  @Option(
    help: ArgumentHelp(
      "How long pods may take to stop; -1 leaves it to them.", valueName: "seconds"))
  var gracePeriod: Int = -1

  @Option(help: ArgumentHelp("Only pods whose labels match.", valueName: "labels"))
  var podSelector: String?

  @Option(
    help: ArgumentHelp("Give up after this time of the cluster (default: 1h).", valueName: "time"),
    transform: { try TimeSpan.read($0) })
  var timeout: Duration?

  @Flag(help: "Only say what would be evicted.")
  var dryRun = false

  @OptionGroup(title: "Cluster") var place: ClusterOptions

  func run() throws {
    let change = try NodeChange(place)
    var drain = Drain(change.client)
    drain.ignoresDaemonSets = ignoreDaemonsets
    drain.deletesEmptyDirData = deleteEmptyDirData
    drain.isForced = force
    drain.evicts = !disableEviction
    drain.graceSeconds = gracePeriod >= 0 ? gracePeriod : nil
    drain.selector = podSelector ?? ""
    drain.timeout = min(timeout ?? RolloutWait.patience, RolloutWait.longest)
    drain.isDryRun = dryRun
    if !dryRun {
      _ = try OpenClusters.running(change.client.cluster, or: "pods never stop in it")
    }
    var isLate = false
    try change.forEach(names) { node in
      // It must be there even when nothing is done.
      _ = try node.object()
      let end = dryRun ? " (server dry run)" : ""
      if dryRun {
        Answer.print("node/\(node.name) cordoned\(end)")
      } else {
        let isNew = try node.cordon(true)
        Answer.print("node/\(node.name) \(isNew ? "cordoned" : "already cordoned")")
      }
      guard try drain.run(node.name) else {
        isLate = true
        return
      }
      Answer.print("node/\(node.name) drained\(end)")
    }
    if isLate { throw ExitStatus.waitFailed }
  }
}
