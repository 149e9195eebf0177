import Foundation
import ManifestModel
import ManifestSchema
import ManifestSyntax
import TestRecordings
import Testing

@testable import ManifestRules

/// Rules that are not shown an object, since it has nothing of what they need, have nothing to say
/// about it.
@Suite struct RuleNeedsTests {
  @Test func nothingIsMissedInExamplesAndFixtures() throws {
    var comparisons: [Int: Comparison] = [:]
    for group in RuleRegistry.all {
      for rule in group.rules where !rule.base.isUpdate && rule.untestable == nil {
        for example in rule.bad + rule.good {
          let manifest = JSONWriter.bytes(ExampleObjects.manifest(of: rule, example))
          comparisons[Int(rule.version.minor), default: Comparison(rule.version)].compare(
            SourceText(name: "\(rule.id): \(example.text)", bytes: manifest))
        }
      }
    }
    let fixtures = Recordings.project.appendingPathComponent("fixtures")
    let files = try #require(FileManager.default.enumerator(atPath: fixtures.path))
    var latest = Comparison(.latest)
    for case let name as String in files where name.hasSuffix(".yaml") {
      let data = try Data(contentsOf: fixtures.appendingPathComponent(name))
      latest.compare(SourceText(name: name, bytes: data))
    }
    for comparison in comparisons.values + [latest] {
      #expect(comparison.count > 0)
      #expect(comparison.misses.isEmpty, "\(comparison.misses.joined(separator: "\n"))")
    }
  }

  @Test func nothingIsMissedInRecordedObjects() throws {
    guard let lines = try Recordings.lines("conformance/create.jsonl.gz") else { return }
    var comparison = Comparison(KubernetesVersion(minor: 36))
    // A tenth of them says nearly as much as all.
    for (index, line) in lines.enumerated() where index % 10 == 0 {
      let record = SourceText(name: "case.json", bytes: line)
      guard let tree = JSONReader.read(record).tree, let manifest = tree.value(.root, "manifest")
      else { continue }
      let id = tree.value(.root, "id").map(tree.string) ?? "?"
      comparison.compare(SourceText(name: id, bytes: JSONWriter.bytes(tree.value(manifest))))
    }
    print("recorded objects: \(comparison.count) judged with and without all rules")
    #expect(comparison.count > 0)
    #expect(comparison.misses.isEmpty, "\(comparison.misses.prefix(20).joined(separator: "\n"))")
  }
}

/// Judges objects twice: by the rules that they are shown to, and by all rules.
private struct Comparison {
  private let schema: Schema
  private let defaulter: Defaulter
  private(set) var count = 0
  private(set) var misses: [String] = []

  init(_ version: KubernetesVersion) {
    schema = Schema(version: version)
    defaulter = Defaulter(schema: schema)
  }

  mutating func compare(_ source: SourceText) {
    SourceDocuments.forEach(in: source) { document in
      guard let tree = document.tree, tree.kind(.root) == .mapping else { return }
      let gvk = tree.writtenKind
      guard let kind = schema.kind(apiVersion: gvk.apiVersion, kind: gvk.kind) else { return }
      var checker = SchemaChecker(schema: schema, tree: tree)
      checker.checkObject(.root, kind.type)
      if checker.hasTypeErrors { return }
      let written = KeySketch(of: tree.node)
      ObjectSkeleton.complete(tree, gvk: gvk)
      defaulter.apply(to: tree, kind: kind, dropsAnnotations: false)
      let shown = findings(tree, gvk, keys: written)
      let all = findings(tree, gvk, keys: KeySketch(of: .value(.null)))
      count += 1
      if shown != all { misses.append("\(source.name): \(shown), not \(all)") }
    }
  }

  private func findings(_ tree: Tree, _ gvk: GroupVersionKind, keys: KeySketch) -> [String] {
    let subject = ObjectSubject(
      gvk: gvk, node: tree.node, workload: ObjectSubject(gvk: gvk, node: tree.node).workload,
      keys: keys)
    return RuleRunner(version: schema.version).report(on: subject, prefix: .root).diagnostics
      .map { "\($0.code) \($0.path) \($0.message)" }
  }
}
