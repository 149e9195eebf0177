import ManifestSchema
import ManifestSyntax

/// Empties namespaces that are being deleted, and lets them go when nothing is left.
public struct NamespaceController: Controller {
  /// Nothing: everything is in the objects.
  public struct Memory: Sendable {}

  public static let name = "namespace-controller"
  public static let watches: [GroupResource] = [.any]
  public static var freshMemory: Memory { Memory() }
  static let finalizer: Value = "kubernetes"
  /// How long objects that went are gathered before looking again.
  private static let gatheringTime = Duration.milliseconds(100)

  public init() {}

  public func observe(
    _ change: Change, _ view: ControllerView, _ memory: inout Memory, _ wakes: inout Wakes
  ) {
    if change.key.resource == .namespaces {
      if change.new?.isTerminating == true { wakes.wake(change.key) }
      return
    }
    // Whatever comes or goes in a namespace on its way out brings it back to mind.
    guard change.new == nil || change.old == nil, let name = change.key.namespace else { return }
    let key = ResourceKey(.namespaces, name: name)
    guard view.state.object(key)?.isTerminating == true else { return }
    wakes.wake(key, after: Self.gatheringTime)
  }

  public func plan(
    _ key: ResourceKey, _ view: ControllerView, _ memory: inout Memory
  ) -> Decision {
    guard let namespace = view.state.object(key), namespace.isTerminating else { return .done }
    let finalizers = namespace.value["spec"]?["finalizers"]?.list ?? []
    guard finalizers.contains(Self.finalizer) else { return .done }
    var decision = Decision()
    var left: [(resource: GroupResource, objects: [ClusterObject])] = []
    for resource in view.state.resources {
      let objects = view.state.objects(resource, in: key.name)
      guard !objects.isEmpty else { continue }
      left.append((resource, objects))
      decision.add(
        objects.filter { !$0.isTerminating }
          .map { .delete($0.key, Action.Deletion(uid: $0.uid)) },
        tolerates: [.notFound, .conflict])
    }
    tell(left, namespace, view, &decision)
    guard left.isEmpty else {
      if !decision.actions.isEmpty { decision.checkAgain = Self.gatheringTime }
      return decision
    }
    let edit = Action.Edit("finalize") { value in
      value.change("spec") { spec in
        let rest = (spec["finalizers"]?.list ?? []).filter { $0 != Self.finalizer }
        spec["finalizers"] = rest.isEmpty ? nil : .list(rest)
      }
    }
    decision.add(.edit(key, uid: namespace.uid, edit), tolerates: [.notFound])
    return decision
  }

  /// Says in the status what is still there.
  private func tell(
    _ left: [(resource: GroupResource, objects: [ClusterObject])], _ namespace: ClusterObject,
    _ view: ControllerView, _ decision: inout Decision
  ) {
    let counts = left.map { "\($0.resource) has \($0.objects.count) resource instances" }
    var held: [String: Int] = [:]
    for object in left.flatMap(\.objects) {
      for finalizer in object.finalizers { held[finalizer, default: 0] += 1 }
    }
    let finalizers = held.keys.sorted().map { "\($0) in \(held[$0] ?? 0) resource instances" }
    let facts: [(type: String, isTrue: Bool, reason: String, message: String)] = [
      (
        "NamespaceDeletionDiscoveryFailure", false, "ResourcesDiscovered",
        "All resources successfully discovered"
      ),
      (
        "NamespaceDeletionGroupVersionParsingFailure", false, "ParsedGroupVersions",
        "All legacy kube types successfully parsed"
      ),
      (
        "NamespaceDeletionContentFailure", false, "ContentDeleted",
        "All content successfully deleted, may be waiting on finalization"
      ),
      left.isEmpty
        ? (
          "NamespaceContentRemaining", false, "ContentRemoved", "All content successfully removed"
        )
        : (
          "NamespaceContentRemaining", true, "SomeResourcesRemain",
          "Some resources are remaining: " + counts.joined(separator: ", ")
        ),
      finalizers.isEmpty
        ? (
          "NamespaceFinalizersRemaining", false, "ContentHasNoFinalizers",
          "All content-preserving finalizers finished"
        )
        : (
          "NamespaceFinalizersRemaining", true, "SomeFinalizersRemain",
          "Some content in the namespace has finalizers remaining: "
            + finalizers.joined(separator: ", ")
        ),
    ]
    // A namespace that empties at once has nothing to tell.
    guard !left.isEmpty || namespace.value["status"]?["conditions"] != nil else { return }
    var conditions = [StatusCondition](namespace.value["status"])
    for fact in facts {
      var condition = StatusCondition(
        fact.type, fact.isTrue ? "True" : "False", reason: fact.reason, message: fact.message,
        at: view.now)
      if let known = conditions.named(fact.type) {
        if known.status == condition.status { condition.lastTransition = known.lastTransition }
        conditions.remove(fact.type)
      }
      conditions.append(condition)
    }
    let values = Value.list(conditions.map(\.value))
    let status = namespace.value["status"]
    guard status?["conditions"] != values || status?["phase"] != "Terminating" else { return }
    let edit = Action.Edit("status", isStatus: true) { value in
      value.change("status") { status in
        status["phase"] = "Terminating"
        status["conditions"] = values
      }
    }
    decision.steps.insert(
      Decision.Step(
        [.edit(namespace.key, uid: namespace.uid, edit)], tolerates: [.notFound]), at: 0)
  }
}
