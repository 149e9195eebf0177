import ArgumentParser
import ClusterAPI
import ClusterPlan
import Glibc
import ManifestSyntax

/// `kmf apply`.
struct Apply: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Apply manifests to a cluster: all of them, or nothing.",
    discussion: """
      Everything is validated first; then all objects are written in one transaction, each after \
      those that it needs. Fields are applied as server-side apply does, owned by 'kmf' unless \
      --field-manager says otherwise. A plan that 'kmf diff --out' saved is applied as it was \
      approved, or not at all.

      With --wait the cluster then runs forward, in virtual time, until the Deployments, \
      ReplicaSets and pods that were applied are rolled out.

      Exit codes: 0 done, 1 refused and nothing written, 2 wrong usage or unreadable input, \
      3 internal error, 5 nothing written without --replace or --yes, or after --plan-first, \
      6 the plan is stale, 7 applied, but not rolled out.
      """)

  /// The forms of what is said.
  enum Format: String, CaseIterable, ExpressibleByArgument { case text, json, jsonl, name }

  @Argument(
    help: "Files, folders, patterns, '-' for standard input, or a saved plan.",
    completion: .file(extensions: ["yaml", "yml", "json", "kmf"]))
  var path: [String] = []

  @Flag(help: "Do everything but keep it.")
  var dryRun = false

  @Flag(help: "Delete and make anew what cannot be changed.")
  var replace = false

  @Flag(help: "Agree to prune beyond --prune-max, and to take objects of other sets.")
  var yes = false

  @Option(name: [.short, .long], help: "text, name, json, or jsonl (one event a line).")
  var output = Format.text

  @Flag(name: [.short, .long], help: "No lines for objects that stay as they are.")
  var quiet = false

  @OptionGroup(title: "Input") var input: ManifestOptions
  @OptionGroup(title: "Applying") var planning: PlanningOptions
  @OptionGroup(title: "Planning") var first: PlanFirstOptions
  @OptionGroup(title: "Waiting") var waiting: WaitOptions
  @OptionGroup(title: "Cluster") var cluster: ClusterOptions

  func run() throws {
    let planning = try PlanningCluster(cluster, isWriting: true)
    if waiting.wait, !dryRun {
      _ = try OpenClusters.running(planning.cluster, or: "nothing would ever be rolled out")
    }
    let configuration = try ConfigurationFile.load(cluster.config)
    let report = ApplyReport(
      format: output, isDryRun: dryRun, isQuiet: quiet, masker: planning.masker)
    if let first = path.first, let plan = try PlanFile.read(first) {
      return try apply(plan, planning, configuration, report)
    }
    var options = self.planning.options(namespace: input.namespace)
    options.allowsReplacement = replace
    options.isConfirmed = yes
    let inputs = try ManifestInputs(
      options: input, paths: path, configuration, planning, options, for: "apply")
    let contents = try inputs.read()
    for remark in contents.remarks { report.remark(remark) }
    let progress = PlanningProgress()
    options.progress = progress.update
    let planner = Planner(planning.cluster, options: options)
    let problems = contents.problems
    if problems.isEmpty {
      try first.check(
        contents.manifests, planner, planning.masker, isAgreed: yes || dryRun)
    }
    let applied: Planner.Applied
    do throws(StatusError) {
      applied = try planner.apply(contents.manifests) { _ in problems.isEmpty && !dryRun }
    } catch { throw CommandFailure(error) }
    progress.end()
    var set = applied.changes
    set.problems = problems
    report.print(set, isKept: applied.isKept, revision: applied.revision)
    if !problems.isEmpty { throw ExitStatus.usage }
    guard set.hasErrors else {
      return try waiting.run(
        after: set, by: options.manager, isKept: applied.isKept, planning.cluster, output)
    }
    let isPolicy = set.changes.allSatisfy { $0.action != .failed || $0.isRefusedByPolicy }
    throw isPolicy ? ExitStatus.refusedByPolicy : ExitStatus.findings
  }

  private func apply(
    _ plan: SavedPlan, _ planning: PlanningCluster, _ configuration: Configuration,
    _ report: ApplyReport
  ) throws {
    var contents = ManifestInputs.Contents()
    if plan.needsManifests {
      var input = input
      let given = Array(path.dropFirst())
      if given.isEmpty, input.kustomize.isEmpty { input.kustomize = plan.kustomizations }
      input.namespace = plan.options.namespace
      contents = try ManifestInputs(
        options: input, paths: given.isEmpty ? plan.paths : given, configuration, planning,
        plan.options, for: "apply"
      ).reading(everything: true)
    }
    var run = PlanRun(plan: plan, planning: planning, report: report)
    run.isDryRun = dryRun
    run.isConfirmed = yes
    let set = try run.run(contents)
    try waiting.run(
      after: set, by: plan.options.manager, isKept: !dryRun, planning.cluster, output)
  }
}

/// Says what became of applying.
struct ApplyReport {
  let format: Apply.Format
  let isDryRun: Bool
  let isQuiet: Bool
  let masker: Masker

  func remark(_ text: String) { Complaint.writeLine("kmf: \(text)") }

  func print(_ set: ChangeSet, isKept: Bool, revision: Int64) {
    let set = masker.mask(set)
    let output = Output()
    switch format {
    case .text: text(set, isKept: isKept, output)
    case .name:
      for change in set.changes where change.action != .failed {
        output.writeLine(change.object.label)
      }
    case .json: output.writeLine(JSONWriter.string(value(set, isKept, revision), .indented))
    case .jsonl: events(set, isKept, revision, output)
    }
    output.flush()
    complain(set, isKept: isKept)
  }

  private func text(_ set: ChangeSet, isKept: Bool, _ output: Output) {
    for change in set.changes {
      if isQuiet, change.action == .unchanged { continue }
      output.writeLine(ApplyLines.line(change, isDryRun: isDryRun, isKept: isKept))
    }
    output.writeLine("\(ApplyLines.counts(set))\(isDryRun ? " (dry run)" : "")")
  }

  private func complain(_ set: ChangeSet, isKept: Bool) {
    for change in set.changes {
      for warning in change.warnings {
        Complaint.writeLine("kmf: warning: \(change.object.fullLabel): \(warning)")
      }
      for line in ApplyLines.complaints(change) {
        Complaint.writeLine(line.hasPrefix(" ") ? line : "kmf: \(line)")
      }
      if let consent = change.needsConsent, isKept || isDryRun, change.error == nil {
        Complaint.writeLine("kmf: note: \(change.object.fullLabel): \(consent)")
      }
    }
    for problem in set.problems {
      Complaint.writeLine("kmf: \(problem.text)")
      if let help = problem.help { Complaint.writeLine("  help: \(help)") }
    }
    for note in set.notes { Complaint.writeLine("kmf: note: \(note)") }
    if !isKept, !isDryRun { Complaint.writeLine("kmf: nothing was written") }
  }

  // MARK: - For programs

  private func value(_ set: ChangeSet, _ isKept: Bool, _ revision: Int64) -> Value {
    var map = ValueMap()
    map["formatVersion"] = .int(JSONChanges.formatVersion)
    map["written"] = .bool(isKept)
    map["dryRun"] = .bool(isDryRun)
    map["revision"] = .int(revision)
    map["summary"] = JSONChanges.summary(ChangeSummary(set))
    let options = ChangeFormatOptions()
    map["objects"] = .list(set.changes.map { JSONChanges.object($0, options) })
    map["problems"] = .list(set.problems.map { .string($0.text) })
    map["notes"] = .list(set.notes.map(Value.string))
    return .map(map)
  }

  private func events(_ set: ChangeSet, _ isKept: Bool, _ revision: Int64, _ output: Output) {
    func write(_ type: String, _ rest: Value) {
      var map = ValueMap()
      map["type"] = .string(type)
      for entry in rest.map?.entries ?? [] { map[entry.key] = entry.value }
      output.writeLine(JSONWriter.string(.map(map)))
    }
    write("start", ["objects": .int(Int64(set.changes.count)), "dryRun": .bool(isDryRun)])
    let options = ChangeFormatOptions()
    for change in set.changes {
      write(
        change.action == .failed ? "error" : change.action == .delete ? "prune" : "apply",
        JSONChanges.object(change, options))
    }
    for problem in set.problems { write("error", ["message": .string(problem.text)]) }
    write(
      "end",
      [
        "written": .bool(isKept), "revision": .int(revision),
        "summary": JSONChanges.summary(ChangeSummary(set)),
      ])
  }
}

extension ObjectChange {
  /// Whether a word of consent is all that is missing.
  var isRefusedByPolicy: Bool {
    action == .failed && (replacement != nil || needsConsent != nil)
  }
}
