import ManifestSchema
import ManifestSyntax

/// What kubelets do for their nodes: they register them as ready, and say so again after a failure.
///
/// Heartbeats that say nothing new are left out: whoever looks takes a simulated node without
/// failure as alive. The Lease tells when its kubelet came up.
public struct NodeKubelet: Controller {
  public struct Memory: Sendable {
    /// The addresses that nodes have, by node.
    var addresses: [String: String] = [:]
    var taken: Set<String> = []
    var last: UInt64 = 1
  }

  public static let name = "kubelet-nodes"
  public static let watches: [GroupResource] = [.nodes]
  public static var freshMemory: Memory { Memory() }
  static let leaseNamespace = "kube-node-lease"

  public init() {}

  public func observe(
    _ change: Change, _ view: ControllerView, _ memory: inout Memory, _ wakes: inout Wakes
  ) {
    let name = change.key.name
    guard let new = change.new else {
      if let address = memory.addresses.removeValue(forKey: name) { memory.taken.remove(address) }
      return
    }
    let written = (new.value["status"]?["addresses"]?.list ?? [])
      .first { $0["type"] == "InternalIP" }?["address"]?.string
    if let written {
      memory.addresses[name] = written
      memory.taken.insert(written)
    }
    wakes.wake(change.key)
  }

  public func plan(
    _ key: ResourceKey, _ view: ControllerView, _ memory: inout Memory
  ) -> Decision {
    guard let node = view.state.object(key), !node.isTerminating, NodeFailure.isSimulated(node)
    else { return .done }
    var decision = Decision()
    if let note = NodeFailure.note(on: node, at: view.now) {
      decision.add(.edit(key, uid: node.uid, note), tolerates: [.notFound])
    }
    guard NodeFailure(node) == nil else { return decision }
    let isUp = NodeKubelet.conditions.allSatisfy { type, status, _, _ in
      node.condition(type)?["status"]?.string == status
    }
    let status = node.value["status"]
    guard !isUp || status?["allocatable"] == nil || memory.addresses[node.name] == nil else {
      return decision
    }
    let new = self.status(of: node, over: status ?? .emptyMap, view, &memory)
    if new != status {
      let edit = Action.Edit("status", isStatus: true) { $0["status"] = new }
      decision.add(.edit(key, uid: node.uid, edit), tolerates: [.notFound])
    }
    if node.condition("Ready")?["status"] != "True" {
      decision.add(
        .event(
          Action.Event(
            .normal, about: node, reason: "NodeReady",
            message: "Node \(node.name) status is now: NodeReady")))
    }
    lease(node, view, &decision)
    return decision
  }

  // MARK: - Status

  static let conditions: [(type: String, status: String, reason: String, message: String)] = [
    (
      "MemoryPressure", "False", "KubeletHasSufficientMemory",
      "kubelet has sufficient memory available"
    ),
    ("DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
    ("PIDPressure", "False", "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
    ("Ready", "True", "KubeletReady", "kubelet is posting ready status"),
  ]

  private func status(
    of node: ClusterObject, over old: Value, _ view: ControllerView, _ memory: inout Memory
  ) -> Value {
    var status = old
    let usual: [(String, String)] = [
      ("cpu", "4"), ("ephemeral-storage", "100Gi"), ("memory", "16Gi"), ("pods", "110"),
    ]
    status.change("capacity") { capacity in
      for (name, amount) in usual where capacity[name] == nil { capacity[name] = .string(amount) }
    }
    if status["allocatable"] == nil { status["allocatable"] = status["capacity"] }
    if status["addresses"] == nil {
      var addresses: [Value] = []
      if let address = address(for: node.name, view, &memory) {
        addresses.append(["type": "InternalIP", "address": .string(address)])
      }
      addresses.append(["type": "Hostname", "address": .string(node.name)])
      status["addresses"] = .list(addresses)
    }
    let now = Value.string(view.now.description)
    var conditions = (old["conditions"]?.list ?? []).filter { known in
      !Self.conditions.contains { $0.type == known["type"]?.string }
    }
    for (type, state, reason, message) in Self.conditions {
      let known = PodFacts.condition(type, of: old)
      let since = known?["status"]?.string == state ? known?["lastTransitionTime"] : nil
      conditions.append([
        "type": .string(type), "status": .string(state), "lastHeartbeatTime": now,
        "lastTransitionTime": since ?? now, "reason": .string(reason),
        "message": .string(message),
      ])
    }
    status["conditions"] = .list(conditions)
    if status["nodeInfo"] == nil {
      status["nodeInfo"] = [
        "machineID": "", "systemUUID": "", "bootID": "", "kernelVersion": "simulated",
        "osImage": "simulated", "containerRuntimeVersion": "sim://1",
        "kubeletVersion": .string("v1.\(view.version.minor).0"), "kubeProxyVersion": "",
        "operatingSystem": "linux", "architecture": "amd64",
      ]
    }
    return status
  }

  /// The next free address after the last one given.
  private func address(
    for name: String, _ view: ControllerView, _ memory: inout Memory
  ) -> String? {
    if let known = memory.addresses[name] { return known }
    guard let range = CIDR(view.simulation.nodeRange)?.masked else { return nil }
    let bits = range.address.family.width - range.prefixLength
    let size: UInt64 = bits >= 32 ? 1 << 32 : 1 << UInt64(bits)
    guard size > 3, UInt64(memory.taken.count) < size - 3 else { return nil }
    while true {
      memory.last = memory.last >= size - 2 ? 2 : memory.last + 1
      let place = range.address.bits &+ UInt128(memory.last)
      let address =
        range.address.family == .v4
        ? IPAddress(v4: UInt32(truncatingIfNeeded: place)) : IPAddress(v6: place)
      guard memory.taken.insert(address.description).inserted else { continue }
      memory.addresses[name] = address.description
      return address.description
    }
  }

  // MARK: - Lease

  private func lease(_ node: ClusterObject, _ view: ControllerView, _ decision: inout Decision) {
    let key = ResourceKey(.leases, namespace: Self.leaseNamespace, name: node.name)
    let renewTime = Value.string(MicroTime(view.now).description)
    if let known = view.state.object(key) {
      let edit = Action.Edit("renew") { value in
        value.change("spec") { $0["renewTime"] = renewTime }
      }
      return decision.add(.edit(key, uid: known.uid, edit), tolerates: [.notFound])
    }
    let lease: Value = [
      "apiVersion": "coordination.k8s.io/v1", "kind": "Lease",
      "metadata": [
        "name": .string(node.name), "namespace": .string(Self.leaseNamespace),
        "ownerReferences": [
          [
            "apiVersion": "v1", "kind": "Node", "name": .string(node.name),
            "uid": .string(node.uid),
          ]
        ],
      ],
      "spec": [
        "holderIdentity": .string(node.name), "leaseDurationSeconds": 40, "renewTime": renewTime,
      ],
    ]
    decision.add(
      .create(lease, .leases, namespace: Self.leaseNamespace),
      tolerates: [.alreadyExists, .namespaceTerminating])
  }
}
