import ClusterAPI
import ClusterControl
import ManifestSyntax

/// The revisions of a Deployment: what its ReplicaSets were made from.
struct RolloutRevisions {
  let client: ClusterClient
  let target: Target
  /// The Deployment.
  let object: Value
  /// Its ReplicaSets by revision, the oldest first.
  let sets: [(revision: Int64, set: Value)]

  private static let annotation = "deployment.kubernetes.io/revision"
  private static let changeCause = "kubernetes.io/change-cause"
  /// What belongs to one object and is not taken over from a ReplicaSet.
  private static let ownAnnotations: Set<String> = [
    annotation, "deployment.kubernetes.io/revision-history",
    "deployment.kubernetes.io/desired-replicas", "deployment.kubernetes.io/max-replicas",
    "deprecated.deployment.rollback.to", "kubectl.kubernetes.io/last-applied-configuration",
  ]

  static func revision(of object: ClusterObject) -> Int64 { revision(of: object.value) }

  /// 0 where none is written.
  static func revision(of object: Value) -> Int64 {
    object["metadata"]?["annotations"]?[annotation]?.string.flatMap { Int64($0) } ?? 0
  }

  init(_ target: Target, _ client: ClusterClient) throws(ClusterRefusal) {
    guard target.resource.resource == .deployments else {
      throw ClusterRefusal(
        code: 405, reason: "MethodNotAllowed",
        message: "\(target.shownName) has no rollouts here: controllers of this cluster roll out"
          + " Deployments only")
    }
    self.client = client
    self.target = target
    object = try client.object(target)
    guard let resource = client.catalog.preferred(.replicaSets) else {
      sets = []
      return
    }
    let uid = object["metadata"]?["uid"]
    let all = Target(resource: resource, name: nil, namespace: target.namespace)
    sets = try client.collection(all, Selectors()).items.filter { set in
      (set["metadata"]?["ownerReferences"]?.list ?? []).contains {
        $0["uid"] == uid && $0["controller"] == true
      }
    }.map { (Self.revision(of: $0), $0) }.sorted { $0.revision < $1.revision }
  }

  var current: Int64 { Self.revision(of: object) }
  var isPaused: Bool { object["spec"]?["paused"] == true }

  static func cause(of set: Value) -> String {
    set["metadata"]?["annotations"]?[changeCause]?.string ?? "<none>"
  }

  /// The template of a revision as it was written: without the label that tells ReplicaSets apart.
  static func template(of set: Value) -> Value {
    var template = set["spec"]?["template"] ?? .emptyMap
    template.change("metadata") { metadata in
      metadata.change("labels") { $0["pod-template-hash"] = nil }
    }
    return template
  }

  /// The revision asked for; 0 for the one before the newest.
  func find(_ revision: Int64) throws(ClusterRefusal) -> (revision: Int64, set: Value) {
    if revision == 0 {
      guard sets.count > 1 else {
        throw refusal(
          "no rollout history found for \(target.shownName): there is no revision before")
      }
      return sets[sets.count - 2]
    }
    guard let found = sets.first(where: { $0.revision == revision }) else {
      let known = sets.map { String($0.revision) }.joined(separator: ", ")
      throw refusal(
        "unable to find the specified revision \(revision) of \(target.shownName);"
          + " known are \(known.isEmpty ? "none" : known)")
    }
    return found
  }

  private func refusal(_ message: String) -> ClusterRefusal {
    ClusterRefusal(code: 404, reason: "NotFound", message: message)
  }

  /// Goes back to a revision by writing its template anew.
  ///
  /// - Returns: what happened: `rolled back`, or why nothing did.
  func undo(
    to revision: Int64, query: [(String, String)] = []
  ) throws(ClusterRefusal) -> String {
    guard !isPaused else {
      throw ClusterRefusal(
        code: 409, reason: "Conflict",
        message: "\(target.shownName) is paused and cannot be rolled back;"
          + " resume it first with 'kmf rollout resume'")
    }
    let found = try find(revision)
    let template = Self.template(of: found.set)
    if template == object["spec"]?["template"] {
      return "skipped rollback (current template already matches revision \(found.revision))"
    }
    var annotations = ValueMap()
    for entry in object["metadata"]?["annotations"]?.map?.entries ?? []
    where Self.ownAnnotations.contains(entry.key) { annotations[entry.key] = entry.value }
    for entry in found.set["metadata"]?["annotations"]?.map?.entries ?? []
    where !Self.ownAnnotations.contains(entry.key) { annotations[entry.key] = entry.value }
    let patch: Value = .list([
      ["op": "replace", "path": "/spec/template", "value": template],
      ["op": "add", "path": "/metadata/annotations", "value": .map(annotations)],
    ])
    _ = try client.send(
      "PATCH", target.path, query: query, contentType: "application/json-patch+json", patch)
    return "rolled back"
  }
}
