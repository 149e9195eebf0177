import Foundation
import ManifestSchema
import ManifestSyntax
import Testing

@testable import ManifestRules

/// Laws that hold for every object.
@Suite struct ObjectPropertyTests {
  /// The seeds of this run; `KMF_SEED=7` runs that one alone.
  private static var seeds: [UInt64] {
    if let text = ProcessInfo.processInfo.environment["KMF_SEED"], let seed = UInt64(text) {
      return [seed]
    }
    return Array(1...60)
  }

  @Test func whatIsWrittenReadsTheSame() throws {
    let schema = Schema()
    let rendering = Rendering(schema: schema)
    for seed in Self.seeds {
      var objects = GeneratedObjects(schema: schema, seed: seed)
      for gvk in GeneratedObjects.kinds {
        let kind = try #require(schema.kind(apiVersion: gvk.apiVersion, kind: gvk.kind))
        let made = objects.object(kind)
        let object = rendering.normalized(Tree(made), kind: kind)
        var reader = DocumentReader(SourceText(YAMLWriter.write(object)))
        let trees = [
          "YAML": reader.next()?.tree,
          "JSON": JSONReader.read(SourceText(JSONWriter.string(object, .indented))).tree,
        ]
        for (form, tree) in trees {
          let replay = "\(gvk) as \(form); replay: KMF_SEED=\(seed) swift test"
          guard let tree else {
            Issue.record("cannot be read: \(replay)")
            continue
          }
          #expect(tree.value() == object, "\(replay)")
          #expect(rendering.normalized(tree, kind: kind) == object, "\(replay)")
          var checker = SchemaChecker(schema: schema, tree: tree)
          checker.check(.root, as: kind.type)
          let wrong = checker.diagnostics.filter { $0.reason == .typeInvalid }
          #expect(wrong.isEmpty, "\(replay): \(wrong.map(\.message))")
        }
      }
    }
  }

  @Test func defaultingTwiceIsDefaultingOnce() throws {
    for version in [KubernetesVersion.oldest, .latest] {
      let schema = Schema(version: version)
      let defaulter = Defaulter(schema: schema)
      for seed in Self.seeds {
        var objects = GeneratedObjects(schema: schema, seed: seed)
        for gvk in GeneratedObjects.kinds {
          let kind = try #require(schema.kind(apiVersion: gvk.apiVersion, kind: gvk.kind))
          let tree = Tree(objects.object(kind))
          defaulter.apply(to: tree, kind: kind)
          let once = tree.value()
          let count = tree.nodeCount
          defaulter.apply(to: tree, kind: kind)
          #expect(
            tree.nodeCount == count && tree.value() == once,
            "\(gvk) in \(version); replay: KMF_SEED=\(seed) swift test")
        }
      }
    }
  }

  /// The rules take whatever can be decoded, and whatever cannot.
  @Test func rulesSurviveSenselessObjects() throws {
    let schema = Schema()
    let validator = Validator(ValidationContext())
    for seed in Self.seeds {
      var objects = GeneratedObjects(schema: schema, seed: seed)
      for gvk in GeneratedObjects.kinds {
        let kind = try #require(schema.kind(apiVersion: gvk.apiVersion, kind: gvk.kind))
        let old = objects.object(kind)
        let new = objects.object(kind)
        let result = validator.validate(SourceText(YAMLWriter.write(new)), isExplicit: true)
        #expect(!result.documents.isEmpty)
        _ = UpdateValidation.diagnostics(old: Tree(old), new: Tree(new), version: .latest)
      }
    }
  }
}
