/// Keeps pods off nodes where one of the host ports that they want is taken.
enum NodePorts {
  static func judge(_ shape: PodShape, taken: [PodShape.HostPort]) -> Rejection? {
    let isTaken = shape.ports.contains { port in taken.contains { $0.clashes(with: port) } }
    guard isTaken else { return nil }
    return Rejection(
      .nodePorts, "node(s) didn't have free ports for the requested pod ports")
  }
}
