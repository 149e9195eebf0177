import ClusterControl
import ClusterEngine
import ManifestSyntax

/// One thing that happened, in words; what only machines care about has none.
enum LogText {
  /// Bookkeeping that follows from everything else.
  private static let noise: Set<String> = ["events", "leases", "endpointslices", "endpoints"]

  static func isNoise(_ key: ResourceKey) -> Bool { noise.contains(key.plural) }

  static func text(_ what: LogEntry.What) -> String? {
    switch what {
    case .change(let change): return isNoise(change.key) ? nil : text(change)
    case .event(let event):
      // What went well shows in the changes.
      guard event.kind == .warning else { return nil }
      return "warning: \(name(event.about)): \(event.reason): \(event.message)"
    case .refusal(let refusal, let key):
      if refusal.reason == .conflict { return nil }
      let about = key.map { name($0) + ": " } ?? ""
      return "refused: \(about)\(refusal.message)"
    }
  }

  private static func text(_ change: Change) -> String? {
    guard let new = change.new else { return "\(name(change.key)) is gone" }
    guard let old = change.old else { return "\(name(change.key)) is made" }
    if new.isTerminating, !old.isTerminating { return "\(name(change.key)) is to go" }
    switch change.key.resource {
    case .pods: return pod(old, new)
    case .nodes: return node(old, new)
    default: return workload(old, new)
    }
  }

  /// `pod shop/web-abc`.
  static func name(_ key: ResourceKey) -> String {
    let plural = key.plural
    let kind = plural.hasSuffix("s") ? String(plural.dropLast()) : plural
    return "\(kind) \(key.namespace.map { $0 + "/" } ?? "")\(key.name)"
  }

  private static func pod(_ old: ClusterObject, _ new: ClusterObject) -> String? {
    let name = name(new.key)
    if old.pod?.node == nil, let node = new.pod?.node { return "\(name) goes to node \(node)" }
    let known = Set(PodTrouble.all(of: old.value, isPatient: true).map(\.topic))
    let troubles = PodTrouble.all(of: new.value, isPatient: true)
    if let trouble = troubles.first(where: { !known.contains($0.topic) }) {
      return "\(name): \(trouble.text)"
    }
    if old.pod?.isReady != new.pod?.isReady {
      return "\(name) is \(new.pod?.isReady == true ? "ready" : "no more ready")"
    }
    if let phase = new.pod?.phase, phase != old.pod?.phase {
      return "\(name) is \(phase.rawValue.lowercased())"
    }
    if restarts(new) > restarts(old) { return "\(name) starts a container again" }
    return nil
  }

  private static func restarts(_ pod: ClusterObject) -> Int64 {
    (pod.value["status"]?["containerStatuses"]?.list ?? []).reduce(0) {
      $0 &+ ($1["restartCount"]?.int64 ?? 0)
    }
  }

  private static func node(_ old: ClusterObject, _ new: ClusterObject) -> String? {
    let name = name(new.key)
    let states = [old, new].map { $0.condition("Ready")?["status"]?.string ?? "Unknown" }
    if states[0] != states[1] {
      return "\(name) is \(states[1] == "True" ? "ready" : "not ready (\(states[1]))")"
    }
    let taints = [old, new].map { node in
      Set((node.value["spec"]?["taints"]?.list ?? []).map(taint))
    }
    let added = taints[1].subtracting(taints[0]).sorted()
    if !added.isEmpty { return "\(name) is tainted \(added.joined(separator: ", "))" }
    let gone = taints[0].subtracting(taints[1]).sorted()
    return gone.isEmpty ? nil : "\(name) loses the taint \(gone.joined(separator: ", "))"
  }

  private static func taint(_ value: Value) -> String {
    "\(value["key"]?.string ?? ""):\(value["effect"]?.string ?? "")"
  }

  private static func workload(_ old: ClusterObject, _ new: ClusterObject) -> String? {
    let name = name(new.key)
    let sizes = [old, new].map { $0.value["spec"]?["replicas"]?.int64 }
    if let before = sizes[0], let after = sizes[1], before != after {
      return "\(name) is scaled from \(before) to \(after)"
    }
    guard new.key.resource == .deployments else { return nil }
    let statuses = [old, new].map { RolloutStatus($0.key, $0.value) }
    guard statuses[0] != statuses[1] else { return nil }
    switch statuses[1] {
    case .done: return "\(name) is rolled out"
    case .failed(let text): return "\(name): \(text)"
    case .waiting: return nil
    }
  }
}
