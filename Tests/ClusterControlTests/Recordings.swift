import ManifestSchema
import ManifestSyntax
import TestRecordings

extension Recordings {
  /// The requests of a recording; nil, and said so, where there is none.
  static func requests(_ name: String) throws -> [SourceText]? {
    try lines("conformance/\(name).jsonl.gz")?.map { SourceText(name: "<case>", bytes: $0) }
  }

  /// The body that `record` holds under `field` (or, for `manifest`, as text).
  static func body(_ field: String, of record: Tree, in source: SourceText) -> Tree? {
    if let manifest = record.value(.root, field) {
      let span = record.span(manifest)
      return JSONReader.read(source, range: Int(span.start)..<Int(span.end)).tree
    }
    guard field == "manifest", let node = record.value(.root, "rawBody") else { return nil }
    let text = SourceText(record.string(node))
    if record.value(.root, "contentType").map(record.string) == "application/json" {
      return JSONReader.read(text).tree
    }
    var reader = DocumentReader(text)
    while let document = reader.next() {
      if let tree = document.tree { return tree }
    }
    return nil
  }
}

/// Completes what was sent as the server does before admission.
struct Completion {
  private let schema = Schema(version: KubernetesVersion(minor: 36))

  func callAsFunction(_ tree: Tree, kind name: String, isReplacement: Bool = false) -> Value? {
    let apiVersion = ["Pod", "Service"].contains(name) ? "v1" : "apps/v1"
    guard let kind = schema.kind(apiVersion: apiVersion, kind: name) else { return nil }
    Defaulter(schema: schema).apply(to: tree, kind: kind)
    return Rendering(schema: schema).asStored(
      tree, kind: kind, serverFields: Rendering.ServerFields(namespace: "conf"),
      isReplacement: isReplacement)
  }
}

/// What differs between what was found and what was recorded, by path; `<allocated>` stands for
/// anything.
func differences(_ found: Value, _ recorded: Value, _ path: String = "") -> [String] {
  if found == recorded || recorded == "<allocated>" && found != .null { return [] }
  switch (found, recorded) {
  case (.map(let left), .map(let right)):
    let names = left.keys + right.keys.filter { left[$0] == nil }
    return names.flatMap { name -> [String] in
      guard let a = left[name] else { return ["\(path).\(name) is missing"] }
      guard let b = right[name] else { return ["\(path).\(name) is too much"] }
      return differences(a, b, "\(path).\(name)")
    }
  case (.list(let left), .list(let right)) where left.count == right.count:
    return left.indices.flatMap { differences(left[$0], right[$0], "\(path)[\($0)]") }
  default: return ["\(path) is \(found), not \(recorded)"]
  }
}
