import ClusterStore
import ManifestMerge
import ManifestSyntax

/// What stands on a cluster besides requests: tools that compare objects, and small things that
/// they remember beside the objects.
extension ClusterSession {
  /// What is known of merging the objects of this cluster; belongs to this session's thread.
  public var mergeTypes: MergeTypes { workshop.types }

  /// The revision of the newest write that the session sees.
  public func currentRevision() throws(StatusError) -> Revision {
    do { return try access.currentRevision() } catch { throw StatusError(error) }
  }

  /// What was noted at `key`, which is no object's; nil where nothing is.
  public func note(at key: String) throws(StatusError) -> Entry? {
    do { return try access.entry(at: key) } catch { throw StatusError(error) }
  }

  /// Everything that was noted below `prefix`.
  public func notes(below prefix: String) throws(StatusError) -> [Entry] {
    do { return try access.list(prefix).entries } catch { throw StatusError(error) }
  }

  /// The revision of an object's last write; nil where there is no such object.
  public func revision(
    _ resource: ServedResource, namespace: String?, name: String
  ) throws(StatusError) -> Revision? {
    try entry(resource, namespace, name)?.modRevision
  }

  /// Notes many things at once.
  ///
  /// - Precondition: as for ``setNote(_:at:)``.
  public func setNotes(_ notes: [(key: String, bytes: [UInt8])]) throws(StatusError) {
    if notes.isEmpty { return }
    precondition(notes.allSatisfy { Self.isNote($0.key) }, "notes are kept beside objects")
    _ = try commit(Transaction(notes.map { .put($0.key, $0.bytes) }))
  }

  private static func isNote(_ key: String) -> Bool {
    !key.hasPrefix(StoreKeys.objects) && !key.hasPrefix(StoreKeys.allocations)
  }

  /// Notes `bytes` at `key`, unless they are there already; nil takes the note away.
  ///
  /// - Precondition: `key` is no object's and no allocation's.
  public func setNote(_ bytes: [UInt8]?, at key: String) throws(StatusError) {
    precondition(Self.isNote(key), "notes are kept beside objects")
    let known = try note(at: key)
    guard known?.value != bytes else { return }
    _ = try commit(Transaction([bytes.map { .put(key, $0) } ?? .delete(key)]))
  }
}

extension LocalCluster {
  /// Runs `body` as one batch that is always discarded, whatever it returns.
  ///
  /// Unlike in a dry run, everything happens as it would if it were kept: addresses are allocated,
  /// resource versions given out.
  public func rehearse<Outcome: Sendable>(
    _ body: (ClusterSession) throws(StatusError) -> Outcome
  ) throws(StatusError) -> Outcome {
    try decide { (session) throws(StatusError) in .discard(try body(session)) }
  }

  /// Runs `body` as one batch that is kept or discarded as it says; discarded when it throws.
  public func decide<Outcome: Sendable>(
    _ body: (ClusterSession) throws(StatusError) -> BatchDecision<Outcome>
  ) throws(StatusError) -> Outcome {
    var outcome: Outcome?
    do throws(StatusError) {
      try transaction { (session) throws(StatusError) in
        switch try body(session) {
        case .keep(let result): outcome = result
        case .discard(let result):
          outcome = result
          // Only a refusal makes a batch undone.
          throw .discarded
        }
      }
    } catch {
      guard error == .discarded, let outcome else { throw error }
      return outcome
    }
    guard let outcome else { preconditionFailure("a batch that was kept has an outcome") }
    return outcome
  }
}

extension StatusError {
  /// Stands for a batch that was discarded on purpose; nobody outside sees it.
  fileprivate static let discarded = StatusError(0, .unknown, "discarded")
}
