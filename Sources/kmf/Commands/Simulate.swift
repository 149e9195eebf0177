import ArgumentParser

/// `kmf simulate`.
struct Simulate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run a cluster forward, with things going wrong, and tell what happens.",
    discussion: """
      kmf simulate --for 10m --fail-node n1@30s --recover-node n1@5m
      kmf simulate --for 1h --crash web@10% --seed 7 -o jsonl

      Nothing is kept, unless --keep says so: a copy of the cluster runs. The same cluster, \
      options \
      and seed give the same run. How images behave is set in kmf.yaml ('simulation') or by \
      annotations of pods (sim.kmf.dev/…).

      Exit codes: 0 done, 2 wrong usage, 3 internal error.
      """)

  @Option(
    name: .customLong("for"), help: ArgumentHelp("How long the cluster runs.", valueName: "time"),
    transform: { try TimeSpan.read($0) })
  var span: Duration = .seconds(600)

  @Option(
    help: ArgumentHelp("A node goes down at a time; repeatable.", valueName: "node@time"),
    transform: { try PlannedFault($0, .failNode(isUnreachable: false)) })
  var failNode: [PlannedFault] = []

  @Option(
    help: ArgumentHelp("A node is cut off at a time; repeatable.", valueName: "node@time"),
    transform: { try PlannedFault($0, .failNode(isUnreachable: true)) })
  var cutOffNode: [PlannedFault] = []

  @Option(
    help: ArgumentHelp("A node is repaired at a time; repeatable.", valueName: "node@time"),
    transform: { try PlannedFault($0, .recoverNode) })
  var recoverNode: [PlannedFault] = []

  @Option(
    help: ArgumentHelp(
      "So many of a workload's pods crash once, at some time; repeatable.",
      valueName: "name@percent"),
    transform: { try PlannedCrash($0) })
  var crash: [PlannedCrash] = []

  @Option(help: ArgumentHelp("Where chance begins.", valueName: "n"))
  var seed: UInt64 = 0

  @Flag(help: "Keep what happened: the cluster itself runs.")
  var keep = false

  @Option(name: [.short, .long], help: "text, json, or jsonl (one thing a line).")
  var output: EventLog.Form = .text

  @OptionGroup(title: "Cluster") var place: ClusterOptions

  func run() throws {
    guard span <= RolloutWait.longest * 366 else {
      throw CommandFailure("--for is longer than a year")
    }
    let cluster = try place.cluster(for: .existing)
    var run = try SimulationRun(
      cluster, keeps: keep, span: span, faults: failNode + cutOffNode + recoverNode,
      crashes: crash, seed: seed, form: output)
    try run.run()
  }
}

extension EventLog.Form: ExpressibleByArgument {}
