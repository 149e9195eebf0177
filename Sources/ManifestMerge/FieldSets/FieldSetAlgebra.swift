/// How sets combine. Every operation takes time in the sizes of both sets.
extension FieldSet {
  /// The paths of either set.
  public func union(_ other: FieldSet) -> FieldSet {
    if isEmpty { return other }
    if other.isEmpty { return self }
    var result = FieldSet()
    var members: [PathElement] = []
    Sorted.zip(self.members, other.members, by: \.self, and: \.self) { left, right in
      if let element = left ?? right { members.append(element) }
    }
    var children: [Child] = []
    Sorted.zip(self.children, other.children, by: \.element, and: \.element) { left, right in
      if let left, let right {
        children.append(Child(element: left.element, set: left.set.union(right.set)))
      } else if let child = left ?? right {
        children.append(child)
      }
    }
    result = FieldSet(members: members, children: children)
    return result
  }

  /// The paths that are in both sets.
  public func intersection(_ other: FieldSet) -> FieldSet {
    if isEmpty || other.isEmpty { return FieldSet() }
    var members: [PathElement] = []
    Sorted.zip(self.members, other.members, by: \.self, and: \.self) { left, right in
      if let left, right != nil { members.append(left) }
    }
    var children: [Child] = []
    Sorted.zip(self.children, other.children, by: \.element, and: \.element) { left, right in
      guard let left, let right else { return }
      let common = left.set.intersection(right.set)
      if !common.isEmpty { children.append(Child(element: left.element, set: common)) }
    }
    return FieldSet(members: members, children: children)
  }

  /// The paths that are not in `other`; what is below a path of `other` stays.
  public func subtracting(_ other: FieldSet) -> FieldSet {
    remaining(other, isRecursive: false)
  }

  /// The paths that are neither in `other` nor below a path that is.
  public func subtractingTrees(_ other: FieldSet) -> FieldSet {
    remaining(other, isRecursive: true)
  }

  private func remaining(_ other: FieldSet, isRecursive: Bool) -> FieldSet {
    if isEmpty || other.isEmpty { return self }
    var members: [PathElement] = []
    Sorted.zip(self.members, other.members, by: \.self, and: \.self) { left, right in
      if let left, right == nil { members.append(left) }
    }
    var children: [Child] = []
    Sorted.zip(self.children, other.children, by: \.element, and: \.element) { left, right in
      guard let left else { return }
      if isRecursive, other.hasMember(left.element) { return }
      let rest = right.map { left.set.remaining($0.set, isRecursive: isRecursive) } ?? left.set
      if !rest.isEmpty { children.append(Child(element: left.element, set: rest)) }
    }
    return FieldSet(members: members, children: children)
  }

  /// The paths that lead to no other path of the set.
  public var leaves: FieldSet {
    var members: [PathElement] = []
    Sorted.zip(self.members, self.children, by: \.self, and: \.element) { member, child in
      if let member, child == nil { members.append(member) }
    }
    return FieldSet(
      members: members, children: children.map { Child(element: $0.element, set: $0.set.leaves) })
  }

  /// The set as seen from above: every path of it below `prefix`.
  public func prefixed(by prefix: some BidirectionalCollection<PathElement>) -> FieldSet {
    if isEmpty { return self }
    return prefix.reversed().reduce(self) { set, element in
      FieldSet(members: [], children: [Child(element: element, set: set)])
    }
  }

  /// What is in the set below `path`.
  public func below(_ path: some Collection<PathElement>) -> FieldSet {
    path.reduce(self) { set, element in set[element] ?? FieldSet() }
  }
}

/// Gathers the parts of a set in any order; cheaper than inserting them one by one.
struct FieldSetBuilder {
  private var members: [PathElement] = []
  private var children: [FieldSet.Child] = []

  mutating func add(_ element: PathElement) { members.append(element) }

  mutating func add(_ set: FieldSet, below element: PathElement) {
    if !set.isEmpty { children.append(FieldSet.Child(element: element, set: set)) }
  }

  /// The set of what was added; parts that were added twice are joined.
  consuming func set() -> FieldSet {
    if !Self.isInOrder(members, \.self) {
      let sorted = members.sorted()
      members.removeAll(keepingCapacity: true)
      for element in sorted where members.last != element { members.append(element) }
    }
    if !Self.isInOrder(children, \.element) {
      let sorted = children.sorted { $0.element < $1.element }
      children.removeAll(keepingCapacity: true)
      for child in sorted {
        if let last = children.last, last.element == child.element {
          children[children.count - 1].set = last.set.union(child.set)
        } else {
          children.append(child)
        }
      }
    }
    return FieldSet(members: members, children: children)
  }

  /// Whether each element comes before the next, so that none is there twice.
  private static func isInOrder<Item>(_ items: [Item], _ key: (Item) -> PathElement) -> Bool {
    items.count < 2 || (1..<items.count).allSatisfy { key(items[$0 - 1]) < key(items[$0]) }
  }
}
