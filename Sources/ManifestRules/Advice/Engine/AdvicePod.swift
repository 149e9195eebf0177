import ManifestModel
import ManifestSchema
import ManifestSyntax

/// A pod, or the template of whatever makes pods, with what rules want to know about it.
///
/// A class, so that references to it cost nothing; all of it is fixed when the universe is built.
public final class AdvicePod: Sendable {
  /// The object that is the pod or makes it.
  public let object: AdviceObject
  /// Which of the built-in kinds makes it; nil for custom kinds with a template of the same shape.
  public let workload: WorkloadView.WorkloadKind?
  /// What holds the pod's `metadata` and `spec`; for a Pod the object itself.
  public let template: NodeRef
  public let spec: PodSpec
  /// The containers of all roles: init ones and sidecars, regular ones, ephemeral ones.
  public let containers: [AdviceContainer]
  /// The labels of the pods.
  public let labels: [String: String]
  /// The annotations of the pods.
  public let annotations: [String: String]
  /// The images that the pod names, in order.
  let images: [ImageUse]
  /// What LimitRanges of the namespace give to containers that say nothing.
  let limitRanges: [NodeRef]

  init?(_ object: AdviceObject, limitRanges: [NodeRef]) {
    let kind = WorkloadView.WorkloadKind(object.gvk)
    guard let template = Self.template(of: object, kind), let spec = template[.spec],
      spec.isMapping
    else { return nil }
    self.object = object
    workload = kind
    self.template = template
    let podSpec = PodSpec(spec)
    self.spec = podSpec
    containers = podSpec.allContainers.map { AdviceContainer($0, in: podSpec) }
    images = ImageUse.all(in: podSpec, containers)
    labels = AdviceObject.texts(template[.metadata]?[.labels])
    annotations = AdviceObject.texts(template[.metadata]?[.annotations])
    self.limitRanges = limitRanges
  }

  /// Where the pod is described; custom kinds count when it looks like a pod.
  private static func template(
    of object: AdviceObject, _ kind: WorkloadView.WorkloadKind?
  ) -> NodeRef? {
    guard let kind else {
      guard let template = object.node[.spec]?[.template],
        template[.spec]?[.containers]?.isSequence == true
      else { return nil }
      return template
    }
    var node: NodeRef? = object.node
    for key in kind.templateKeys { node = node?[key] }
    return node
  }

  // MARK: - What runs

  /// Containers that run as long as the pod: regular ones and sidecars.
  public var longRunning: [AdviceContainer] { containers.filter(\.isLongRunning) }

  /// Whether the pods run to an end: those of Jobs, CronJobs, and bare pods that are not restarted.
  public var runsToCompletion: Bool {
    switch workload {
    case .job, .cronJob: true
    case .pod: spec.restartPolicy == "Never" || spec.restartPolicy == "OnFailure"
    default: false
    }
  }

  /// How many pods are wanted; nil where the kind has no such number or another program fills it
  /// in.
  public var replicas: Int? {
    switch workload {
    case .deployment, .replicaSet, .statefulSet, .replicationController, nil:
      guard let node = object.node[.spec]?["replicas"] else { return workload == nil ? nil : 1 }
      return node.int64.flatMap(Int.init(exactly:))
    default: return nil
    }
  }

  public var isWindows: Bool { spec.isWindows }

  /// Whether the pod has a user namespace of its own: `hostUsers: false`.
  public var hasOwnUsers: Bool { spec.node["hostUsers"]?.bool == false }

  /// A value of the pod's own security context, as it is written.
  public func security(_ field: FieldPath) -> NodeRef? {
    spec.node[.securityContext]?[field].flatMap { $0.isNull ? nil : $0 }
  }

  // MARK: - Resources

  /// Where an amount comes from.
  public enum AmountSource: Sendable {
    case container, pod, limitRange
    /// A limit stands for the request that is not written.
    case containerLimit, podLimit, limitRangeLimit
  }

  /// What `container` asks for of `resource` (`cpu`, `memory`): its own word, else its limit, else
  /// what a LimitRange gives, else what the pod as a whole asks for.
  public func request(
    _ resource: String, of container: AdviceContainer
  ) -> (amount: NodeRef, source: AmountSource)? {
    if let own = container.resource("requests", resource) { return (own, .container) }
    if let own = container.resource("limits", resource) { return (own, .containerLimit) }
    if let given = given("defaultRequest", resource) { return (given, .limitRange) }
    if let given = given("default", resource) { return (given, .limitRangeLimit) }
    if let pod = podResource("requests", resource) { return (pod, .pod) }
    return podResource("limits", resource).map { ($0, .podLimit) }
  }

  /// The limit of `container` for `resource`: its own, else that of a LimitRange, else the pod's.
  public func limit(
    _ resource: String, of container: AdviceContainer
  ) -> (amount: NodeRef, source: AmountSource)? {
    if let own = container.resource("limits", resource) { return (own, .container) }
    if let given = given("default", resource) { return (given, .limitRange) }
    return podResource("limits", resource).map { ($0, .pod) }
  }

  private func podResource(_ list: String, _ resource: String) -> NodeRef? {
    spec.node[.resources]?[list]?[resource]
  }

  private func given(_ field: String, _ resource: String) -> NodeRef? {
    for range in limitRanges {
      for item in range[.spec]?[.limits]?.items ?? NodeRef.value(.null).items
      where item["type"]?.string == "Container" {
        if let value = item[field]?[resource] { return value }
      }
    }
    return nil
  }
}

/// A container with its role and its place; a class, like its pod.
public final class AdviceContainer: Sendable {
  public enum Role: String, Sendable {
    /// Runs before the others and ends.
    case initial
    /// Starts before the others and stays: an init container that is always restarted.
    case sidecar
    case regular, ephemeral
  }

  public let role: Role
  public let view: Container
  /// The way from the pod spec: `initContainers[1]`.
  public let path: FieldPath
  /// The spec of its pod.
  public let pod: PodSpec

  init(_ placed: PlacedContainer, in pod: PodSpec) {
    view = placed.container
    path = placed.path
    self.pod = pod
    switch placed.role {
    case .initial: role = placed.container.isSidecar ? .sidecar : .initial
    case .regular: role = .regular
    case .ephemeral: role = .ephemeral
    }
  }

  public var node: NodeRef { view.node }
  /// The name; empty where none is written.
  public var name: String { view.name ?? "" }
  /// Where findings about the whole container are shown: its name, else its first line.
  public var place: NodeRef { node[.name] ?? node }
  /// Whether it runs as long as its pod.
  public var isLongRunning: Bool { role == .regular || role == .sidecar }

  /// What is written under `resources` in the list `requests` or `limits`.
  public func resource(_ list: String, _ name: String) -> NodeRef? {
    node[.resources]?[list]?[name]
  }

  /// Where a value of the security context comes from.
  public enum Level: Sendable { case container, pod }

  /// The value of the security context that holds for the container: its own, else its pod's.
  public func security(_ field: FieldPath) -> (node: NodeRef, level: Level)? {
    if let own = ownSecurity(field) { return (own, .container) }
    guard let inherited = pod.node[.securityContext]?[field], !inherited.isNull else {
      return nil
    }
    return (inherited, .pod)
  }

  /// The value of the container's own security context.
  public func ownSecurity(_ field: FieldPath) -> NodeRef? {
    guard let own = node[.securityContext]?[field], !own.isNull else { return nil }
    return own
  }
}
