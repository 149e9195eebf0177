import Glibc

/// What the command line asks for.
enum Program {
  static func run(_ arguments: [String]) -> Int32 {
    let rest = Array(arguments.dropFirst())
    switch arguments.first {
    case nil: return benchmarks()
    case "stage": return stage(rest)
    case "cluster": return cluster(rest)
    case "rollout": return rollout(rest)
    case "curve": return rest.count == 1 ? curve(rest[0]) : usage()
    case "plans": return plans()
    case "rehearsals": return rehearsals()
    case "lint": return lint()
    case "fuzz": return FuzzRun.parse(rest)?.run() ?? usage()
    case "fuzz-worker": return FuzzRun.parse(rest)?.work() ?? usage()
    case "generate":
      guard rest.count == 2, let count = Int(rest[0]) else { return usage() }
      return Files.write(ManifestGenerator.stream(bytes: count, seed: 1), to: rest[1]) ? 0 : 1
    case "baseline": return rest.count == 1 ? BareReading.run(below: rest[0]) : usage()
    default: return usage()
    }
  }

  private static func benchmarks() -> Int32 {
    var scores = Scores()
    print(Scores.heading)
    if let command = WholeCommand() {
      command.measure(into: &scores)
    } else {
      scores.skip("the whole command", because: "kmf is not built beside kmf-bench")
    }
    ClusterCosts.measureMemory(into: &scores)
    ClusterCosts(rounds: 3).measure(into: &scores)
    measurePlans(into: &scores)
    measureRehearsals(into: &scores)
    measureLint(into: &scores)
    RolloutCosts.measure(into: &scores)
    OneFile(bytes: 50_000_000, rounds: 5).measure(into: &scores)
    return scores.areMet ? 0 : 1
  }

  private static func measurePlans(into scores: inout Scores) {
    guard let plans = PlanCosts() else {
      return scores.skip("differences", because: "kmf is not built beside kmf-bench")
    }
    plans.measure(into: &scores)
  }

  private static func measureLint(into scores: inout Scores) {
    guard let lint = LintCosts() else {
      return scores.skip("linting", because: "kmf is not built beside kmf-bench")
    }
    lint.measure(into: &scores)
  }

  private static func measureRehearsals(into scores: inout Scores) {
    guard let rehearsals = RehearsalCosts() else {
      return scores.skip("plans of rollouts", because: "kmf is not built beside kmf-bench")
    }
    rehearsals.measure(into: &scores)
  }

  private static func rehearsals() -> Int32 {
    var scores = Scores()
    measureRehearsals(into: &scores)
    return scores.areMet ? 0 : 1
  }

  private static func lint() -> Int32 {
    var scores = Scores()
    measureLint(into: &scores)
    return scores.areMet ? 0 : 1
  }

  private static func plans() -> Int32 {
    var scores = Scores()
    measurePlans(into: &scores)
    return scores.areMet ? 0 : 1
  }

  private static func stage(_ arguments: [String]) -> Int32 {
    guard arguments.count == 3, let megabytes = Int(arguments[1]), let rounds = Int(arguments[2])
    else { return usage() }
    let isKnown = OneFile(bytes: megabytes * 1_000_000, rounds: rounds).run(stage: arguments[0])
    return isKnown ? 0 : usage()
  }

  private static func cluster(_ arguments: [String]) -> Int32 {
    if arguments.isEmpty {
      var scores = Scores()
      ClusterCosts.measureMemory(into: &scores)
      ClusterCosts(rounds: 3).measure(into: &scores)
      return scores.areMet ? 0 : 1
    }
    guard arguments.count == 2, let rounds = Int(arguments[1]) else { return usage() }
    return ClusterCosts(rounds: rounds).run(part: arguments[0]) ? 0 : usage()
  }

  private static func rollout(_ arguments: [String]) -> Int32 {
    if arguments.isEmpty {
      var scores = Scores()
      RolloutCosts.measure(into: &scores)
      return scores.areMet ? 0 : 1
    }
    let counts = arguments.compactMap { Int($0) }
    guard arguments.count == 2, counts.count == 2, counts.allSatisfy({ $0 > 0 }) else {
      return usage()
    }
    RolloutCosts(pods: counts[0], nodes: counts[1]).run()
    return 0
  }

  private static func curve(_ path: String) -> Int32 {
    Files.write(Array(RolloutCurve().svg.utf8), to: path) ? 0 : 1
  }

  private static func usage() -> Int32 {
    print(
      """
      usage: kmf-bench                        measure everything, compare with the targets
             kmf-bench stage NAME MB ROUNDS   run libyaml, tree, schema or validate, for a profiler
             kmf-bench cluster                measure a cluster of 10,000 objects
             kmf-bench cluster PART ROUNDS    run create, read, list or all, for a profiler
             kmf-bench plans                  measure diff and apply of 10,000 objects
             kmf-bench rehearsals             plan rollouts of 100 and 10,000 pods
             kmf-bench rollout                roll 10,000 pods on 1,000 nodes, and 100 on 10
             kmf-bench rollout PODS NODES     the same once, of another size
             kmf-bench curve FILE             draw what rolling 1,000 to 100,000 pods takes
             kmf-bench lint                   measure linting beside validating
             kmf-bench generate BYTES FILE    write the manifests that are measured
             kmf-bench baseline FOLDER        read and bare-parse the files of a folder
             kmf-bench fuzz [--seconds N] [--seed S] [--limit SECONDS] [PATH…]
      """)
    return 2
  }
}
