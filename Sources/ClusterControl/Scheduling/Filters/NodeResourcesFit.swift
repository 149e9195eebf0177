/// Keeps pods off nodes that have not enough left of something that they ask for.
enum NodeResourcesFit {
  /// Whether a pod fits.
  static func fits(
    _ shape: PodShape, _ node: NodeFacts, _ usage: NodeUsage, _ scalars: [String: Int64]
  ) -> Bool {
    let wanted = shape.requests
    let all = node.allocatable
    return usage.pods < node.podsMax
      && (wanted.cpu == 0 || wanted.cpu <= all.cpu &- usage.cpu)
      && (wanted.memory == 0 || wanted.memory <= all.memory &- usage.memory)
      && (wanted.storage == 0 || wanted.storage <= all.storage &- usage.storage)
      && (wanted.scalars.isEmpty
        || wanted.scalars.allSatisfy {
          $0.value <= (all.scalars[$0.key] ?? 0) &- (scalars[$0.key] ?? 0)
        })
  }

  static func judge(
    _ shape: PodShape, _ node: NodeFacts, _ usage: NodeUsage, _ scalars: [String: Int64]
  ) -> Rejection? {
    var reasons: [String] = []
    // What is more than the whole node no other pod can make room for.
    var isFinal = false
    if usage.pods >= node.podsMax { reasons.append("Too many pods") }
    func compare(_ name: String, _ wanted: Int64, _ all: Int64, _ used: Int64) {
      guard wanted > 0, wanted > all &- used else { return }
      reasons.append("Insufficient \(name)")
      if wanted > all { isFinal = true }
    }
    let wanted = shape.requests
    let all = node.allocatable
    compare("cpu", wanted.cpu, all.cpu, usage.cpu)
    compare("memory", wanted.memory, all.memory, usage.memory)
    compare("ephemeral-storage", wanted.storage, all.storage, usage.storage)
    for (name, amount) in wanted.scalars.sorted(by: { $0.key < $1.key }) {
      compare(name, amount, all.scalars[name] ?? 0, scalars[name] ?? 0)
    }
    return reasons.isEmpty ? nil : Rejection(.nodeResourcesFit, reasons, isFinal: isFinal)
  }

  /// Whether a pod would fit if the node were empty.
  static func fitsEmpty(_ shape: PodShape, _ node: NodeFacts) -> Bool {
    fits(shape, node, NodeUsage(), [:])
  }
}
