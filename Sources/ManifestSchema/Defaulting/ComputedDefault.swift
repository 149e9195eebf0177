import ManifestSyntax

/// A default that depends on other fields; a table line names it.
struct ComputedDefault: Sendable {
  /// Completes the object of the scope.
  let apply: @Sendable (DefaultScope) -> Void

  init(_ apply: @escaping @Sendable (DefaultScope) -> Void) { self.apply = apply }

  /// All computations by the names that the tables use.
  static let named: [String: ComputedDefault] = [
    "allocateLoadBalancerNodePorts": ComputedDefault(AllocateLoadBalancerNodePorts.apply),
    "autoscaler": ComputedDefault(Autoscaler.apply),
    "claimRetention": ComputedDefault(ClaimRetention.apply),
    "controllerSelector": ComputedDefault(ControllerSelector.apply),
    "definitionNames": ComputedDefault(DefinitionNames.apply),
    "enableServiceLinks": ComputedDefault(EnableServiceLinks.apply),
    "externalTrafficPolicy": ComputedDefault(ExternalTrafficPolicy.apply),
    "hostPort": ComputedDefault(HostPort.apply),
    "imagePullPolicy": ComputedDefault(ImagePullPolicy.applyToContainer),
    "imageVolumePullPolicy": ComputedDefault(ImagePullPolicy.applyToVolume),
    "internalTrafficPolicy": ComputedDefault(InternalTrafficPolicy.apply),
    "ipMode": ComputedDefault(IPMode.apply),
    "jobSpec": ComputedDefault(JobSpec.apply),
    "limitRange": ComputedDefault(LimitRange.apply),
    "podResources": ComputedDefault(PodResources.apply),
    "policyTypes": ComputedDefault(PolicyTypes.apply),
    "resourceRequests": ComputedDefault(ResourceRequests.apply),
    "rollingUpdate": ComputedDefault(RollingUpdate.apply),
    "serviceAccountName": ComputedDefault(ServiceAccountName.apply),
    "sessionAffinityConfig": ComputedDefault(SessionAffinityConfig.apply),
    "statefulRollingUpdate": ComputedDefault(StatefulRollingUpdate.apply),
    "subjectGroup": ComputedDefault(SubjectGroup.apply),
    "targetPort": ComputedDefault(TargetPort.apply),
    "volumeSource": ComputedDefault(VolumeSource.apply),
  ]
}

/// What a computed default sees: the object to complete, and the way to it.
struct DefaultScope {
  /// One object on the way.
  struct Step {
    /// The field that holds it.
    var name: UnsafeRawBufferPointer
    var node: NodeID
  }

  let tree: Tree
  /// The whole object: a document, or an item of a list of objects.
  let root: NodeID
  /// The object to complete.
  let object: NodeID
  /// The objects on the way below the root, the outermost first; the last is `object` itself.
  let trail: [Step]
  /// Whether the whole object is a Pod.
  let isPod: Bool

  /// The nearest object around this one that a field of this name holds.
  func enclosing(_ name: StaticString) -> NodeID? {
    trail.last { $0.name.equals(name) }?.node
  }

  /// Whether the object stands directly in a field of this name.
  func isIn(_ name: StaticString) -> Bool { trail.last?.name.equals(name) ?? false }

  /// The field that holds the object around this one.
  func isParentIn(_ names: StaticString...) -> Bool {
    guard trail.count >= 2 else { return false }
    return names.contains { trail[trail.count - 2].name.equals($0) }
  }

  // MARK: - Reading and writing the object

  /// The value of a field; nil where it is absent or null.
  func value(_ name: String, of object: NodeID? = nil) -> NodeID? {
    guard let value = tree.value(object ?? self.object, name), tree.kind(value) != .null else {
      return nil
    }
    return value
  }

  /// The text of a field; empty where it is absent.
  func text(_ name: String, of object: NodeID? = nil) -> String {
    value(name, of: object).map { tree.kind($0) == .string ? tree.string($0) : "" } ?? ""
  }

  /// Whether a list or map has something in it.
  func isFilled(_ name: String) -> Bool { value(name).map { tree.count($0) > 0 } ?? false }

  @discardableResult
  func set(_ name: String, to value: Value, in object: NodeID? = nil) -> NodeID {
    tree.set(name, in: object ?? self.object, to: value)
  }
}
