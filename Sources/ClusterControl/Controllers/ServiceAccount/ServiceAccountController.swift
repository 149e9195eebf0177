import ManifestSchema
import ManifestSyntax

/// Gives every active namespace its `default` ServiceAccount, again and again.
public struct ServiceAccountController: Controller {
  /// Nothing: everything is in the objects.
  public struct Memory: Sendable {}

  public static let name = "service-account-controller"
  public static let watches: [GroupResource] = [.namespaces, .serviceAccounts]
  public static var freshMemory: Memory { Memory() }

  public init() {}

  public func observe(
    _ change: Change, _ view: ControllerView, _ memory: inout Memory, _ wakes: inout Wakes
  ) {
    if change.key.resource == .namespaces {
      if change.new != nil { wakes.wake(change.key) }
    } else if change.new == nil, change.key.name == "default", let home = change.key.namespace {
      wakes.wake(ResourceKey(.namespaces, name: home))
    }
  }

  public func plan(
    _ key: ResourceKey, _ view: ControllerView, _ memory: inout Memory
  ) -> Decision {
    guard let namespace = view.state.object(key), !namespace.isTerminating else { return .done }
    let own = ResourceKey(.serviceAccounts, namespace: key.name, name: "default")
    guard view.state.object(own) == nil else { return .done }
    var decision = Decision()
    let account: Value = [
      "apiVersion": "v1", "kind": "ServiceAccount",
      "metadata": ["name": "default", "namespace": .string(key.name)],
    ]
    decision.add(
      .create(account, .serviceAccounts, namespace: key.name),
      tolerates: [.alreadyExists, .namespaceTerminating])
    return decision
  }
}

/// Puts the ConfigMap `kube-root-ca.crt` into every namespace, and its content back.
public struct RootCertificateController: Controller {
  /// Nothing: everything is in the objects.
  public struct Memory: Sendable {}

  public static let name = "root-ca-certificate-publisher-controller"
  public static let watches: [GroupResource] = [.namespaces, .configMaps]
  public static var freshMemory: Memory { Memory() }
  static let objectName = "kube-root-ca.crt"

  public init() {}

  public func observe(
    _ change: Change, _ view: ControllerView, _ memory: inout Memory, _ wakes: inout Wakes
  ) {
    if change.key.resource == .namespaces {
      if change.new != nil { wakes.wake(change.key) }
    } else if change.key.name == Self.objectName, let home = change.key.namespace {
      wakes.wake(ResourceKey(.namespaces, name: home))
    }
  }

  public func plan(
    _ key: ResourceKey, _ view: ControllerView, _ memory: inout Memory
  ) -> Decision {
    guard let namespace = view.state.object(key), !namespace.isTerminating else { return .done }
    let own = ResourceKey(.configMaps, namespace: key.name, name: Self.objectName)
    let data: Value = ["ca.crt": .string(view.simulation.rootCertificate)]
    var decision = Decision()
    if let known = view.state.object(own) {
      guard known.value["data"] != data else { return .done }
      var value = known.value
      value["data"] = data
      decision.add(.update(known, value), tolerates: [.notFound])
      return decision
    }
    let map: Value = [
      "apiVersion": "v1", "kind": "ConfigMap",
      "metadata": [
        "name": .string(Self.objectName), "namespace": .string(key.name),
        "annotations": [
          "kubernetes.io/description":
            "The certificates by which pods know the API server of this simulated cluster."
        ],
      ], "data": data,
    ]
    decision.add(
      .create(map, .configMaps, namespace: key.name),
      tolerates: [.alreadyExists, .namespaceTerminating])
    return decision
  }
}
