import Glibc

/// A run of the fuzzer: a worker process that may die, and a parent that tells what killed it.
struct FuzzRun {
  var seconds = 60.0
  var seed: UInt64 = 1
  /// CPU seconds that one input may take.
  var limit = 2.0
  var paths: [String] = []
  /// Where the input at hand is kept while it is tried.
  var input = ""
  /// One file to try, without mutations.
  var replay: String?

  /// Memory that the worker may hold: a hundred times what the largest input needs.
  private static let memoryMax: rlim_t = 1_500_000_000

  /// Nil for arguments that make no sense.
  static func parse(_ arguments: [String]) -> FuzzRun? {
    var run = FuzzRun()
    run.seed = UInt64(Stopwatch.wallSeconds * 1e6)
    var rest = arguments[...]
    while let word = rest.popFirst() {
      switch word {
      case "--seconds":
        guard let value = rest.popFirst().flatMap(Double.init) else { return nil }
        run.seconds = value
      case "--seed":
        guard let value = rest.popFirst().flatMap({ UInt64($0) }) else { return nil }
        run.seed = value
      case "--limit":
        guard let value = rest.popFirst().flatMap(Double.init) else { return nil }
        run.limit = value
      case "--input", "--replay":
        guard let value = rest.popFirst() else { return nil }
        if word == "--input" { run.input = value } else { run.replay = value }
      case _ where word.hasPrefix("-"): return nil
      default: run.paths.append(word)
      }
    }
    if run.paths.isEmpty { run.paths = Corpus.usualFolders }
    if run.input.isEmpty { run.input = "/tmp/kmf-fuzz-\(getpid()).input" }
    return run
  }

  // MARK: - Parent

  /// Runs a worker; 0 when it found nothing.
  func run() -> Int32 {
    print("fuzz: seed \(seed), \(Int(seconds)) s; the input at hand is in \(input)")
    fflush(nil)
    var words = [
      ChildProcess.ownPath, "fuzz-worker", "--seconds", "\(seconds)", "--seed", "\(seed)",
      "--limit", "\(limit)", "--input", input,
    ]
    if let replay { words += ["--replay", replay] }
    guard let worker = ChildProcess(words + paths, isQuiet: false) else {
      print("fuzz: the worker cannot be started")
      return 1
    }
    guard worker.code != 0 else {
      unlink(input)
      return 0
    }
    let end = worker.code < 0 ? "died of signal \(-worker.code)" : "stopped with \(worker.code)"
    print("fuzz: the worker \(end); try its input again: kmf-bench fuzz --replay \(input)")
    return 1
  }

  // MARK: - Worker

  /// Tries inputs until time is up; 0 when each of them was fine.
  func work() -> Int32 {
    var bound = rlimit(rlim_cur: Self.memoryMax, rlim_max: Self.memoryMax)
    setrlimit(__rlimit_resource_t(2), &bound)  // RLIMIT_DATA, which Swift sees as another type
    Watchdog.start(limitSeconds: limit)
    if let replay {
      guard let bytes = Files.read(replay) else {
        print("fuzz: '\(replay)' cannot be read")
        return 2
      }
      return InputCheck.Setting.allCases.allSatisfy { attempt(bytes, $0) } ? 0 : 1
    }
    let seeds = Corpus.files(below: paths)
    guard !seeds.isEmpty else {
      print("fuzz: there are no manifests to begin with; name a folder that has some")
      return 2
    }
    var mutator = Mutator(seeds: seeds, seed: seed)
    var count = 0
    let end = Stopwatch.wallSeconds + seconds
    while Stopwatch.wallSeconds < end {
      let setting = InputCheck.Setting.allCases[count % InputCheck.Setting.allCases.count]
      if !attempt(mutator.next(), setting) { return 1 }
      count += 1
    }
    print("fuzz: \(count) inputs of \(seeds.count) manifests, nothing found")
    return 0
  }

  private func attempt(_ bytes: [UInt8], _ setting: InputCheck.Setting) -> Bool {
    // Written first: a trap leaves no time to.
    guard Files.write(bytes, to: input) else {
      print("fuzz: cannot write \(input)")
      return false
    }
    Watchdog.begin()
    defer { Watchdog.end() }
    guard let problem = InputCheck(bytes, setting).problem() else { return true }
    print("fuzz: \(problem) (\(setting), \(bytes.count) bytes)")
    return false
  }
}
