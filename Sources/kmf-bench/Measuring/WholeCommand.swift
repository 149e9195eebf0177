import Glibc

/// The command itself, as users run it: memory, many files, one small file, size.
///
/// Measured in child processes that are started while this one is still small, since what a
/// process holds when it starts another one counts as the other's peak.
struct WholeCommand {
  private let command: String
  private let scratch = Scratch()
  private static let fileCount = 20_000
  private static let bigFileBytes = 50_000_000

  /// Nil where the release command has not been built.
  init?() {
    guard let command = ChildProcess.neighbour("kmf") else { return nil }
    self.command = command
  }

  func measure(into scores: inout Scores) {
    measureMemory(into: &scores)
    measureSmallFile(into: &scores)
    measureSize(into: &scores)
    measureManyFiles(into: &scores)
  }

  private func measureMemory(into scores: inout Scores) {
    let path = scratch.path + "/big.yaml"
    let made = ChildProcess([
      ChildProcess.ownPath, "generate", "\(Self.bigFileBytes)", path,
    ])
    guard made?.code == 0, let size = Files.size(path),
      let run = ChildProcess([command, "validate", path])
    else { return scores.skip("memory of one large file", because: "the command did not run") }
    let allowed = 1.5 * Double(size) / 1e6 + 40
    scores.add(
      Score(
        what: "peak memory, file of \(size / 1_000_000) MB", value: Double(run.peakBytes) / 1e6,
        unit: " MB", target: allowed, remark: Self.remark(run)))
  }

  private static func remark(_ run: ChildProcess) -> String {
    run.code == 0 ? "" : "exit code \(run.code)"
  }

  private func measureSmallFile(into scores: inout Scores) {
    var generator = ManifestGenerator(seed: 7)
    let path = scratch.write(Array(generator.next().utf8), to: "small.yaml")
    let runs = (0..<41).compactMap { _ in ChildProcess([command, "validate", path]) }
    let milliseconds = Stopwatch.median(runs.map(\.cpuSeconds)) * 1000
    scores.add(Score(what: "one small file, CPU", value: milliseconds, unit: " ms", target: 8))
  }

  private func measureSize(into scores: inout Scores) {
    guard let size = Files.size(command) else { return }
    scores.add(
      Score(what: "size of the binary", value: Double(size) / 1e6, unit: " MB", target: 25))
  }

  /// Copies of the corpus, judged by the command and read by the baseline.
  private func measureManyFiles(into scores: inout Scores) {
    guard let folder = copies(of: Corpus.files(below: Corpus.usualFolders)) else {
      return scores.skip("many files", because: "no corpus was found here")
    }
    var bare: [Double] = []
    var one: [ChildProcess] = []
    var two: [ChildProcess] = []
    for _ in 0..<3 {
      if let run = ChildProcess([ChildProcess.ownPath, "baseline", folder]) {
        bare.append(run.cpuSeconds)
      }
      if let run = validate(folder, jobs: 1) { one.append(run) }
      if let run = validate(folder, jobs: 2) { two.append(run) }
    }
    guard !bare.isEmpty, !one.isEmpty, !two.isEmpty else {
      return scores.skip("many files", because: "the command did not run")
    }
    scores.add(
      Score(
        what: "\(Self.fileCount) files: CPU beside reading, parsing",
        value: Stopwatch.median(one.map(\.cpuSeconds)) / Stopwatch.median(bare), unit: " ×",
        target: 2))
    scores.add(
      Score(
        what: "\(Self.fileCount) files: two cores beside one",
        value: Stopwatch.median(one.map(\.wallSeconds)) / Stopwatch.median(two.map(\.wallSeconds)),
        unit: " ×", target: 1.7, wantsMore: true, remark: "wall time: needs two idle cores"))
  }

  private func validate(_ folder: String, jobs: Int) -> ChildProcess? {
    ChildProcess([command, "validate", "--no-ignore", "--jobs", "\(jobs)", folder])
  }

  private func copies(of files: [[UInt8]]) -> String? {
    guard !files.isEmpty else { return nil }
    let folder = "many"
    scratch.makeFolder(folder)
    for number in 0..<Self.fileCount {
      // Folders of a size that repositories have.
      if number % 500 == 0 { scratch.makeFolder("\(folder)/\(number / 500)") }
      _ = scratch.write(
        files[number % files.count], to: "\(folder)/\(number / 500)/\(number).yaml")
    }
    return scratch.path + "/" + folder
  }
}
