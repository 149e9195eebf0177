import ArgumentParser
import ClusterAPI
import ClusterControl
import ControlPlane
import ManifestSchema

/// `--for` of commands that let time pass after what they did.
struct PassingTimeOptions: ParsableArguments {
  @Option(
    name: .customLong("for"),
    help: ArgumentHelp(
      "Then let this time of the cluster pass, and tell what happens.", valueName: "time"),
    transform: { try TimeSpan.read($0) })
  var span: Duration?

  /// Lets the time pass, if some was asked for.
  func pass(on cluster: LocalCluster) throws(CommandFailure) {
    guard let span else { return }
    var plane = try OpenClusters.running(cluster, or: "no time passes in it")
    let began = plane.time.present
    let log = EventLog(.text, since: began)
    do throws(StatusError) {
      let deadline = began.advanced(by: min(span, RolloutWait.longest))
      let run = try plane.run(until: deadline, tell: { log.tell($0) })
      log.end(
        SimulationSummary(plane.state, span: span, writeCount: run.writeCount, isKept: true))
    } catch { throw CommandFailure(error) }
  }
}
