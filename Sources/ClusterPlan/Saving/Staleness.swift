import ManifestSyntax

/// Compares what a plan says with what applying it would do now.
enum Staleness {
  /// What has moved since the plan was made, a line each; empty where all is as it was.
  static func reasons(_ plan: SavedPlan, now set: ChangeSet, _ masker: Masker) -> [String] {
    var found: [String] = []
    var changes: [ObjectIdentity.Key: ObjectChange] = [:]
    for change in set.changes { changes[change.object.identityKey] = masker.mask(change) }
    for step in plan.steps {
      let change = changes.removeValue(forKey: step.object.identityKey)
      found += reasons(step, now: change)
    }
    for change in set.changes where changes[change.object.identityKey] != nil && change.isChange {
      found.append(
        "\(change.object.fullLabel): the plan leaves it alone, now it would be "
          + Self.past(change.action))
    }
    return found
  }

  /// Whether every object is already as the plan would make it.
  static func isDone(_ plan: SavedPlan, now set: ChangeSet) -> Bool {
    guard !set.hasErrors else { return false }
    let pending = Set(set.changes.filter(\.isChange).map(\.object.identityKey))
    return plan.steps.allSatisfy { !pending.contains($0.object.identityKey) } && pending.isEmpty
  }

  private static func reasons(_ step: SavedPlan.Step, now change: ObjectChange?) -> [String] {
    let label = step.object.fullLabel
    guard let change else {
      return step.action == .delete ? ["\(label): it is gone already"] : ["\(label): it is gone"]
    }
    if let uid = step.uid, let now = change.uid, uid != now {
      return ["\(label): it was deleted and made anew since"]
    }
    if let error = change.error, step.action != change.action {
      return ["\(label): \(error.message)"]
        + change.conflicts.map { "\(label): \($0.sentence)" }
    }
    guard step.action == change.action else {
      switch (step.action, change.action) {
      case (.create, _): return ["\(label): it was to be created and is there now"]
      case (_, .create): return ["\(label): it was there and is gone now"]
      default:
        return ["\(label): it was to be \(past(step.action)), now \(past(change.action))"]
      }
    }
    return fields(step, change).map { "\(label): \($0)" }
  }

  /// The fields whose values or changes are other than planned.
  private static func fields(_ step: SavedPlan.Step, _ change: ObjectChange) -> [String] {
    let now = change.fields.map(JSONChanges.field)
    var found: [String] = []
    var planned: [String: Value] = [:]
    for field in step.fields { planned[field["path"]?.string ?? ""] = field }
    for field in now {
      let path = field["path"]?.string ?? ""
      guard let before = planned.removeValue(forKey: path) else {
        found.append("\(path) would change too: it is \(ValueText.inline(field["old"])) now")
        continue
      }
      if before["old"] != field["old"] {
        found.append(
          "\(path) was \(ValueText.inline(before["old"])), is \(ValueText.inline(field["old"]))")
      } else if before["new"] != field["new"] {
        found.append("\(path) would become \(ValueText.inline(field["new"])) now")
      } else if before["owners"] != field["owners"] {
        found.append("\(path) has other owners now")
      }
    }
    for (path, field) in planned.sorted(by: { $0.key < $1.key }) {
      found.append("\(path) is \(ValueText.inline(field["new"])) already")
    }
    return found
  }

  private static func past(_ action: ObjectChange.Action) -> String {
    switch action {
    case .create: "created"
    case .update: "changed"
    case .replace: "replaced"
    case .delete: "deleted"
    case .unchanged: "left as it is"
    case .skipped: "skipped"
    case .failed: "refused"
    }
  }
}
