import ClusterControl
import ClusterStore
import ManifestSyntax
import Synchronization

/// A cluster over one store: objects by kind with the semantics of a Kubernetes API server.
///
/// Synchronous and safe to use from several threads; time and chance are given to it.
public final class LocalCluster: Sendable {
  public let store: any Store
  public let settings: ClusterSettings
  let clock: any ClusterClock
  private let chance: Mutex<SeededGenerator>
  private let workshops: WorkshopPool
  private let admission: AdmissionChain

  /// Stands for all admission plugins that look at pods only, where plugins are left out.
  public static let podPlugins = "pods"

  /// Opens the cluster in `store`; an empty store becomes a new cluster.
  ///
  /// - Parameters:
  ///   - seed: Where names, uids and addresses begin; a number that nobody can guess for a cluster
  ///     that people use, a fixed one for a cluster that is to be repeated.
  ///   - newSettings: What a new cluster is set up with; one that exists keeps its own.
  public init(
    store: any Store, clock: any ClusterClock, seed: UInt64,
    settings newSettings: ClusterSettings = ClusterSettings(),
    withoutAdmission disabled: [String] = []
  ) throws(StatusError) {
    self.store = store
    self.clock = clock
    chance = Mutex(SeededGenerator(seed: seed))
    let known: Entry?
    do { known = try store.entry(at: StoreKeys.settings) } catch { throw StatusError(error) }
    let value = known.flatMap { ObjectCodec.tree($0.value)?.value() }
    settings = value.map { ClusterSettings($0) } ?? newSettings
    workshops = WorkshopPool(version: settings.version)
    let off = Set(settings.disabledAdmissionPlugins + disabled)
    let chain = AdmissionChain.standard.without(off)
    admission = off.contains(Self.podPlugins) ? chain.withoutPodAdmission : chain
    if known == nil { try NewCluster.setUp(self) }
  }

  /// The same cluster over another store, which holds a copy of its content: for what is tried and
  /// thrown away.
  public init(_ cluster: LocalCluster, over copy: any Store) {
    store = copy
    settings = cluster.settings
    clock = cluster.clock
    chance = Mutex(SeededGenerator(seed: cluster.chance.withLock { $0.next() }))
    workshops = cluster.workshops
    admission = cluster.admission
  }

  /// Reads with `body`; each read is of its own moment.
  public func read<Outcome>(
    _ body: (ClusterSession) throws(StatusError) -> Outcome
  ) throws(StatusError) -> Outcome {
    let workshop = try workshops.take(for: store)
    defer { workshops.giveBack(workshop) }
    return try body(session(over: store, workshop, isDryRun: false))
  }

  /// Runs `body` as one batch: nobody else writes meanwhile, it reads its own writes, and all of
  /// them are kept or, when it throws or for a dry run, none.
  public func transaction<Outcome: Sendable>(
    dryRun: Bool = false, _ body: (ClusterSession) throws(StatusError) -> Outcome
  ) throws(StatusError) -> Outcome {
    let result: Result<Outcome, StatusError>
    do throws(StoreError) {
      result = try store.batch { (access) throws(StoreError) in
        let result = run(body, over: access, isDryRun: dryRun)
        if case .success = result, !dryRun { return .keep(result) }
        return .discard(result)
      }
    } catch { throw StatusError(error) }
    return try result.get()
  }

  private func run<Outcome: Sendable>(
    _ body: (ClusterSession) throws(StatusError) -> Outcome, over access: any StoreAccess,
    isDryRun: Bool
  ) -> Result<Outcome, StatusError> {
    do throws(StatusError) {
      let workshop = try workshops.take(for: access)
      let session = session(over: access, workshop, isDryRun: isDryRun)
      // What a batch made known of custom kinds may be discarded with it.
      defer { if !session.hasChangedDefinitions { workshops.giveBack(session.workshop) } }
      return .success(try body(session))
    } catch { return .failure(error) }
  }

  private func session(
    over access: any StoreAccess, _ workshop: Workshop, isDryRun: Bool
  ) -> ClusterSession {
    ClusterSession(
      access: access, workshop: workshop, settings: settings, admission: admission,
      moment: clock.now(), seed: chance.withLock { $0.next() }, isDryRun: isDryRun)
  }
}
