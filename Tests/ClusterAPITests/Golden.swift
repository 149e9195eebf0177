import Foundation
import ManifestSyntax
import Testing

/// Files that tests read and compare with.
enum Golden {
  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// Compares `text` with a file below fixtures/; `KMF_UPDATE=1` writes it instead.
  static func expect(_ text: String, _ path: String) throws {
    let file = root.appending(path: "fixtures/\(path)")
    if ProcessInfo.processInfo.environment["KMF_UPDATE"] == "1" {
      try Data(text.utf8).write(to: file)
    }
    let expected = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
    #expect(text == expected, "fixtures/\(path) says something else")
  }

  /// The objects of a YAML file below fixtures/.
  static func objects(_ path: String) throws -> [Value] {
    let file = root.appending(path: "fixtures/\(path)")
    return objects(inYAML: try String(contentsOf: file, encoding: .utf8))
  }

  static func objects(inYAML text: String) -> [Value] {
    var reader = DocumentReader(SourceText(text))
    var objects: [Value] = []
    while let document = reader.next() {
      if let tree = document.tree { objects.append(tree.value()) }
    }
    return objects
  }

  /// A JSON file beside the project; nil where there is none.
  static func shared(_ path: String) throws -> Value? {
    let places = ["../shared", "../../shared"].map { root.appending(path: "\($0)/\(path)") }
    guard let file = places.first(where: { FileManager.default.fileExists(atPath: $0.path) })
    else { return nil }
    let source = SourceText(name: path, bytes: Array(try Data(contentsOf: file)))
    return JSONReader.read(source).tree?.value()
  }
}
