import ClusterStore
import Foundation
import StoreSQLite
import Testing

/// What the commands say when a cluster's file cannot be used, and that they leave it as it is.
@Suite struct UnusableStoreTests {
  private static let settings = """
    apiVersion: v1
    kind: ConfigMap
    metadata: {name: settings}
    data: {colour: ultramarine}

    """

  @Test func aFileThatIsNoClusterIsRefusedUntouched() throws {
    let scratch = try Scratch()
    try scratch.write("settings.yaml", Self.settings)
    #expect(try scratch.kmf(["import", "settings.yaml"]).code == 0)
    let whole = try Data(contentsOf: scratch.folder.appendingPathComponent(".kmf/cluster.db"))
    let flipped = try #require(whole.range(of: Data("ultramarine".utf8)))
    // What is done to the file, what is said, and with which remedy.
    let cases: [(String, (inout Data) -> Void, String, String)] = [
      ("text", { $0 = Data("no database at all".utf8) }, "it is no SQLite file", "another file"),
      ("empty", { $0 = Data() }, "it is empty", "not touched"),
      ("cut", { $0 = $0.prefix(12_000) }, "is damaged", "keep a copy"),
      ("foreign", { $0[71] = 7 }, "a database of another program", "not touched"),
      ("newer", { $0[63] = 99 }, "written by a newer kmf", "use that version"),
      ("flipped", { $0[flipped.lowerBound] ^= 0x20 }, "is damaged", "keep a copy"),
    ]
    for (name, spoil, message, remedy) in cases {
      var data = whole
      spoil(&data)
      let file = scratch.folder.appendingPathComponent("\(name).db")
      try data.write(to: file)
      for command in [
        ["get", "cm", "settings", "-o", "yaml"], ["label", "cm", "settings", "a=b"],
        ["delete", "cm", "settings"],
      ] {
        let outcome = try scratch.kmf(command + ["--cluster", "file:\(name).db"])
        #expect(outcome.code == 2, "\(name), \(command): \(outcome)")
        #expect(outcome.err.contains(message), "\(name), \(command): \(outcome)")
        #expect(outcome.err.contains("  help: ") && outcome.err.contains(remedy), "\(outcome)")
        #expect(!outcome.err.contains("nternal error") && outcome.out.isEmpty, "\(outcome)")
      }
      let check = try scratch.kmf(["cluster", "check", "--cluster", "file:\(name).db"])
      #expect(check.code == (name == "flipped" ? 1 : 2), "\(name): \(check)")
      #expect(try Data(contentsOf: file) == data, "\(name): the file was changed")
    }
  }

  @Test func aLockedFileIsWaitedFor() throws {
    let scratch = try Scratch()
    try scratch.write("settings.yaml", Self.settings)
    #expect(try scratch.kmf(["import", "settings.yaml"]).code == 0)
    let store = try SQLiteStore(
      path: scratch.folder.appendingPathComponent(".kmf/cluster.db").path, opening: .existing)
    let outcomes = try store.batch { (_) throws(StoreError) in
      .discard(
        [["get", "cm"], ["label", "cm", "settings", "a=b"]].map { command in
          Result { try scratch.kmf(command) }
        })
    }
    let read = try outcomes[0].get()
    #expect(read.code == 0 && read.out.contains("settings"), "readers do not wait: \(read)")
    let write = try outcomes[1].get()
    #expect(write.code == 2 && write.err.contains("is locked by another process"), "\(write)")
    #expect(write.err.contains("help: repeat when the other process is done"), "\(write)")
    #expect(try scratch.kmf(["label", "cm", "settings", "a=b"]).code == 0)
  }
}
