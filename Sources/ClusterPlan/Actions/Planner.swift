import ClusterAPI
import ClusterControl
import ClusterStore
import ManifestRules
import ManifestSyntax

/// Compares sets of manifests with a cluster, and applies them.
public struct Planner: Sendable {
  public let cluster: LocalCluster
  public var options: PlanOptions

  public init(_ cluster: LocalCluster, options: PlanOptions = PlanOptions()) {
    self.cluster = cluster
    self.options = options
  }

  /// What applying would do. Writes nothing.
  public func difference(_ manifests: [Manifest]) throws(StatusError) -> ChangeSet {
    try cluster.rehearse { (session) throws(StatusError) in
      try changes(manifests, session)
    }
  }

  /// What became of applying.
  public struct Applied: Sendable {
    public var changes: ChangeSet
    /// Whether it was written; all of it or nothing.
    public var isKept: Bool
    /// The store's revision afterwards.
    public var revision: Revision
  }

  /// Applies everything, or nothing where one object is refused.
  ///
  /// - Parameter approves: Asked for what is about to be written; nothing is when it says no.
  public func apply(
    _ manifests: [Manifest], approves: (ChangeSet) -> Bool = { _ in true }
  ) throws(StatusError) -> Applied {
    try cluster.decide { (session) throws(StatusError) in
      var set = try changes(manifests, session)
      refuseUnannounced(&set)
      guard !set.hasErrors, approves(set) else {
        return .discard(
          Applied(changes: set, isKept: false, revision: try session.currentRevision()))
      }
      return .keep(Applied(changes: set, isKept: true, revision: try session.currentRevision()))
    }
  }

  /// Replacing and pruning beyond measure need a word from whoever asks.
  private func refuseUnannounced(_ set: inout ChangeSet) {
    for index in set.changes.indices {
      let change = set.changes[index]
      if change.action == .replace, !options.allowsReplacement {
        set.changes[index].action = .failed
        set.changes[index].error = ChangeError(
          reason: "Invalid", message: "it must be replaced, since a field cannot change",
          causes: change.replacement?.causes ?? [],
          help: "pass --replace to delete it and make it anew")
      } else if let why = change.needsConsent, !options.isConfirmed {
        set.changes[index].action = .failed
        set.changes[index].error = ChangeError(
          reason: "Forbidden", message: why, help: "pass --yes if that is meant")
      }
    }
  }

  // MARK: - In a session

  private func changes(
    _ manifests: [Manifest], _ session: ClusterSession
  ) throws(StatusError) -> ChangeSet {
    let prepared = PreparedSet(manifests, session.catalog, options)
    let others = try foreignMembers(session)
    let maker = ChangeMaker(session: session, options: options)
    var set = ChangeSet()
    for item in prepared.items {
      var change = maker.change(item)
      if let other = others[item.object.identityKey], change.action != .failed {
        change.needsConsent = "it belongs to set '\(other)'"
      }
      set.changes.append(change)
    }
    if let name = options.set {
      try settle(name, prepared, &set, session, moved: others)
    }
    set.changes += prepared.failed
    ConfigUse.note(in: &set, prepared)
    return options.isDrift ? Drift.only(set) : set
  }

  /// The objects that other sets hold, with the name of the set.
  private func foreignMembers(
    _ session: ClusterSession
  ) throws(StatusError) -> [ObjectIdentity.Key: String] {
    guard let own = options.set else { return [:] }
    var found: [ObjectIdentity.Key: String] = [:]
    for inventory in try Inventory.all(session) where inventory.name != own {
      for member in inventory.members { found[member.object.identityKey] = inventory.name }
    }
    return found
  }

  /// Prunes, and notes what the set holds now.
  private func settle(
    _ name: String, _ prepared: PreparedSet, _ set: inout ChangeSet, _ session: ClusterSession,
    moved others: [ObjectIdentity.Key: String]
  ) throws(StatusError) {
    let known = try Inventory.read(name, session)
    let current = Set(prepared.items.map(\.object.identityKey))
    var next = Inventory(name: name)
    for item in prepared.items {
      guard let resource = session.catalog.preferred(item.object.resource),
        let object = try? session.get(
          resource, namespace: item.object.namespace, name: item.object.name),
        let uid = object["metadata"]?["uid"]?.string
      else { continue }
      next.members.append(Inventory.Member(item.object, uid: uid))
    }
    let gone = known.members.filter { !current.contains($0.object.identityKey) }
    if options.prunes, prepared.failed.isEmpty {
      let pruning = Pruning(session: session, options: options, inventory: known)
      set.changes += pruning.changes(keeping: current)
    } else {
      next.members += gone
      if !gone.isEmpty, !options.prunes {
        set.notes.append(
          "\(gone.count) object\(gone.count == 1 ? "" : "s") of set '\(name)' "
            + "\(gone.count == 1 ? "is" : "are") in no manifest any more; --prune deletes them")
      }
    }
    try next.write(session)
    let moving = Set(others.filter { current.contains($0.key) }.values)
    for other in try Inventory.all(session) where moving.contains(other.name) {
      var rest = other
      rest.members.removeAll { current.contains($0.object.identityKey) }
      try rest.write(session)
    }
  }
}
