import Foundation
import ManifestSchema
import ManifestSyntax
import TestRecordings
import Testing

@testable import ManifestRules

/// An object that is well stays so when the server has completed it.
@Suite struct DefaultedObjectTests {
  @Test func fixturesStayValid() throws {
    let fixtures = Recordings.project.appendingPathComponent("fixtures")
    var judge = Judge(version: .latest)
    let files = try #require(FileManager.default.enumerator(atPath: fixtures.path))
    for case let name as String in files where name.hasSuffix(".yaml") {
      let data = try Data(contentsOf: fixtures.appendingPathComponent(name))
      judge.check(SourceText(name: name, bytes: data))
    }
    #expect(judge.count >= 3, "the fixtures hold too few valid objects")
    #expect(judge.failures.isEmpty, "\(judge.failures.joined(separator: "\n"))")
  }

  @Test func recordedObjectsStayValid() throws {
    guard let lines = try Recordings.lines("conformance/create.jsonl.gz") else { return }
    var judge = Judge(version: KubernetesVersion(minor: 36))
    // A fifth of them says as much as all, in a fifth of the time.
    for (index, line) in lines.enumerated() where index % 5 == 0 {
      let record = SourceText(name: "case.json", bytes: line)
      guard let tree = JSONReader.read(record).tree, tree.value(.root, "defaulted") != nil,
        tree.node(at: "withoutAdmission.verdict").map(tree.string) != "rejected",
        let manifest = tree.value(.root, "manifest")
      else { continue }
      let id = tree.value(.root, "id").map(tree.string) ?? "?"
      let text = JSONWriter.bytes(tree.value(manifest))
      judge.check(SourceText(name: id + ".json", bytes: text))
    }
    print("recorded objects: \(judge.count) judged again with their defaults")
    #expect(judge.count > 0)
    #expect(judge.failures.isEmpty, "\(judge.failures.prefix(20).joined(separator: "\n"))")
  }
}

/// Judges manifests, and what the server makes of them.
private struct Judge {
  private let validator: Validator
  private let renderer: ManifestRenderer
  private(set) var count = 0
  private(set) var failures: [String] = []

  init(version: KubernetesVersion) {
    var context = ValidationContext()
    context.options.versions = [version]
    validator = Validator(context)
    var options = ManifestRenderer.Options()
    options.defaults = true
    renderer = ManifestRenderer(context, options)
  }

  mutating func check(_ source: SourceText) {
    guard errors(in: source).isEmpty else { return }
    for object in renderer.render(source, isExplicit: true).objects {
      count += 1
      let errors = errors(in: SourceText(name: source.name + ".yaml", YAMLWriter.write(object)))
      // The server writes the labels that a constraint takes from the pod into its selector, and
      // refuses a manifest that says them there: what it stored, it would not take.
      for error in errors where !error.hasPrefix("TSC-11 ") {
        failures.append("\(source.name): \(error)")
      }
    }
  }

  private func errors(in source: SourceText) -> [String] {
    validator.validate(source, isExplicit: true).documents.flatMap(\.diagnostics)
      .map(\.diagnostic).filter { $0.severity == .error }
      .map { "\($0.code) \($0.path): \($0.message)" }
  }
}
