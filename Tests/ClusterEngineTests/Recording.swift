import Foundation
import ManifestSyntax

/// What was recorded from a real cluster, where it lies beside the project.
enum Recording {
  /// The lines of a file below the folder of recordings; nil where there is none.
  static func lines(_ path: String) throws -> [Value]? {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().path
    let places = ["/../shared/", "/../../shared/"].map { root + $0 + path }
    guard let place = places.first(where: { FileManager.default.fileExists(atPath: $0) }) else {
      print("skipped: no recording \(path) beside the project")
      return nil
    }
    return try lines(at: URL(filePath: place))
  }

  private static func lines(at url: URL) throws -> [Value] {
    let data = url.pathExtension == "gz" ? try unpacked(url.path) : try Data(contentsOf: url)
    return data.split(separator: 10).compactMap { line in
      JSONReader.read(SourceText(name: "<recording>", bytes: Array(line))).tree?.value()
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
  /// What `text`, which is JSON, says.
  init(json text: String) { self = JSONReader.read(SourceText(text)).tree?.value() ?? .null }
}
