import ClusterStore
import Foundation
import StoreSQLite
import Synchronization
import Testing

/// Many callers at once: every answer must be explained by some order, and watches must miss
/// nothing.
@Suite struct ConcurrencyTests {
  private static let keys = ["/c/0", "/c/1", "/c/2"]

  @Test(arguments: StoreKind.all) func isLinearizable(_ kind: StoreKind) throws {
    let folder = try ScratchFolder()
    for seed in UInt64(0)..<40 {
      let stores = try kind.make(folder, 4)
      let recorder = Recorder()
      Self.concurrently(stores.count) { caller in
        var generator = SeededGenerator(seed: seed * 10 + UInt64(caller))
        for _ in 0..<12 { recorder.record(Self.anyCall(&generator), on: stores[caller]) }
      }
      let operations = recorder.operations
      #expect(operations.count == 48, "\(kind), seed \(seed): \(recorder.failures)")
      let isSound = LinearizabilitySearch.isLinearizable(operations, keyCount: Self.keys.count)
      #expect(isSound, "\(kind), seed \(seed): \(operations)")
    }
  }

  /// The search itself must be able to say no.
  @Test func searchRefusesImpossibleHistories() {
    let put = Operation(call: .put(0), answer: .wrote(2), began: 0, ended: 1)
    func read(_ found: Revision, _ began: Int, _ ended: Int) -> Operation {
      Operation(call: .read(0), answer: .revisions([found]), began: began, ended: ended)
    }
    let second = Operation(call: .put(0), answer: .wrote(3), began: 2, ended: 5)
    let cases: [(String, [Operation], Bool)] = [
      ("sees what ended before", [put, read(2, 2, 3)], true),
      ("stale read", [put, read(0, 2, 3)], false),
      ("either is fine during a write", [put, second, read(2, 3, 4)], true),
      ("goes back in time", [put, second, read(3, 3, 4), read(2, 6, 7)], false),
      (
        "lost update", [put, Operation(call: .put(0), answer: .wrote(2), began: 2, ended: 3)], false
      ),
    ]
    for (name, operations, expected) in cases {
      let found = LinearizabilitySearch.isLinearizable(operations, keyCount: 1)
      #expect(found == expected, "\(name)")
    }
  }

  @Test(arguments: StoreKind.all) func watchesMissAndRepeatNothing(_ kind: StoreKind) throws {
    let folder = try ScratchFolder()
    let writers = 3
    let stores = try kind.make(folder, writers + 3)
    let watched = Watched(writers: writers)
    Self.concurrently(stores.count) { caller in
      do {
        if caller < writers {
          defer { watched.running.subtract(1, ordering: .sequentiallyConsistent) }
          try Self.write(to: stores[caller], seed: UInt64(caller))
          return
        }
        let prefix = caller == writers ? "/w/1" : "/w/"
        var watch = Watch(stores[caller], below: prefix, after: 1)
        while true {
          // Asked before the events are, so that nothing can come in between.
          let isLast = watched.running.load(ordering: .sequentiallyConsistent) == 0
          let page = try watch.next(limit: caller * 3)
          watched.events.withLock { $0[caller - writers] += page }
          if isLast, page.isEmpty { break }
          // One of them resumes from its revision each time.
          if caller == writers + 1 {
            watch = Watch(stores[caller], below: prefix, after: watch.revision)
          }
        }
        watched.last.withLock { $0 = watch.revision }
      } catch {
        watched.troubles.withLock { $0.append("\(error)") }
      }
    }
    #expect(watched.troubles.withLock { $0 } == [])
    let seen = watched.events.withLock { $0 }
    let current = try stores[0].currentRevision()
    #expect(watched.last.withLock { $0 } == current)
    #expect(seen[1].map(\.revision) == Array(2...current), "\(kind): a gap or a repeat")
    #expect(seen[2] == seen[1])
    #expect(seen[0] == seen[1].filter { $0.key.hasPrefix("/w/1") })
    try Self.expectReplay(of: seen[1], gives: stores[0], kind)
    #expect(try stores[0].check() == [])
  }

  /// What the watchers saw.
  private final class Watched: Sendable {
    let last = Mutex<Revision?>(nil)
    let events = Mutex([[Event]](repeating: [], count: 3))
    let troubles = Mutex<[String]>([])
    /// The writers that are not done.
    let running: Atomic<Int>

    init(writers: Int) { running = Atomic(writers) }
  }

  /// Puts, deletes and transactions on a few keys.
  private static func write(to store: any Store, seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    func key() -> String { "/w/\(UInt.random(in: 0..<20, using: &generator))" }
    for step in 0..<150 {
      do throws(StoreError) {
        let writes: [Transaction.Write] =
          step % 3 == 0 ? [.delete(key())] : [.put(key(), bytes("\(step)")), .put(key(), [])]
        try store.commit(Transaction(writes))
      } catch .absent {
        continue
      }
    }
  }

  /// The events, done again one after the other, lead to what the store holds; each knows the state
  /// that it found.
  private static func expectReplay(
    of events: [Event], gives store: any Store, _ kind: StoreKind
  ) throws {
    var state: [String: Entry] = [:]
    for event in events {
      #expect(event.previous == state[event.key], "\(kind): revision \(event.revision)")
      switch event {
      case .put(let entry, _): state[entry.key] = entry
      case .delete(let key, _, _): state[key] = nil
      }
    }
    #expect(try store.list("").entries == state.values.sorted { $0.key < $1.key }, "\(kind)")
  }

  // MARK: Callers

  private static func anyCall(_ generator: inout SeededGenerator) -> Operation.Call {
    let key = Int.random(in: 0..<keys.count, using: &generator)
    switch Int.random(in: 0..<10, using: &generator) {
    case 0, 1: return .read(key)
    case 2, 3: return .put(key)
    // Often wrong, sometimes right: revisions are small here.
    case 4...6:
      return .update(key, expecting: Revision.random(in: 2..<16, using: &generator))
    case 7: return .delete(key)
    case 8: return .move(key, (key + 1) % keys.count)
    default: return .list
    }
  }

  /// Runs `body` for each number below `count`, all at once on threads of their own.
  private static func concurrently(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
    let group = DispatchGroup()
    for number in 0..<count {
      group.enter()
      Thread {
        body(number)
        group.leave()
      }.start()
    }
    group.wait()
  }

  /// Notes calls and answers, with the ticks of one clock around each.
  private final class Recorder: Sendable {
    private let clock = Atomic(0)
    private let recorded = Mutex<[Operation]>([])
    private let failed = Mutex<[String]>([])

    var operations: [Operation] { recorded.withLock { $0 } }
    var failures: [String] { failed.withLock { $0 } }

    func record(_ call: Operation.Call, on store: any Store) {
      let began = tick()
      do {
        let answer = try Self.answer(of: store, to: call)
        let ended = tick()
        recorded.withLock {
          $0.append(Operation(call: call, answer: answer, began: began, ended: ended))
        }
      } catch {
        failed.withLock { $0.append("\(call): \(error)") }
      }
    }

    private func tick() -> Int { clock.add(1, ordering: .sequentiallyConsistent).newValue }

    private static func answer(
      of store: any Store, to call: Operation.Call
    ) throws(StoreError) -> Operation.Answer {
      do throws(StoreError) {
        switch call {
        case .read(let key):
          return .revisions([try store.entry(at: keys[key])?.modRevision ?? 0])
        case .list:
          let found = try store.list("/c/").entries
          return .revisions(keys.map { key in found.first { $0.key == key }?.modRevision ?? 0 })
        case .put(let key): return .wrote(try store.put(keys[key], []))
        case .update(let key, let expected):
          return .wrote(try store.update(keys[key], [], expecting: expected))
        case .delete(let key): return .wrote(try store.delete(keys[key]))
        case .move(let target, let source):
          let move = Transaction([.put(keys[target], []), .delete(keys[source])])
          return .wrote(try store.commit(move).revision)
        }
      } catch .conflict(_, _, let found) {
        return .refused(found: found)
      } catch .absent {
        return .refused(found: 0)
      } catch {
        throw error
      }
    }
  }
}
