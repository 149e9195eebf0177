/// Prefers nodes with much left of cpu and memory.
enum LeastAllocated {
  /// - Parameter used: With the pod.
  static func score(cpu: Int64, memory: Int64, of node: ResourceVector) -> Int64 {
    var sum: Int64 = 0
    var count: Int64 = 0
    for (used, all) in [(cpu, node.cpu), (memory, node.memory)] where all > 0 {
      sum += used > all ? 0 : (all - used) * 100 / all
      count += 1
    }
    return count == 0 ? 0 : sum / count
  }
}

/// Prefers nodes on which cpu and memory are used up alike.
enum BalancedAllocation {
  /// How much better the balance gets, around 50; nothing for pods that ask for neither.
  static func score(_ shape: PodShape, _ usage: NodeUsage, of node: ResourceVector) -> Int64 {
    guard shape.requests.cpu != 0 || shape.requests.memory != 0 else { return 0 }
    let with = balance(
      cpu: usage.cpu &+ shape.requests.cpu, memory: usage.memory &+ shape.requests.memory, node)
    return 50 + (50 + with - balance(cpu: usage.cpu, memory: usage.memory, node)) / 2
  }

  static func balance(cpu: Int64, memory: Int64, _ node: ResourceVector) -> Int64 {
    // One resource alone is always in balance.
    guard node.cpu > 0, node.memory > 0 else { return 100 }
    let shares = (
      min(Double(cpu) / Double(node.cpu), 1), min(Double(memory) / Double(node.memory), 1)
    )
    let deviation = abs((shares.0 - shares.1) / 2)
    return Int64((1 - deviation) * 100)
  }
}
