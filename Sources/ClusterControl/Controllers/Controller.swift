import ManifestSchema
import ManifestSyntax

/// A part of the control plane: what it looks at, and what it wants done.
///
/// Controllers never wait and never write. The loop tells them what changed (`observe`), they say
/// which keys to look at; for each key the loop asks for a plan and carries it out. Whatever has to
/// be remembered between two plans is in `Memory`, which is lost when the controller restarts, so
/// nothing may depend on it being there.
public protocol Controller: Sendable {
  associatedtype Memory: Sendable

  /// As logs call it: `deployment-controller`.
  static var name: String { get }
  /// The kinds whose changes are told to `observe`.
  static var watches: [GroupResource] { get }
  /// How often a key whose plan failed is tried again before it is dropped until the next change;
  /// nil for ever.
  static var retriesMax: Int? { get }

  /// A memory in which nothing has happened yet.
  static var freshMemory: Memory { get }

  init()

  /// Says which keys a change concerns.
  func observe(
    _ change: Change, _ view: ControllerView, _ memory: inout Memory, _ wakes: inout Wakes)

  /// What to do about `key`: nothing when all is as wanted.
  func plan(_ key: ResourceKey, _ view: ControllerView, _ memory: inout Memory) -> Decision

  /// What to do after steps of a decision were refused; the rest of it is not carried out.
  func recover(
    _ key: ResourceKey, from failure: Failure, _ view: ControllerView, _ memory: inout Memory
  ) -> Decision
}

extension Controller {
  public static var retriesMax: Int? { nil }

  public func recover(
    _ key: ResourceKey, from failure: Failure, _ view: ControllerView, _ memory: inout Memory
  ) -> Decision { .retry }
}

/// What a controller sees when it decides.
public struct ControllerView: Sendable {
  /// Its cache: all that it was told, which may be behind.
  public let state: ClusterState
  /// What an uncached read answers.
  public let live: ClusterState
  public let now: Time
  /// The version of Kubernetes that the cluster plays.
  public let version: KubernetesVersion
  /// What the cluster assumes about what no manifest says.
  public let simulation: SimulationSettings

  public init(
    state: ClusterState, live: ClusterState, now: Time, version: KubernetesVersion,
    simulation: SimulationSettings = SimulationSettings()
  ) {
    self.state = state
    self.live = live
    self.now = now
    self.version = version
    self.simulation = simulation
  }
}

/// Keys to look at, now or later.
public struct Wakes: Sendable {
  public private(set) var wakes: [(key: ResourceKey, after: Duration?)] = []

  public init() {}

  public mutating func wake(_ key: ResourceKey, after: Duration? = nil) {
    wakes.append((key, after))
  }

  /// Looks at the owner of `object`, where that is of `resource`.
  public mutating func wakeController(of object: ClusterObject?, _ resource: GroupResource) {
    guard let object, let owner = object.controller else { return }
    wake(ResourceKey(resource, namespace: object.namespace, name: owner.name))
  }
}

/// What a controller wants done about one key.
public struct Decision: Sendable {
  /// One after the other. The actions of a step are all tried even if some are refused; after a
  /// step with refusals the rest is dropped and the controller asked how to go on.
  public struct Step: Sendable {
    public var actions: [Action]
    /// Refusals for these reasons are as good as done.
    public var tolerates: [WriteRefusal.Reason]
    /// An event for every object that the step created or deleted.
    public var announcement: Announcement?

    public init(
      _ actions: [Action], tolerates: [WriteRefusal.Reason] = [],
      announcement: Announcement? = nil
    ) {
      self.actions = actions
      self.tolerates = tolerates
      self.announcement = announcement
    }
  }

  /// What to tell about an object whenever an action of a step is done.
  public struct Announcement: Sendable {
    public var about: ClusterObject
    public var reason: String
    /// The message ends with the name of the object that was written.
    public var text: String

    public init(about: ClusterObject, reason: String, text: String) {
      self.about = about
      self.reason = reason
      self.text = text
    }

    public func event(for key: ResourceKey) -> Action.Event {
      Action.Event(.normal, about: about, reason: reason, message: text + key.name)
    }
  }

  public var steps: [Step] = []
  /// Look again after this time even if nothing changes.
  public var checkAgain: Duration?
  /// The plan failed: look again soon, and later each time.
  public var isRetry = false
  /// Why, in a few words, for people.
  public var because = ""

  public init() {}

  /// Nothing to do.
  public static let done = Decision()

  /// Nothing to do now; look again soon.
  public static var retry: Decision {
    var decision = Decision()
    decision.isRetry = true
    return decision
  }

  public var isEmpty: Bool { steps.allSatisfy(\.actions.isEmpty) }
  public var actions: [Action] { steps.flatMap(\.actions) }

  /// Adds an action as a step of its own.
  public mutating func add(_ action: Action, tolerates: [WriteRefusal.Reason] = []) {
    steps.append(Step([action], tolerates: tolerates))
  }

  public mutating func add(
    _ actions: [Action], tolerates: [WriteRefusal.Reason] = [],
    announcing announcement: Announcement? = nil
  ) {
    guard !actions.isEmpty else { return }
    steps.append(Step(actions, tolerates: tolerates, announcement: announcement))
  }
}

/// What went wrong while a decision was carried out.
public struct Failure: Sendable {
  /// The actions that were refused, with the reasons.
  public var refusals: [(action: Action, refusal: WriteRefusal)]
  /// The actions that were not tried.
  public var skipped: [Action]

  public init(refusals: [(action: Action, refusal: WriteRefusal)], skipped: [Action]) {
    self.refusals = refusals
    self.skipped = skipped
  }
}
