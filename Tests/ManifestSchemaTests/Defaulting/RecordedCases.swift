import ManifestSyntax
import TestRecordings

@testable import ManifestSchema

/// The recorded answers of a real server, where they lie beside the project.
struct RecordedCases {
  /// One line of a recording.
  struct Case {
    var id: String
    var kind: String
    /// What was sent, ready to be completed.
    var tree: Tree
    /// What came back.
    var stored: Value
  }

  /// The accepted creates; nil where there is no recording.
  static func creates() throws -> [Case]? {
    try Recordings.lines("conformance/create.jsonl.gz")?.compactMap(read)
  }

  private static func read(_ line: [UInt8]) -> Case? {
    let source = SourceText(name: "<case>", bytes: line)
    guard let record = JSONReader.read(source).tree, let id = text("id", record),
      let kind = text("kind", record), let stored = record.value(.root, "defaulted"),
      let sent = sent(record, source)
    else { return nil }
    // Accepted only because admission changed it first: nothing that a manifest could tell.
    if let bare = record.node(at: "withoutAdmission.verdict"), record.string(bare) == "rejected" {
      return nil
    }
    return Case(id: id, kind: kind, tree: sent, stored: record.value(stored))
  }

  private static func sent(_ record: Tree, _ source: SourceText) -> Tree? {
    if let manifest = record.value(.root, "manifest") {
      let span = record.span(manifest)
      return JSONReader.read(source, range: Int(span.start)..<Int(span.end)).tree
    }
    guard let body = text("rawBody", record) else { return nil }
    if text("contentType", record) == "application/json" {
      return JSONReader.read(SourceText(body)).tree
    }
    var reader = DocumentReader(SourceText(body))
    while let document = reader.next() {
      if let tree = document.tree { return tree }
    }
    return nil
  }

  private static func text(_ name: String, _ tree: Tree) -> String? {
    tree.value(.root, name).map(tree.string)
  }
}
