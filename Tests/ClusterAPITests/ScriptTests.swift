import ClusterAPI
import ClusterStore
import Foundation
import ManifestSyntax
import Testing

/// The scripts of `fixtures/api`: requests, one a line, and beside them what is answered.
///
/// The first line says what a script is about. `show` names the parts of the answer that the
/// transcript holds; a refusal is told by its reason and causes. `CONTINUE` in a path stands for
/// the token of the last page.
@Test("scripts of requests are answered as their transcripts say")
func answersScripts() throws {
  let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "fixtures/api")
  let scripts = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter {
    $0.hasSuffix(".jsonl")
  }
  #expect(!scripts.isEmpty)
  for script in scripts.sorted() {
    let text = try String(contentsOf: folder.appending(path: script), encoding: .utf8)
    let found = try Transcript().play(text)
    let name = script.dropLast(".jsonl".count) + ".expected.txt"
    let place = folder.appending(path: String(name))
    if ProcessInfo.processInfo.environment["KMF_UPDATE"] != nil {
      try found.write(to: place, atomically: true, encoding: .utf8)
      continue
    }
    let expected = (try? String(contentsOf: place, encoding: .utf8)) ?? ""
    for (line, other) in zip(found.split(separator: "\n"), expected.split(separator: "\n")) {
      #expect(line == other, "\(script)")
    }
    #expect(found.count == expected.count, "\(script): KMF_UPDATE=1 rewrites the transcripts")
  }
}

/// Plays one script against a new cluster whose time stands still.
private final class Transcript {
  private var token = ""

  func play(_ script: String) throws -> String {
    let cluster = try LocalCluster(store: MemoryStore(), clock: ManualClock(), seed: 1)
    var lines: [String] = []
    for text in script.split(separator: "\n").dropFirst() {
      let step = try #require(JSONReader.read(SourceText(String(text))).tree?.value())
      let method = step["method"]?.string ?? ""
      let path = (step["path"]?.string ?? "").replacing("CONTINUE", with: token)
      var body: [UInt8] = []
      switch step["body"] {
      case .string(let text)?: body = Array(text.utf8)
      case let value?: body = JSONWriter.bytes(value)
      case nil: break
      }
      let response = cluster.answer(
        APIRequest(
          method: method, target: path, contentType: step["contentType"]?.string,
          accept: step["accept"]?.string, body: body))
      lines.append("\(method) \(step["path"]?.string ?? "")")
      lines.append("  \(response.code)\(summary(response, step["show"]?.list ?? []))")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func summary(_ response: APIResponse, _ show: [Value]) -> String {
    let bytes = response.body
    if response.contentType == APIResponse.jsonLines {
      return bytes.split(separator: 10).map { line in
        let event = JSONReader.read(SourceText(name: "event", bytes: Array(line))).tree?.value()
        let metadata = event?["object"]?["metadata"]
        let parts = [
          event?["type"]?.string, metadata?["name"]?.string,
          metadata?["resourceVersion"]?.string, metadata?["annotations"].map(JSONWriter.text),
        ]
        return "\n    " + parts.compactMap { $0 }.joined(separator: " ")
      }.joined()
    }
    guard let body = JSONReader.read(SourceText(name: "answer", bytes: bytes)).tree?.value() else {
      return " " + String(decoding: bytes, as: UTF8.self)
    }
    token = body["metadata"]?["continue"]?.string ?? token
    var text = ""
    if response.code >= 400 {
      text += " \(body["reason"]?.string ?? "-")"
      for cause in body["details"]?["causes"]?.list ?? [] {
        text += " [\(cause["reason"]?.string ?? "") \(cause["field"]?.string ?? "")]"
      }
    }
    for path in show.compactMap(\.string) {
      let part: Value? =
        path == "warnings"
        ? .list(response.warnings.map(Value.string)) : body.part(path.split(separator: ".")[...])
      text += "\n    \(path): \(part.map(JSONWriter.text) ?? "-")"
    }
    return text
  }
}

extension JSONWriter {
  fileprivate static func text(_ value: Value) -> String { string(value) }
}

extension Value {
  /// The part at `path`; of a list, the parts of its items.
  fileprivate func part(_ path: ArraySlice<Substring>) -> Value? {
    guard let first = path.first else { return self }
    if case .list(let items) = self {
      return .list(items.map { $0.part(path) ?? .null })
    }
    return self[String(first)]?.part(path.dropFirst())
  }
}
