import ClusterControl
import ManifestSchema

/// A controller with its memory and what it has been told.
struct ControllerRunner<Kind: Controller>: AnyRunner {
  private let controller = Kind()
  private(set) var memory = Kind.freshMemory

  var name: String { Kind.name }
  var watches: [GroupResource] { Kind.watches }
  var retriesMax: Int? { Kind.retriesMax }

  mutating func observe(_ change: Change, _ view: ControllerView, _ wakes: inout Wakes) {
    controller.observe(change, view, &memory, &wakes)
  }

  mutating func plan(_ key: ResourceKey, _ view: ControllerView) -> Decision {
    controller.plan(key, view, &memory)
  }

  mutating func recover(
    _ key: ResourceKey, from failure: Failure, _ view: ControllerView
  ) -> Decision {
    controller.recover(key, from: failure, view, &memory)
  }

  mutating func restart() { memory = Kind.freshMemory }
}

/// A ``ControllerRunner`` of some controller.
protocol AnyRunner: Sendable {
  var name: String { get }
  var watches: [GroupResource] { get }
  var retriesMax: Int? { get }
  mutating func observe(_ change: Change, _ view: ControllerView, _ wakes: inout Wakes)
  mutating func plan(_ key: ResourceKey, _ view: ControllerView) -> Decision
  mutating func recover(
    _ key: ResourceKey, from failure: Failure, _ view: ControllerView
  ) -> Decision
  /// Loses the memory.
  mutating func restart()
}

extension AnyRunner {
  func isWatching(_ resource: GroupResource) -> Bool {
    watches.contains(resource) || watches.contains(.any)
  }
}

/// Makes the runner of a controller.
public struct ControllerFactory: Sendable {
  let make: @Sendable () -> any AnyRunner

  public init<Kind: Controller>(_ kind: Kind.Type) {
    make = { ControllerRunner<Kind>() }
  }

  /// The controllers of a cluster, in the order in which equal claims are served.
  public static let standard: [ControllerFactory] =
    tenancy + workloads + nodes + network + [
      ControllerFactory(DisruptionController.self), ControllerFactory(PodGCController.self),
      ControllerFactory(GarbageCollector.self),
    ]

  /// Those that make pods.
  public static let workloads: [ControllerFactory] = [
    ControllerFactory(DeploymentController.self), ControllerFactory(ReplicaSetController.self),
    ControllerFactory(HorizontalPodAutoscalerController.self),
  ]

  /// Those that nodes need, what gives them pods, and the kubelets of the simulated ones.
  public static let nodes: [ControllerFactory] = [
    ControllerFactory(Scheduler.self),
    ControllerFactory(NodeIPAMController.self), ControllerFactory(NodeKubelet.self),
    ControllerFactory(NodeLifecycleController.self),
    ControllerFactory(TaintEvictionController.self), ControllerFactory(Kubelet.self),
  ]

  /// Those that tell where traffic goes.
  public static let network: [ControllerFactory] = [
    ControllerFactory(EndpointsController.self), ControllerFactory(EndpointSliceController.self),
  ]

  /// Those that keep namespaces, and what every namespace has.
  public static let tenancy: [ControllerFactory] = [
    ControllerFactory(NamespaceController.self), ControllerFactory(ServiceAccountController.self),
    ControllerFactory(RootCertificateController.self), ControllerFactory(TokenController.self),
    ControllerFactory(ResourceQuotaController.self),
  ]
}
