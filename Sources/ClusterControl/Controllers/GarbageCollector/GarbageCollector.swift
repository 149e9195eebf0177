import ManifestSchema
import ManifestSyntax

/// Deletes objects whose owners are all gone, and lets owners go that wait for their dependents.
///
/// Keys are objects of any kind. Owners are looked up by name and uid where they are said to be; an
/// owner that is elsewhere, or another object of that name, is as good as none.
public struct GarbageCollector: Controller {
  public struct Memory: Sendable {
    /// Where owners of a kind were found before.
    var resources: [String: GroupResource] = [:]
  }

  public static let name = "garbage-collector"
  public static let watches: [GroupResource] = [.any]
  public static var freshMemory: Memory { Memory() }
  static let foreground = "foregroundDeletion"
  static let orphan = "orphan"

  public init() {}

  // MARK: - Waking

  public func observe(
    _ change: Change, _ view: ControllerView, _ memory: inout Memory, _ wakes: inout Wakes
  ) {
    guard let new = change.new else {
      guard let old = change.old else { return }
      for dependent in view.state.dependents(of: old.uid) { wakes.wake(dependent.key) }
      wakeWaitingOwners(of: old, view, &memory, &wakes)
      return
    }
    if let old = change.old, old.owners != new.owners {
      wakeWaitingOwners(of: old, view, &memory, &wakes)
    }
    if new.isTerminating, change.old?.isTerminating != true || change.old?.uid != new.uid {
      let finalizers = new.finalizers
      guard finalizers.contains(Self.foreground) || finalizers.contains(Self.orphan) else { return }
      wakes.wake(new.key)
      for dependent in view.state.dependents(of: new.uid) { wakes.wake(dependent.key) }
      return
    }
    guard !new.owners.isEmpty, change.old.map({ $0.owners != new.owners }) ?? true else { return }
    let owners = Owners(of: new, view.state, &memory)
    if owners.solid.count < new.owners.count { wakes.wake(new.key) }
  }

  /// Owners that are deleted in the foreground wait for each of their dependents.
  private func wakeWaitingOwners(
    of object: ClusterObject, _ view: ControllerView, _ memory: inout Memory,
    _ wakes: inout Wakes
  ) {
    for owner in object.owners {
      let found = Self.find(owner, of: object, view.state, &memory)
      if let found, found.isTerminating { wakes.wake(found.key) }
    }
  }

  // MARK: - Owners

  /// The owners of an object, sorted by what they mean for it.
  struct Owners {
    var solid: [ClusterObject.Owner] = []
    var dangling: [ClusterObject.Owner] = []
    /// Being deleted in the foreground, with the object in their way.
    var waiting: [ClusterObject.Owner] = []

    init(of object: ClusterObject, _ state: ClusterState, _ memory: inout Memory) {
      for owner in object.owners {
        guard let found = GarbageCollector.find(owner, of: object, state, &memory) else {
          dangling.append(owner)
          continue
        }
        if found.isTerminating, found.finalizers.contains(GarbageCollector.foreground) {
          waiting.append(owner)
        } else {
          solid.append(owner)
        }
      }
    }
  }

  static func find(
    _ owner: ClusterObject.Owner, of object: ClusterObject, _ state: ClusterState,
    _ memory: inout Memory
  ) -> ClusterObject? {
    func look(_ resource: GroupResource) -> ClusterObject? {
      for namespace in object.namespace == nil ? [nil] : [object.namespace, nil] {
        let key = ResourceKey(resource, namespace: namespace, name: owner.name)
        if let found = state.object(key), found.uid == owner.uid { return found }
      }
      return nil
    }
    if let known = memory.resources[owner.kind], let found = look(known) { return found }
    for resource in state.resources {
      guard let found = look(resource) else { continue }
      memory.resources[owner.kind] = resource
      return found
    }
    return nil
  }

  // MARK: - Planning

  public func plan(
    _ key: ResourceKey, _ view: ControllerView, _ memory: inout Memory
  ) -> Decision {
    // What is deleted cannot be brought back, so the judgement rests on an uncached read.
    guard let object = view.live.object(key) else { return .done }
    if object.isTerminating { return release(object, view) }
    guard !object.owners.isEmpty else { return .done }
    let owners = Owners(of: object, view.live, &memory)
    guard owners.solid.count < object.owners.count else { return .done }
    var decision = Decision()
    if !owners.solid.isEmpty {
      let gone = Set((owners.dangling + owners.waiting).map(\.uid))
      decision.add(Self.dropOwners(gone, of: object), tolerates: [.notFound])
      return decision
    }
    let dependents = view.live.dependents(of: object.uid)
    if !owners.waiting.isEmpty, !dependents.isEmpty {
      if dependents.contains(where: { $0.isTerminating && $0.finalizers.contains(Self.foreground) })
      {
        // They wait for each other: the object gives way.
        decision.add(Self.unblock(object), tolerates: [.notFound])
      }
      return delete(object, .foreground, decision)
    }
    let finalizers = object.finalizers
    let propagation: Action.Deletion.Propagation =
      finalizers.contains(Self.orphan)
      ? .orphan : finalizers.contains(Self.foreground) ? .foreground : .background
    return delete(object, propagation, decision)
  }

  private func delete(
    _ object: ClusterObject, _ propagation: Action.Deletion.Propagation, _ start: Decision
  ) -> Decision {
    var decision = start
    decision.add(
      .delete(object.key, Action.Deletion(uid: object.uid, propagation: propagation)),
      tolerates: [.notFound])
    decision.because = "its owners are gone"
    return decision
  }

  /// Brings the deletion of an owner to its end: dependents orphaned, or waited for.
  private func release(_ object: ClusterObject, _ view: ControllerView) -> Decision {
    let finalizers = object.finalizers
    var decision = Decision()
    let dependents = view.live.dependents(of: object.uid)
    if finalizers.contains(Self.orphan) {
      decision.add(
        dependents.map { Self.dropOwners([object.uid], of: $0) }, tolerates: [.notFound])
      decision.add(Self.drop(Self.orphan, of: object), tolerates: [.notFound])
      return decision
    }
    guard finalizers.contains(Self.foreground) else { return .done }
    let isBlocked = dependents.contains { dependent in
      dependent.owners.contains { $0.uid == object.uid && $0.blocksDeletion }
    }
    if !isBlocked { decision.add(Self.drop(Self.foreground, of: object), tolerates: [.notFound]) }
    return decision
  }

  // MARK: - Edits

  private static func dropOwners(_ uids: Set<String>, of object: ClusterObject) -> Action {
    let edit = Action.Edit("drop owners") { value in
      value.change("metadata") { metadata in
        let rest = (metadata["ownerReferences"]?.list ?? []).filter {
          !uids.contains($0["uid"]?.string ?? "")
        }
        metadata["ownerReferences"] = rest.isEmpty ? nil : .list(rest)
      }
    }
    return .edit(object.key, uid: object.uid, edit)
  }

  private static func unblock(_ object: ClusterObject) -> Action {
    let edit = Action.Edit("unblock") { value in
      value.change("metadata") { metadata in
        let owners = (metadata["ownerReferences"]?.list ?? []).map { owner in
          var owner = owner
          owner["blockOwnerDeletion"] = false
          return owner
        }
        metadata["ownerReferences"] = .list(owners)
      }
    }
    return .edit(object.key, uid: object.uid, edit)
  }

  private static func drop(_ finalizer: String, of object: ClusterObject) -> Action {
    let edit = Action.Edit("drop finalizer") { value in
      value.change("metadata") { metadata in
        let rest = (metadata["finalizers"]?.list ?? []).filter { $0.string != finalizer }
        metadata["finalizers"] = rest.isEmpty ? nil : .list(rest)
      }
    }
    return .edit(object.key, uid: object.uid, edit)
  }
}
