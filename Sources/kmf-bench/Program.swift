import Glibc

/// What the command line asks for.
enum Program {
  static func run(_ arguments: [String]) -> Int32 {
    switch arguments.first {
    case nil: return benchmarks()
    case "stage":
      guard arguments.count == 4, let megabytes = Int(arguments[2]), let rounds = Int(arguments[3])
      else { return usage() }
      let isKnown = OneFile(bytes: megabytes * 1_000_000, rounds: rounds).run(stage: arguments[1])
      return isKnown ? 0 : usage()
    default: return usage()
    }
  }

  private static func benchmarks() -> Int32 {
    var scores = Scores()
    print(Scores.heading)
    OneFile(bytes: 50_000_000, rounds: 5).measure(into: &scores)
    return scores.areMet ? 0 : 1
  }

  private static func usage() -> Int32 {
    print(
      """
      usage: kmf-bench                        measure everything, compare with the targets
             kmf-bench stage NAME MB ROUNDS   run libyaml, tree, schema or validate, for a profiler
      """)
    return 2
  }
}
