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
      try changes(manifests, session).set
    }
  }

  /// The texts that were applied before, for whoever reads manifests.
  public func appliedTexts() throws(StatusError) -> AppliedTexts {
    try cluster.read { (session) throws(StatusError) in
      try AppliedTexts.read(session, manager: options.manager)
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
      let start = try session.currentRevision()
      var (set, texts) = try changes(manifests, session)
      refuseUnannounced(&set)
      guard !set.hasErrors, approves(set) else {
        return .discard(
          Applied(changes: set, isKept: false, revision: try session.currentRevision()))
      }
      try remember(manifests, set, texts, session)
      let revision = try journal(set, since: start, plan: nil, session)
      return .keep(Applied(changes: set, isKept: true, revision: revision))
    }
  }

  /// What became of applying a plan.
  public enum PlanOutcome: Sendable {
    case applied(Applied)
    /// The cluster is already as the plan would make it.
    case done(ChangeSet)
    /// What has moved since the plan was made; nothing was written.
    case stale([String])
  }

  /// Applies a plan as it was approved, or writes nothing.
  ///
  /// - Parameter manifests: What its steps apply, in their order: the configs of the plan, and for
  ///   Secrets those that were read again.
  public func apply(
    _ plan: SavedPlan, _ manifests: [Manifest], masker: Masker, isDryRun: Bool = false
  ) throws(StatusError) -> PlanOutcome {
    try cluster.decide { (session) throws(StatusError) in
      let start = try session.currentRevision()
      var (set, texts) = try changes(manifests, session, keeping: plan.kept)
      if Staleness.isDone(plan, now: set) { return .discard(.done(set)) }
      let reasons = Staleness.reasons(plan, now: set, masker)
      guard reasons.isEmpty else { return .discard(.stale(reasons)) }
      refuseUnannounced(&set)
      guard !set.hasErrors, !isDryRun else {
        let revision = try session.currentRevision()
        return .discard(.applied(Applied(changes: set, isKept: false, revision: revision)))
      }
      try remember(manifests, set, texts, session)
      let revision = try journal(set, since: start, plan: plan.digest, session)
      return .keep(.applied(Applied(changes: set, isKept: true, revision: revision)))
    }
  }

  /// Which cluster this is: what no other one shares.
  public func clusterUID() throws(StatusError) -> String {
    try cluster.read { (session) throws(StatusError) in
      let namespaces = try session.resource(.namespaces)
      let system = try session.get(namespaces, name: "kube-system")
      return system["metadata"]?["uid"]?.string ?? ""
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

  /// - Parameter kept: Objects of the set that stay as they are, without their manifests.
  func changes(
    _ manifests: [Manifest], _ session: ClusterSession, keeping kept: [Inventory.Member] = []
  ) throws(StatusError) -> (set: ChangeSet, texts: AppliedTexts) {
    let texts = try AppliedTexts.read(session, manager: options.manager)
    let prepared = PreparedSet(manifests, session.catalog, options) { manifest, object in
      isUntouched(manifest, object, texts, session)
    }
    let others = try foreignMembers(session)
    let maker = ChangeMaker(session: session, options: options)
    var set = ChangeSet()
    for (position, item) in prepared.items.enumerated() {
      options.progress?(position, prepared.items.count)
      var change = maker.change(item)
      if let other = others[item.object.identityKey], change.action != .failed {
        change.needsConsent = "it belongs to set '\(other)'"
      }
      set.changes.append(change)
    }
    for known in prepared.untouched {
      var change = ObjectChange(known.object, .unchanged, source: known.manifest.source)
      if options.set != nil { change.uid = try uid(of: known.object, session) }
      if let other = others[known.object.identityKey] {
        change.needsConsent = "it belongs to set '\(other)'"
      }
      set.changes.append(change)
    }
    if let name = options.set {
      try settle(name, prepared, &set, session, moved: others, keeping: kept)
    }
    set.changes += prepared.failed
    ConfigUse.note(in: &set, prepared)
    Autoscaling.note(in: &set, session)
    return (options.isDrift ? Drift.only(set) : set, texts)
  }

  /// Whether the object is just as this very text left it.
  private func isUntouched(
    _ manifest: Manifest, _ object: ObjectIdentity, _ texts: AppliedTexts,
    _ session: ClusterSession
  ) -> Bool {
    guard !options.explainsIgnored, let revision = texts.revision(of: manifest.digest, object),
      let resource = session.catalog.resource(apiVersion: object.apiVersion, kind: object.kind)
    else { return false }
    let found = try? session.revision(resource, namespace: object.namespace, name: object.name)
    return found == revision
  }

  /// Notes which text every object has now.
  func remember(
    _ manifests: [Manifest], _ set: ChangeSet, _ texts: AppliedTexts, _ session: ClusterSession
  ) throws(StatusError) {
    var digests: [ManifestSource: [UInt8]] = [:]
    for manifest in manifests { digests[manifest.source] = manifest.digest }
    var notes: [(key: String, bytes: [UInt8])] = []
    for change in set.changes where change.config != nil {
      guard [.create, .update, .replace, .unchanged].contains(change.action),
        let source = change.source, let digest = digests[source],
        let resource = session.catalog.resource(
          apiVersion: change.object.apiVersion, kind: change.object.kind),
        let revision = try session.revision(
          resource, namespace: change.object.namespace, name: change.object.name),
        let note = texts.note(digest, at: revision, change.object)
      else { continue }
      notes.append(note)
    }
    try session.setNotes(notes)
  }

  /// Notes what was applied, if anything was; returns the revision at which all of it is there.
  func journal(
    _ set: ChangeSet, since start: Revision, plan: String?, _ session: ClusterSession
  ) throws(StatusError) -> Revision {
    if set.changes.contains(where: { $0.isChange || $0.adoptsFields }) {
      try JournalEntry(
        time: session.time, command: "apply", manager: options.manager, first: start + 1,
        summary: ApplyLines.counts(set), plan: plan
      ).write(session)
    }
    return try session.currentRevision()
  }

  private func uid(
    of object: ObjectIdentity, _ session: ClusterSession
  ) throws(StatusError) -> String? {
    guard let resource = session.catalog.preferred(object.resource) else { return nil }
    return try session.get(resource, namespace: object.namespace, name: object.name)["metadata"]?[
      "uid"]?.string
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
    moved others: [ObjectIdentity.Key: String], keeping kept: [Inventory.Member]
  ) throws(StatusError) {
    let known = try Inventory.read(name, session)
    let objects = prepared.items.map(\.object) + prepared.untouched.map(\.object)
    let current = Set(objects.map(\.identityKey) + kept.map(\.object.identityKey))
    let uids = Dictionary(
      known.members.map { ($0.object.identityKey, $0.uid) }, uniquingKeysWith: { $1 })
    let untouched = Set(prepared.untouched.map(\.object.identityKey))
    var next = Inventory(name: name, members: kept)
    for object in objects {
      if untouched.contains(object.identityKey), let uid = uids[object.identityKey] {
        next.members.append(Inventory.Member(object, uid: uid))
        continue
      }
      guard let resource = session.catalog.preferred(object.resource),
        let live = try? session.get(resource, namespace: object.namespace, name: object.name),
        let uid = live["metadata"]?["uid"]?.string
      else { continue }
      next.members.append(Inventory.Member(object, uid: uid))
    }
    let gone = known.members.filter { !current.contains($0.object.identityKey) }
    if options.prunes, prepared.failed.allSatisfy({ $0.action != .failed }) {
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
