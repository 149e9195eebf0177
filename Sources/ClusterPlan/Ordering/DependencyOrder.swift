import ManifestRules
import ManifestSchema

/// In which order objects are written so that each finds what it needs.
///
/// An object comes after those that it mentions by name: its namespace, the definition of its kind,
/// its ConfigMaps, its role. Where nothing is mentioned, kinds have a usual order, and within that
/// the order of the input stays. So the order is the same in every run, and close to what was
/// given. Deletions go the other way round.
public struct DependencyOrder: Sendable {
  /// One object to be put in order.
  public struct Item: Sendable {
    public var name: ObjectName
    public var references: [Reference]
    /// The group and kind that a CustomResourceDefinition makes known.
    public var defines: (group: String, kind: String)?

    public init(
      name: ObjectName, references: [Reference], defines: (group: String, kind: String)? = nil
    ) {
      self.name = name
      self.references = references
      self.defines = defines
    }
  }

  /// The positions of the items in the order in which they are to be written.
  public private(set) var positions: [Int]
  /// The items that each item waits for, by position.
  public private(set) var needs: [[Int]]
  /// The items that take part in a circle, or wait for one that does: they come in the usual order
  /// of their kinds.
  public private(set) var circular: [Int] = []

  public init(_ items: [Item]) {
    needs = Self.needs(of: items)
    positions = []
    positions.reserveCapacity(items.count)
    let ranks = items.map { KindRank.of($0.name, defines: $0.defines != nil) }
    var waiting = needs.map(\.count)
    var dependents: [[Int]] = Array(repeating: [], count: items.count)
    for (item, needed) in needs.enumerated() {
      for other in needed { dependents[other].append(item) }
    }
    var ready = ReadyQueue()
    var isDone = Array(repeating: false, count: items.count)
    for item in items.indices where waiting[item] == 0 { ready.add(item, rank: ranks[item]) }
    // Those that wait, in the order in which a circle is opened.
    var stuck = items.indices.sorted { (ranks[$0], $0) < (ranks[$1], $1) }[...]
    while positions.count < items.count {
      let item: Int
      if let next = ready.next() {
        item = next
      } else {
        while let first = stuck.first, isDone[first] { stuck = stuck.dropFirst() }
        guard let first = stuck.first else { break }
        item = first
        circular.append(item)
      }
      if isDone[item] { continue }
      isDone[item] = true
      positions.append(item)
      for other in dependents[item] {
        waiting[other] -= 1
        if waiting[other] == 0, !isDone[other] { ready.add(other, rank: ranks[other]) }
      }
    }
  }

  private static func needs(of items: [Item]) -> [[Int]] {
    var byName: [ObjectName: Int] = [:]
    var definitions: [String: Int] = [:]
    for (position, item) in items.enumerated() {
      byName[item.name] = position
      if let defined = item.defines { definitions["\(defined.group)/\(defined.kind)"] = position }
    }
    return items.enumerated().map { position, item in
      var needed: [Int] = []
      for reference in item.references {
        let other: Int?
        switch reference.target {
        case .object(let name):
          // Whoever mentions a custom resource cannot know whether it has a namespace.
          other =
            byName[name]
            ?? byName[ObjectName(group: name.group, kind: name.kind, name: name.name)]
        case .definition(let group, let kind): other = definitions["\(group)/\(kind)"]
        case .selection: other = nil
        }
        if let other, other != position, !needed.contains(other) { needed.append(other) }
      }
      return needed
    }
  }
}

/// The objects whose turn it could be: a heap by rank and then by position.
private struct ReadyQueue {
  private var heap: [(rank: Int, item: Int)] = []

  mutating func add(_ item: Int, rank: Int) {
    heap.append((rank, item))
    var at = heap.count - 1
    while at > 0, heap[at] < heap[(at - 1) / 2] {
      heap.swapAt(at, (at - 1) / 2)
      at = (at - 1) / 2
    }
  }

  mutating func next() -> Int? {
    guard let first = heap.first else { return nil }
    heap.swapAt(0, heap.count - 1)
    heap.removeLast()
    var at = 0
    while true {
      var least = at
      for child in [2 * at + 1, 2 * at + 2] where child < heap.count && heap[child] < heap[least] {
        least = child
      }
      if least == at { return first.item }
      heap.swapAt(at, least)
      at = least
    }
  }
}
