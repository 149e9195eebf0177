import ManifestSchema
import ManifestSyntax

/// How many pods there are of each controller and with which labels, kept up to date with every
/// change, so that a budget over ten thousand pods is a handful of sums.
struct PodCensus: Sendable {
  struct Group: Sendable {
    let labels: ValueMap
    let controller: ClusterObject.Owner?
    fileprivate(set) var count = 0
    /// Ready, and not being deleted.
    fileprivate(set) var healthy = 0
  }

  /// By namespace, then by the controller's uid.
  private var groups: [String: [String: [Group]]] = [:]
  /// Each pod as it was counted.
  private var counted: [ResourceKey: ClusterObject] = [:]

  /// The groups of a namespace, in the order of their controllers' uids.
  func groups(in namespace: String) -> [Group] {
    let own = groups[namespace] ?? [:]
    return own.keys.sorted().flatMap { own[$0] ?? [] }
  }

  /// Counts a pod as it is now. Telling the same twice, or missing something, does no harm.
  mutating func take(_ change: Change) {
    if let old = counted.removeValue(forKey: change.key) { count(old, by: -1) }
    if let new = change.new {
      count(new, by: 1)
      counted[change.key] = new
    }
  }

  private mutating func count(_ pod: ClusterObject, by step: Int) {
    let namespace = pod.namespace ?? ""
    let uid = pod.controller?.uid ?? ""
    var own = groups[namespace]?[uid] ?? []
    groups[namespace]?[uid] = nil
    let place = own.firstIndex { $0.labels == pod.labels } ?? own.count
    if place == own.count { own.append(Group(labels: pod.labels, controller: pod.controller)) }
    own[place].count += step
    if Self.isHealthy(pod) { own[place].healthy += step }
    if own[place].count <= 0 { own.remove(at: place) }
    groups[namespace, default: [:]][uid] = own.isEmpty ? nil : own
  }

  /// Forgets the pods of a namespace that nobody asks for any more.
  mutating func forget(_ namespace: String) {
    groups[namespace] = nil
    counted = counted.filter { $0.key.namespace != namespace }
  }

  static func isHealthy(_ pod: ClusterObject) -> Bool {
    pod.pod?.isReady == true && !pod.isTerminating
  }
}
