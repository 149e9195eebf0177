/// All objects of one resource, and the ways to find them.
///
/// Objects stand in slots, in the order of their creation; the indexes hold slot numbers. That
/// makes every listing deterministic and a copy of the table a handful of references.
struct ObjectTable: Sendable {
  private struct Name: Hashable, Sendable {
    var namespace: String
    var name: String

    init(_ key: ResourceKey) {
      namespace = key.namespace ?? ""
      name = key.name
    }
  }

  let resource: GroupResource
  private var slots: [ClusterObject?] = []
  private var places: [Name: Int32] = [:]
  private var byNamespace: [String: SlotSet] = [:]
  private var byOwner: [String: SlotSet] = [:]
  private var byNode: [String: SlotSet] = [:]
  /// Those that no controller manages, by namespace.
  private var uncontrolled: [String: SlotSet] = [:]
  private var tallies: [String: PodTally] = [:]

  init(of resource: GroupResource) { self.resource = resource }

  var count: Int { places.count }

  func object(_ key: ResourceKey) -> ClusterObject? {
    places[Name(key)].flatMap { slots[Int($0)] }
  }

  var all: [ClusterObject] { slots.compactMap { $0 } }
  func objects(in namespace: String) -> [ClusterObject] { objects(byNamespace[namespace]) }
  func objects(ownedBy uid: String) -> [ClusterObject] { objects(byOwner[uid]) }
  func objects(on node: String) -> [ClusterObject] { objects(byNode[node]) }
  func uncontrolled(in namespace: String) -> [ClusterObject] {
    objects(uncontrolled[namespace])
  }
  func tally(ownedBy uid: String) -> PodTally { tallies[uid] ?? PodTally() }

  /// The objects of an owner that are wanted. Making a list of all of them first would cost more
  /// than looking at them.
  func objects(
    ownedBy uid: String, where isWanted: (ClusterObject) -> Bool
  ) -> [ClusterObject] {
    var objects: [ClusterObject] = []
    for slot in byOwner[uid]?.slots ?? [] {
      if let object = slots[Int(slot)], isWanted(object) { objects.append(object) }
    }
    return objects
  }

  private func objects(_ set: SlotSet?) -> [ClusterObject] {
    guard let set else { return [] }
    return set.slots.compactMap { slots[Int($0)] }
  }

  /// Puts a new version of an object in its place; returns the one before.
  @discardableResult
  mutating func put(_ object: ClusterObject) -> ClusterObject? {
    let name = Name(object.key)
    if let slot = places[name] {
      let old = slots[Int(slot)]
      slots[Int(slot)] = object
      if let old { reindex(slot, from: old, to: object) }
      return old
    }
    let slot = Int32(slots.count)
    slots.append(object)
    places[name] = slot
    byNamespace[name.namespace, default: SlotSet()].insert(slot)
    index(slot, object)
    return nil
  }

  @discardableResult
  mutating func remove(_ key: ResourceKey) -> ClusterObject? {
    let name = Name(key)
    guard let slot = places.removeValue(forKey: name), let old = slots[Int(slot)] else {
      return nil
    }
    slots[Int(slot)] = nil
    Self.remove(slot, from: &byNamespace, name.namespace)
    unindex(slot, old)
    if slots.count > 1024, places.count < slots.count / 4 { compact() }
    return old
  }

  /// Gives up the empty slots; the order stays.
  private mutating func compact() {
    let objects = all
    self = ObjectTable(of: resource)
    for object in objects { put(object) }
  }

  // MARK: - Indexes

  private mutating func reindex(_ slot: Int32, from old: ClusterObject, to new: ClusterObject) {
    if old.owners == new.owners, old.pod?.node == new.pod?.node {
      retally(from: old, to: new)
    } else {
      unindex(slot, old)
      index(slot, new)
    }
  }

  private mutating func retally(from old: ClusterObject, to new: ClusterObject) {
    guard old.pod != nil, let uid = new.controller?.uid else { return }
    tallies[uid, default: PodTally()].replace(old, by: new)
  }

  private mutating func index(_ slot: Int32, _ object: ClusterObject) {
    for owner in object.owners { byOwner[owner.uid, default: SlotSet()].insert(slot) }
    if let node = object.pod?.node { byNode[node, default: SlotSet()].insert(slot) }
    if let controller = object.controller {
      if object.pod != nil { tallies[controller.uid, default: PodTally()].add(object) }
    } else {
      uncontrolled[object.namespace ?? "", default: SlotSet()].insert(slot)
    }
  }

  private mutating func unindex(_ slot: Int32, _ object: ClusterObject) {
    for owner in object.owners { Self.remove(slot, from: &byOwner, owner.uid) }
    if let node = object.pod?.node { Self.remove(slot, from: &byNode, node) }
    if let controller = object.controller {
      tallies[controller.uid]?.remove(object)
      if tallies[controller.uid]?.isEmpty == true { tallies[controller.uid] = nil }
    } else {
      Self.remove(slot, from: &uncontrolled, object.namespace ?? "")
    }
  }

  private static func remove(_ slot: Int32, from index: inout [String: SlotSet], _ key: String) {
    index[key]?.remove(slot)
    if index[key]?.isEmpty == true { index[key] = nil }
  }
}
