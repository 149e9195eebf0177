import ClusterControl
import ClusterPlan
import ClusterStore
import Foundation
import ManifestSyntax
import Testing

/// After an apply there is no difference, and a second apply writes nothing.
@Suite struct StabilityTests {
  private static let isWhole = ProcessInfo.processInfo.environment["KMF_ALL"] != nil

  @Test func holdsForRealFiles() throws {
    for (name, text) in try RecordedManifests.acceptedFiles() {
      let bench = try Bench()
      // A generated name is new every time: nothing to apply.
      let manifests = Bench.manifests(text).filter {
        $0.value["metadata"]?["generateName"] == nil
      }
      try check(manifests, bench, name)
    }
  }

  @Test func holdsForRecordedObjects() throws {
    let bench = try Bench()
    var kept = 0
    var refused: [String] = []
    for (position, recorded) in try RecordedManifests.acceptedObjects().enumerated()
    where Self.isWhole || position % 50 == 0 {
      var object = recorded.object
      var metadata = object["metadata"] ?? .emptyMap
      metadata["namespace"] = .string("n\(position)")
      object["metadata"] = metadata
      let source = ManifestSource(file: recorded.name, line: 1)
      let manifests = [Manifest(object, source: source)]
      // Several ask for the same node port: those have a cluster of their own.
      let isKept =
        try check(manifests, bench, recorded.name, mayRefuse: true)
        || check(manifests, Bench(), recorded.name, mayRefuse: true)
      if isKept { kept += 1 } else { refused.append(recorded.name) }
    }
    print("\(kept) recorded objects hold; \(refused.count) cannot be applied: \(refused)")
    #expect(kept >= refused.count * 4, "too many are refused")
  }

  @discardableResult
  private func check(
    _ manifests: [Manifest], _ bench: Bench, _ name: String, mayRefuse: Bool = false
  ) throws -> Bool {
    try bench.apply(namespaces(of: manifests))
    // As the command does: the same text again is known by its digest.
    let manifests = manifests.map { manifest in
      let value = manifest.value
      return Manifest(
        value, source: manifest.source,
        digest: AppliedTexts.digest(JSONWriter.bytes(value), salt: []))
    }
    let planner = Planner(bench.cluster)
    let applied = try planner.apply(manifests)
    guard applied.isKept else {
      let errors = applied.changes.changes.compactMap(\.error).map(\.message)
      if Self.isWhole { print("\(name): \(errors)") }
      #expect(mayRefuse, "\(name): \(errors)")
      return false
    }
    let revision = bench.store.currentRevision()
    let difference = try planner.difference(manifests)
    for change in difference.changes where change.action != .unchanged || change.adoptsFields {
      Issue.record("\(name): \(change.object.label) \(change.action): \(change.fields)")
    }
    let again = try planner.apply(manifests)
    #expect(again.isKept && bench.store.currentRevision() == revision, "\(name): wrote twice")
    return true
  }

  private func namespaces(of manifests: [Manifest]) -> String {
    Set(manifests.compactMap { $0.value["metadata"]?["namespace"]?.string }).sorted()
      .map { "apiVersion: v1\nkind: Namespace\nmetadata: {name: \($0)}\n" }
      .joined(separator: "---\n")
  }
}
