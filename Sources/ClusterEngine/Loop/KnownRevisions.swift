import ClusterControl

/// What a controller's own writes made of the objects that its decision replaces: it knows them in
/// their new version, and may go on with that.
struct KnownRevisions {
  /// Only of objects that are replaced whole; edits and deletions ask for no revision.
  private var revisions: [(key: ResourceKey, revision: Int64?)] = []

  init(of decision: Decision) {
    for step in decision.steps {
      for action in step.actions {
        switch action {
        case .update(let object, _), .updateStatus(let object, _):
          if place(of: object.key) == nil { revisions.append((object.key, nil)) }
        default: break
        }
      }
    }
  }

  private func place(of key: ResourceKey) -> Int? { revisions.firstIndex { $0.key == key } }

  /// nil where the version that the action names is still the last.
  func revision(for action: Action) -> Int64? {
    guard !revisions.isEmpty, let key = action.key, let place = place(of: key) else { return nil }
    return revisions[place].revision
  }

  /// Notes what was just written.
  mutating func take(_ changes: [Change]) {
    guard !revisions.isEmpty else { return }
    for change in changes {
      if let place = place(of: change.key) { revisions[place].revision = change.new?.revision }
    }
  }
}
