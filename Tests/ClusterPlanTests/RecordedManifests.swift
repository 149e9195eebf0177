import Foundation
import ManifestSyntax
import TestRecordings

/// Real manifests that lie beside the project, where they do.
enum RecordedManifests {
  /// The files of the corpus whose every document a real server accepted.
  static func acceptedFiles() throws -> [(name: String, text: String)] {
    guard let corpus = Recordings.place("corpus"),
      let verdicts = try Recordings.values("conformance/corpus-verdicts.jsonl")
    else { return [] }
    var names: [String] = []
    var refused: Set<String> = []
    for value in verdicts {
      guard let name = value["file"]?.string else { continue }
      if value["verdict"]?.string != "accepted" { refused.insert(name) }
      if names.last != name { names.append(name) }
    }
    return try names.filter { !refused.contains($0) }.map {
      ($0, try String(contentsOf: corpus.appending(path: $0), encoding: .utf8))
    }
  }

  /// The objects that a real server accepted when they were created.
  static func acceptedObjects() throws -> [(name: String, object: Value)] {
    try (Recordings.values("conformance/create.jsonl.gz") ?? []).compactMap { value in
      guard value["verdict"]?.string == "accepted", let manifest = value["manifest"],
        manifest["metadata"]?["name"]?.string != nil
      else { return nil }
      return (value["id"]?.string ?? "", manifest)
    }
  }
}
