extension TreeBuilder {
  /// The keys of a mapping that equal an earlier one.
  static func duplicates(in mapping: UInt32, of tree: Tree) -> [Fault] {
    let record = tree.records[Int(mapping)]
    if record.count > 24 { return manyDuplicates(in: mapping, of: tree) }
    var faults: [Fault] = []
    var key = record.link
    while key != 0 {
      let hash = tree.records[Int(key)].link
      var earlier = record.link
      while earlier != key {
        if tree.records[Int(earlier)].link == hash, isSameKey(earlier, key, of: tree) {
          faults.append(.duplicateKey(mapping: mapping, first: earlier, second: key))
          break
        }
        earlier = tree.records[Int(tree.records[Int(earlier)].next)].next
      }
      key = tree.records[Int(tree.records[Int(key)].next)].next
    }
    return faults
  }

  private static func manyDuplicates(in mapping: UInt32, of tree: Tree) -> [Fault] {
    var faults: [Fault] = []
    var seen: [UInt32: [UInt32]] = [:]
    var key = tree.records[Int(mapping)].link
    while key != 0 {
      let hash = tree.records[Int(key)].link
      if let first = seen[hash]?.first(where: { isSameKey($0, key, of: tree) }) {
        faults.append(.duplicateKey(mapping: mapping, first: first, second: key))
      } else {
        seen[hash, default: []].append(key)
      }
      key = tree.records[Int(tree.records[Int(key)].next)].next
    }
    return faults
  }

  private static func isSameKey(_ a: UInt32, _ b: UInt32, of tree: Tree) -> Bool {
    let left = tree.records[Int(a)]
    let right = tree.records[Int(b)]
    // A number and a text are two keys to YAML, even where JSON prints them alike.
    guard left.kind == right.kind else { return false }
    return left.count == right.count && tree.isEqual(tree.bytes(of: left), tree.bytes(of: right))
  }
}
