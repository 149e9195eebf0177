import ClusterAPI
import ClusterControl
import ClusterStore
import ManifestSyntax

/// Brings back what was: single objects, or the whole cluster.
public struct Restorer: Sendable {
  let cluster: LocalCluster
  let manager: String

  public init(_ cluster: LocalCluster, manager: String) {
    self.cluster = cluster
    self.manager = manager
  }

  /// What restoring did.
  public struct Outcome: Sendable {
    public var changes: ChangeSet
    /// The revision before: what to restore to undo it.
    public var before: Revision
    public var isKept: Bool
  }

  /// Makes the whole cluster what it was at `revision`.
  public func whole(
    to revision: Revision, isDryRun: Bool = false
  ) throws(StatusError) -> Outcome {
    try checkRange(revision)
    try refuseMiddle(of: revision)
    try refuseBeginnings(revision)
    return try run(revision, isDryRun) { (session) throws(StatusError) in
      let before = ChangeOfTimes(session)
      let steps = try session.rewind(to: revision, notes: [Inventory.prefix])
      // A kind that comes back is only known now, one that goes was only known before.
      let after = ChangeOfTimes(session)
      return try steps.map { (step) throws(StatusError) in
        let old = try step.before.map { (entry) throws(StatusError) in try ObjectCodec.value(entry)
        }
        let new = try step.after.map { (entry) throws(StatusError) in try ObjectCodec.value(entry) }
        var change = (new == nil ? before : after).change(key: step.key, from: old, to: new)
        change.adoptsFields = change.action == .unchanged
        return change
      }
    }
  }

  /// Makes some objects what they were at `revision`, all of them or none.
  public func objects(
    _ keys: [ResourceKey], to revision: Revision, isDryRun: Bool = false
  ) throws(StatusError) -> Outcome {
    try run(revision, isDryRun) { (session) throws(StatusError) in
      try keys.map { (key) throws(StatusError) in try restore(key, revision, session) }
    }
  }

  private func restore(
    _ key: ResourceKey, _ revision: Revision, _ session: ClusterSession
  ) throws(StatusError) -> ObjectChange {
    let resource = try session.resource(key.resource)
    let place = StoreKeys.object(resource.stored, namespace: key.namespace, name: key.name)
    let then: Value
    do throws(StatusError) {
      then = try session.get(resource, namespace: key.namespace, name: key.name, at: revision)
    } catch {
      guard error.reason == .notFound else { throw error }
      throw StatusError(
        404, .notFound,
        "\(resource.kind) '\(key.name)' did not exist at revision \(revision); "
          + "'kmf history' tells when it did")
    }
    if let namespace = key.namespace {
      let namespaces = try session.resource(.namespaces)
      _ = try session.get(namespaces, name: namespace)
    }
    var now: Value?
    do throws(StatusError) {
      now = try session.get(resource, namespace: key.namespace, name: key.name)
    } catch {
      if error.reason != .notFound { throw error }
    }
    let restored = try session.bringBack(then, as: resource, namespace: key.namespace)
    var change = ChangeOfTimes(session).change(key: place, from: now, to: then)
    change.warnings = restored.warnings
    // What changes without a field is the status or who owns what.
    change.adoptsFields = change.action == .unchanged && restored.isChanged
    return change
  }

  /// What is written in one transaction nobody ever saw half done.
  private func refuseMiddle(of revision: Revision) throws(StatusError) {
    let page: EventPage
    do {
      page = try cluster.store.events(below: JournalEntry.key, after: revision, limit: 1)
    } catch { throw StatusError(error) }
    guard case .put(let entry, _)? = page.events.first, let journal = JournalEntry(entry),
      journal.first <= revision
    else { return }
    throw StatusError(
      400, .badRequest,
      "revision \(revision) is in the middle of one transaction (\(journal.command): "
        + "\(journal.summary)); before it is \(journal.first - 1), after it \(entry.modRevision)")
  }

  private static func summary(_ set: ChangeSet) -> String {
    [
      (set.count(.create), "brought back"), (set.count(.update), "changed"),
      (set.count(.delete), "deleted"), (set.changes.count(where: \.adoptsFields), "status only"),
    ].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
  }

  /// Before a cluster was set up there is nothing that could run.
  private func refuseBeginnings(_ revision: Revision) throws(StatusError) {
    let key = HistoryReader.lastOfNewCluster
    let now: Entry?
    let then: Entry?
    do {
      now = try cluster.store.entry(at: key)
      then = try cluster.store.entry(at: key, revision: revision)
    } catch { throw StatusError(error) }
    // A cluster that was reset had one before as well.
    guard then == nil, let service = now else { return }
    throw StatusError(
      400, .badRequest,
      "at revision \(revision) the cluster was not set up yet; it was at \(service.createRevision)")
  }

  private func checkRange(_ revision: Revision) throws(StatusError) {
    let summary: StoreSummary
    do { summary = try cluster.store.summary() } catch { throw StatusError(error) }
    if revision > summary.currentRevision {
      throw StatusError(
        400, .badRequest,
        "revision \(revision) is still to come: the newest is \(summary.currentRevision)")
    }
    if revision < summary.oldestRevision {
      throw StatusError(
        410, .expired,
        "revision \(revision) is forgotten: the oldest that is kept is \(summary.oldestRevision)")
    }
  }

  private func run(
    _ revision: Revision, _ isDryRun: Bool,
    _ body: (ClusterSession) throws(StatusError) -> [ObjectChange]
  ) throws(StatusError) -> Outcome {
    try checkRange(revision)
    return try cluster.decide { (session) throws(StatusError) in
      let before = try session.currentRevision()
      let set = ChangeSet(try body(session))
      var outcome = Outcome(changes: set, before: before, isKept: false)
      if isDryRun { return .discard(outcome) }
      outcome.isKept = true
      guard try session.currentRevision() != before else { return .keep(outcome) }
      try JournalEntry(
        time: session.time, command: "restore", manager: manager, first: before + 1,
        summary: "revision \(revision): \(Self.summary(set))"
      ).write(session)
      return .keep(outcome)
    }
  }
}
