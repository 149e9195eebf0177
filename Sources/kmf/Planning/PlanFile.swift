import ClusterAPI
import ClusterPlan
import Glibc
import InputFiles
import ManifestSyntax

/// Plans on disk.
enum PlanFile {
  /// Writes `plan` to `path`, all of it or nothing.
  static func write(_ plan: SavedPlan, to path: String) throws(CommandFailure) {
    let temporary = path + ".new"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw failure(path) }
    let output = Output(descriptor: descriptor)
    output.write(plan.text)
    output.flush()
    let isWritten = output.failureText == nil && fsync(descriptor) == 0
    close(descriptor)
    guard isWritten, rename(temporary, path) == 0 else {
      let failure = failure(path)
      unlink(temporary)
      throw failure
    }
  }

  /// The plan at `path`; nil where it holds something else.
  static func read(_ path: String) throws(CommandFailure) -> SavedPlan? {
    var status = stat()
    guard path != "-", stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      return nil
    }
    // Whatever cannot be read here is told when it is read as a manifest.
    guard let source = try? SourceReader.read(Input(path: path)),
      withExtendedLifetime(source, { SavedPlan.isPlan(source.bytes) })
    else { return nil }
    do throws(PlanFileError) { return try SavedPlan(source) } catch {
      throw CommandFailure(
        "'\(path)': \(error.message)", help: "make a new one with 'kmf diff --out \(path)'")
    }
  }

  private static func failure(_ path: String) -> CommandFailure {
    CommandFailure("cannot write the plan '\(path)': \(String(cString: strerror(errno)))")
  }
}

/// Applies a saved plan.
struct PlanRun {
  let plan: SavedPlan
  let planning: PlanningCluster
  let report: ApplyReport
  var isDryRun = false
  var isConfirmed = false

  /// - Parameter read: The manifests that the plan was made from, as they are now.
  /// - Returns: what was done.
  func run(_ read: ManifestInputs.Contents) throws -> ChangeSet {
    var options = plan.options
    // What the plan replaces, it has announced.
    options.allowsReplacement = true
    options.isConfirmed = isConfirmed
    let planner = Planner(planning.cluster, options: options)
    guard try checked({ () throws(StatusError) in try planner.clusterUID() }) == plan.clusterUID
    else {
      throw CommandFailure(
        "the plan is for another cluster than the one at \(planning.place.address)")
    }
    let (manifests, troubles) = plan.manifests(reading: read.manifests, masker: planning.masker)
    if !troubles.isEmpty {
      let isUnread = read.manifests.isEmpty
      try stale(
        troubles,
        help: isUnread ? "name its manifests behind the plan, or '-' for standard input" : nil)
    }
    let outcome = try checked { () throws(StatusError) in
      try planner.apply(plan, manifests, masker: planning.masker, isDryRun: isDryRun)
    }
    switch outcome {
    case .stale(let reasons): try stale(reasons)
    case .done(let set):
      report.print(set, isKept: true, revision: 0)
      report.remark("plan \(plan.digest): the cluster is already as it says")
      return set
    case .applied(let applied):
      report.print(applied.changes, isKept: applied.isKept, revision: applied.revision)
      report.remark("plan \(plan.digest)")
      if applied.changes.hasErrors { throw ExitStatus.refusedByPolicy }
      return applied.changes
    }
  }

  private func stale(_ reasons: [String], help: String? = nil) throws -> Never {
    Complaint.writeLine("kmf: the plan is stale, nothing was written: plan \(plan.digest)")
    for reason in reasons { Complaint.writeLine("  \(reason)") }
    Complaint.writeLine("  help: \(help ?? "look at the difference again and save a new plan")")
    throw ExitStatus.stalePlan
  }

  private func checked<Result>(
    _ body: () throws(StatusError) -> Result
  ) throws(CommandFailure) -> Result {
    do throws(StatusError) { return try body() } catch { throw CommandFailure(error) }
  }
}
