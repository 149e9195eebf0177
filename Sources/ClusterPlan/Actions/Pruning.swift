import ClusterAPI
import ClusterControl
import ManifestRules
import ManifestSyntax

/// Takes out of the cluster what a set no longer holds.
struct Pruning {
  let session: ClusterSession
  let options: PlanOptions
  let inventory: Inventory

  /// Deletes the members that are not among `kept`, dependants first.
  func changes(keeping kept: Set<ObjectIdentity.Key>) -> [ObjectChange] {
    var found: [(change: ObjectChange, references: [Reference])] = []
    for member in inventory.members where !kept.contains(member.object.identityKey) {
      var change = ObjectChange(member.object, .delete)
      guard let resource = session.catalog.preferred(member.object.resource),
        let live = try? session.get(
          resource, namespace: member.object.namespace, name: member.object.name)
      else { continue }
      change.before = live
      change.uid = live["metadata"]?["uid"]?.string
      if change.uid != member.uid {
        change.action = .unchanged
        change.notes.append(
          "not pruned: it was deleted and made anew by somebody else since it was applied")
      } else if live["metadata"]?["annotations"]?["helm.sh/resource-policy"] == "keep" {
        change.action = .unchanged
        change.notes.append("not pruned: 'helm.sh/resource-policy: keep'")
      }
      let references = References.all(
        in: .value(live), member.object.gvk, namespace: member.object.namespace)
      found.append((change, references))
    }
    let order = DependencyOrder(
      found.map { found in
        DependencyOrder.Item(
          name: found.change.object.objectName, references: found.references,
          defines: found.change.before.flatMap(KindDirectory.definition))
      })
    var changes = order.positions.reversed().map { found[$0].change }
    for index in changes.indices where changes[index].action == .delete { delete(&changes[index]) }
    guardThreshold(&changes)
    return changes
  }

  private func delete(_ change: inout ObjectChange) {
    let object = change.object
    change.pods = change.before.flatMap { PodEffect.ofDeletion(object.gvk, $0) }
    change.notes.append("pruned: set '\(inventory.name)' no longer holds it")
    var deleting = DeleteOptions(propagation: .background)
    deleting.uid = change.uid
    do throws(StatusError) {
      let resource = try session.resource(object.resource)
      let deleted = try session.delete(
        resource, namespace: object.namespace, name: object.name, options: deleting)
      if !deleted.isGone { change.notes.append("it goes once its finalizers or pods let it") }
    } catch {
      // What it lived in may have taken it along.
      if error.reason == .notFound { return }
      change.action = .failed
      change.error = ChangeError(error)
    }
  }

  /// Refuses what looks like a mistake, until somebody agrees.
  private func guardThreshold(_ changes: inout [ObjectChange]) {
    if options.isConfirmed { return }
    let count = changes.count { $0.action == .delete }
    let isMuch = count > options.prunedMax
    for index in changes.indices where changes[index].action == .delete {
      let isHome = ["Namespace", "CustomResourceDefinition"].contains(changes[index].object.kind)
      guard isMuch || isHome else { continue }
      changes[index].needsConsent =
        isMuch
        ? "\(count) objects would be pruned, more than \(options.prunedMax)"
        : "everything in it goes along"
    }
  }
}
