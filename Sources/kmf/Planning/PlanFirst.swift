import ArgumentParser
import ClusterAPI
import ClusterPlan
import ControlPlane
import Glibc

/// How `apply` shows the rollouts before it writes anything.
struct PlanFirstOptions: ParsableArguments {
  @Flag(
    help: """
      Show the plan first. On a terminal ask; elsewhere write nothing when the plan has what \
      --fail-on counts.
      """)
  var planFirst = false

  @Option(help: "With --plan-first: blocked, disruption, or never.")
  var failOn = Plan.FailOn.blocked

  /// Shows what applying would lead to; throws where it is not to be.
  ///
  /// - Parameter isAgreed: Whether nobody needs to be asked.
  func check(
    _ manifests: [Manifest], _ planner: Planner, _ masker: Masker, isAgreed: Bool
  ) throws {
    guard planFirst else { return }
    var planner = planner
    planner.options.allowsReplacement = true
    planner.options.progress = PlanOptions().progress
    var forecast: Forecast
    let assumptions = try ForecastOptions(of: planner.cluster)
    do throws(StatusError) { forecast = try planner.forecast(manifests, assumptions) } catch {
      throw CommandFailure(error)
    }
    forecast.changes = masker.mask(forecast.changes)
    // What is wrong is told by applying, in its own form.
    if forecast.changes.hasErrors { return }
    let styles = Styles(for: STDERR_FILENO)
    var options = ChangeFormatOptions()
    options.isColored = styles.isColored
    options.width = styles.width
    for line in PrettyPlan.text(forecast, options).split(
      separator: "\n", omittingEmptySubsequences: false
    ).dropLast() {
      Complaint.writeLine(String(line))
    }
    let isCounted = failOn.counts(forecast.gravest)
    if isatty(STDIN_FILENO) == 1, isatty(STDERR_FILENO) == 1, !isAgreed {
      Complaint.writeLine("Apply this? Only 'yes' will do.")
      if readLine() == "yes" { return }
    } else if !isCounted {
      return
    }
    Complaint.writeLine("kmf: nothing was written")
    throw ExitStatus.refusedByPolicy
  }
}

extension Plan.FailOn {
  /// Whether the gravest finding is one that counts.
  func counts(_ severity: Finding.Severity?) -> Bool {
    switch self {
    case .never: false
    case .blocked: (severity ?? .note) >= .blocked
    case .disruption: (severity ?? .note) >= .disruption
    }
  }
}

extension ForecastOptions {
  /// What there is to know of a cluster: whether its nodes are simulated, and how.
  init(of cluster: LocalCluster) throws(CommandFailure) {
    self.init()
    if try OpenClusters.hasControllers(cluster) {
      simulation = OpenClusters.simulation(of: cluster)
      now = OpenClusters.controlPlane(of: cluster).time.present
    }
  }
}
