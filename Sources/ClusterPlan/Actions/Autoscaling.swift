import ClusterAPI
import ManifestMerge
import ManifestRules
import ManifestSyntax

/// Says of workloads whose number of pods a manifest sets that an autoscaler sets it too.
enum Autoscaling {
  private static let replicas: [PathElement] = [.field("spec"), .field("replicas")]

  /// - Parameter session: After the set was written, so that its own autoscalers are seen.
  static func note(in set: inout ChangeSet, _ session: ClusterSession) {
    let concerned = set.changes.indices.filter { index in
      let change = set.changes[index]
      return change.fields.contains { $0.path == replicas && $0.reason == .manifest }
        || change.conflicts.contains { $0.path == replicas }
    }
    guard !concerned.isEmpty,
      let resource = session.catalog.resources(named: "horizontalpodautoscalers").first,
      let scalers = try? session.list(ObjectListQuery(resource)).objects
    else { return }
    var names: [ObjectName: String] = [:]
    for scaler in scalers {
      let namespace = scaler["metadata"]?["namespace"]?.string
      let references = References.all(in: .value(scaler), resource.gvk, namespace: namespace)
      for case .object(let name) in references.map(\.target) {
        names[name] = scaler["metadata"]?["name"]?.string
      }
    }
    for index in concerned {
      guard let name = names[set.changes[index].object.objectName] else { continue }
      set.changes[index].notes.append(
        "horizontalpodautoscaler/\(name) scales it and will set spec.replicas again: leave it out "
          + "of the manifest")
    }
  }
}
