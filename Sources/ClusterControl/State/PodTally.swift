import ManifestSyntax

/// How many pods an owner has, kept up to date with every write so that nobody has to count.
public struct PodTally: Sendable {
  /// The pods that carry the same labels.
  public struct Group: Sendable {
    public let labels: ValueMap
    /// Neither finished nor being deleted.
    public fileprivate(set) var active = 0
    /// Active and ready.
    public fileprivate(set) var ready = 0
    /// Being deleted, and not finished.
    public fileprivate(set) var terminating = 0
    fileprivate var members = 0
  }

  /// One group for each set of labels, in the order of their first pods.
  public private(set) var groups: [Group] = []
  /// How many active pods each node has; those without a node are under the empty name.
  public private(set) var activeByNode: [String: Int] = [:]

  var isEmpty: Bool { groups.isEmpty }

  mutating func add(_ object: ClusterObject) {
    count(object, by: 1)
    if object.isActivePod { place(object, by: 1) }
  }

  mutating func remove(_ object: ClusterObject) {
    count(object, by: -1)
    if object.isActivePod { place(object, by: -1) }
  }

  /// Counts a new version of a pod in the place of an old one.
  mutating func replace(_ old: ClusterObject, by new: ClusterObject) {
    count(old, by: -1)
    count(new, by: 1)
    guard old.isActivePod != new.isActivePod || old.pod?.node != new.pod?.node else { return }
    if old.isActivePod { place(old, by: -1) }
    if new.isActivePod { place(new, by: 1) }
  }

  private mutating func place(_ object: ClusterObject, by step: Int) {
    let node = object.pod?.node ?? ""
    let count = (activeByNode[node] ?? 0) + step
    activeByNode[node] = count == 0 ? nil : count
  }

  private mutating func count(_ object: ClusterObject, by step: Int) {
    guard let pod = object.pod else { return }
    // Pods of one template share their labels, so this compares no text as a rule.
    let index = groups.firstIndex { $0.labels == object.labels } ?? groups.count
    if index == groups.count { groups.append(Group(labels: object.labels)) }
    groups[index].members += step
    if !pod.isTerminal {
      if object.isTerminating {
        groups[index].terminating += step
      } else {
        groups[index].active += step
        if pod.isReady { groups[index].ready += step }
      }
    }
    if groups[index].members == 0 { groups.remove(at: index) }
  }
}
