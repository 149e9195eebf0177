/// The counts of a set of changes, and the sentence that they make.
public struct ChangeSummary: Hashable, Sendable {
  public var created = 0
  public var updated = 0
  public var replaced = 0
  public var deleted = 0
  public var unchanged = 0
  public var skipped = 0
  public var failed = 0
  /// Inputs that could not be read.
  public var unreadable = 0
  /// Pods that end because of rollouts.
  public var rolledPods = 0

  public init(_ set: ChangeSet) {
    created = set.count(.create)
    updated = set.count(.update)
    replaced = set.count(.replace)
    deleted = set.count(.delete)
    unchanged = set.count(.unchanged)
    skipped = set.count(.skipped)
    failed = set.count(.failed)
    unreadable = set.problems.count
    rolledPods = set.rolledPods
  }

  /// `2 to add, 1 to change (rolls 3 pods), 1 to replace, 14 unchanged`.
  public var text: String {
    var parts: [String] = []
    func add(_ count: Int, _ what: String) { if count > 0 { parts.append("\(count) \(what)") } }
    add(created, "to add")
    let pods = rolledPods == 0 ? "" : " (rolls \(PodEffect.pods(rolledPods)))"
    add(updated, "to change" + pods)
    add(replaced, "to replace")
    add(deleted, "to delete")
    add(unchanged, "unchanged")
    add(skipped, "skipped")
    add(failed, "with errors")
    add(unreadable, "unreadable")
    return parts.isEmpty ? "no objects" : parts.joined(separator: ", ")
  }

  /// What it comes to, in a few words: the first line of every output for people.
  public func verdict(isDrift: Bool = false) -> String {
    if failed > 0 {
      return failed == 1
        ? "1 object cannot be applied" : "\(failed) objects cannot be applied"
    }
    if unreadable > 0 {
      return unreadable == 1
        ? "1 input cannot be read" : "\(unreadable) inputs cannot be read"
    }
    let count = created + updated + replaced + deleted
    if isDrift {
      if count == 0 { return "no drift: what was applied is as it was applied" }
      return count == 1
        ? "1 object has drifted from its manifest" : "\(count) objects have drifted"
    }
    if count == 0 { return "no changes: the cluster is as the manifests say" }
    return count == 1 ? "1 object differs" : "\(count) objects differ"
  }
}
