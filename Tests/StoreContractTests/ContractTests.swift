import ClusterStore
import Foundation
import StoreSQLite
import Testing

/// What every store does, one behaviour after the other, on a new store each.
@Suite struct ContractTests {
  private typealias Behaviour = @Sendable (any Store) throws -> Void

  private static let behaviours: [(name: String, check: Behaviour)] = [
    ("counts revisions from 1", countsRevisionsFrom1),
    ("keeps three revisions and a version for each key", keepsThreeRevisionsAndAVersionForEachKey),
    ("refuses by what is there", refusesByWhatIsThere),
    ("does all of a transaction or nothing", doesAllOfATransactionOrNothing),
    ("writes a key more than once in a transaction", writesAKeyMoreThanOnceInATransaction),
    ("answers a transaction without writes", answersATransactionWithoutWrites),
    ("keeps any bytes", keepsAnyBytes),
    ("orders and tells keys apart by their bytes", ordersAndTellsKeysApartByTheirBytes),
    ("lists by prefix", listsByPrefix),
    ("pages through one moment", pagesThroughOneMoment),
    ("reads the past", readsThePast),
    ("tells events in order with what was before", tellsEventsInOrderWithWhatWasBefore),
    (
      "forgets by compaction, and nothing that can still be read",
      forgetsByCompactionAndNothingThatCanStillBeRead
    ),
    ("keeps a batch at once", keepsABatchAtOnce),
    ("discards a batch, or one that throws", discardsABatchOrOneThatThrows),
    ("copies into memory, and forks", copiesIntoMemoryAndForks),
  ]

  @Test(arguments: StoreKind.all) func behaves(_ kind: StoreKind) throws {
    let folder = try ScratchFolder()
    for behaviour in Self.behaviours {
      let store = try kind.make(folder)
      do {
        try behaviour.check(store)
      } catch {
        Issue.record("\(kind), \(behaviour.name): \(error)")
      }
      #expect(try store.check() == [], "\(kind), \(behaviour.name): the store is not sound")
    }
  }

  @Test func mapAgreesWithASortedDictionary() throws {
    var generator = SeededGenerator(seed: 7)
    let store = MemoryStore()
    var model: [String: [UInt8]] = [:]
    var forks: [(MemoryStore, [String: [UInt8]])] = []
    for step in 0..<6000 {
      let key = "/k/\(UInt64.random(in: 0..<2000, using: &generator))"
      if model[key] != nil, step % 3 == 0 {
        try store.delete(key)
        model[key] = nil
      } else {
        try store.put(key, bytes("\(step)"))
        model[key] = bytes("\(step)")
      }
      if step % 1000 == 500 { forks.append((store.fork(), model)) }
      if step == 3000 { try store.compact(to: 2500) }
    }
    forks.append((store, model))
    for (fork, model) in forks {
      let entries = try fork.list("/k/").entries
      #expect(entries.map(\.key) == model.keys.sorted())
      #expect(entries.allSatisfy { model[$0.key] == $0.value })
      #expect(fork.check() == [])
      #expect(fork.summary().entryCount == model.count)
    }
  }

  @Test func readsAddresses() {
    let good: [(String, StoreAddress)] = [
      ("file:.kmf/cluster.db", .file(path: ".kmf/cluster.db")), ("file:/a:b", .file(path: "/a:b")),
      ("memory:", .memory), ("staging", .named("staging")), ("team-1.eu", .named("team-1.eu")),
    ]
    for (text, address) in good {
      #expect((try? StoreAddress(parsing: text)) == address, "\(text)")
      #expect(address.description == text)
    }
    let bad: [(String, String)] = [
      ("", "is empty"), ("file:", "needs a path"), ("memory:x", "takes nothing behind it"),
      (
        "etcd:127.0.0.1:2379",
        "'etcd:' is no kind of cluster that kmf knows; it knows 'file:', 'mem"
      ),
      ("./a.db", "write 'file:./a.db'"), ("a/b", "looks like a path"),
      ("./a:b", "looks like a path"),
      ("two words", "is no name"), (String(repeating: "n", count: 64), "is no name"),
      ("file:a\u{0}b", "zero byte"),
    ]
    for (text, says) in bad {
      do {
        let address = try StoreAddress(parsing: text)
        Issue.record("'\(text)' was read as \(address)")
      } catch {
        #expect(error.message.contains(says), "\(text): \(error.message)")
      }
    }
  }
}

// MARK: Writing

extension ContractTests {
  private static func countsRevisionsFrom1(_ store: any Store) throws {
    #expect(try store.currentRevision() == 1)
    #expect(try store.create("/a", bytes("1")) == 2)
    #expect(try store.update("/a", bytes("2"), expecting: 2) == 3)
    #expect(try store.delete("/a", expecting: 3) == 4)
    #expect(try store.currentRevision() == 4)
  }

  private static func keepsThreeRevisionsAndAVersionForEachKey(_ store: any Store) throws {
    try store.create("/other", [])
    try store.create("/a", bytes("1"))
    try store.put("/a", bytes("2"))
    let entry = Entry(
      key: "/a", value: bytes("2"), createRevision: 3, modRevision: 4, version: 2)
    #expect(try store.entry(at: "/a") == entry)
    try store.delete("/a")
    #expect(try store.entry(at: "/a") == nil)
    try store.create("/a", bytes("3"))
    let again = Entry(
      key: "/a", value: bytes("3"), createRevision: 6, modRevision: 6, version: 1)
    #expect(try store.entry(at: "/a") == again)
  }

  private static func refusesByWhatIsThere(_ store: any Store) throws {
    try store.create("/a", [])
    try store.put("/a", [])
    #expect(refusal { try store.create("/a", []) } == .exists(key: "/a", revision: 3))
    #expect(
      refusal { try store.update("/a", [], expecting: 2) }
        == .conflict(key: "/a", expected: 2, found: 3))
    #expect(
      refusal { try store.delete("/a", expecting: 2) }
        == .conflict(key: "/a", expected: 2, found: 3))
    #expect(refusal { try store.update("/b", [], expecting: 2) } == .absent(key: "/b"))
    #expect(refusal { try store.delete("/b") } == .absent(key: "/b"))
    #expect(
      refusal { try store.update("/a", [], expecting: 0) } == .exists(key: "/a", revision: 3))
    #expect(try store.currentRevision() == 3)
  }

  private static func doesAllOfATransactionOrNothing(_ store: any Store) throws {
    try store.create("/a", bytes("1"))
    let good = Transaction(
      if: [.absent("/b"), .present("/a"), .unchanged("/a", at: 2)],
      [.put("/b", bytes("2")), .delete("/a"), .put("/c", bytes("3"))])
    let commit = try store.commit(good)
    #expect(commit == Commit(revision: 5, writeCount: 3))
    #expect((0..<3).map(commit.revision(ofWrite:)) == [3, 4, 5])
    #expect(try store.list("").entries.map(\.key) == ["/b", "/c"])
    #expect(refusal { try store.commit(good) } == .exists(key: "/b", revision: 3))
    let late = Transaction([.put("/d", []), .delete("/nothing")])
    #expect(refusal { try store.commit(late) } == .absent(key: "/nothing"))
    #expect(try store.entry(at: "/d") == nil)
    #expect(try store.currentRevision() == 5)
  }

  private static func writesAKeyMoreThanOnceInATransaction(_ store: any Store) throws {
    try store.commit(
      Transaction([
        .put("/a", bytes("1")), .put("/a", bytes("2")), .delete("/a"), .put("/a", bytes("3")),
      ]))
    #expect(try store.entry(at: "/a", revision: 3)?.version == 2)
    #expect(try store.entry(at: "/a", revision: 4) == nil)
    #expect(try store.entry(at: "/a")?.createRevision == 5)
    let twice = Transaction([.delete("/a"), .delete("/a")])
    #expect(refusal { try store.commit(twice) } == .absent(key: "/a"))
  }

  private static func answersATransactionWithoutWrites(_ store: any Store) throws {
    try store.create("/a", [])
    let commit = try store.commit(Transaction(if: [.present("/a")], []))
    #expect(commit == Commit(revision: 2, writeCount: 0))
  }
}

// MARK: Reading

extension ContractTests {
  private static func keepsAnyBytes(_ store: any Store) throws {
    let values: [[UInt8]] = [[], [0], Array(0...255), [UInt8](repeating: 7, count: 300_000)]
    for (index, value) in values.enumerated() { try store.put("/\(index)", value) }
    for (index, value) in values.enumerated() {
      #expect(try store.entry(at: "/\(index)")?.value == value, "value \(index)")
    }
  }

  private static func ordersAndTellsKeysApartByTheirBytes(_ store: any Store) throws {
    // The first two are equal as text; the last is behind all of ASCII.
    let keys = [
      "/caf\u{E9}", "/cafe\u{301}", "/a\u{0}b", "/a", "/A", "/", "/a/b", "", "/\u{1F680}",
    ]
    for key in keys { try store.create(key, bytes(key)) }
    let sorted = keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    let found = try store.list("").entries
    #expect(found.map { Array($0.key.utf8) } == sorted.map { Array($0.utf8) })
    for key in keys { #expect(try store.entry(at: key)?.value == bytes(key), "'\(key)'") }
  }

  private static func listsByPrefix(_ store: any Store) throws {
    for key in ["/a", "/a/1", "/a/2", "/a0", "/b/1"] { try store.create(key, []) }
    let cases: [(String, [String])] = [
      ("/a/", ["/a/1", "/a/2"]), ("/a", ["/a", "/a/1", "/a/2", "/a0"]), ("/c", []),
      ("/b/1", ["/b/1"]), ("", ["/a", "/a/1", "/a/2", "/a0", "/b/1"]),
    ]
    for (prefix, keys) in cases {
      let page = try store.list(prefix)
      #expect(page.entries.map(\.key) == keys, "'\(prefix)'")
      #expect(page.revision == 6 && page.remaining == 0)
    }
  }

  private static func pagesThroughOneMoment(_ store: any Store) throws {
    let keys = (10..<60).map { "/k/\($0)" }
    for key in keys { try store.create(key, bytes(key)) }
    try store.create("/z", [])
    for limit in [1, 7, 50, 51] {
      var query: ListQuery? = ListQuery(prefix: "/k/", limit: limit)
      var found: [String] = []
      while let asked = query {
        let page = try store.list(asked)
        found += page.entries.map(\.key)
        #expect(page.remaining == keys.count - found.count)
        #expect(page.entries.count <= limit)
        // Others write in the meantime; the pages to come do not show it.
        try store.put("/k/10", bytes("changed"))
        try store.put("/k/99", [])
        try store.delete("/k/99")
        query = page.next(of: asked)
      }
      #expect(found == keys, "limit \(limit)")
    }
    let none = try store.list(ListQuery(prefix: "/k/", limit: 0))
    #expect(none.entries.isEmpty && none.remaining == keys.count)
  }
}

// MARK: History

extension ContractTests {
  private static func readsThePast(_ store: any Store) throws {
    try store.create("/a", bytes("1"))
    try store.create("/b", bytes("2"))
    try store.put("/a", bytes("3"))
    try store.delete("/b")
    let expected: [[String]] = [[], ["1"], ["1", "2"], ["3", "2"], ["3"]]
    for (index, texts) in expected.enumerated() {
      let revision = Revision(index + 1)
      let page = try store.list(ListQuery(prefix: "/", at: revision))
      #expect(page.entries.map { String(decoding: $0.value, as: UTF8.self) } == texts)
      #expect(page.revision == revision)
      #expect(try store.entry(at: "/a", revision: revision)?.value == page.entries.first?.value)
    }
    let early = refusal { try store.list(ListQuery(prefix: "", at: 6)) }
    #expect(early == .future(revision: 6, current: 5))
    #expect(
      refusal { try store.entry(at: "/a", revision: 0) } == .expired(revision: 0, oldest: 1))
  }

  private static func tellsEventsInOrderWithWhatWasBefore(_ store: any Store) throws {
    try store.create("/a", bytes("1"))
    try store.create("/b", bytes("x"))
    try store.put("/a", bytes("2"))
    try store.delete("/a")
    try store.create("/a", bytes("3"))
    let first = Entry(
      key: "/a", value: bytes("1"), createRevision: 2, modRevision: 2, version: 1)
    let second = Entry(
      key: "/a", value: bytes("2"), createRevision: 2, modRevision: 4, version: 2)
    let third = Entry(
      key: "/a", value: bytes("3"), createRevision: 6, modRevision: 6, version: 1)
    let events: [Event] = [
      .put(first, previous: nil), .put(second, previous: first),
      .delete(key: "/a", revision: 5, previous: second), .put(third, previous: nil),
    ]
    var watch = Watch(store, below: "/a", after: 1)
    var seen: [Event] = []
    while case let page = try watch.next(limit: 3), !page.isEmpty { seen += page }
    #expect(seen == events)
    #expect(watch.revision == 6)
    #expect(try store.events(below: "/a", after: 4, limit: 9).events == Array(events[2...]))
    #expect(try store.events(below: "/zz", after: 1, limit: 9).revision == 6)
    let early = refusal { try store.events(below: "", after: 7, limit: 9) }
    #expect(early == .future(revision: 7, current: 6))
  }

  private static func forgetsByCompactionAndNothingThatCanStillBeRead(_ store: any Store) throws {
    for number in 1...5 { try store.put("/a", bytes("\(number)")) }
    try store.put("/gone", bytes("x"))
    try store.delete("/gone")
    try store.put("/b", bytes("y"))
    let before = try (4...9).map { try store.list(ListQuery(prefix: "", at: $0)) }
    let events = try store.events(below: "", after: 4, limit: 99)
    try store.compact(to: 4)
    try store.compact(to: 4)
    try store.compact(to: 2)
    #expect(try (4...9).map { try store.list(ListQuery(prefix: "", at: $0)) } == before)
    #expect(try store.events(below: "", after: 4, limit: 99) == events)
    let old = StoreError.expired(revision: 3, oldest: 4)
    #expect(refusal { try store.list(ListQuery(prefix: "", at: 3)) } == old)
    #expect(refusal { try store.entry(at: "/a", revision: 3) } == old)
    #expect(refusal { try store.events(below: "", after: 3, limit: 1) } == old)
    #expect(refusal { try store.compact(to: 10) } == .future(revision: 10, current: 9))
    try store.delete("/b")
    try store.compact(to: 10)
    #expect(try store.currentRevision() == 10)
    #expect(try store.list("").entries.map(\.key) == ["/a"])
    #expect(try store.create("/b", []) == 11)
    let summary = try store.summary()
    #expect(summary.oldestRevision == 10 && summary.currentRevision == 11)
    #expect(summary.entryCount == 2)
    let policy = CompactionPolicy(revisionsKept: 0, slack: 1)
    #expect(policy.target(for: summary) == 11)
    #expect(CompactionPolicy().target(for: summary) == nil)
  }
}

// MARK: Batches

extension ContractTests {
  private static func keepsABatchAtOnce(_ store: any Store) throws {
    let heard = Heard()
    let subscription = store.changes.subscribe { heard.add($0) }
    let revision = try store.batch { (batch) throws(StoreError) in
      try batch.create("/a", bytes("1"))
      let read = try batch.entry(at: "/a")?.modRevision ?? 0
      try batch.update("/a", bytes("2"), expecting: read)
      // A refusal inside does no harm to the rest.
      do throws(StoreError) {
        try batch.create("/a", [])
      } catch .exists {
        try batch.create("/b", [])
      }
      #expect(try batch.list("").entries.count == 2)
      return .keep(try batch.currentRevision())
    }
    #expect(revision == 4)
    #expect(try store.list("").entries.map(\.modRevision) == [3, 4])
    #expect(heard.revisions == [4])
    subscription.cancel()
    try store.put("/c", [])
    #expect(heard.revisions == [4])
  }

  private static func discardsABatchOrOneThatThrows(_ store: any Store) throws {
    try store.create("/a", bytes("1"))
    let revision = try store.batch { (batch) throws(StoreError) in
      .discard(try batch.put("/a", bytes("2")))
    }
    #expect(revision == 3)
    let refused = refusal {
      try store.batch { (batch) throws(StoreError) -> BatchDecision<Int> in
        try batch.put("/b", [])
        try batch.delete("/nothing")
        return .keep(1)
      }
    }
    #expect(refused == .absent(key: "/nothing"))
    #expect(try store.list("").entries.map(\.value) == [bytes("1")])
    #expect(try store.currentRevision() == 2)
  }

  private static func copiesIntoMemoryAndForks(_ store: any Store) throws {
    for number in 1...300 { try store.put("/\(number % 40)", bytes("\(number)")) }
    let copy = try MemoryStore(copying: store)
    #expect(try copy.list("") == store.list(""))
    let fork = copy.fork()
    for number in 1...40 { try fork.put("/\(number)", bytes("fork")) }
    try fork.delete("/1")
    #expect(try copy.list("") == store.list(""))
    #expect(try fork.events(below: "", after: 301, limit: 99).events.count == 41)
    #expect(copy.check() == [] && fork.check() == [])
  }
}

/// What a listener was told.
private final class Heard: @unchecked Sendable {
  // Unchecked: these tests write from one thread.
  private(set) var revisions: [Revision] = []
  func add(_ revision: Revision) { revisions.append(revision) }
}
