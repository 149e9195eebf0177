import ArgumentParser
import ClusterAPI
import ManifestSyntax

/// `kmf delete`.
struct Delete: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Delete objects of a cluster.",
    discussion: """
      kmf delete deployment web
      kmf delete deploy/web svc/web
      kmf delete pods -l app=web
      kmf delete -f app.yaml

      What depends on an object goes with it (--cascade). An object that something holds, such as \
      a finalizer, stays until that lets go. A cluster with nodes runs forward, in virtual time, \
      until the objects are gone, unless --wait=false is given.

      Exit codes: 0 deleted, 1 not found or refused, 2 wrong usage, 3 internal error, 7 still \
      there.
      """)

  /// What becomes of the objects that depend on the deleted ones.
  enum Cascade: String, CaseIterable, ExpressibleByArgument {
    case background, foreground, orphan

    var policy: String {
      switch self {
      case .background: "Background"
      case .foreground: "Foreground"
      case .orphan: "Orphan"
      }
    }
  }

  @Argument(help: "A kind and names, or KIND/NAME for each.")
  var words: [String] = []

  @Flag(help: "All objects of the kind in the namespace.")
  var all = false

  @Option(help: "What becomes of dependents: background, foreground or orphan.")
  var cascade: Cascade = .background

  @Option(
    help: ArgumentHelp("How long a pod may take to stop; 0 is at once.", valueName: "seconds"))
  var gracePeriod: Int?

  @Flag(help: "As --grace-period 1.")
  var now = false

  @Flag(help: "As --grace-period 0.")
  var force = false

  @Option(help: "Whether to wait until the objects are gone: true or false.")
  var wait = true

  @Option(
    help: ArgumentHelp(
      "Wait no longer than this time of the cluster (default: 1h).", valueName: "time"),
    transform: { try TimeSpan.read($0) })
  var timeout: Duration?

  @Flag(help: "Say nothing of objects that are not there.")
  var ignoreNotFound = false

  @OptionGroup(title: "Objects") var objects: TargetOptions
  @OptionGroup(title: "Cluster") var place: ClusterOptions

  @Flag(help: "Do everything but keep the result.")
  var dryRun = false

  @Option(
    name: [.customShort("o"), .long],
    help: ArgumentHelp("Print 'name' alone.", valueName: "form"))
  var output: String?

  func run() throws {
    if let output, output != "name" {
      throw CommandFailure("--output: a deletion is shown as 'name' or not at all")
    }
    if let gracePeriod, gracePeriod < 0 {
      throw CommandFailure("--grace-period is \(gracePeriod); it must be at least 0")
    }
    let client = try place.client(for: .existing)
    let changes = Changes(form: nil, isDryRun: dryRun, showsManagedFields: false)
    let targets = try objects.chosenTargets(words, all: all, in: client)
    var chosen: [Target] = []
    try changes.forEach(targets) { target in
      chosen += try client.expanded([target], objects.selectors)
    }
    if chosen.isEmpty, !changes.isRefused { Complaint.writeLine("No resources found") }
    let isWaiting = try wait && !dryRun && OpenClusters.hasControllers(client.cluster)
    var left: [DeletionWait.Object] = []
    try changes.forEach(chosen) { target in
      do {
        let answer = try client.send(
          "DELETE", target.path, query: [("dryRun", dryRun ? "All" : "")], options)
        changes.say(line(target, answer, isWaiting: isWaiting))
        if isWaiting, let uid = Self.uid(of: answer) {
          left.append(DeletionWait.Object(target: target, uid: uid))
        }
      } catch let refusal as ClusterRefusal where refusal.isNotFound && ignoreNotFound {
        return
      }
    }
    changes.flush()
    let span = timeout ?? RolloutWait.patience
    let isGone = try DeletionWait(cluster: client.cluster, timeout: span).run(left)
    try changes.end()
    if !isGone { throw ExitStatus.waitFailed }
  }

  /// Which object was deleted: answers hold it, or a status that names it.
  private static func uid(of answer: Value) -> String? {
    answer["metadata"]?["uid"]?.string ?? answer["details"]?["uid"]?.string
  }

  /// The request's DeleteOptions.
  private var options: Value {
    var options: Value = [
      "kind": "DeleteOptions", "apiVersion": "v1", "propagationPolicy": .string(cascade.policy),
    ]
    if let seconds = gracePeriod ?? (force ? 0 : now ? 1 : nil) {
      options["gracePeriodSeconds"] = .int(Int64(seconds))
    }
    return options
  }

  private func line(_ target: Target, _ answer: Value, isWaiting: Bool) -> String {
    if output == "name" { return target.shownName }
    let shown = "\(target.resource.shownKind) \"\(target.name ?? "")\""
    let end = dryRun ? " (server dry run)" : ""
    // Who waits is told when it is not so.
    guard !isWaiting, answer["metadata"]?["deletionTimestamp"] != nil else {
      return "\(shown) deleted\(end)"
    }
    let finalizers = answer["metadata"]?["finalizers"]?.list?.compactMap(\.string) ?? []
    let holders = finalizers + (answer["spec"]?["finalizers"]?.list?.compactMap(\.string) ?? [])
    let waits = holders.isEmpty ? "" : ", held by \(holders.joined(separator: ", "))"
    return "\(shown) is being deleted\(waits)\(end)"
  }
}
