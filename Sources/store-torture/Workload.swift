import ClusterStore
import Glibc

/// Transactions that show when they were done by halves: number n of a worker sets two keys to n
/// and makes a third one when n is odd, or deletes it when n is even.
struct Workload {
  let store: any Store
  let worker: String

  private var left: String { "/torture/\(worker)/left" }
  private var odd: String { "/torture/\(worker)/odd" }
  private var right: String { "/torture/\(worker)/right" }

  /// Does `count` transactions behind those already there, and tells each one when it is durable.
  func run(count: Int) throws(StoreError) {
    for _ in 0..<count {
      let entry = try store.entry(at: left)
      let number = (entry.flatMap { Int(Self.text($0.value)) } ?? 0) + 1
      let last: Write = number % 2 == 1 ? .put(odd, Self.value(number)) : .delete(odd)
      try store.commit(
        Transaction(
          if: [.unchanged(left, at: entry?.modRevision ?? 0)],
          [.put(left, Self.value(number)), last, .put(right, Self.value(number))]))
      tell("done \(number)")
      if number % 3 == 0 {
        try store.compact(to: max(try store.currentRevision() - 4, 1))
      }
    }
  }

  private typealias Write = Transaction.Write

  /// The number, and filling of a length that makes rows of all sizes, some larger than a page.
  private static func value(_ number: Int) -> [UInt8] {
    Array("\(number) ".utf8) + [UInt8](repeating: UInt8(number % 251), count: number * 977 % 12_000)
  }

  private static func text(_ value: [UInt8]) -> String {
    String(decoding: value.prefix { $0 != UInt8(ascii: " ") }, as: UTF8.self)
  }
}

/// Prints a line at once: what was told must be known even if the next step kills the process.
func tell(_ line: String) {
  var bytes = Array((line + "\n").utf8)[...]
  while !bytes.isEmpty {
    let count = bytes.withUnsafeBytes { write(1, $0.baseAddress, $0.count) }
    if count <= 0 { return }
    bytes = bytes.dropFirst(count)
  }
}
