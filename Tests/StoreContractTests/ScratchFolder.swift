import ClusterStore
import Foundation
import StoreSQLite

/// A folder for one test, removed at its end.
final class ScratchFolder: Sendable {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory
      .appendingPathComponent("kmf-store-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func path(_ name: String) -> String { url.appendingPathComponent(name).path }
  func bytes(_ name: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: path(name)))
  }
  func write(_ bytes: Data, _ name: String) throws {
    try bytes.write(to: URL(fileURLWithPath: path(name)))
  }

  func mode(_ name: String) throws -> Int {
    let attributes = try FileManager.default.attributesOfItem(atPath: path(name))
    return (attributes[.posixPermissions] as? Int) ?? -1
  }
}

/// Every kind of store, empty and new. The contract is the same for all.
struct StoreKind: Sendable, CustomStringConvertible {
  let description: String
  /// Stores that share one content: as many as asked for, where the kind can.
  let make: @Sendable (ScratchFolder, Int) throws -> [any Store]

  func make(_ folder: ScratchFolder) throws -> any Store { try make(folder, 1)[0] }

  static let all = [
    StoreKind(description: "memory") { _, count in
      let store = MemoryStore()
      return Array(repeating: store, count: count)
    },
    // A connection of its own for each, as separate processes have.
    StoreKind(description: "sqlite") { folder, count in
      let path = folder.path("\(UUID().uuidString).db")
      return try (0..<count).map { _ in
        try SQLiteStore(path: path, options: SQLiteStore.Options(waitMilliseconds: 60_000))
      }
    },
  ]
}

func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

/// The refusal of `body`; nil when it did not refuse.
func refusal<Result>(_ body: () throws -> Result) -> StoreError? {
  do {
    _ = try body()
    return nil
  } catch {
    return error as? StoreError
  }
}

/// The cause of the fault that `body` met.
func cause<Result>(_ body: () throws -> Result) -> StorageFault.Cause? {
  guard case .unavailable(let fault) = refusal(body) else { return nil }
  return fault.cause
}

/// Chance that can be repeated: splitmix64.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
    return word ^ word >> 31
  }
}
