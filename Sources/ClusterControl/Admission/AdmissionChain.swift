import ManifestSyntax

/// One thing that is seen to before a request is carried out: a plugin of the API server.
public protocol AdmissionStep: Sendable {
  /// The plugin's name, as the server's flags spell it.
  static var name: String { get }

  /// Completes the object that is to be stored, or refuses the request.
  ///
  /// Called for creates and updates, after defaulting and before validation. `old` is what is
  /// stored, for updates.
  func mutate(
    _ object: inout Value, old: Value?, _ request: AdmissionRequest, _ cluster: any ClusterReader
  ) throws(AdmissionRefusal)

  /// Refuses the request, or says what has to be done with it.
  ///
  /// Called after validation. `object` is nil for deletes; `old` is what is stored, for updates and
  /// deletes.
  func validate(
    _ object: Value?, old: Value?, _ request: AdmissionRequest, _ cluster: any ClusterReader,
    into outcome: inout AdmissionOutcome
  ) throws(AdmissionRefusal)
}

extension AdmissionStep {
  public func mutate(
    _ object: inout Value, old: Value?, _ request: AdmissionRequest, _ cluster: any ClusterReader
  ) throws(AdmissionRefusal) {}

  public func validate(
    _ object: Value?, old: Value?, _ request: AdmissionRequest, _ cluster: any ClusterReader,
    into outcome: inout AdmissionOutcome
  ) throws(AdmissionRefusal) {}
}

/// What admitting a request came to, beside the object.
public struct AdmissionOutcome: Hashable, Sendable {
  /// For the answer's Warning headers.
  public var warnings: [String] = []
  /// Objects to write together with the request's own: quotas, with what they now have in use.
  public var updates: [Update] = []

  /// An object in its new form.
  public struct Update: Hashable, Sendable {
    public var key: ResourceKey
    public var object: Value

    public init(key: ResourceKey, object: Value) {
      self.key = key
      self.object = object
    }
  }

  public init() {}
}

/// The steps that every request goes through, in the server's order.
public struct AdmissionChain: Sendable {
  public let steps: [any AdmissionStep]

  public init(_ steps: [any AdmissionStep]) { self.steps = steps }

  /// The plugins that a server runs unless told otherwise.
  public static let standard = AdmissionChain(AdmissionRegistry.standard)

  /// The chain without the plugins of these names.
  public func without(_ names: Set<String>) -> AdmissionChain {
    AdmissionChain(steps.filter { !names.contains(type(of: $0).name) })
  }

  /// The chain without what changes or judges pods: what a workload says alone counts.
  public var withoutPodAdmission: AdmissionChain { without(AdmissionRegistry.podPlugins) }

  /// Completes `object` as every step wants it; before validation, for creates and updates.
  public func mutate(
    _ object: inout Value, old: Value? = nil, _ request: AdmissionRequest,
    _ cluster: any ClusterReader
  ) throws(AdmissionRefusal) {
    for step in steps { try step.mutate(&object, old: old, request, cluster) }
  }

  /// Asks every step whether the request may be carried out; after validation, also for deletes
  /// (then `object` is nil).
  public func validate(
    _ object: Value?, old: Value?, _ request: AdmissionRequest, _ cluster: any ClusterReader
  ) throws(AdmissionRefusal) -> AdmissionOutcome {
    var outcome = AdmissionOutcome()
    for step in steps {
      try step.validate(object, old: old, request, cluster, into: &outcome)
    }
    return outcome
  }
}
