import ArgumentParser
import ClusterAPI
import ClusterControl
import ClusterPlan
import ControlPlane
import Glibc
import ManifestSyntax

/// `--wait` of `kmf apply`, and what goes with it.
struct WaitOptions: ParsableArguments {
  /// What becomes of workloads that do not get there.
  enum OnFailure: String, CaseIterable, ExpressibleByArgument { case keep, rollback }

  @Flag(help: "Run the cluster forward until what was applied is rolled out.")
  var wait = false

  @Option(
    help: ArgumentHelp("Give up after this time of the cluster (default: 15m).", valueName: "time"),
    transform: { try TimeSpan.read($0) })
  var timeout: Duration?

  @Option(
    help: """
      What to do with a Deployment that is not rolled out: keep it, or rollback: go back to the \
      revision that it was at, and wait for that.
      """)
  var onFailure: OnFailure?

  func validate() throws {
    guard !wait else { return }
    if timeout != nil { throw ValidationError("--timeout goes with --wait") }
    if onFailure != nil { throw ValidationError("--on-failure goes with --wait") }
  }

  /// Waits for the workloads of `set`, if it was asked for.
  func run(
    after set: ChangeSet, by manager: String, isKept: Bool, _ cluster: LocalCluster,
    _ format: Apply.Format
  ) throws {
    guard wait, isKept else { return }
    let run = AppliedWait(
      changes: set.changes.filter { ![.delete, .failed, .skipped].contains($0.action) },
      manager: manager, cluster: cluster, format: format, timeout: timeout ?? .seconds(900))
    if try !run.run(rollsBack: onFailure == .rollback) { throw ExitStatus.waitFailed }
  }
}

/// Waits for what was applied.
struct AppliedWait {
  let changes: [ObjectChange]
  /// Who applied them.
  let manager: String
  let cluster: LocalCluster
  let format: Apply.Format
  let timeout: Duration

  /// Kinds that somebody might expect to be waited for, without a controller here.
  private static let withoutController: Set<String> = [
    "statefulsets", "daemonsets", "jobs", "cronjobs", "replicationcontrollers",
  ]

  /// - Returns: whether everything is rolled out.
  func run(rollsBack: Bool) throws -> Bool {
    var seen: Set<ResourceKey> = []
    let workloads = changes.filter {
      RolloutStatus.kinds.contains($0.object.resource) && seen.insert($0.object.key).inserted
    }
    for change in changes where Self.withoutController.contains(change.object.resource.plural) {
      Complaint.writeLine(
        "kmf: note: \(change.object.fullLabel): no controller of this cluster acts on its kind;"
          + " it is not waited for")
    }
    guard !workloads.isEmpty else { return true }
    let labels = self.labels(workloads)
    var plane = try OpenClusters.running(cluster, or: "nothing would ever be rolled out")
    let outcomes = try RolloutWait(workloads.map(\.object.key), report(labels))
      .run(&plane, for: timeout)
    let failed = Set(outcomes.filter { !$0.isDone }.map(\.key))
    if failed.isEmpty { return true }
    if rollsBack {
      try rollBack(workloads.filter { failed.contains($0.object.key) }, labels, &plane)
    }
    return false
  }

  /// Names with their namespace where there is more than one.
  private func labels(_ workloads: [ObjectChange]) -> [ResourceKey: String] {
    let isMixed = Set(workloads.map(\.object.namespace)).count > 1
    return Dictionary(
      workloads.map { change in
        let prefix = isMixed ? change.object.namespace.map { $0 + "/" } ?? "" : ""
        return (change.object.key, prefix + change.object.label)
      }, uniquingKeysWith: { first, _ in first })
  }

  private func report(_ labels: [ResourceKey: String]) -> any RolloutReport {
    switch format {
    case .text: WaitReport(labels: labels)
    // Standard output belongs to the document or the names.
    case .json, .name: WaitReport(labels: labels, descriptor: STDERR_FILENO)
    case .jsonl: WaitEvents(labels: labels)
    }
  }

  // MARK: - Going back

  private func rollBack(
    _ failed: [ObjectChange], _ labels: [ResourceKey: String], _ plane: inout ControlPlane
  ) throws {
    let client = try ClusterClient(cluster)
    var kept: [ResourceKey] = []
    for change in failed {
      let label = labels[change.object.key] ?? change.object.label
      do throws(ClusterRefusal) {
        if let problem = try undo(change, client) {
          Complaint.writeLine("kmf: \(label) is not rolled back: \(problem)")
        } else {
          kept.append(change.object.key)
          Complaint.writeLine("kmf: \(label) rolled back")
        }
      } catch { error.complain() }
    }
    guard !kept.isEmpty else { return }
    _ = try RolloutWait(kept, report(labels.filter { kept.contains($0.key) }))
      .run(&plane, for: timeout)
  }

  /// - Returns: why there is nothing to go back to; nil when it was done.
  private func undo(
    _ change: ObjectChange, _ client: ClusterClient
  ) throws(ClusterRefusal) -> String? {
    guard change.object.resource == .deployments,
      let resource = client.catalog.preferred(.deployments)
    else { return "only Deployments have revisions" }
    guard let before = change.before else { return "it is new" }
    let revision = RolloutRevisions.revision(of: before)
    let target = Target(
      resource: resource, name: change.object.name, namespace: change.object.namespace)
    let found = try RolloutRevisions(target, client)
    guard revision > 0, revision != found.current else {
      return "its pods are made from the same template as before"
    }
    let done = try found.undo(to: revision, query: [("fieldManager", Self.undoer)])
    guard done == "rolled back" else { return done }
    try restoreOwnership(from: before, target, client)
    return nil
  }

  private static let undoer = "kmf-rollback"

  /// The template is what it was, so whoever applied it owns it again; otherwise the next manifest
  /// would be in conflict with the rollback.
  private func restoreOwnership(
    from before: Value, _ target: Target, _ client: ClusterClient
  ) throws(ClusterRefusal) {
    let present = try client.object(target)
    func isOwn(_ entry: Value) -> Bool {
      entry["manager"]?.string == manager && entry["operation"] == "Apply"
        && entry["subresource"] == nil
    }
    let known = before["metadata"]?["managedFields"]?.list?.first(where: isOwn)
    guard let known, let entries = present["metadata"]?["managedFields"]?.list else { return }
    let kept = entries.filter { !isOwn($0) && $0["manager"]?.string != Self.undoer }
    var metadata: Value = ["managedFields": .list([known] + kept)]
    metadata["resourceVersion"] = present["metadata"]?["resourceVersion"]
    _ = try client.send(
      "PATCH", target.path, query: [("fieldManager", Self.undoer)],
      contentType: "application/merge-patch+json", ["metadata": metadata])
  }
}
