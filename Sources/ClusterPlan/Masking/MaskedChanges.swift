import ManifestSyntax

extension Masker {
  /// The changes without a secret value: what may be shown and saved.
  public func mask(_ set: ChangeSet) -> ChangeSet {
    var masked = set
    masked.changes = set.changes.map(mask)
    return masked
  }

  public func mask(_ change: ObjectChange) -> ObjectChange {
    guard change.object.isSecret else { return change }
    var masked = change
    masked.before = change.before.map(mask)
    masked.after = change.after.map(mask)
    masked.config = change.config.map(mask)
    // Either version may hold what the other's annotations repeat.
    for index in masked.fields.indices {
      let field = change.fields[index]
      masked.fields[index].old = field.old.map { mask($0, at: field.path, of: change.before) }
      masked.fields[index].new = field.new.map { mask($0, at: field.path, of: change.after) }
    }
    for index in masked.conflicts.indices {
      let conflict = change.conflicts[index]
      masked.conflicts[index].wanted = conflict.wanted.map {
        mask($0, at: conflict.path, of: change.config)
      }
      masked.conflicts[index].found = conflict.found.map {
        mask($0, at: conflict.path, of: change.before)
      }
    }
    return masked
  }
}
