/// An ordered map from keys to values in which copies share what they have in common.
///
/// A B+ tree: leaves hold the values, inner nodes the smallest key of each child. A copy costs one
/// reference; the first change behind it copies the nodes on the way to the key, and later changes
/// find those unshared and work in place. There is no removal: compaction builds a new map.
struct OrderedMap<Value: Sendable>: Sendable {
  private var root = Node()
  private(set) var count = 0

  init() {}

  /// A map of `pairs`, which come in ascending order of their keys.
  init(ascending pairs: some Sequence<(String, Value)>) {
    for (key, value) in pairs { update(key, default: value) { $0 = value } }
  }

  subscript(key: String) -> Value? {
    var node = root
    while !node.isLeaf { node = node.children[node.childIndex(for: key)] }
    let index = node.lowerBound(key)
    guard index < node.keys.count, KeyOrder.compare(node.keys[index], key) == 0 else { return nil }
    return node.values[index]
  }

  /// Changes the value at `key` in place; a new key begins with `initial`.
  mutating func update(
    _ key: String, default initial: @autoclosure () -> Value, _ change: (inout Value) -> Void
  ) {
    var isNew = false
    let right = Self.update(&root, key, initial, change, &isNew)
    if isNew { count += 1 }
    guard let right else { return }
    let left = root
    root = Node()
    root.children = [left, right]
    root.keys = [left.keys[0], right.keys[0]]
  }

  /// Visits the pairs from `start` on, in order, until `body` answers false.
  func visit(from start: String = "", _ body: (String, Value) -> Bool) {
    _ = Self.visit(root, from: start, body)
  }

  /// Returns the node that was split off to the right, if there was no room.
  private static func update(
    _ node: inout Node, _ key: String, _ initial: () -> Value, _ change: (inout Value) -> Void,
    _ isNew: inout Bool
  ) -> Node? {
    if !isKnownUniquelyReferenced(&node) { node = node.copy() }
    guard node.isLeaf else {
      let index = node.childIndex(for: key)
      let right = update(&node.children[index], key, initial, change, &isNew)
      node.keys[index] = node.children[index].keys[0]
      guard let right else { return nil }
      node.children.insert(right, at: index + 1)
      node.keys.insert(right.keys[0], at: index + 1)
      return node.splitIfFull()
    }
    let index = node.lowerBound(key)
    if index < node.keys.count, KeyOrder.compare(node.keys[index], key) == 0 {
      change(&node.values[index])
      return nil
    }
    isNew = true
    var value = initial()
    change(&value)
    node.keys.insert(key, at: index)
    node.values.insert(value, at: index)
    return node.splitIfFull()
  }

  private static func visit(
    _ node: Node, from start: String, _ body: (String, Value) -> Bool
  ) -> Bool {
    if node.isLeaf {
      for index in node.lowerBound(start)..<node.keys.count {
        guard body(node.keys[index], node.values[index]) else { return false }
      }
      return true
    }
    for index in node.childIndex(for: start)..<node.children.count {
      guard visit(node.children[index], from: start, body) else { return false }
    }
    return true
  }

  /// Unchecked, because the compiler cannot see that a node is changed only while one map alone
  /// refers to it; shared nodes are never written.
  private final class Node: @unchecked Sendable {
    var keys: [String] = []
    var values: [Value] = []
    var children: [Node] = []

    private static var keysMax: Int { 48 }

    var isLeaf: Bool { children.isEmpty }

    func copy() -> Node {
      let node = Node()
      node.keys = keys
      node.values = values
      node.children = children
      return node
    }

    /// The first place whose key is not before `key`.
    func lowerBound(_ key: String) -> Int {
      var low = 0
      var high = keys.count
      while low < high {
        let middle = (low + high) / 2
        if KeyOrder.compare(keys[middle], key) < 0 { low = middle + 1 } else { high = middle }
      }
      return low
    }

    /// The child that `key` is in, or would be.
    func childIndex(for key: String) -> Int {
      let index = lowerBound(key)
      if index < keys.count, KeyOrder.compare(keys[index], key) == 0 { return index }
      return max(index - 1, 0)
    }

    func splitIfFull() -> Node? {
      guard keys.count > Self.keysMax else { return nil }
      let middle = keys.count / 2
      let right = Node()
      right.keys = Array(keys[middle...])
      keys.removeSubrange(middle...)
      if isLeaf {
        right.values = Array(values[middle...])
        values.removeSubrange(middle...)
      } else {
        right.children = Array(children[middle...])
        children.removeSubrange(middle...)
      }
      return right
    }
  }
}
