import ClusterControl
import ManifestRules
import ManifestSyntax

/// Says of workloads that use a changed ConfigMap or Secret that their pods do not notice.
enum ConfigUse {
  static func note(in set: inout ChangeSet, _ prepared: PreparedSet) {
    var changed: Set<ObjectName> = []
    for change in set.changes where change.action == .update || change.action == .replace {
      guard ["ConfigMap", "Secret"].contains(change.object.kind), change.object.resource.group == ""
      else { continue }
      changed.insert(change.object.objectName)
    }
    if changed.isEmpty { return }
    var uses: [ObjectIdentity.Key: [String]] = [:]
    for item in prepared.all {
      for reference in item.references {
        guard case .object(let name) = reference.target, changed.contains(name) else { continue }
        let text = "\(name.kind.lowercased())/\(name.name)"
        if uses[item.object.identityKey, default: []].contains(text) { continue }
        uses[item.object.identityKey, default: []].append(text)
      }
    }
    for index in set.changes.indices {
      guard let names = uses[set.changes[index].object.identityKey] else { continue }
      let isRestarting = set.changes[index].pods?.kind.restarts ?? false
      guard !isRestarting, set.changes[index].action != .create,
        set.changes[index].object.kind != "ServiceAccount"
      else { continue }
      set.changes[index].notes.append(
        "uses \(names.joined(separator: ", ")), which changes; its pods do not restart for that")
    }
  }
}
