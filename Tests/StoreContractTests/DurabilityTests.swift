import ClusterStore
import Foundation
import Glibc
import StoreSQLite
import Testing

/// Processes killed at every write to the file, and at random moments: what is left is the state
/// before or after a transaction, and everything that was answered.
@Suite(.serialized) struct DurabilityTests {
  private static let torture = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    .deletingLastPathComponent().appendingPathComponent("store-torture")

  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private var path: String { folder.path("cluster.db") }

  @Test func survivesAKillAtEveryWrite() throws {
    let clean = try run(["write", path, "w", "4"])
    let writes = try #require(clean.lines.last.flatMap { Int($0.dropFirst("writes ".count)) })
    #expect(writes > 60, "the faults see the writes")
    try remove()
    for fault in ["kill", "tear"] {
      var kills = 0
      for at in 1...writes {
        let victim = try run(["write", path, "w", "4", fault, "\(at)"])
        kills += victim.wasKilled ? 1 : 0
        try judge(["w": victim.done], "\(fault) at write \(at)")
        try remove()
      }
      // A torn write needs a write, and not every change is one.
      #expect(kills > writes / 2, "\(fault): \(kills) kills at \(writes) writes")
    }
  }

  @Test func changesNothingWhenTheDiskIsFullAtAnyWrite() throws {
    for at in stride(from: 1, through: 100, by: 3) {
      let victim = try run(["write", path, "w", "4", "full", "\(at)"])
      let isDone = victim.done == 4
      #expect(isDone || victim.lines.last == "fault full", "full at \(at): \(victim.lines)")
      try judge(["w": victim.done], "full at write \(at)", allowsOneMore: false)
      try remove()
    }
  }

  /// Two processes write at once, and both are killed, each at a moment of its own.
  @Test func survivesKillsUnderLoad() throws {
    var generator = SeededGenerator(seed: 11)
    var kills = 0
    var round = 0
    var progress = 0
    while kills < 200, round < 400 {
      round += 1
      let victims = try ["a", "b"].map { try Victim(folder, ["write", path, $0, "100000"]) }
      for victim in victims {
        usleep(UInt32.random(in: 0..<80_000, using: &generator))
        victim.kill()
      }
      let ends = victims.map { $0.wait() }
      kills += ends.filter(\.wasKilled).count
      let wereKilled = ends.allSatisfy { $0.wasKilled }
      #expect(wereKilled, "round \(round): \(ends)")
      try judge(["a": ends[0].done, "b": ends[1].done], "round \(round)")
      progress += try SQLiteStore(path: path).currentRevision() > 1 ? 1 : 0
      // Most rounds go on with what is there; some begin with nothing, so that making is hit too.
      if round % 5 == 0 { try remove() }
    }
    #expect(kills >= 200)
    #expect(progress > round / 2, "they were killed before they wrote anything")
  }

  @Test func saysWhenItMayNotWrite() throws {
    _ = try run(["write", path, "w", "3"])
    let before = try folder.bytes("cluster.db")
    let isRoot = geteuid() == 0
    let asUser = isRoot ? ["65534"] : []
    chmod(folder.url.path, 0o755)
    let cases: [(file: mode_t, folder: mode_t)] = [(0o444, 0o755), (0o666, 0o555), (0o600, 0o555)]
    for (file, mode) in cases where isRoot || file != 0o600 {
      chmod(path, file)
      chmod(folder.url.path, mode)
      let outcome = try run(["open", path] + asUser)
      #expect(outcome.lines == ["fault permissionDenied"], "modes \(file), \(mode)")
    }
    chmod(folder.url.path, 0o755)
    let missing = folder.path("sub/cluster.db")
    if isRoot { #expect(try run(["open", missing] + asUser).lines == ["fault permissionDenied"]) }
    chmod(path, 0o600)
    #expect(try folder.bytes("cluster.db") == before)
    let script = """
      mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" || { echo skip; exit; }
      "$0" open "$1/cluster.db"; "$0" open "$1/new.db"; "$0" open "$1/new/cluster.db"
      """
    let shell = URL(fileURLWithPath: "/usr/bin/env")
    let mounted = try Victim(
      folder, ["unshare", "-m", "sh", "-c", script, Self.torture.path, folder.url.path],
      program: shell
    ).wait()
    if mounted.lines.isEmpty || mounted.lines == ["skip"] {
      print("not tested: this user may not mount a read-only file system")
    } else {
      #expect(mounted.lines == Array(repeating: "fault readOnly", count: 3))
    }
    #expect(try folder.bytes("cluster.db") == before)
  }

  // MARK: Judging

  /// Each worker's keys must be those of one transaction: the last that was told, or the one after
  /// it.
  private func judge(
    _ told: [String: Int], _ context: String, allowsOneMore: Bool = true
  ) throws {
    // A process killed early may not have made the file.
    guard FileManager.default.fileExists(atPath: path) else {
      #expect(told.values.allSatisfy { $0 == 0 }, "\(context): the file is gone")
      return
    }
    let store = try SQLiteStore(path: path, opening: .existing)
    #expect(try store.check() == [], "\(context)")
    for (worker, done) in told {
      func number(_ name: String) throws -> Int? {
        try store.entry(at: "/torture/\(worker)/\(name)").flatMap {
          Int(String(decoding: $0.value.prefix { $0 != 32 }, as: UTF8.self))
        }
      }
      let (left, odd, right) = (try number("left"), try number("odd"), try number("right"))
      let last = left ?? 0
      #expect(left == right, "\(context): half a transaction of '\(worker)'")
      #expect(odd == (last % 2 == 1 ? last : nil), "\(context): half a transaction of '\(worker)'")
      // In a later round a worker may be killed before it tells anything.
      if done > 0 {
        #expect(
          last == done || allowsOneMore && last == done + 1, "\(context): \(last), told \(done)")
      }
    }
  }

  private func remove() throws {
    for suffix in ["", "-wal", "-shm"] { unlink(path + suffix) }
  }

  private func run(_ arguments: [String]) throws -> Victim.End {
    try Victim(folder, arguments).wait()
  }

  /// A running `store-torture`, whose output goes to a file.
  private final class Victim {
    struct End {
      var lines: [String]
      var wasKilled: Bool

      /// The last transaction that it told as done.
      var done: Int {
        lines.last { $0.hasPrefix("done ") }.flatMap { Int($0.dropFirst(5)) } ?? 0
      }
    }

    private let process = Process()
    private let output: URL

    init(
      _ folder: ScratchFolder, _ arguments: [String], program: URL = DurabilityTests.torture
    ) throws {
      output = FileManager.default.temporaryDirectory
        .appendingPathComponent("kmf-victim-\(UUID().uuidString)")
      try Data().write(to: output)
      process.executableURL = program
      process.arguments = arguments
      process.standardOutput = try FileHandle(forWritingTo: output)
      process.standardError = FileHandle.nullDevice
      try process.run()
    }

    deinit { try? FileManager.default.removeItem(at: output) }

    func kill() { Glibc.kill(process.processIdentifier, SIGKILL) }

    func wait() -> End {
      process.waitUntilExit()
      let text = (try? String(contentsOf: output, encoding: .utf8)) ?? ""
      // A line without its end was not told.
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
      return End(
        lines: lines.map(String.init), wasKilled: process.terminationReason == .uncaughtSignal)
    }
  }
}
