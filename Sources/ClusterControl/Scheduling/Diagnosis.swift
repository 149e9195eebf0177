/// Why no node could take a pod.
struct Diagnosis: Sendable {
  var nodeCount: Int
  /// What rejected each node, by slot.
  var rejections: [Int32: Rejection] = [:]
  /// What rejected the pod before any node was looked at.
  var refusal: Rejection?

  /// Who kept the pod off nodes.
  var plugins: Set<SchedulerPlugin> {
    if let refusal { return [refusal.plugin] }
    return Set(rejections.values.map(\.plugin))
  }

  /// What preemption had to say: `0/3 nodes are available: 3 Preemption is not …`.
  func message(afterwards: String?) -> String {
    guard nodeCount > 0 else { return "no nodes available to schedule pods" }
    var text = "0/\(nodeCount) nodes are available:"
    if let refusal {
      text += " \(refusal.reasons.joined(separator: ", "))."
    } else {
      text += Self.list(rejections.values.flatMap(\.reasons))
    }
    if let afterwards, !afterwards.isEmpty { text += " \(afterwards)" }
    return text
  }

  /// Reasons with how often they were given, sorted as text, the numbers with them.
  static func list(_ reasons: [String]) -> String {
    var counts: [String: Int] = [:]
    for reason in reasons { counts[reason, default: 0] += 1 }
    if counts.isEmpty { return "" }
    return " \(counts.map { "\($0.value) \($0.key)" }.sorted().joined(separator: ", "))."
  }
}
