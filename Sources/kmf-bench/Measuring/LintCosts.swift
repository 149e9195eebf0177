/// `kmf lint` over a repository, beside `kmf validate` over the same.
struct LintCosts {
  private static let fileCount = 1000
  private static let fewCount = 132
  private static let rounds = 5
  private let command: String
  private let scratch = Scratch()

  /// Nil where the release command has not been built.
  init?() {
    guard let command = ChildProcess.neighbour("kmf") else { return nil }
    self.command = command
  }

  func measure(into scores: inout Scores) {
    write("many", Self.fileCount)
    write("few", Self.fewCount)
    let validate = seconds("validate", "many")
    let cold = seconds("lint --no-cache --no-render", "many")
    let few = seconds("lint --no-cache --no-render", "few")
    _ = run("lint --no-render", "many")
    let warm = seconds("lint --no-render", "many")
    guard let validate, let cold, let warm, let few else {
      return scores.skip("linting", because: "the command did not run")
    }
    scores.add(
      Score(
        what: "lint of \(Self.fileCount) files beside validate", value: cold / validate,
        unit: " ×", target: 2))
    scores.add(
      Score(
        what: "lint of \(Self.fewCount) files, CPU", value: few * 1000, unit: " ms", target: 100))
    scores.add(
      Score(
        what: "lint with a cache: cold beside warm", value: cold / warm, unit: " ×", target: 3,
        wantsMore: true))
  }

  private func write(_ folder: String, _ count: Int) {
    scratch.makeFolder(folder)
    var generator = ManifestGenerator(seed: 11)
    for number in 0..<count {
      _ = scratch.write(Array(generator.next().utf8), to: "\(folder)/\(number).yaml")
    }
  }

  /// CPU seconds of a run, findings or not.
  private func seconds(_ words: String, _ folder: String) -> Double? {
    let runs = (0..<Self.rounds).compactMap { _ in run(words, folder) }.filter { $0.code < 2 }
    return runs.isEmpty ? nil : Stopwatch.median(runs.map(\.cpuSeconds))
  }

  /// Runs a command in the folder, which is a repository of its own then.
  private func run(_ words: String, _ folder: String) -> ChildProcess? {
    ChildProcess([
      "/bin/sh", "-c",
      "cd '\(scratch.path)/\(folder)' && exec '\(command)' \(words) --jobs 1 .",
    ])
  }
}
