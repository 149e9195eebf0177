import ArgumentParser
import ClusterAPI
import ClusterControl
import ManifestSyntax

/// `kmf node`.
struct NodeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "node",
    abstract: "Add, empty, break and repair the nodes of a simulated cluster.",
    subcommands: [
      NodeAdd.self, NodeCordon.self, NodeUncordon.self, NodeDrain.self, NodeFail.self,
      NodeRecover.self, NodeDelete.self,
    ])
}

/// `kmf node add`.
struct NodeAdd: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "add",
    abstract: "Give a cluster nodes, and with the first one controllers.",
    discussion: """
      kmf node add n4 n5 --cpu 8 --memory 32Gi --zone b
      kmf node add gpu1 --label accelerator=gpu --taint gpu=true:NoSchedule

      Exit codes: 0 ready, 1 refused, 2 wrong usage, 3 internal error.
      """)

  @Argument(help: "The names of the nodes.")
  var names: [String]

  @Option(help: ArgumentHelp("The processors of each.", valueName: "quantity"))
  var cpu: String = NodeShape.usual.cpu

  @Option(help: ArgumentHelp("The memory of each.", valueName: "quantity"))
  var memory: String = NodeShape.usual.memory

  @Option(help: ArgumentHelp("How many pods each takes.", valueName: "n"))
  var pods: Int = NodeShape.usual.pods

  @Option(help: ArgumentHelp("The zone that they are in.", valueName: "name"))
  var zone: String?

  @Flag(help: "They are for the control plane, with its label and its taint.")
  var controlPlane = false

  @Option(help: ArgumentHelp("A label, KEY=VALUE; repeatable.", valueName: "label"))
  var label: [String] = []

  @Option(help: ArgumentHelp("A taint, KEY[=VALUE]:EFFECT; repeatable.", valueName: "taint"))
  var taint: [String] = []

  @OptionGroup(title: "Cluster") var place: ClusterOptions

  func run() throws {
    let shape = NodeShape(cpu: cpu, memory: memory, pods: pods)
    try shape.check { "--\($0)" }
    let labels = try label.map { (text) throws(CommandFailure) in
      let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2 else { throw CommandFailure("--label: '\(text)' is no KEY=VALUE") }
      return (key: String(parts[0]), value: String(parts[1]))
    }
    let taints = try taint.map(Self.taint)
    let cluster = try place.cluster(for: .existing)
    let late = try NodeMaking.add(
      names.map { name in
        NewNode(
          name: name, shape: shape, zone: zone, isControlPlane: controlPlane, labels: labels,
          taints: taints)
      }, to: cluster)
    for name in names where !late.contains(name) { Answer.print("node/\(name) ready") }
    for name in late { Complaint.writeLine("kmf: node/\(name) is not ready") }
    if !late.isEmpty { throw ExitStatus.findings }
  }

  /// `key=value:NoSchedule` as an object has it.
  private static func taint(_ text: String) throws(CommandFailure) -> Value {
    let ends = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard ends.count == 2, !ends[0].isEmpty, !ends[1].isEmpty else {
      throw CommandFailure(
        "--taint: '\(text)' is no KEY[=VALUE]:EFFECT", help: "write one like gpu=true:NoSchedule")
    }
    let parts = ends[0].split(separator: "=", maxSplits: 1).map(String.init)
    var taint: Value = ["key": .string(parts[0]), "effect": .string(ends[1])]
    if parts.count > 1 { taint["value"] = .string(parts[1]) }
    return taint
  }
}

/// `kmf node cordon`.
struct NodeCordon: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cordon", abstract: "Let no more pods come to nodes.")

  @Argument(help: "The names of the nodes.") var names: [String]
  @OptionGroup(title: "Cluster") var place: ClusterOptions

  func run() throws {
    try NodeChange(place).forEach(names) { node in
      let isCordoned = try node.cordon(true)
      Answer.print("node/\(node.name) \(isCordoned ? "cordoned" : "already cordoned")")
    }
  }
}

/// `kmf node uncordon`.
struct NodeUncordon: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "uncordon", abstract: "Let pods come to nodes again.")

  @Argument(help: "The names of the nodes.") var names: [String]
  @OptionGroup(title: "Cluster") var place: ClusterOptions

  func run() throws {
    try NodeChange(place).forEach(names) { node in
      let isDone = try node.cordon(false)
      Answer.print("node/\(node.name) \(isDone ? "uncordoned" : "already uncordoned")")
    }
  }
}

/// `kmf node delete`.
struct NodeDelete: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "delete", abstract: "Take nodes away; their pods are lost.")

  @Argument(help: "The names of the nodes.") var names: [String]
  @OptionGroup(title: "Cluster") var place: ClusterOptions

  func run() throws {
    try NodeChange(place).forEach(names) { node in
      _ = try node.client.send("DELETE", node.target.path)
      Answer.print("node \"\(node.name)\" deleted")
    }
  }
}

/// `kmf node fail`.
struct NodeFail: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fail",
    abstract: "Break nodes: their kubelets fall silent.",
    discussion: """
      kmf node fail n1 --for 7m

      The control plane notices the silence after 50 seconds, and pods are evicted 5 minutes later \
      unless they tolerate less or more.
      """)

  @Argument(help: "The names of the nodes.") var names: [String]

  @Flag(help: "Cut off from the network only: containers go on, unseen.")
  var unreachable = false

  @OptionGroup(title: "Time") var time: PassingTimeOptions
  @OptionGroup(title: "Cluster") var place: ClusterOptions

  func run() throws {
    let change = try NodeChange(place)
    try change.forEach(names) { node in
      try node.annotate([Kubelet.failureAnnotation: unreachable ? "unreachable" : "down"])
      Answer.print("node/\(node.name) \(unreachable ? "unreachable" : "down")")
    }
    try time.pass(on: change.client.cluster)
  }
}

/// `kmf node recover`.
struct NodeRecover: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "recover", abstract: "Repair nodes that were broken.")

  @Argument(help: "The names of the nodes.") var names: [String]
  @OptionGroup(title: "Time") var time: PassingTimeOptions
  @OptionGroup(title: "Cluster") var place: ClusterOptions

  func run() throws {
    let change = try NodeChange(place)
    try change.forEach(names) { node in
      guard try node.object()["metadata"]?["annotations"]?[Kubelet.failureAnnotation] != nil else {
        return Answer.print("node/\(node.name) had not failed")
      }
      try node.annotate([Kubelet.failureAnnotation: nil])
      Answer.print("node/\(node.name) recovered")
    }
    try time.pass(on: change.client.cluster)
  }
}
