import ArgumentParser
import ClusterAPI
import ClusterControl
import ControlPlane
import ManifestSchema
import ManifestSyntax
import ObjectPrinting

/// `kmf rollout`.
struct Rollout: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rollout",
    abstract: "Follow, stop, repeat and undo the rollouts of Deployments.",
    subcommands: [
      RolloutStatusCommand.self, RolloutHistory.self, RolloutUndo.self, RolloutPause.self,
      RolloutResume.self, RolloutRestart.self,
    ])
}

/// `kmf rollout status`.
struct RolloutStatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Run the cluster forward until a rollout is over.",
    discussion: """
      kmf rollout status deploy/web
      kmf rollout status deploy/web --watch=false

      The cluster's controllers act in virtual time, so this does not take the time that it tells.

      Exit codes: 0 rolled out, 1 not found, 2 wrong usage, 3 internal error, 7 the rollout \
      failed, \
      is stuck or was not over in time.
      """)

  @Argument(help: "KIND/NAME, or a kind and names.")
  var words: [String] = []

  @Option(name: [.customShort("w"), .long], help: "Whether to wait for the end: true or false.")
  var watch = true

  @Option(
    help: ArgumentHelp("Give up after this time of the cluster; 0 for never.", valueName: "time"),
    transform: { try TimeSpan.read($0) })
  var timeout: Duration = .zero

  @Option(help: ArgumentHelp("Only this revision will do; 0 for any.", valueName: "n"))
  var revision: Int64 = 0

  @OptionGroup(title: "Objects") var objects: TargetOptions
  @OptionGroup(title: "Cluster") var place: ClusterOptions

  func run() throws {
    let client = try place.client(for: .existing)
    let targets = try objects.workloads(words, in: client)
    let changes = Changes(form: nil, isDryRun: false, showsManagedFields: false)
    var isFailed = false
    try changes.forEach(targets) { target in
      for target in try client.expanded([target], objects.selectors) {
        let found = try RolloutRevisions(target, client)
        guard revision == 0 || found.current == revision else {
          throw ClusterRefusal(
            code: 409, reason: "Conflict",
            message: "\(target.shownName) is at revision \(found.current), not at \(revision)")
        }
        if try !isRolledOut(target, found, client) { isFailed = true }
      }
    }
    try changes.end()
    if isFailed { throw ExitStatus.waitFailed }
  }

  private func isRolledOut(
    _ target: Target, _ found: RolloutRevisions, _ client: ClusterClient
  ) throws -> Bool {
    let key = ResourceKey(.deployments, namespace: target.namespace, name: target.name ?? "")
    guard watch else {
      let status = RolloutStatus(key, found.object)
      if case .failed(let text) = status {
        Complaint.writeLine("kmf: \(text)")
        return false
      }
      Answer.print(status.text)
      return true
    }
    var plane = try OpenClusters.running(client.cluster, or: "no rollout ever goes on")
    let wait = RolloutWait([key], RolloutStatusReport(labels: [key: target.shownName]))
    let outcomes = try wait.run(&plane, for: timeout == .zero ? RolloutWait.longest : timeout)
    return outcomes.allSatisfy(\.isDone)
  }
}

/// `kmf rollout history`.
struct RolloutHistory: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "history",
    abstract: "Show the revisions of a Deployment.",
    discussion: """
      kmf rollout history deploy/web
      kmf rollout history deploy/web --revision 2

      Exit codes: 0 shown, 1 not found, 2 wrong usage, 3 internal error.
      """)

  @Argument(help: "KIND/NAME, or a kind and names.")
  var words: [String] = []

  @Option(help: ArgumentHelp("Show the pods of this revision.", valueName: "n"))
  var revision: Int64 = 0

  @Option(
    name: [.customShort("o"), .long],
    help: ArgumentHelp("Show the ReplicaSet of a revision: yaml, json, …", valueName: "form"))
  var output: String?

  @OptionGroup(title: "Objects") var objects: TargetOptions
  @OptionGroup(title: "Cluster") var place: ClusterOptions

  func run() throws {
    let client = try place.client(for: .existing)
    let changes = Changes(form: nil, isDryRun: false, showsManagedFields: false)
    let form = try output.map { (text) throws(CommandFailure) in try OutputForm(checking: text) }
    if let form, !form.isDocument {
      throw CommandFailure("--output: a revision is shown as yaml, json or jsonpath=…")
    }
    let targets = try objects.workloads(words, in: client)
    try changes.forEach(targets) { target in
      for target in try client.expanded([target], objects.selectors) {
        let found = try RolloutRevisions(target, client)
        changes.write(try text(found, form))
      }
    }
    try changes.end()
  }

  private func text(_ found: RolloutRevisions, _ form: OutputForm?) throws -> String {
    if revision > 0 || form != nil {
      let (revision, set) = try found.find(revision > 0 ? revision : found.current)
      if let form { return try form.text(ObjectText.withoutManagedFields(set)) }
      let template = RolloutRevisions.template(of: set)
      return "\(found.target.shownName) with revision #\(revision)\n"
        + ObjectText.yaml(["template": template])
    }
    var table = TextTable(header: ["REVISION", "CHANGE-CAUSE"])
    for (revision, set) in found.sets {
      table.add([String(revision), RolloutRevisions.cause(of: set)])
    }
    let body = found.sets.isEmpty ? "No rollout history found." : table.text()
    return "\(found.target.shownName)\n\(body)\n\n"
  }
}

/// `kmf rollout undo`.
struct RolloutUndo: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "undo",
    abstract: "Go back to an earlier revision of a Deployment.",
    discussion: """
      kmf rollout undo deploy/web
      kmf rollout undo deploy/web --to-revision 3

      Exit codes: 0 done, 1 not found or refused, 2 wrong usage, 3 internal error.
      """)

  @Argument(help: "KIND/NAME, or a kind and names.")
  var words: [String] = []

  @Option(help: ArgumentHelp("Go back to this one; 0 for the one before.", valueName: "n"))
  var toRevision: Int64 = 0

  @OptionGroup(title: "Objects") var objects: TargetOptions
  @OptionGroup(title: "Change") var change: ChangeOptions
  @OptionGroup(title: "Cluster") var place: ClusterOptions

  func run() throws {
    guard toRevision >= 0 else {
      throw CommandFailure("--to-revision is \(toRevision); it must be at least 0")
    }
    try RolloutChange(objects: objects, change: change, place: place).run(words) { found in
      try found.undo(to: toRevision, query: change.query("rollout"))
    }
  }
}

/// `kmf rollout pause`.
struct RolloutPause: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pause",
    abstract: "Hold a Deployment: changes of its template wait until it is resumed.")

  @Argument(help: "KIND/NAME, or a kind and names.")
  var words: [String] = []

  @OptionGroup(title: "Objects") var objects: TargetOptions
  @OptionGroup(title: "Change") var change: ChangeOptions
  @OptionGroup(title: "Cluster") var place: ClusterOptions

  func run() throws {
    let task = RolloutChange(objects: objects, change: change, place: place)
    try task.run(words) { found in
      if found.isPaused { throw task.refusal("\(found.target.shownName) is already paused") }
      try task.patch(found, ["spec": ["paused": true]])
      return "paused"
    }
  }
}

/// `kmf rollout resume`.
struct RolloutResume: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume", abstract: "Let a held Deployment go on.")

  @Argument(help: "KIND/NAME, or a kind and names.")
  var words: [String] = []

  @OptionGroup(title: "Objects") var objects: TargetOptions
  @OptionGroup(title: "Change") var change: ChangeOptions
  @OptionGroup(title: "Cluster") var place: ClusterOptions

  func run() throws {
    let task = RolloutChange(objects: objects, change: change, place: place)
    try task.run(words) { found in
      if !found.isPaused { throw task.refusal("\(found.target.shownName) is not paused") }
      try task.patch(found, ["spec": ["paused": .null]])
      return "resumed"
    }
  }
}

/// `kmf rollout restart`.
struct RolloutRestart: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "restart", abstract: "Replace all pods of a Deployment, as a rollout does.")

  @Argument(help: "KIND/NAME, or a kind and names.")
  var words: [String] = []

  @OptionGroup(title: "Objects") var objects: TargetOptions
  @OptionGroup(title: "Change") var change: ChangeOptions
  @OptionGroup(title: "Cluster") var place: ClusterOptions

  func run() throws {
    let task = RolloutChange(objects: objects, change: change, place: place)
    try task.run(words) { found in
      if found.isPaused {
        throw task.refusal(
          "\(found.target.shownName) is paused; resume it first with 'kmf rollout resume'")
      }
      let now = OpenClusters.controlPlane(of: found.client.cluster).time.present
      try task.patch(
        found,
        [
          "spec": [
            "template": [
              "metadata": [
                "annotations": ["kubectl.kubernetes.io/restartedAt": .string(now.description)]
              ]
            ]
          ]
        ])
      return "restarted"
    }
  }
}
