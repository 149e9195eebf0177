/// Whether the pods of a node fit it together.
public enum NodeFit {
  /// What there is too little of on a node; nil when its pods fit, or when there is no such node.
  public static func shortage(on name: String, in state: ClusterState) -> String? {
    guard let object = state.object(ResourceKey(.nodes, name: name)) else { return nil }
    let node = NodeFacts(object)
    var usage = NodeUsage()
    var scalars: [String: Int64] = [:]
    for pod in state.pods(on: name) where pod.pod?.isTerminal != true {
      let shape = PodShape(pod)
      usage.count(shape, by: 1)
      for (key, amount) in shape.requests.scalars { scalars[key, default: 0] &+= amount }
    }
    let amounts: [(name: String, used: Int64, all: Int64)] =
      [
        ("pods", usage.pods, node.podsMax), ("cpu", usage.cpu, node.allocatable.cpu),
        ("memory", usage.memory, node.allocatable.memory),
        ("ephemeral-storage", usage.storage, node.allocatable.storage),
      ]
      + scalars.sorted { $0.key < $1.key }.map {
        ($0.key, $0.value, node.allocatable.scalars[$0.key] ?? 0)
      }
    let short = amounts.filter { $0.used > $0.all }
    if short.isEmpty { return nil }
    return short.map { "\($0.name) \($0.used) of \($0.all)" }.joined(separator: ", ")
  }
}
