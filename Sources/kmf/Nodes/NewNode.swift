import ClusterAPI
import ClusterControl
import ClusterStore
import ControlPlane
import ManifestSchema
import ManifestSyntax

/// How large nodes are.
struct NodeShape {
  var cpu: String
  var memory: String
  var pods: Int

  static let usual = NodeShape(cpu: "4", memory: "16Gi", pods: 110)
  static let podsMax = 100_000

  /// - Throws: where a node could not be so large; `option` makes the option's name.
  func check(_ option: (String) -> String) throws(CommandFailure) {
    for (name, text, example) in [("cpu", cpu, "4"), ("memory", memory, "16Gi")] {
      guard let amount = Quantity(text), amount > Quantity.zero else {
        throw CommandFailure(
          "\(option(name)): '\(text)' is no amount; write one like \(example)")
      }
    }
    guard (1...Self.podsMax).contains(pods) else {
      throw CommandFailure("\(option("pods")) is \(pods); it must be from 1 to \(Self.podsMax)")
    }
  }
}

/// A node that is to be made.
struct NewNode {
  var name: String
  var shape = NodeShape.usual
  var zone: String?
  var isControlPlane = false
  var labels: [(key: String, value: String)] = []
  var taints: [Value] = []

  private static let controlPlaneRole = "node-role.kubernetes.io/control-plane"

  /// The object, as its kubelet would register it.
  var object: Value {
    var marks: [(String, String)] = [
      ("beta.kubernetes.io/arch", "amd64"), ("beta.kubernetes.io/os", "linux"),
      ("kubernetes.io/arch", "amd64"), ("kubernetes.io/hostname", name),
      ("kubernetes.io/os", "linux"),
    ]
    if let zone { marks.append(("topology.kubernetes.io/zone", zone)) }
    var spec: Value = .emptyMap
    var taints = taints
    if isControlPlane {
      marks.append((Self.controlPlaneRole, ""))
      marks.append(("node.kubernetes.io/exclude-from-external-load-balancers", ""))
      taints.insert(["key": .string(Self.controlPlaneRole), "effect": "NoSchedule"], at: 0)
    }
    if !taints.isEmpty { spec["taints"] = .list(taints) }
    var written = ValueMap()
    for (key, value) in marks + labels { written[key] = .string(value) }
    return [
      "apiVersion": "v1", "kind": "Node",
      "metadata": ["name": .string(name), "labels": .map(written)],
      "spec": spec, "status": ["capacity": amounts, "allocatable": amounts],
    ]
  }

  private var amounts: Value {
    [
      "cpu": .string(shape.cpu), "ephemeral-storage": "100Gi", "memory": .string(shape.memory),
      "pods": .string(String(shape.pods)),
    ]
  }
}

/// Gives a cluster nodes, and with them controllers.
enum NodeMaking {
  /// How long new nodes may take to be ready.
  private static let patience: Int64 = 300

  /// Makes the nodes, all or none, and runs the cluster until they are ready.
  ///
  /// - Returns: the names of those that are not.
  static func add(_ nodes: [NewNode], to cluster: LocalCluster) throws(CommandFailure) -> [String] {
    do throws(StatusError) {
      try cluster.transaction { (session) throws(StatusError) in
        let resource = try session.resource(.nodes)
        var options = WriteOptions(fieldManager: "kmf-node", fieldValidation: .strict)
        for node in nodes {
          options.subresource = ""
          let written = try session.create(node.object, in: resource, options: options)
          guard written.object["status"]?["capacity"] == nil else { continue }
          var object = written.object
          object["status"] = node.object["status"]
          options.subresource = "status"
          _ = try session.update(object, in: resource, name: node.name, options: options)
        }
      }
      var plane = OpenClusters.controlPlane(of: cluster)
      try plane.start()
      let keys = nodes.map { ResourceKey(.nodes, name: $0.name) }
      let deadline = plane.time.present.advanced(bySeconds: patience)
      _ = try plane.run(
        until: deadline, passesTime: false,
        isDone: { state, _ in keys.allSatisfy { isReady($0, state) } })
      guard let state = plane.state else { return [] }
      return keys.filter { !isReady($0, state) }.map(\.name)
    } catch { throw CommandFailure(error) }
  }

  /// Ready, and without the taint that says otherwise.
  private static func isReady(_ key: ResourceKey, _ state: ClusterState) -> Bool {
    guard let node = state.object(key), node.condition("Ready")?["status"] == "True" else {
      return false
    }
    return !(node.value["spec"]?["taints"]?.list ?? []).contains {
      $0["key"] == "node.kubernetes.io/not-ready"
    }
  }
}
