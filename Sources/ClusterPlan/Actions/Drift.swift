import ManifestSyntax

/// Keeps of a difference only what others changed since it was applied.
enum Drift {
  static func only(_ set: ChangeSet) -> ChangeSet {
    var drift = set
    drift.changes = set.changes.map(only)
    return drift
  }

  private static func only(_ change: ObjectChange) -> ObjectChange {
    var change = change
    switch change.action {
    case .update:
      // What the manager still owns differs since the manifest was edited.
      change.fields = change.fields.filter { field in
        field.reason == .manifest && !field.isOwned
      }
      for index in change.fields.indices { change.fields[index].reason = .drift }
      change.pods = nil
      change.released = []
      if change.fields.isEmpty { change.action = .unchanged }
    case .create:
      change.notes.append("it is missing in the cluster")
    case .replace, .delete:
      change.action = .unchanged
      change.fields = []
      change.replacement = nil
      change.pods = nil
    case .unchanged, .skipped, .failed: break
    }
    return change
  }
}
