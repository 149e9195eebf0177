import ArgumentParser

/// The nodes of a new cluster: `--nodes 3 --node-cpu 4 --node-memory 16Gi`.
struct NewNodesOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("How many workers it has, called n1, n2, …; 0 for none.", valueName: "n"))
  var nodes: Int = 0

  @Option(
    help: ArgumentHelp("How many nodes for the control plane, called cp1, cp2, …", valueName: "n"))
  var controlPlaneNodes: Int = 0

  @Option(help: ArgumentHelp("The processors of a node.", valueName: "quantity"))
  var nodeCpu: String = NodeShape.usual.cpu

  @Option(help: ArgumentHelp("The memory of a node.", valueName: "quantity"))
  var nodeMemory: String = NodeShape.usual.memory

  @Option(help: ArgumentHelp("How many pods a node takes.", valueName: "n"))
  var nodePods: Int = NodeShape.usual.pods

  @Option(help: ArgumentHelp("The zones to spread the nodes over: a,b,c.", valueName: "names"))
  var zones: String?

  private static let countMax = 10_000

  var isEmpty: Bool { nodes == 0 && controlPlaneNodes == 0 }

  /// More nodes than the usual range of pods has room for.
  var needsLargeRange: Bool { nodes + controlPlaneNodes > 250 }

  /// The nodes to make.
  func all() throws(CommandFailure) -> [NewNode] {
    for (name, count) in [("--nodes", nodes), ("--control-plane-nodes", controlPlaneNodes)] {
      guard (0...Self.countMax).contains(count) else {
        throw CommandFailure("\(name) is \(count); it must be from 0 to \(Self.countMax)")
      }
    }
    let shape = NodeShape(cpu: nodeCpu, memory: nodeMemory, pods: nodePods)
    try shape.check { "--node-\($0)" }
    let names = (zones ?? "").split(separator: ",").map(String.init)
    func zone(_ index: Int) -> String? { names.isEmpty ? nil : names[index % names.count] }
    var made = (0..<controlPlaneNodes).map { index in
      NewNode(name: "cp\(index + 1)", shape: shape, zone: zone(index), isControlPlane: true)
    }
    made += (0..<nodes).map { NewNode(name: "n\($0 + 1)", shape: shape, zone: zone($0)) }
    return made
  }
}
