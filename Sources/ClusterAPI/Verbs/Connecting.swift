import ClusterControl
import ManifestSchema
import ManifestSyntax

/// What is posted to an object rather than created: its place on a node, its eviction.
extension ClusterSession {
  func answerConnect(
    _ request: APIRequest, _ target: RequestTarget, _ name: String
  ) throws(StatusError) -> APIResponse {
    guard target.resource.resource == .pods else { throw .methodNotAllowed() }
    let body = try RequestBody.value(of: RequestBody.object(request))
    let written = body.metadataText("name")
    guard written.isEmpty || written == name else {
      throw .badRequest(
        "the name of the object (\(written)) does not match the name on the URL (\(name))")
    }
    switch target.subresource {
    case "binding": return try bind(body, namespace: target.namespace, name: name)
    case "eviction": return try evict(body, namespace: target.namespace, name: name)
    default: throw .methodNotAllowed()
    }
  }

  private static let success: Value = [
    "kind": "Status", "apiVersion": "v1", "metadata": .emptyMap, "status": "Success", "code": 201,
  ]

  /// Puts a pod onto a node: what a scheduler does.
  func bind(_ binding: Value, namespace: String?, name: String) throws(StatusError) -> APIResponse {
    let pods = try resource(.pods)
    guard let node = binding["target"]?["name"]?.string, !node.isEmpty else {
      throw .invalid(
        group: "", kind: "Binding", name,
        [
          StatusError.Cause(
            reason: "FieldValueRequired", message: "the node is not named", field: "target.name")
        ])
    }
    let place = Place(pods, namespace, name)
    guard let existing = try existing(place) else { throw .notFound(.pods, name) }
    var pod = existing.object
    if pod["metadata"]?["deletionTimestamp"] != nil {
      throw .conflict(.pods, name, "pod \(name) is being deleted, cannot be assigned to a host")
    }
    let known = pod["spec"]?["nodeName"]?.string ?? ""
    if !known.isEmpty {
      throw .conflict(.pods, name, "pod \(name) is already assigned to node \"\(known)\"")
    }
    if pod["spec"]?["schedulingGates"]?.list?.isEmpty == false {
      throw .conflict(.pods, name, "pod \(name) has scheduling gates and cannot be bound yet")
    }
    pod.change("spec") { $0["nodeName"] = .string(node) }
    pod.change("metadata") { metadata in
      for entry in binding["metadata"]?["annotations"]?.map?.entries ?? [] {
        metadata.change("annotations") { $0[entry.key] = entry.value }
      }
    }
    pod.change("status") { status in
      var conditions = status["conditions"]?.list ?? []
      conditions.removeAll { $0["type"] == "PodScheduled" }
      conditions.append([
        "type": "PodScheduled", "status": "True", "lastProbeTime": .null,
        "lastTransitionTime": .string(time),
      ])
      status["conditions"] = .list(conditions)
    }
    _ = try store(pod, at: place, nil, AdmissionOutcome(), isNew: false)
    return APIResponse(code: 201, Self.success)
  }

  /// Deletes a pod if its disruption budgets allow.
  private func evict(
    _ eviction: Value, namespace: String?, name: String
  ) throws(StatusError) -> APIResponse {
    let pods = try resource(.pods)
    guard let existing = try existing(Place(pods, namespace, name)) else {
      throw .notFound(.pods, name)
    }
    var options = DeleteOptions()
    if let wanted = eviction["deleteOptions"] { options = try DeleteOptions(wanted) }
    let phase = existing.object["status"]?["phase"]
    let isOver =
      phase == "Succeeded" || phase == "Failed" || phase == "Pending"
      || existing.object["metadata"]?["deletionTimestamp"] != nil
    if !isOver { try spendBudget(of: existing.object, namespace) }
    _ = try delete(pods, namespace: namespace, name: name, options: options)
    return APIResponse(code: 201, Self.success)
  }

  /// Whether a pod may go without being counted: one that is not ready serves nobody. It may while
  /// enough others are healthy, or always if the budget says so.
  private static func isFree(_ pod: Value, _ budget: Value) -> Bool {
    let ready = pod["status"]?["conditions"]?.list?.first { $0["type"] == "Ready" }
    if ready?["status"] == "True" { return false }
    if budget["spec"]?["unhealthyPodEvictionPolicy"] == "AlwaysAllow" { return true }
    let desired = budget["status"]?["desiredHealthy"]?.int64 ?? 0
    return desired > 0 && budget["status"]?["currentHealthy"]?.int64 ?? 0 >= desired
  }

  private func spendBudget(of pod: Value, _ namespace: String?) throws(StatusError) {
    let budgets = try resource(GroupResource(group: "policy", "poddisruptionbudgets"))
    var labels: [String: String] = [:]
    for entry in pod["metadata"]?["labels"]?.map?.entries ?? [] {
      labels[entry.key] = entry.value.string ?? ""
    }
    var concerned: [Value] = []
    for budget in try list(ObjectListQuery(budgets, namespace: namespace)).objects
    where budget["spec"]?["selector"].map({ SelectorValue.matches($0, labels) }) ?? false {
      concerned.append(budget)
    }
    guard var budget = concerned.first else { return }
    if concerned.count > 1 {
      throw .internalError("the pod has more than one disruption budget")
    }
    if Self.isFree(pod, budget) { return }
    let name = budget.metadataText("name")
    let allowed = budget["status"]?["disruptionsAllowed"]?.int64 ?? 0
    let observed = budget["status"]?["observedGeneration"]?.int64 ?? 0
    let generation = budget["metadata"]?["generation"]?.int64 ?? 0
    guard allowed > 0, observed >= generation else {
      var refusal = StatusError(
        429, .tooManyRequests,
        "Cannot evict pod as it would violate the pod's disruption budget.")
      refusal.details.causes = [
        StatusError.Cause(
          reason: "DisruptionBudget",
          message: "the disruption budget \(name) allows \(allowed) disruptions now")
      ]
      throw refusal
    }
    budget.change("status") { status in
      status["disruptionsAllowed"] = .int(allowed - 1)
      status.change("disruptedPods") { $0[pod.metadataText("name")] = .string(time) }
    }
    let place = Place(budgets, namespace, name)
    _ = try store(budget, at: place, nil, AdmissionOutcome(), isNew: false)
  }
}

/// A label selector as objects hold it.
enum SelectorValue {
  static func matches(_ selector: Value, _ labels: [String: String]) -> Bool {
    for entry in selector["matchLabels"]?.map?.entries ?? []
    where labels[entry.key] != entry.value.string {
      return false
    }
    for expression in selector["matchExpressions"]?.list ?? [] {
      let value = labels[expression["key"]?.string ?? ""]
      let values = expression["values"]?.list?.compactMap(\.string) ?? []
      let isMet =
        switch expression["operator"]?.string {
        case "In": value.map(values.contains) ?? false
        case "NotIn": !(value.map(values.contains) ?? false)
        case "Exists": value != nil
        case "DoesNotExist": value == nil
        default: false
        }
      if !isMet { return false }
    }
    return true
  }
}
