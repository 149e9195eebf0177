import Foundation
import ManifestSyntax

/// What was recorded of real clusters, where it lies beside the project, and what the project
/// brings itself.
public enum Recordings {
  /// The folder of the project.
  public static let project = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// A file or folder of the recordings; nil, and said so, where there is none.
  public static func place(_ path: String) -> URL? {
    for folder in ["../shared", "../../shared"] {
      let place = project.appending(path: folder).appending(path: path).standardized
      if FileManager.default.fileExists(atPath: place.path) { return place }
    }
    print("skipped: there is no ../shared/\(path) beside the project")
    return nil
  }

  /// The lines of a recorded file, unpacked; nil, and said so, where there is none.
  public static func lines(_ path: String) throws -> [[UInt8]]? {
    try place(path).map(lines(at:))
  }

  /// The lines of a recorded file of JSON lines; nil, and said so, where there is none.
  public static func values(_ path: String) throws -> [Value]? {
    try lines(path)?.compactMap(value)
  }

  /// The lines of a file of JSON lines in `fixtures/`.
  public static func fixture(_ path: String) throws -> [Value] {
    try lines(at: project.appending(path: "fixtures/" + path)).compactMap(value)
  }

  private static func value(_ line: [UInt8]) -> Value? {
    JSONReader.read(SourceText(name: "<recording>", bytes: line)).tree?.value()
  }

  private static func lines(at file: URL) throws -> [[UInt8]] {
    let data = file.pathExtension == "gz" ? try unpacked(file) : try Data(contentsOf: file)
    return data.split(separator: 10).map { Array($0) }
  }

  private static func unpacked(_ file: URL) throws -> Data {
    let gzip = Process()
    gzip.executableURL = URL(filePath: "/bin/gzip")
    gzip.arguments = ["-dc", file.path]
    let output = Pipe()
    gzip.standardOutput = output
    try gzip.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    gzip.waitUntilExit()
    return data
  }
}

extension Value {
  /// What `text`, which is JSON, says; null where it is none.
  public init(json text: String) { self = JSONReader.read(SourceText(text)).tree?.value() ?? .null }
}
