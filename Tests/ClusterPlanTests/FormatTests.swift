import ClusterPlan
import ManifestSyntax
import Testing

@Suite struct FormatTests {
  private static let key = Array("0123456789abcdef".utf8)

  private static func changes() throws -> ChangeSet {
    let bench = try Bench()
    try bench.apply(Sample.all)
    let text = Sample.all.replacing("nginx:1", with: "nginx:2")
      .replacing("canary-one", with: "canary-two").replacing("name: web}", with: "name: web}")
    return try bench.difference(text)
  }

  @Test func noFormShowsSecrets() throws {
    let masked = Masker(key: Self.key).mask(try Self.changes())
    #expect(masked.changes.contains { $0.object.kind == "Secret" && $0.action == .update })
    for format in ChangeFormats.all {
      let text = format.text(masked, ChangeFormatOptions())
      for canary in ["canary-one", "canary-two", "Y2FuYXJ5LW9uZQ", "Y2FuYXJ5LXR3bw"] {
        #expect(!text.contains(canary), "\(format.name) shows \(canary)")
      }
      #expect(text.contains("nginx:2"), "\(format.name) does not show the change: \(text)")
    }
  }

  @Test func equalSecretsLookEqual() {
    let masker = Masker(key: Self.key)
    let encoded = masker.mask(["apiVersion": "v1", "kind": "Secret", "data": ["a": "eA=="]])
    let plain = masker.mask(["apiVersion": "v1", "kind": "Secret", "stringData": ["a": "x"]])
    #expect(encoded["data"]?["a"] == plain["stringData"]?["a"])
    #expect(encoded["data"]?["a"] != Value.string(masker.mask("y".utf8)))
    let other = Masker(key: Array("another key, longer".utf8))
    #expect(other.mask("x".utf8) != masker.mask("x".utf8))
  }

  @Test func annotationsAreMaskedWhereSecretsFlow() {
    let applied = #"{"apiVersion":"v1","kind":"Secret","stringData":{"p":"canary"}}"#
    let masked = Masker(key: Self.key).mask([
      "apiVersion": "v1", "kind": "Secret",
      "metadata": [
        "annotations": [
          "kubectl.kubernetes.io/last-applied-configuration": .string(applied),
          "tool/original": "p=canary", "tool/other": "nothing",
        ]
      ], "data": ["p": "Y2FuYXJ5"],
    ])
    let text = JSONWriter.string(masked)
    #expect(!text.contains("canary") && !text.contains("Y2FuYXJ5"), "\(text)")
    #expect(text.contains("nothing"))
  }

  @Test func markdownFitsIntoAComment() throws {
    let bench = try Bench()
    let many = (0..<400).map { number in
      "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c\(number)}\n"
        + "data: {text: '" + String(repeating: "<`|", count: 200) + "'}"
    }.joined(separator: "\n---\n")
    let text = MarkdownChanges.text(try bench.difference(many), ChangeFormatOptions())
    #expect(text.count <= 65_000)
    #expect(text.contains("400 to add") && text.contains("are left out"))
  }

  @Test func digestsAreThoseOfTheStandard() {
    let cases = [
      ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
      (
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
      ),
    ]
    for (text, digest) in cases { #expect(SHA256.hex(SHA256.digest(text.utf8)) == digest) }
    let keyed = SHA256.keyed(Array("Jefe".utf8), "what do ya want for nothing?".utf8)
    #expect(
      SHA256.hex(keyed) == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
  }
}
