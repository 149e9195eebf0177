import CSQLite
import ClusterStore
import Foundation
import StoreSQLite
import Testing

/// What a store says of files that are not as it left them, and that it leaves those alone.
@Suite struct DatabaseFileTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  @Test func keepsFilesToTheirOwner() throws {
    let store = try SQLiteStore(path: folder.path("a/b/cluster.db"))
    try store.put("/a", bytes("1"))
    for name in ["cluster.db", "cluster.db-wal", "cluster.db-shm"] {
      #expect(try folder.mode("a/b/\(name)") == 0o600, "\(name)")
    }
    #expect(try folder.mode("a") == 0o700)
    #expect(try folder.mode("a/b") == 0o700)
  }

  @Test func leavesAloneWhatItRefuses() throws {
    try makeStore("good.db")
    let good = try folder.bytes("good.db")
    func changed(_ offset: Int, _ number: UInt32) -> Data {
      var copy = good
      for index in 0..<4 { copy[offset + index] = UInt8(number >> UInt32(24 - 8 * index) & 0xFF) }
      return copy
    }
    let cases: [(String, Data, StorageFault.Cause)] = [
      ("text", Data("apiVersion: v1\nkind: ConfigMap\n".utf8), .notADatabase),
      ("long text", Data(String(repeating: "kind: List\n", count: 999).utf8), .notADatabase),
      ("nothing", Data(), .notADatabase),
      ("foreign", changed(68, 0x1234_5678), .foreign(applicationID: 0x1234_5678)),
      ("unmarked", changed(68, 0), .foreign(applicationID: 0)),
      ("newer", changed(60, 99), .newer(schema: 99, known: 1)),
      ("without version", changed(60, 0), .damaged),
      ("half", good.prefix(good.count / 2), .damaged),
      ("a page", good.prefix(4096), .damaged),
      ("no whole page", good.prefix(good.count - 100), .damaged),
      ("a header", good.prefix(100), .damaged),
      ("less than a header", good.prefix(99), .notADatabase),
    ]
    for (name, content, expected) in cases {
      try folder.write(content, "refused.db")
      let found = cause { try SQLiteStore(path: folder.path("refused.db")).list("") }
      #expect(found == expected, "\(name): \(String(describing: found))")
      #expect(try folder.bytes("refused.db") == content, "\(name): was written to")
      let names = try FileManager.default.contentsOfDirectory(atPath: folder.url.path).sorted()
      #expect(names == ["good.db", "refused.db"], "\(name): left something behind")
    }
  }

  @Test func opensWhatIsAskedFor() throws {
    try makeStore("cluster.db")
    let path = folder.path("cluster.db")
    #expect(mkfifo(folder.path("pipe"), 0o600) == 0)
    try folder.write(Data("log".utf8), "orphan.db-wal")
    let cases: [(String, SQLiteStore.Opening, StorageFault.Cause)] = [
      ("missing.db", .existing, .notFound), ("no/folder.db", .existing, .notFound),
      ("cluster.db", .new, .alreadyThere), ("", .existingOrNew, .notADatabase),
      ("pipe", .existingOrNew, .notADatabase), ("orphan.db", .existingOrNew, .damaged),
    ]
    for (name, opening, expected) in cases {
      let found = cause { try SQLiteStore(path: folder.path(name), opening: opening) }
      #expect(found == expected, "\(name): \(String(describing: found))")
    }
    #expect(cause { try SQLiteStore(path: "") } == .notFound)
    #expect(!FileManager.default.fileExists(atPath: folder.path("missing.db")))
    #expect(try SQLiteStore(path: path, opening: .existing).list("").entries.count == 60)
    // A link to the file leads to the same log.
    try FileManager.default.createSymbolicLink(
      atPath: folder.path("link.db"), withDestinationPath: path)
    let (one, other) = (try SQLiteStore(path: path), try SQLiteStore(path: folder.path("link.db")))
    try one.put("/through", bytes("one"))
    #expect(try other.entry(at: "/through")?.value == bytes("one"))
  }

  /// Wherever a bit is flipped, what a check finds keeps everything from being written.
  @Test func writesNothingToADamagedFile() throws {
    try makeStore("good.db")
    let good = try folder.bytes("good.db")
    let path = folder.path("flipped.db")
    var random = SeededGenerator(seed: 5)
    var refused = 0
    for round in 0..<200 {
      var bytes = good
      let place = Int.random(in: 100..<bytes.count, using: &random)
      bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      try folder.write(bytes, "flipped.db")
      let problems: [StoreProblem]
      do { problems = try SQLiteStore(path: path, opening: .existing).check() } catch { continue }
      if problems.isEmpty { continue }
      refused += 1
      let found = cause { try SQLiteStore(path: path, opening: .existing).put("/other", []) }
      #expect(found == .damaged, "round \(round), byte \(place): \(problems)")
      #expect(try folder.bytes("flipped.db") == bytes, "round \(round): changed")
    }
    #expect(refused > 100, "most bits matter")
  }

  @Test func saysWhenOthersHoldTheLock() throws {
    let path = folder.path("cluster.db")
    let holder = try SQLiteStore(path: path)
    let other = try SQLiteStore(path: path, options: SQLiteStore.Options(waitMilliseconds: 30))
    try holder.put("/a", bytes("1"))
    try holder.batch { (batch) throws(StoreError) -> BatchDecision<Void> in
      try batch.put("/a", bytes("2"))
      let locked = StorageFault.Cause.locked(waitedMilliseconds: 30)
      #expect(cause { try other.put("/a", bytes("3")) } == locked)
      // Readers need not wait, and see what was there before.
      #expect(try other.entry(at: "/a")?.value == bytes("1"))
      let third = try SQLiteStore(path: path, opening: .existing)
      #expect(try third.currentRevision() == 2)
      return .keep(())
    }
    #expect(try other.waitForChange(after: 2, atMost: 1000) == 3)
    #expect(try other.put("/a", bytes("3")) == 4)
    #expect(try other.waitForChange(after: 4, atMost: 40) == 4)
  }

  @Test func changesNothingWhenItIsFull() throws {
    let path = folder.path("cluster.db")
    let options = SQLiteStore.Options(bytesMax: 400_000)
    let store = try SQLiteStore(path: path, options: options)
    var fault: StoreError?
    while fault == nil {
      fault = refusal { try store.put("/a", [UInt8](repeating: 1, count: 9000)) }
    }
    #expect(cause { throw fault ?? .absent(key: "") } == .full)
    let before = try store.list("")
    let inBatch = cause {
      try store.batch { (batch) throws(StoreError) -> BatchDecision<Void> in
        try batch.put("/small", [])
        // Even a caller that goes on after the fault keeps nothing.
        _ = refusal { try batch.put("/large", [UInt8](repeating: 1, count: 90_000)) }
        _ = refusal { try batch.put("/small too", []) }
        return .keep(())
      }
    }
    #expect(inBatch == .full)
    #expect(try store.list("") == before)
    #expect(try store.check() == [])
    #expect(try SQLiteStore(path: path).put("/large", [UInt8](repeating: 1, count: 90_000)) > 0)
    try store.compact(to: store.currentRevision())
    #expect(try #require(try store.summary().byteCount) < 300_000)
  }

  @Test func neverTakesFlippedBytesForTruth() throws {
    try makeStore("good.db")
    let good = try folder.bytes("good.db")
    let truth = try SQLiteStore(path: folder.path("good.db")).list("")
    let past = try SQLiteStore(path: folder.path("good.db")).events(below: "", after: 1, limit: 999)
    var noticed = 0
    // A step that is prime visits every kind of place in every page.
    for offset in stride(from: 0, to: good.count, by: 211) {
      var bad = good
      bad[offset] ^= UInt8(1 << (offset % 8))
      for suffix in ["", "-wal", "-shm"] { unlink(folder.path("bad.db\(suffix)")) }
      try folder.write(bad, "bad.db")
      let refused = refusal {
        let store = try SQLiteStore(path: folder.path("bad.db"))
        let isTrue =
          try store.list("") == truth && store.events(below: "", after: 1, limit: 999) == past
        let problems = try store.check()
        #expect(isTrue || !problems.isEmpty, "byte \(offset) was taken for truth")
        if !problems.isEmpty { noticed += 1 }
      }
      if let refused {
        noticed += 1
        guard case .unavailable = refused else {
          Issue.record("byte \(offset): \(refused)")
          continue
        }
      }
    }
    #expect(noticed > good.count / 211 / 2, "most of the file is data")
  }

  @Test func checkFindsWhatWasTamperedWith() throws {
    let cases: [(String, StoreProblem)] = [
      (
        "UPDATE history SET value = x'00' WHERE revision = 9",
        .wrongChecksum(revision: 9, key: "/k/7")
      ),
      ("DELETE FROM history WHERE revision BETWEEN 4 AND 6", .missingRevisions(4...6)),
      (
        "UPDATE history SET previous = 8 WHERE revision = 9",
        .brokenHistory(revision: 9, key: "/k/7")
      ),
      ("DELETE FROM present WHERE key = '/k/30'", .wrongPresent(key: "/k/30")),
      ("UPDATE present SET version = 7 WHERE key = '/k/30'", .wrongPresent(key: "/k/30")),
      ("INSERT INTO present VALUES ('/none', 9, 9, 1)", .wrongPresent(key: "/none")),
      (
        "UPDATE history SET key = '/k/x' WHERE revision = 9",
        .wrongChecksum(revision: 9, key: "/k/x")
      ),
    ]
    for (sql, expected) in cases {
      for suffix in ["", "-wal", "-shm"] { unlink(folder.path("cluster.db\(suffix)")) }
      try makeStore("cluster.db")
      #expect(try SQLiteStore(path: folder.path("cluster.db")).check() == [])
      try run(sql, on: "cluster.db")
      let problems = try SQLiteStore(path: folder.path("cluster.db")).check()
      #expect(problems.contains(expected), "\(sql): \(problems.map(\.message))")
    }
  }

  // MARK: Making files

  /// A closed store of many small and a few large entries, with deletions.
  private func makeStore(_ name: String) throws {
    let store = try SQLiteStore(path: folder.path(name))
    for number in 0..<61 {
      try store.put(
        "/k/\(number)", [UInt8](repeating: 65, count: number % 9 == 8 ? 6000 : number * 7))
    }
    try store.delete("/k/3")
    try store.put("/k/5", bytes("again"))
  }

  private func run(_ sql: String, on name: String) throws {
    var handle: OpaquePointer?
    #expect(sqlite3_open(folder.path(name), &handle) == SQLITE_OK)
    #expect(sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK, "\(sql)")
    #expect(sqlite3_close(handle) == SQLITE_OK)
  }
}
