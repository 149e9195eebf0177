import Foundation
import ManifestSyntax

/// Recorded scenarios of a real server, where they lie beside the project.
struct Scenario {
  var id: String
  var kind: String
  var note: String
  var steps: [Value]

  /// Every scenario; nil where there is no recording.
  static func all() throws -> [Scenario]? {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let places = ["/../shared", "/../../shared"].map {
      root.path + $0 + "/conformance/ssa.jsonl.gz"
    }
    guard let path = places.first(where: { FileManager.default.fileExists(atPath: $0) }) else {
      return nil
    }
    return try unpacked(path).split(separator: 10).compactMap { line in
      let value = JSONReader.read(SourceText(name: "<scenario>", bytes: Array(line))).tree?.value()
      guard let value, let id = value["id"]?.string, let kind = value["kind"]?.string,
        let steps = value["steps"]?.list
      else { return nil }
      return Scenario(id: id, kind: kind, note: value["note"]?.string ?? "", steps: steps)
    }
  }

  private static func unpacked(_ path: String) throws -> Data {
    let gzip = Process()
    gzip.executableURL = URL(filePath: "/bin/gzip")
    gzip.arguments = ["-dc", path]
    let output = Pipe()
    gzip.standardOutput = output
    try gzip.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    gzip.waitUntilExit()
    return data
  }
}

extension Value {
  /// The same text as JSON, parsed anew.
  init(json text: String) {
    self = JSONReader.read(SourceText(text)).tree?.value() ?? .null
  }

  /// Changes the map at `path`, if there is one.
  mutating func change(_ path: [String], _ body: (inout Value) -> Void) {
    guard let first = path.first else { return body(&self) }
    guard var part = self[first] else { return }
    part.change(Array(path.dropFirst()), body)
    self[first] = part
  }
}
