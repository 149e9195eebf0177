import ArgumentParser
import ClusterAPI
import ClusterPlan
import Glibc
import ManifestSchema

/// `kmf diff`.
struct Diff: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show what applying manifests would change.",
    discussion: """
      Every manifest is applied in a rehearsal that is thrown away, so what is shown is what \
      'kmf apply' would do: defaults, admission and allocation included. Quantities, defaults and \
      the order of sets are compared by meaning; what others own and the manifest leaves alone is \
      no difference. Values of Secrets are shown as digests only.

      Exit codes: 0 no difference, 1 differences, 2 errors or wrong usage, 3 internal error; with \
      --exit-code detailed 0, 2 and 1.
      """)

  /// What the exit code says.
  enum ExitCode: String, CaseIterable, ExpressibleByArgument { case plain, detailed }

  @Argument(
    help: "Files, folders, patterns, or '-' for standard input.",
    completion: .file(extensions: ["yaml", "yml", "json"]))
  var path: [String] = []

  @Option(
    name: [.short, .long],
    help: "\(ChangeFormats.names.joined(separator: ", ")) (default: pretty).",
    completion: .list(ChangeFormats.names))
  var output = PrettyChanges.name

  @Option(help: "plain: 0, 1 differs, 2 error; detailed: 0, 2 differs, 1 error.")
  var exitCode = ExitCode.plain

  @Flag(help: "Only what others changed since it was applied.")
  var drift = false

  @Flag(help: "Also what differs without meaning, and why it does not count.")
  var explainIgnored = false

  @Flag(help: "Compare the ownership of fields as well.")
  var showManagedFields = false

  @Option(
    help: ArgumentHelp("Save the difference as a plan for 'kmf apply'.", valueName: "file"),
    completion: .file())
  var out: String?

  @Flag(help: "Show the rollouts that follow as well; only with -o pretty.")
  var plan = false

  @Flag(inversion: .prefixedNo, help: "Colours (default: on a terminal).")
  var color: Bool?

  @OptionGroup(title: "Input") var input: ManifestOptions
  @OptionGroup(title: "Applying") var planning: PlanningOptions
  @OptionGroup(title: "Cluster") var cluster: ClusterOptions

  func validate() throws {
    if drift, out != nil { throw ValidationError("drift is no plan: leave --drift or --out out") }
    if plan, drift || output != PrettyChanges.name {
      throw ValidationError("for other forms than pretty there is 'kmf plan -o'")
    }
    guard ChangeFormats.format(named: output) != nil else {
      throw ValidationError(
        "'\(output)' is no form of output; there are \(ChangeFormats.names.joined(separator: ", "))"
      )
    }
  }

  func run() throws {
    do {
      let set = try difference()
      throw status(set)
    } catch let failure as CommandFailure where exitCode == .detailed {
      failure.complain()
      throw ExitStatus.findings
    }
  }

  private func difference() throws -> ChangeSet {
    let planning = try PlanningCluster(cluster, isWriting: false, savesPlan: out != nil)
    let configuration = try ConfigurationFile.load(cluster.config)
    var options = self.planning.options(namespace: input.namespace)
    options.explainsIgnored = explainIgnored
    options.isDrift = drift
    options.showsManagedFields = showManagedFields
    let inputs = try ManifestInputs(
      options: input, paths: path, configuration, planning, options, for: "diff")
    let contents = try inputs.read()
    for remark in contents.remarks { Complaint.writeLine("kmf: \(remark)") }
    if drift { options.onConflict = .force }
    let progress = PlanningProgress()
    options.progress = progress.update
    var set = try Planner(planning.cluster, options: options).checkedDifference(contents.manifests)
    progress.end()
    set.problems += contents.problems
    if planning.isMissing {
      set.notes.append(
        "there is no cluster yet: 'kmf apply' makes one at \(planning.place.address)")
    }
    let digest = try save(set, options, planning)
    print(planning.masker.mask(set), digest)
    if plan, !set.hasErrors { try printPlan(contents.manifests, options, planning) }
    return set
  }

  /// Shows the rollouts that follow from the difference.
  private func printPlan(
    _ manifests: [Manifest], _ options: PlanOptions, _ planning: PlanningCluster
  ) throws {
    var options = options
    options.progress = nil
    options.allowsReplacement = true
    var assumptions = try ForecastOptions(of: planning.cluster)
    assumptions.isStandIn = planning.isMissing
    let chosen = assumptions
    let planner = Planner(planning.cluster, options: options)
    var forecast = try planning.checked { () throws(StatusError) in
      try planner.forecast(manifests, chosen)
    }
    forecast.changes = planning.masker.mask(forecast.changes)
    let styles = Styles(for: STDOUT_FILENO, isColorRefused: color == false)
    var format = ChangeFormatOptions()
    format.isColored = color ?? styles.isColored
    format.width = styles.width
    let output = Output()
    output.write("\n" + PrettyPlan.text(forecast, format))
    output.flush()
  }

  /// Saves the plan if one is asked for and there is nothing wrong; returns its digest.
  private func save(
    _ set: ChangeSet, _ options: PlanOptions, _ planning: PlanningCluster
  ) throws -> String? {
    guard let out else { return nil }
    guard !set.hasErrors else {
      Complaint.writeLine("kmf: no plan is saved, since there are errors")
      return nil
    }
    let uid: String
    do throws(StatusError) {
      uid = try Planner(planning.cluster, options: options).clusterUID()
    } catch { throw CommandFailure(error) }
    let plan = SavedPlan(
      set, options: options, clusterUID: uid, paths: path + input.filename,
      kustomizations: input.kustomize, toolVersion: Version.text, masker: planning.masker)
    try PlanFile.write(plan, to: out)
    return plan.digest
  }

  private func print(_ set: ChangeSet, _ digest: String?) {
    let output = Output()
    let styles = Styles(for: STDOUT_FILENO, isColorRefused: color == false)
    var options = ChangeFormatOptions()
    options.isColored = color ?? styles.isColored
    options.width = styles.width
    options.isDrift = drift
    options.showsManagedFields = showManagedFields
    options.toolVersion = Version.text
    options.planDigest = digest
    let format = ChangeFormats.format(named: self.output) ?? PrettyChanges.self
    output.write(format.text(set, options))
    output.flush()
  }

  private func status(_ set: ChangeSet) -> ExitStatus {
    if set.hasErrors { return exitCode == .detailed ? .findings : .usage }
    if set.isEmpty { return .clean }
    return exitCode == .detailed ? .usage : .findings
  }
}

extension ManifestInputs {
  /// The inputs of a command, judged by what the cluster knows.
  init(
    options: ManifestOptions, paths: [String], _ configuration: Configuration,
    _ planning: PlanningCluster, _ planOptions: PlanOptions, for command: String
  ) throws(CommandFailure) {
    var settings = try options.settings(paths, configuration, for: command)
    let version = planning.cluster.settings.version
    settings.versions = VersionRange(version, version)
    // The cluster says what it does not know; text that looks like a placeholder is text.
    settings.unknownKinds = .skip
    settings.allowsPlaceholders = !settings.substitutions.isEmpty
    self.init(
      settings: settings, kustomizations: options.kustomize,
      definitions: try planning.definitions())
    let planner = Planner(planning.cluster, options: planOptions)
    do throws(StatusError) { known = try planner.appliedTexts().digests } catch {
      throw CommandFailure(error)
    }
    // A new kmf may see the same text with other eyes.
    var words = [Version.text, version.description, options.namespace]
    for (name, value) in settings.substitutions.sorted(by: { $0.key < $1.key }) {
      words += [name, value]
    }
    salt = SHA256.digest(words.map { "\($0.utf8.count) \($0)" }.joined().utf8)
  }
}

extension Planner {
  /// The difference, or why the cluster cannot be asked.
  func checkedDifference(_ manifests: [Manifest]) throws(CommandFailure) -> ChangeSet {
    do throws(StatusError) { return try difference(manifests) } catch {
      throw CommandFailure(error)
    }
  }
}
