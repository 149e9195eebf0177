import ManifestSchema
import ManifestSyntax

/// Keeps what a namespace holds within its quotas, and notes in them what is in use.
///
/// It runs last: whatever another step refuses must not count.
struct ResourceQuotaStep: AdmissionStep {
  static let name = "ResourceQuota"

  func validate(
    _ object: Value?, old: Value?, _ request: AdmissionRequest, _ cluster: any ClusterReader,
    into outcome: inout AdmissionOutcome
  ) throws(AdmissionRefusal) {
    guard let object, request.namespace != nil, request.resource != .namespaces,
      let evaluator = QuotaEvaluator(request.resource), Self.concerns(request, evaluator)
    else { return }
    let quotas = try cluster.list(.resourceQuotas, namespace: request.namespace)
    for quota in quotas {
      let status = QuotaStatus(quota, namespace: request.namespace)
      let limited = status.hard.names.filter(evaluator.counts)
      guard !limited.isEmpty, status.scopes.match(object, request.resource) else { continue }
      if let missing = evaluator.missing(in: object, limited: limited) {
        throw .forbidden(request, "failed quota: \(quota.metadataName): must specify \(missing)")
      }
      let added = Self.added(object, old, request, evaluator, status.scopes)
        .filter { limited.contains($0) }
      guard added.amounts.contains(where: { !$0.value.isZero }) else { continue }
      if let update = try charge(added, to: status, request, cluster) {
        outcome.updates.append(update)
      }
    }
  }

  private static func concerns(_ request: AdmissionRequest, _ evaluator: QuotaEvaluator) -> Bool {
    switch (request.operation, request.subresource) {
    case (.create, nil): return true
    case (.update, nil): return evaluator.followsUpdates && request.resource != .pods
    case (.update, "resize"): return request.resource == .pods
    default: return false
    }
  }

  /// What the request adds to what is in use.
  private static func added(
    _ object: Value, _ old: Value?, _ request: AdmissionRequest, _ evaluator: QuotaEvaluator,
    _ scopes: QuotaScopes
  ) -> ResourceAmounts {
    let usage = evaluator.usage(of: object)
    guard request.operation == .update, let old, scopes.match(old, request.resource) else {
      return usage
    }
    return usage.subtracting(evaluator.usage(of: old))
  }

  /// The quota as it is after the request; refuses what goes beyond it.
  private func charge(
    _ added: ResourceAmounts, to status: QuotaStatus, _ request: AdmissionRequest,
    _ cluster: any ClusterReader
  ) throws(AdmissionRefusal) -> AdmissionOutcome.Update? {
    func exceeded(_ used: ResourceAmounts) -> [String] {
      added.names.filter { name in
        guard let more = added[name], more.sign > 0, let limit = status.hard[name] else {
          return false
        }
        return limit < (used[name] ?? .zero) + more
      }
    }
    var used = if let known = status.used { known } else { try status.count(cluster) }
    var beyond = exceeded(used)
    // What is gone may not have been taken off yet.
    if !beyond.isEmpty, status.used != nil {
      used = try status.count(cluster)
      beyond = exceeded(used)
    }
    guard beyond.isEmpty else {
      throw .forbidden(
        request,
        "exceeded quota: \(status.key.name), requested: "
          + added.filter { beyond.contains($0) }.text + ", used: "
          + used.filter { beyond.contains($0) }.text + ", limited: "
          + status.hard.filter { beyond.contains($0) }.text)
    }
    return status.update(used.adding(added))
  }
}
