import ClusterAPI
import ClusterStore
import ManifestSchema
import ManifestSyntax

/// Sends recorded requests to a cluster of ours, as they were sent to a real one.
struct RecordedCluster {
  private let template: MemoryStore
  private let cluster: LocalCluster
  static let namespace = "conf"

  /// - Parameter isDualStack: The cluster has addresses of both families.
  init(isDualStack: Bool, withoutPodAdmission: Bool) throws(StatusError) {
    template = MemoryStore()
    var settings = ClusterSettings()
    if isDualStack { settings.serviceCIDRs = ["10.96.0.0/12", "fd00:10:96::/112"] }
    cluster = try LocalCluster(
      store: template, clock: ManualClock(), seed: 7, settings: settings,
      withoutAdmission: withoutPodAdmission ? [LocalCluster.podPlugins] : [])
    let body: Value = [
      "apiVersion": "v1", "kind": "Namespace", "metadata": ["name": .string(Self.namespace)],
    ]
    _ = cluster.answer(
      APIRequest(method: "POST", target: "/api/v1/namespaces", body: JSONWriter.bytes(body)))
  }

  /// The cluster as it was at first.
  func fresh() -> LocalCluster { LocalCluster(cluster, over: template.fork()) }

  /// The path of the objects of a recorded kind.
  static func path(_ kind: String) -> String {
    switch kind {
    case "Deployment": "/apis/apps/v1/namespaces/\(namespace)/deployments"
    case "ReplicaSet": "/apis/apps/v1/namespaces/\(namespace)/replicasets"
    case "Service": "/api/v1/namespaces/\(namespace)/services"
    default: "/api/v1/namespaces/\(namespace)/pods"
    }
  }
}

extension APIResponse {
  var value: Value {
    JSONReader.read(SourceText(name: "<answer>", bytes: body)).tree?.value() ?? .null
  }
}

/// How one answer compares with a recorded one.
struct AnswerComparison {
  var lines: [String] = []

  /// Compares code and causes.
  mutating func compare(_ answer: APIResponse, _ recorded: Value, code: String = "httpCode") {
    let status = answer.value
    if let wanted = recorded[code]?.int64, wanted != Int64(answer.code) {
      lines.append(
        "code \(answer.code) instead of \(wanted): \(status["message"]?.string?.prefix(300) ?? "")")
      return
    }
    if let wanted = recorded["reason"]?.string, !wanted.isEmpty, answer.code >= 400,
      status["reason"]?.string != wanted
    {
      lines.append("reason \(status["reason"] ?? .null) instead of \(wanted)")
    }
    let causes = status["details"]?["causes"]?.list ?? []
    if let wanted = recorded["causes"]?.list {
      let mine = Set(causes.map { "\($0["reason"]?.string ?? "") \($0["field"]?.string ?? "")" })
      let theirs = Set(wanted.map { "\($0["type"]?.string ?? "") \($0["field"]?.string ?? "")" })
      let (missing, extra) = (theirs.subtracting(mine), mine.subtracting(theirs))
      if !missing.isEmpty || !extra.isEmpty {
        lines.append("causes missing: \(missing.sorted()), extra: \(extra.sorted())")
      }
    }
    guard answer.code == 409 else { return }
    let conflicts = (recorded["conflicts"]?.list ?? []).map { conflict in
      var text = "conflict with \"\(conflict["manager"]?.string ?? "")\""
      if let part = conflict["subresource"]?.string { text += " with subresource \"\(part)\"" }
      if let version = conflict["apiVersion"]?.string { text += " using \(version)" }
      return "\(conflict["field"]?.string ?? "") \(text)"
    }
    let mine = Set(causes.map { "\($0["field"]?.string ?? "") \($0["message"]?.string ?? "")" })
    if mine != Set(conflicts) {
      lines.append("conflicts \(mine.sorted()) instead of \(conflicts.sorted())")
    }
  }
}
