/// Keeps pods off cordoned nodes.
enum NodeUnschedulable {
  private static let taint = NodeFacts.Taint(
    key: "node.kubernetes.io/unschedulable", value: "", effect: "NoSchedule")

  static func judge(_ shape: PodShape, _ node: NodeFacts) -> Rejection? {
    guard node.isUnschedulable, !shape.tolerations.contains(where: { $0.tolerates(taint) }) else {
      return nil
    }
    return Rejection(.nodeUnschedulable, "node(s) were unschedulable", isFinal: true)
  }
}
