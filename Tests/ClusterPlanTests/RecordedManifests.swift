import Foundation
import ManifestSyntax

/// Real manifests that lie beside the project, where they do.
enum RecordedManifests {
  /// The folder of the recordings; nil, and said so, where there is none.
  static func folder(_ name: String) -> URL? {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    for place in ["../shared", "../../shared"] {
      let folder = root.appending(path: place).appending(path: name).standardized
      if FileManager.default.fileExists(atPath: folder.path) { return folder }
    }
    print("skipped: there is no ../shared/\(name)")
    return nil
  }

  /// The files of the corpus whose every document a real server accepted.
  static func acceptedFiles() throws -> [(name: String, text: String)] {
    guard let corpus = folder("corpus"), let verdicts = folder("conformance") else { return [] }
    let lines = try Data(contentsOf: verdicts.appending(path: "corpus-verdicts.jsonl"))
    var names: [String] = []
    var refused: Set<String> = []
    for line in lines.split(separator: 10) {
      guard let value = object(Array(line)), let name = value["file"]?.string else { continue }
      if value["verdict"]?.string != "accepted" { refused.insert(name) }
      if names.last != name { names.append(name) }
    }
    return try names.filter { !refused.contains($0) }.map {
      ($0, try String(contentsOf: corpus.appending(path: $0), encoding: .utf8))
    }
  }

  /// The objects that a real server accepted when they were created.
  static func acceptedObjects() throws -> [(name: String, object: Value)] {
    guard let folder = folder("conformance") else { return [] }
    return try unpacked(folder.appending(path: "create.jsonl.gz")).compactMap { value in
      guard value["verdict"]?.string == "accepted", let manifest = value["manifest"],
        manifest["metadata"]?["name"]?.string != nil
      else { return nil }
      return (value["id"]?.string ?? "", manifest)
    }
  }

  /// The lines of a packed file.
  static func unpacked(_ file: URL) throws -> [Value] {
    let gzip = Process()
    gzip.executableURL = URL(filePath: "/bin/gzip")
    gzip.arguments = ["-dc", file.path]
    let output = Pipe()
    gzip.standardOutput = output
    try gzip.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    gzip.waitUntilExit()
    return data.split(separator: 10).compactMap { object(Array($0)) }
  }

  private static func object(_ line: [UInt8]) -> Value? {
    JSONReader.read(SourceText(name: "<line>", bytes: line)).tree?.value()
  }
}
