import ManifestSyntax

/// Every object of a cluster at one moment.
///
/// A value: a copy is a fork that costs next to nothing until one of the two is written, and shares
/// all objects even then. Listings come in the order in which the objects were created.
public struct ClusterState: Sendable {
  /// By group and plural. Looked at where they are: a copy of a table counts every part of it.
  private var tables: [ObjectTable] = []
  private var places: [GroupResource: Int] = [:]
  /// Rises with every write; an object's `revision` is the one that wrote it.
  public internal(set) var revision: Int64

  /// - Parameter revision: Where the count of writes starts: the store's, for a copy of a store.
  public init(revision: Int64 = 0) { self.revision = revision }

  // MARK: - Reading

  public func object(_ key: ResourceKey) -> ClusterObject? {
    places[key.resource].flatMap { tables[$0].object(key) }
  }

  /// All objects of a kind, of one namespace or (nil) of all.
  public func objects(_ resource: GroupResource, in namespace: String? = nil) -> [ClusterObject] {
    guard let place = places[resource] else { return [] }
    return namespace.map { tables[place].objects(in: $0) } ?? tables[place].all
  }

  public func count(of resource: GroupResource) -> Int {
    places[resource].map { tables[$0].count } ?? 0
  }

  /// The objects of a kind that name the owner, as their controller or otherwise.
  public func objects(_ resource: GroupResource, ownedBy uid: String) -> [ClusterObject] {
    places[resource].map { tables[$0].objects(ownedBy: uid) } ?? []
  }

  /// The objects of a kind whose controller is the owner.
  public func objects(
    _ resource: GroupResource, controlledBy uid: String,
    where isWanted: (ClusterObject) -> Bool = { _ in true }
  ) -> [ClusterObject] {
    guard let place = places[resource] else { return [] }
    return tables[place].objects(ownedBy: uid) { $0.controller?.uid == uid && isWanted($0) }
  }

  /// The objects of a kind that no controller manages.
  public func uncontrolled(_ resource: GroupResource, in namespace: String) -> [ClusterObject] {
    places[resource].map { tables[$0].uncontrolled(in: namespace) } ?? []
  }

  /// The objects of all kinds that name the owner.
  public func dependents(of uid: String) -> [ClusterObject] {
    tables.indices.flatMap { tables[$0].objects(ownedBy: uid) }
  }

  /// The pods bound to a node.
  public func pods(on node: String) -> [ClusterObject] {
    places[.pods].map { tables[$0].objects(on: node) } ?? []
  }

  /// How many pods the controller has.
  public func podTally(controlledBy uid: String) -> PodTally {
    places[.pods].map { tables[$0].tally(ownedBy: uid) } ?? PodTally()
  }

  /// The kinds that there are objects of, by group and plural.
  public var resources: [GroupResource] {
    tables.filter { $0.count > 0 }.map(\.resource)
  }

  // MARK: - Taking over what others wrote

  /// Puts an object in as it is: what a store holds, or what a watch reports.
  public mutating func put(_ object: ClusterObject) {
    revision = max(revision, object.revision)
    let place = places[object.key.resource] ?? addTable(of: object.key.resource)
    tables[place].put(object)
  }

  private mutating func addTable(of resource: GroupResource) -> Int {
    let place =
      tables.firstIndex {
        (resource.group, resource.plural) < ($0.resource.group, $0.resource.plural)
      } ?? tables.count
    tables.insert(ObjectTable(of: resource), at: place)
    for place in tables.indices { places[tables[place].resource] = place }
    return place
  }

  /// Takes an object out as if it had never been.
  public mutating func remove(_ key: ResourceKey) {
    if let place = places[key.resource] { tables[place].remove(key) }
  }

  /// Takes over a change that was made elsewhere.
  public mutating func take(_ change: Change) {
    if let new = change.new { put(new) } else { remove(change.key) }
  }
}

/// One object before and after a write.
public struct Change: Sendable {
  public let key: ResourceKey
  /// nil when it was created.
  public let old: ClusterObject?
  /// nil when it is gone.
  public let new: ClusterObject?

  public init(key: ResourceKey, old: ClusterObject?, new: ClusterObject?) {
    self.key = key
    self.old = old
    self.new = new
  }
}

extension GroupResource {
  public static let deployments = GroupResource(group: "apps", "deployments")
  public static let replicaSets = GroupResource(group: "apps", "replicasets")
}
