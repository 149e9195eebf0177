import ArgumentParser
import ClusterAPI
import ClusterPlan
import Glibc
import ManifestSchema

/// `kmf plan`.
struct Plan: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Rehearse the rollouts that applying manifests would start.",
    discussion: """
      Every manifest is applied in a rehearsal that is thrown away, as for 'kmf diff'; then the \
      cluster's own controllers run ahead on a copy in virtual time. What is shown is every write \
      of every rollout, the most and the fewest pods, where they find room, how long it takes, \
      what is left if the new version is broken, and the way back. Numbers that rest on an \
      assumption say so; --assume sets it.

      kmf plan web.yaml
      kmf plan web.yaml --assume ready-after=20s --assume readiness=serial
      kmf plan shop/ -o json --fail-on disruption

      Exit codes: 0 nothing that --fail-on counts, 1 something that it counts, 2 errors or wrong \
      usage, 3 internal error.
      """)

  /// From which findings on the plan fails.
  enum FailOn: String, CaseIterable, ExpressibleByArgument { case blocked, disruption, never }

  @Argument(
    help: "Files, folders, patterns, or '-' for standard input.",
    completion: .file(extensions: ["yaml", "yml", "json"]))
  var path: [String] = []

  @Option(
    name: [.short, .long],
    help: "\(PlanFormats.names.joined(separator: ", ")) (default: pretty).",
    completion: .list(PlanFormats.names))
  var output = PrettyPlan.name

  @Option(
    help: ArgumentHelp(
      """
      What to take for granted; repeatable. ready-after=20s: from a pod's creation to its \
      readiness; readiness=together (all pods of a wave at once), serial (one at a time, those of \
      the newest ReplicaSet first) or never (no pod becomes ready any more).
      """, valueName: "name=value"))
  var assume: [String] = []

  @Option(help: "Exit with 1 for rollouts that are blocked, that interrupt service, or never.")
  var failOn = FailOn.blocked

  @Flag(inversion: .prefixedNo, help: "Colours (default: on a terminal).")
  var color: Bool?

  @OptionGroup(title: "Input") var input: ManifestOptions
  @OptionGroup(title: "Applying") var planning: PlanningOptions
  @OptionGroup(title: "Cluster") var cluster: ClusterOptions

  func validate() throws {
    guard PlanFormats.format(named: output) != nil else {
      throw ValidationError(
        "'\(output)' is no form of output; there are \(PlanFormats.names.joined(separator: ", "))")
    }
    _ = try assumptions()
  }

  private func assumptions() throws -> ForecastOptions {
    var options = ForecastOptions()
    for text in assume {
      guard let next = options.assuming(text) else {
        throw ValidationError(
          "'\(text)' is no assumption; there are ready-after=20s and "
            + "readiness=\(Readiness.allCases.map(\.rawValue).joined(separator: "|"))")
      }
      options = next
    }
    return options
  }

  func run() throws {
    let planning = try PlanningCluster(cluster, isWriting: false)
    let configuration = try ConfigurationFile.load(cluster.config)
    var options = self.planning.options(namespace: input.namespace)
    // What must be made anew is shown as that.
    options.allowsReplacement = true
    options.isRehearsal = true
    let inputs = try ManifestInputs(
      options: input, paths: path, configuration, planning, options, for: "plan")
    let contents = try inputs.read()
    for remark in contents.remarks { Complaint.writeLine("kmf: \(remark)") }
    let planner = Planner(planning.cluster, options: options)
    var assumptions = try ForecastOptions(of: planning.cluster)
    let asked = try self.assumptions()
    assumptions.readiness = asked.readiness
    assumptions.readyAfter = asked.readyAfter
    assumptions.isStandIn = planning.isMissing
    let chosen = assumptions
    var forecast = try planning.checked { () throws(StatusError) in
      try planner.forecast(contents.manifests, chosen)
    }
    forecast.changes.problems += contents.problems
    if planning.isMissing {
      forecast.changes.notes.append(
        "there is no cluster yet: this is planned for an empty one with room for everything")
    }
    forecast.changes = planning.masker.mask(forecast.changes)
    print(forecast)
    throw status(forecast)
  }

  private func print(_ forecast: Forecast) {
    let output = Output()
    let styles = Styles(for: STDOUT_FILENO, isColorRefused: color == false)
    var options = ChangeFormatOptions()
    options.isColored = color ?? styles.isColored
    options.width = styles.width
    options.toolVersion = Version.text
    let format = PlanFormats.format(named: self.output) ?? PrettyPlan.self
    output.write(format.text(forecast, options))
    output.flush()
  }

  private func status(_ forecast: Forecast) -> ExitStatus {
    if forecast.changes.hasErrors { return .usage }
    return failOn.counts(forecast.gravest) ? .findings : .clean
  }
}
