import ManifestSyntax

/// A set of paths: which fields somebody owns, or which ones two versions differ in.
///
/// A path is a member, or leads to members, or both: `spec.ports` itself may be owned besides the
/// ports in it. Members and children stand sorted, so that two sets combine in one pass.
public struct FieldSet: Hashable, Sendable {
  /// The parts that are in the set themselves, sorted.
  public private(set) var members: [PathElement]
  /// The parts that have something in the set below them, sorted; none is empty.
  public private(set) var children: [Child]

  /// A part, and what is in the set below it.
  public struct Child: Hashable, Sendable {
    public var element: PathElement
    public var set: FieldSet
  }

  /// A set of `paths`; the empty path is left out, for no set can hold it.
  public init(_ paths: [[PathElement]] = []) {
    members = []
    children = []
    for path in paths { insert(path) }
  }

  /// Parts that are sorted already.
  init(members: [PathElement], children: [Child]) {
    self.members = members
    self.children = children
  }

  /// Whether no path is in the set.
  public var isEmpty: Bool { members.isEmpty && children.isEmpty }

  /// The number of paths in the set.
  public var count: Int { children.reduce(members.count) { $0 + $1.set.count } }

  /// Whether `path` itself is in the set.
  public func contains(_ path: some Collection<PathElement>) -> Bool {
    guard let first = path.first else { return false }
    let rest = path.dropFirst()
    if rest.isEmpty { return hasMember(first) }
    return self[first]?.contains(rest) ?? false
  }

  /// What is in the set below a part; nil where there is nothing.
  public subscript(_ element: PathElement) -> FieldSet? {
    let place = Self.place(of: element, in: children, \.element)
    return place.isFound ? children[place.index].set : nil
  }

  /// Whether the part itself is in the set.
  public func hasMember(_ element: PathElement) -> Bool {
    Self.place(of: element, in: members, \.self).isFound
  }

  /// Adds one path.
  public mutating func insert(_ path: some Collection<PathElement>) {
    guard let first = path.first else { return }
    let rest = path.dropFirst()
    if rest.isEmpty {
      let place = Self.place(of: first, in: members, \.self)
      if !place.isFound { members.insert(first, at: place.index) }
      return
    }
    let place = Self.place(of: first, in: children, \.element)
    if !place.isFound {
      children.insert(Child(element: first, set: FieldSet()), at: place.index)
    }
    children[place.index].set.insert(rest)
  }

  /// Every path in the set, in the order of the wire form.
  public var paths: [[PathElement]] {
    var found: [[PathElement]] = []
    collect(into: &found, below: [])
    return found
  }

  private func collect(into found: inout [[PathElement]], below path: [PathElement]) {
    Sorted.zip(members, children, by: \.self, and: \.element) { member, child in
      if let member { found.append(path + [member]) }
      if let child { child.set.collect(into: &found, below: path + [child.element]) }
    }
  }

  private static func place<Item>(
    of element: PathElement, in items: [Item], _ key: (Item) -> PathElement
  ) -> (index: Int, isFound: Bool) {
    var low = 0
    var high = items.count
    while low < high {
      let middle = (low + high) / 2
      let found = key(items[middle])
      if found == element { return (middle, true) }
      if found < element { low = middle + 1 } else { high = middle }
    }
    return (low, false)
  }
}

/// Walks two sorted sequences as one.
enum Sorted {
  /// Calls `body` for every element of either, in order, with what each has for it.
  static func zip<Left, Right>(
    _ left: [Left], _ right: [Right], by leftKey: (Left) -> PathElement,
    and rightKey: (Right) -> PathElement, _ body: (Left?, Right?) -> Void
  ) {
    var leftIndex = 0
    var rightIndex = 0
    while leftIndex < left.count, rightIndex < right.count {
      let leftElement = leftKey(left[leftIndex])
      let rightElement = rightKey(right[rightIndex])
      if leftElement == rightElement {
        body(left[leftIndex], right[rightIndex])
        leftIndex += 1
        rightIndex += 1
      } else if leftElement < rightElement {
        body(left[leftIndex], nil)
        leftIndex += 1
      } else {
        body(nil, right[rightIndex])
        rightIndex += 1
      }
    }
    for item in left[leftIndex...] { body(item, nil) }
    for item in right[rightIndex...] { body(nil, item) }
  }
}
