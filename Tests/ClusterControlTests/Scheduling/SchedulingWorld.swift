import ManifestSchema
import ManifestSyntax

@testable import ClusterControl

/// A cluster with a scheduler and nobody else.
struct SchedulingWorld {
  var rig = ControllerRig()

  init(version: Int = 36) {
    rig.version = KubernetesVersion(minor: version)
    rig.add(Scheduler())
  }

  /// - Parameters:
  ///   - fields: What the node has besides, as JSON entries of its spec.
  ///   - labels: `key=value`, separated by commas; the hostname is added.
  mutating func node(
    _ name: String, cpu: String = "4", memory: String = "8Gi", pods: Int = 110,
    labels: String = "", spec: String = "", more: String = "", status: String = ""
  ) {
    var pairs = ["\"kubernetes.io/hostname\":\"\(name)\""]
    pairs += Self.pairs(labels)
    rig.create(
      """
      {"apiVersion":"v1","kind":"Node","metadata":{"name":"\(name)","labels":
      {\(pairs.joined(separator: ","))}},"spec":{\(spec)},"status":{"allocatable":{"cpu":"\(cpu)",
      "memory":"\(memory)","pods":"\(pods)"\(more)}\(status)}}
      """)
  }

  static func pairs(_ text: String) -> [String] {
    text.split(separator: ",").map { pair in
      let parts = pair.split(separator: "=", maxSplits: 1)
      return "\"\(parts[0])\":\"\(parts.count > 1 ? parts[1] : "")\""
    }
  }

  /// - Parameter spec: JSON entries of the pod's spec besides its container.
  mutating func pod(
    _ name: String, cpu: String = "", memory: String = "", labels: String = "",
    on node: String = "",
    spec: String = "", container: String = "", namespace: String = "default", status: String = ""
  ) {
    var requests: [String] = []
    if !cpu.isEmpty { requests.append("\"cpu\":\"\(cpu)\"") }
    if !memory.isEmpty { requests.append("\"memory\":\"\(memory)\"") }
    var entries = [
      """
      "containers":[{"name":"a","image":"a:1","resources":
      {"requests":{\(requests.joined(separator: ","))}}\(container)}]
      """
    ]
    if !spec.isEmpty { entries.append(spec) }
    if !node.isEmpty { entries.append("\"nodeName\":\"\(node)\"") }
    rig.create(
      """
      {"apiVersion":"v1","kind":"Pod","metadata":{"name":"\(name)","namespace":"\(namespace)",
      "labels":{\(Self.pairs(labels).joined(separator: ","))}},
      "spec":{\(entries.joined(separator: ","))},"status":{"phase":"Pending"\(status)}}
      """)
  }

  func key(_ pod: String) -> ResourceKey {
    ResourceKey(.pods, namespace: "default", name: pod)
  }

  func object(_ name: String) -> ClusterObject? { rig.state.object(key(name)) }

  /// The node of a pod.
  func place(_ pod: String) -> String? { object(pod)?.pod?.node }

  /// Why a pod has none.
  func trouble(_ pod: String) -> String? {
    let condition = object(pod)?.condition("PodScheduled")
    return condition?["status"] == "False" ? condition?["message"]?.string : nil
  }

  mutating func settle() { rig.settle() }

  mutating func remove(_ pod: String) {
    rig.delete(key(pod), Action.Deletion(graceSeconds: 0))
  }
}
