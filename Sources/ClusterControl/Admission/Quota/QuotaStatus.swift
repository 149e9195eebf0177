import ManifestSchema
import ManifestSyntax

/// What a quota allows and how much of that is in use.
public struct QuotaStatus {
  let quota: Value
  let key: ResourceKey
  let scopes: QuotaScopes
  let hard: ResourceAmounts
  /// What its status says is in use; nil where that does not answer for all that it limits.
  let used: ResourceAmounts?

  init(_ quota: Value, namespace: String?) {
    self.quota = quota
    key = ResourceKey(.resourceQuotas, namespace: namespace, name: quota.metadataName)
    scopes = QuotaScopes(quota)
    hard = ResourceAmounts(quota["spec"]?["hard"])
    let status = quota["status"] ?? .null
    let used = ResourceAmounts(status["used"])
    let isCurrent =
      ResourceAmounts(status["hard"]).amounts == hard.amounts
      && hard.names.allSatisfy { used[$0] != nil }
    self.used = isCurrent ? used : nil
  }

  /// Counts anew what is in use, on the objects that are there.
  func count(_ cluster: any ClusterReader) throws(AdmissionRefusal) -> ResourceAmounts {
    var total = ResourceAmounts()
    for resource in resources {
      guard let evaluator = QuotaEvaluator(resource) else { continue }
      let names = hard.names.filter(evaluator.counts)
      for object in try cluster.list(resource, namespace: key.namespace)
      where scopes.match(object, resource) {
        total.add(evaluator.usage(of: object).filter { names.contains($0) })
      }
    }
    for name in hard.names where total[name] == nil { total[name] = .zero }
    return total
  }

  private static let known: [GroupResource] = [
    .pods, .services, .persistentVolumeClaims, .configMaps, .secrets, .resourceQuotas,
    GroupResource("replicationcontrollers"),
  ]

  /// The kinds that count for what the quota limits.
  private var resources: [GroupResource] {
    var resources = Self.known.filter { resource in
      guard let evaluator = QuotaEvaluator(resource) else { return false }
      return hard.names.contains(where: evaluator.counts)
    }
    for name in hard.names where name.hasPrefix("count/") {
      let parts = name.dropFirst("count/".count).split(separator: ".", maxSplits: 1)
      guard let plural = parts.first else { continue }
      let resource = GroupResource(
        group: parts.count > 1 ? String(parts[1]) : "", String(plural))
      if !resources.contains(resource) { resources.append(resource) }
    }
    return resources
  }

  /// The quota with `used` in its status; nil when that changes nothing.
  func update(_ used: ResourceAmounts) -> AdmissionOutcome.Update? {
    var changed = quota
    let shown = used.filter { hard[$0] != nil }
    changed.set(
      "status", to: ["hard": hard.value, "used": shown.value], in: FieldOrder.object)
    if self.used?.amounts == shown.amounts { return nil }
    return AdmissionOutcome.Update(key: key, object: changed)
  }

  /// The quotas of a namespace with what is in use counted anew: those whose status is not current.
  ///
  /// To be written after objects are gone, and after quotas are made or changed.
  public static func updates(
    namespace: String, _ cluster: any ClusterReader
  ) throws(AdmissionRefusal) -> [AdmissionOutcome.Update] {
    var updates: [AdmissionOutcome.Update] = []
    for quota in try cluster.list(.resourceQuotas, namespace: namespace) {
      let status = QuotaStatus(quota, namespace: namespace)
      if let update = status.update(try status.count(cluster)) { updates.append(update) }
    }
    return updates
  }

  /// The quotas of a namespace that count otherwise once `new` stands in the place of `old`, where
  /// admission does not see to it: objects that go, pods that end.
  ///
  /// To be asked before the change is written; nil stands for an object that is not there.
  public static func updates(
    replacing old: Value?, by new: Value?, _ resource: GroupResource, namespace: String,
    _ cluster: any ClusterReader
  ) throws(AdmissionRefusal) -> [AdmissionOutcome.Update] {
    guard let evaluator = QuotaEvaluator(resource) else { return [] }
    var updates: [AdmissionOutcome.Update] = []
    for quota in try cluster.list(.resourceQuotas, namespace: namespace) {
      let status = QuotaStatus(quota, namespace: namespace)
      func usage(_ object: Value?) -> ResourceAmounts {
        guard let object, status.scopes.match(object, resource) else { return ResourceAmounts() }
        return evaluator.usage(of: object).filter { status.hard[$0] != nil }
      }
      let change = usage(new).subtracting(usage(old))
      guard change.amounts.contains(where: { !$0.value.isZero }) else { continue }
      let used = if let known = status.used { known } else { try status.count(cluster) }
      if let update = status.update(used.adding(change)) { updates.append(update) }
    }
    return updates
  }
}
