import Foundation
import ManifestRules
import ManifestSyntax
import Testing

/// `kmf fmt`: one layout, and never another meaning.
struct FormatterTests {
  private let formatter = ManifestFormatter()

  private func format(_ text: String, _ name: String = "a.yaml") -> String? {
    guard case .formatted(let bytes) = formatter.format(SourceText(name: name, text)) else {
      return nil
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func values(_ text: String) -> [Value] {
    var values: [Value] = []
    SourceDocuments.forEach(in: SourceText(text)) { document in
      if let tree = document.tree { values.append(tree.value()) }
    }
    return values
  }

  private static let head = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n"

  /// What is written, and what comes out.
  private static let cases: [(name: String, written: String, wanted: String)] = [
    (
      "order", "kind: ConfigMap\ndata: {b: 1, a: 2}\nmetadata: {name: a}\napiVersion: v1\n",
      "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {b: 1, a: 2}\n"
    ),
    (
      "comments move along",
      "# of the file\nkind: ConfigMap # kind\n# data\ndata:\n    b: x\n    # last\n\n\n"
        + "# meta\nmetadata:\n      name: a\napiVersion: v1",
      "# of the file\napiVersion: v1\nkind: ConfigMap # kind\n\n# meta\nmetadata:\n  name: a\n"
        + "# data\ndata:\n  b: x\n  # last\n"
    ),
    (
      "lists",
      "kind: Pod\napiVersion: v1\nspec:\n    containers:\n        -   image: i\n"
        + "            # the name\n            name: a\n        - # b\n          name: b\n",
      "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  # the name\n  - name: a\n    image: i\n"
        + "  # b\n  - name: b\n"
    ),
    (
      "texts",
      head
        + "data:\n    a: |\n        x\n          y\n\n    b: >2-\n        z\n    c: 'p\n      q'\n",
      head + "data:\n  a: |\n    x\n      y\n\n  b: >2-\n      z\n  c: 'p\n    q'\n"
    ),
    ("the last line", head + "data:\n  a: |\n    x", head + "data:\n  a: |-\n    x\n"),
    (
      "anchors keep the order", "kind: A\napiVersion: b/v1\nx:\n    y: &y 1\nmetadata: *y\n",
      "kind: A\napiVersion: b/v1\nx:\n  y: &y 1\nmetadata: *y\n"
    ),
    (
      "documents", "---\n\n" + head + "\n\n---   # next\n# c\n" + head + "---\n",
      "---\n" + head + "---   # next\n# c\n" + head + "---\n"
    ),
    (
      "ends of documents", head + "...\n---\n" + head + "# last\n...\n# behind\n",
      head + "---\n" + head + "# last\n# behind\n"
    ),
    (
      "line ends", "kind: A\r\napiVersion: b/v1\r\nx:\r\n    y: 1\r\n",
      "apiVersion: b/v1\r\nkind: A\r\nx:\r\n  y: 1\r\n"
    ),
    (
      "JSON", "{\"kind\": \"A\", \"apiVersion\": \"b/v1\", \"x\": [1.0, {}], \"y\": []}",
      "{\n  \"apiVersion\": \"b/v1\",\n  \"kind\": \"A\",\n  \"x\": [\n    1.0,\n    {}\n  ],\n"
        + "  \"y\": []\n}\n"
    ),
    (
      "regions of comments keep the order", "kind: A\n# kmf: disable[RES]\napiVersion: b/v1\n",
      "kind: A\n# kmf: disable[RES]\napiVersion: b/v1\n"
    ),
  ]

  @Test func laysOutInOneWay() {
    for (name, written, wanted) in Self.cases {
      #expect(format(written) == wanted, "\(name)")
      #expect(format(wanted) == wanted, "\(name): formatted again")
      #expect(Self.values(written) == Self.values(wanted), "\(name): the meaning")
    }
  }

  @Test func leavesAloneWhatItDoesNotUnderstand() {
    let texts = [
      "a: 1\n", "{{ if .x }}\nkind: A\n{{ end }}\n", "kind: A\napiVersion: v1\nkind: B\n",
      "? a\n: b\nkind: A\napiVersion: v1\n", "", "# only a comment\n",
      "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n",
    ]
    for text in texts { #expect(format(text) == nil, "\(text)") }
  }

  /// The examples of all rules, and made-up documents in every layout.
  @Test func neverChangesTheMeaning() {
    var texts = AdviceRegistry.all.flatMap { rule in
      (rule.about.bad + rule.about.good).flatMap { $0.files.map(\.text) }
    }
    for seed in 1...400 {
      var made = MadeDocument(seed: UInt64(seed))
      texts.append(made.text())
    }
    var formatted = 0
    for text in texts {
      guard let once = format(text) else { continue }
      formatted += 1
      #expect(Self.values(once) == Self.values(text), "\(text)")
      #expect(format(once) == once, "formatted again: \(text)")
      #expect(Self.comments(once) == Self.comments(text), "comments: \(text)")
    }
    #expect(formatted > texts.count * 8 / 10)
  }

  /// Real manifests, as they are and after what editors and people do to them.
  @Test func neverChangesTheMeaningOfRealManifests() throws {
    let corpus = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appending(path: "../shared/corpus")
    guard let files = FileManager.default.enumerator(at: corpus, includingPropertiesForKeys: nil),
      FileManager.default.fileExists(atPath: corpus.path)
    else {
      print("skipped: there is no ../shared/corpus")
      return
    }
    var made = MadeDocument(seed: 8)
    var formatted = 0
    for case let file as URL in files where ["yaml", "yml", "json"].contains(file.pathExtension) {
      guard let text = try? String(contentsOf: file, encoding: .utf8) else { continue }
      var texts = [text]
      if file.pathExtension != "json" { texts += made.disturbed(text) }
      for text in texts {
        guard let once = format(text) else { continue }
        formatted += 1
        let name = file.lastPathComponent
        #expect(Self.values(once) == Self.values(text), "\(name): \(text)")
        #expect(format(once) == once, "\(name), formatted again: \(text)")
        #expect(Self.comments(once) == Self.comments(text), "\(name), comments: \(text)")
      }
    }
    #expect(formatted > 1000)
  }

  private static func comments(_ text: String) -> [Substring] {
    text.split(whereSeparator: \.isNewline).compactMap { line in
      line.range(of: "# c").map { line[$0.lowerBound...].prefix(5) }
    }.sorted()
  }
}

/// A made-up object: keys, texts of all styles, comments and blank lines, however indented.
private struct MadeDocument {
  private var state: UInt64
  private static let keys = [
    "name", "spec", "metadata", "containers", "image", "env", "value", "labels", "data", "other",
  ]

  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

  private mutating func pick(_ count: Int) -> Int {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return Int(state % UInt64(count))
  }

  mutating func text() -> String {
    let text = "kind: Deployment\napiVersion: apps/v1\n" + mapping(0, 4, ["spec", "x", "metadata"])
    return pick(10) == 0 ? text.replacingOccurrences(of: "\n", with: "\r\n") : text
  }

  /// The text with other line ends, with comments at odd places, and with tabs behind its lines.
  mutating func disturbed(_ text: String) -> [String] {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    var commented: [String] = []
    var tabbed: [String] = []
    for line in lines {
      commented.append(String(line))
      if pick(8) == 0 { commented.append(pad(pick(13)) + "# c\(100 + pick(900)) 😀") }
      let isText = line.contains { $0 != " " } && !line.hasSuffix("|") && !line.hasSuffix("\\")
      tabbed.append(line + (isText && pick(8) == 0 ? "\t" : ""))
    }
    return [
      lines.joined(separator: "\r\n"), commented.joined(separator: "\n"),
      tabbed.joined(separator: "\n"),
    ]
  }

  private func pad(_ count: Int) -> String { String(repeating: " ", count: count) }

  private mutating func gap(_ indent: Int) -> String {
    switch pick(8) {
    case 0: "\n"
    case 1: pad(pick(indent + 3)) + "# c\(100 + pick(900))\n"
    default: ""
    }
  }

  private mutating func mapping(_ indent: Int, _ depth: Int, _ keys: [String]) -> String {
    var left = keys
    var text = ""
    for _ in 0..<(1 + pick(min(4, keys.count))) {
      let key = left.remove(at: pick(left.count))
      text += gap(indent) + pad(indent) + key + ":" + value(indent, depth)
    }
    return text
  }

  private mutating func sequence(_ indent: Int, _ depth: Int) -> String {
    var text = ""
    for _ in 0...pick(3) {
      text += gap(indent) + pad(indent) + "-"
      let further = 1 + pick(3)
      if depth > 0, pick(2) == 0 {
        let inner = mapping(indent + 1 + further, depth - 1, Self.keys)
        let isCompact = inner.drop { $0 == " " }.first.map { !"#\n".contains($0) } ?? false
        text += isCompact ? String(inner.dropFirst(indent + 1)) : "\n" + inner
      } else {
        text += value(indent, 0)
      }
    }
    return text
  }

  private mutating func value(_ indent: Int, _ depth: Int) -> String {
    let comment = pick(5) == 0 ? "  # c\(100 + pick(900))" : ""
    if depth > 0, pick(2) == 0 {
      return comment + "\n"
        + (pick(2) == 0
          ? mapping(indent + 1 + pick(4), depth - 1, Self.keys)
          : sequence(indent + pick(3), depth - 1))
    }
    let deep = pad(indent + 2 + pick(3))
    switch pick(10) {
    case 0: return " |\n\(deep)one\n\(deep)  two\n"
    case 1: return " >-\n\n\(deep)one\n\(deep)two\n\n"
    case 2: return " |2-\n\(pad(indent + 2))  one\n\(pad(indent + 2))two\n"
    case 3: return " \"one\n\(deep)two\"\(comment)\n"
    case 4: return " one\n\(deep)two\n"
    case 5: return " [a,\n\(deep)b]\(comment)\n"
    case 6: return " {a: 1, b: [x]}\(comment)\n"
    case 7: return comment + "\n"
    default: return " word\(comment)\n"
    }
  }
}
