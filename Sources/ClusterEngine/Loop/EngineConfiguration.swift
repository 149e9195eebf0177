import ClusterControl
import ManifestSchema
import ManifestSyntax

/// How an engine runs.
public struct EngineConfiguration: Sendable {
  /// The version of Kubernetes that the cluster plays.
  public var version: KubernetesVersion
  /// Where all chance comes from: names, uids, ties.
  public var seed: UInt64
  /// Whether every write and event is kept in ``Engine/log``.
  public var keepsLog: Bool
  /// Whether every controller has a cache of its own that is told of changes one by one, so that
  /// it can be behind. Without, all look at the state itself, which is much faster.
  public var hasCaches: Bool
  /// Whether what controllers tell becomes Event objects.
  public var recordsEvents: Bool
  /// How simulated nodes, images and containers behave.
  public var simulation: SimulationSettings

  public init(
    version: KubernetesVersion = .latest, seed: UInt64 = 0, keepsLog: Bool = false,
    hasCaches: Bool = false, recordsEvents: Bool = false,
    simulation: SimulationSettings = SimulationSettings()
  ) {
    self.version = version
    self.seed = seed
    self.keepsLog = keepsLog
    self.hasCaches = hasCaches
    self.recordsEvents = recordsEvents
    self.simulation = simulation
  }
}

/// Where writes go beside the engine's own state: the store of an embedded cluster.
public protocol EngineSink: Sendable {
  /// Stores the changes of one action, all or none.
  ///
  /// - Throws: What the controller is told instead; the engine's state then stays as it was.
  func commit(_ changes: [Change], by writer: String, at now: Time) throws(WriteRefusal)
}

/// What stands between controllers and the state: admission and allocation.
public protocol EngineGate: Sendable {
  /// Completes an object that is about to be created, or refuses it.
  func admit(
    _ object: inout Value, _ resource: GroupResource, namespace: String?, seed: UInt64,
    in state: ClusterState
  ) throws(WriteRefusal)
}

/// One thing that happened.
public struct LogEntry: Sendable {
  public enum What: Sendable {
    case change(Change)
    case event(Action.Event)
    case refusal(WriteRefusal, ResourceKey?)
  }
  public var time: Time
  /// Counts the plans carried out.
  public var tick: Int
  /// The controller, or whoever else wrote.
  public var writer: String
  public var what: What
}
