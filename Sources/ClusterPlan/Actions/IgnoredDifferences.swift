import ManifestMerge
import ManifestSyntax

/// Finds what differs between a manifest and the stored object without meaning anything.
struct IgnoredDifferences {
  let comparison: FieldComparison

  /// - Parameters:
  ///   - stored: The object after applying.
  ///   - configured: What the manifest sets.
  func all(
    config: Value, stored: Value, _ configured: FieldSet, _ ownership: Ownership
  ) -> [IgnoredDifference] {
    var found: [IgnoredDifference] = []
    for path in configured.leaves.paths {
      guard let written = config.part(at: path), let kept = stored.part(at: path) else { continue }
      if written != kept {
        found.append(IgnoredDifference(path: path, reason: reason(written, kept)))
      }
    }
    let difference = ObjectDiff(
      from: config, to: comparison.comparable(stored), types: comparison.types)
    for change in difference.changes {
      switch change.kind {
      case .reordered: found.append(IgnoredDifference(path: change.path, reason: .order))
      case .added:
        let owners = ownership.owners(of: change.path)
        found.append(
          IgnoredDifference(
            path: change.path, reason: owners.isEmpty ? .defaulted : .foreign, owners: owners))
      case .modified, .removed: break
      }
    }
    if stored["status"] != nil {
      found.append(IgnoredDifference(path: [.field("status")], reason: .server))
    }
    return found
  }

  private func reason(_ written: Value, _ kept: Value) -> IgnoredDifference.Reason {
    if case .list(let left) = written, case .list(let right) = kept,
      left.count == right.count, Set(left) == Set(right)
    {
      return .order
    }
    return .spelling
  }
}
