import ClusterControl
import ManifestSyntax

/// A cluster, what runs in it, and a change, all drawn from one seed.
struct GeneratedChange {
  struct Node {
    var cpu: Int64
    var pods: Int64
    var zone: String

    func value(named name: String) -> Value {
      let room: Value = ["cpu": .int(cpu), "memory": "64Gi", "pods": .int(pods)]
      return [
        "apiVersion": "v1", "kind": "Node",
        "metadata": [
          "name": .string(name),
          "labels": ["kubernetes.io/hostname": .string(name), "zone": .string(zone)],
        ],
        "status": ["capacity": room, "allocatable": room],
      ]
    }
  }

  var nodes: [Node] = []
  /// Quotas, disruption budgets and the like.
  var surroundings: [Value] = []
  /// What is applied one after the other, and how long it may run; nil for until it rests.
  var history: [(objects: [Value], seconds: Int64?)] = []
  /// What is planned, and then applied.
  var after: [Value] = []
  /// For people: what it is about.
  var text: String

  init(seed: UInt64) {
    var chance = Chance(seed)
    let count = chance.pick(1...5)
    for number in 0..<count {
      nodes.append(
        Node(
          cpu: chance.oneOf([2, 4, 8, 16, 32]), pods: chance.oneOf([8, 20, 110]),
          zone: "z\(number % 2)"))
    }
    var shapes = (0..<chance.oneOf([1, 1, 1, 2, 3])).map { DeploymentShape("w\($0)", &chance) }
    surroundings = Self.surroundings(shapes, &chance)
    history = [(shapes.map(\.value), nil)]
    var words = shapes.map(\.text)
    // Often the change comes while the one before is still rolling out.
    for _ in 0..<chance.oneOf([0, 0, 1, 1, 2]) {
      let changed = Self.change(&shapes, &chance)
      let seconds: Int64? = chance.happens(4) ? nil : Int64(chance.pick(1...45))
      history.append((shapes.map(\.value), seconds))
      words.append("\(changed) for \(seconds.map { "\($0)s" } ?? "good")")
    }
    words.append(Self.change(&shapes, &chance))
    after = shapes.map(\.value)
    text = "\(count) nodes, \(surroundings.count) others; " + words.joined(separator: "; ")
  }

  private static func change(_ shapes: inout [DeploymentShape], _ chance: inout Chance) -> String {
    var words: [String] = []
    for place in shapes.indices where place == 0 || chance.happens(60) {
      words.append(shapes[place].name + " " + shapes[place].change(&chance))
    }
    return words.joined(separator: ", ")
  }

  private static func surroundings(
    _ shapes: [DeploymentShape], _ chance: inout Chance
  ) -> [Value] {
    var objects: [Value] = []
    let pods = Int64(shapes.reduce(0) { $0 + $1.replicas })
    if chance.happens(15) {
      let hard: Value =
        chance.happens(50)
        ? ["pods": .int(pods + Int64(chance.pick(0...3)))]
        : ["requests.cpu": .string("\(pods * 500 + Int64(chance.pick(0...1500)))m")]
      objects.append(
        object("v1", "ResourceQuota", "limit", ["hard": hard]))
      // With a quota of cpu, what asks for none is refused.
      objects.append(
        object(
          "v1", "LimitRange", "defaults",
          ["limits": [["type": "Container", "defaultRequest": ["cpu": "100m"]]]]))
    }
    if chance.happens(20), let first = shapes.first {
      objects.append(
        object(
          "policy/v1", "PodDisruptionBudget", "budget",
          [
            "maxUnavailable": .int(Int64(chance.pick(0...1))),
            "selector": ["matchLabels": ["app": .string(first.name)]],
          ]))
    }
    if chance.happens(30), let first = shapes.first {
      objects.append(
        object(
          "v1", "Service", first.name,
          ["selector": ["app": .string(first.name)], "ports": [["port": 80]]]))
    }
    var priority = object("scheduling.k8s.io/v1", "PriorityClass", "high", nil)
    priority["value"] = 1000
    return objects + [priority]
  }

  private static func object(
    _ version: Value, _ kind: Value, _ name: String, _ spec: Value?
  ) -> Value {
    var value: Value = [
      "apiVersion": version, "kind": kind, "metadata": ["name": .string(name)],
    ]
    if let spec { value["spec"] = spec }
    return value
  }
}

/// Chance with a seed, in words that read well.
struct Chance {
  private var generator: SeededGenerator

  init(_ seed: UInt64) { generator = SeededGenerator(seed: seed &* 0x9E37_79B9 &+ 7) }

  mutating func pick(_ range: ClosedRange<Int>) -> Int { .random(in: range, using: &generator) }
  mutating func happens(_ percent: Int) -> Bool { pick(0...99) < percent }
  mutating func oneOf<Item>(_ items: [Item]) -> Item { items[pick(0...(items.count - 1))] }
}
