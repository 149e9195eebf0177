import ManifestSchema
import ManifestSyntax
import TestRecordings
import Testing

@testable import ClusterControl

@Suite struct PodTemplateHashTests {
  private let version = KubernetesVersion(minor: 36)

  /// Facts 85 to 91: empty and full templates, collision counts, spelling.
  @Test func hashesAreThoseOfKubernetes136() throws {
    for (position, line) in try Recordings.fixture("template-hash/anchors.jsonl").enumerated() {
      let template = line["template"] ?? .null
      for count in [nil, 0, 1] as [Int32?] {
        let name = count.map(String.init) ?? "nil"
        #expect(
          PodTemplateHash.of(template, collisionCount: count, version: version)
            == line[name]?.string, "line \(position + 1), collision count \(name)")
      }
    }
    #expect(PodTemplateHash.number(of: [:], collisionCount: nil, version: version) == 4_130_463_924)
  }

  /// Fact 90, and what follows from it for the text.
  @Test func quantitiesShowWhatTheServerKeeps() {
    let cases: [(String, value: String, scale: Int, kept: String, format: String)] = [
      ("1", "1", 0, "1", "DecimalSI"), ("250m", "250", -3, "250m", "DecimalSI"),
      ("0", "0", 0, "0", "DecimalSI"), ("512Mi", "536870912", 0, "", "BinarySI"),
      ("1500Mi", "1572864000", 0, "1500Mi", "BinarySI"), ("4000", "4000", 0, "", "DecimalSI"),
    ]
    for (text, value, scale, kept, format) in cases {
      #expect(
        GoQuantity(text).text
          == "{i:(resource.int64Amount){value:(int64)\(value) scale:(resource.Scale)\(scale)}"
          + " d:(resource.infDecAmount){Dec:(*inf.Dec)<nil>} s:(string)\(kept)"
          + " Format:(resource.Format)\(format)}", "\(text)")
    }
  }

  /// Fact 92: a hash of our own for other versions, stable and of the same alphabet.
  @Test func otherVersionsHaveAHashOfOurOwn() {
    let one = Value(json: #"{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[]}}"#)
    let same = Value(json: #"{"spec":{"containers":[]},"metadata":{"labels":{"a":"b"}}}"#)
    let old = KubernetesVersion(minor: 31)
    let hash = PodTemplateHash.of(one, collisionCount: nil, version: old)
    #expect(hash == PodTemplateHash.of(same, collisionCount: nil, version: old))
    #expect(hash != PodTemplateHash.of([:], collisionCount: nil, version: old))
    #expect(hash.utf8.allSatisfy(PodTemplateHash.alphabet.contains))
    #expect(!PodTemplateHash.isExact(for: old) && PodTemplateHash.isExact(for: version))
  }

  @Test func recordedHashesAreReproduced() throws {
    guard let lines = try Recordings.values("conformance/template-hash.jsonl.gz") else { return }
    let schema = Schema(version: version)
    let kind = try #require(
      schema.kind(apiVersion: "apps/v1", kind: "Deployment"))
    let stored = StoredObjects(schema: schema)
    var wrong: [String] = []
    for line in lines {
      let deployment: Value = [
        "apiVersion": "apps/v1", "kind": "Deployment", "metadata": ["name": "h"],
        "spec": ["template": line["template"] ?? .null],
      ]
      let template = stored.object(deployment, kind)["spec"]?["template"] ?? .null
      let hash = PodTemplateHash.of(template, collisionCount: nil, version: version)
      if hash != line["podTemplateHash"]?.string { wrong.append(line["id"]?.string ?? "?") }
    }
    #expect(wrong.isEmpty, "\(wrong.count) of \(lines.count): \(wrong)")
  }
}

/// Objects as a server stores them.
struct StoredObjects {
  let defaulter: Defaulter
  let rendering: Rendering

  init(schema: Schema) {
    defaulter = Defaulter(schema: schema)
    rendering = Rendering(schema: schema)
  }

  func object(_ manifest: Value, _ kind: Kind) -> Value {
    let source = SourceText(name: "<object>", bytes: JSONWriter.bytes(manifest))
    guard let tree = JSONReader.read(source).tree else { return .null }
    defaulter.apply(to: tree, kind: kind)
    return rendering.asStored(tree, kind: kind, serverFields: Rendering.ServerFields())
  }
}
