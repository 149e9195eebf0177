import ManifestSyntax

/// A list or a map as a field holds it; absent, null and empty ones have no items but differ.
public protocol NodeCollection: Sendable {
  /// What stands under the field's key; nil where the key is not written.
  init(member: NodeRef?)
  /// The value to write; nil removes the key.
  var memberValue: Value? { get }
}

/// A list of values or views, read from the node as it is walked.
public struct ViewList<Element: NodeValue>: NodeCollection, Sequence {
  /// The list; nil where the field is not written.
  public private(set) var node: NodeRef?

  @inlinable
  public init(member: NodeRef?) { self.init(node: member) }

  @usableFromInline
  init(node: NodeRef?) { self.node = node }

  /// A new list of `elements`.
  public init(_ elements: some Sequence<Element>) {
    node = .value(.list(elements.map(\.nodeValue)))
  }

  /// No list at all: writing it removes the field.
  public static var absent: ViewList { ViewList(member: nil) }

  public var memberValue: Value? { node?.asValue }

  /// How the field is there.
  public var presence: Presence { Presence(node) }
  /// Whether the field is written and not null.
  public var isPresent: Bool { node.map { !$0.isNull } ?? false }

  public var count: Int { node.map { $0.isSequence ? $0.count : 0 } ?? 0 }
  public var isEmpty: Bool { count == 0 }
  public var first: Element? { self.first { _ in true } }
  public var indices: Range<Int> { 0..<count }
  /// The nodes of the items, nulls included.
  public var nodes: NodeItems { node.map { $0.items } ?? .none }

  @inlinable
  public func makeIterator() -> Iterator { Iterator(nodes: nodes) }

  public struct Iterator: IteratorProtocol {
    @usableFromInline var nodes: NodeItems

    @usableFromInline
    init(nodes: NodeItems) { self.nodes = nodes }

    @inlinable
    public mutating func next() -> Element? { nodes.next().map(Element.item) }
  }

  /// The item at `position`, which must be within the list.
  ///
  /// - Complexity: O(position) in a tree.
  public subscript(position: Int) -> Element {
    get {
      precondition(indices.contains(position), "an index beyond the list's end")
      return Element.item(node?[position] ?? .value(.null))
    }
    set {
      var items = takeItems()
      precondition(items.indices.contains(position), "an index beyond the list's end")
      items[position] = newValue.nodeValue
      node = .value(.list(items))
    }
  }

  /// The item at `position`; nil beyond the end.
  public func item(at position: Int) -> Element? { node?[position].map(Element.item) }

  public mutating func append(_ element: Element) {
    var items = takeItems()
    items.append(element.nodeValue)
    node = .value(.list(items))
  }

  public mutating func removeAll(where isUnwanted: (Element) -> Bool) {
    guard isPresent else { return }
    let items = nodes.filter { !isUnwanted(Element.item($0)) }
    node = .value(.list(items.map(\.asValue)))
  }

  /// Lets go of the node, so that its array is not copied when it changes.
  private mutating func takeItems() -> [Value] {
    let items = node?.asValue.list ?? []
    node = nil
    return items
  }
}

extension ViewList: ExpressibleByArrayLiteral {
  public init(arrayLiteral elements: Element...) { self.init(elements) }
}

extension ViewList: Equatable where Element: Equatable {
  public static func == (left: ViewList, right: ViewList) -> Bool { left.elementsEqual(right) }
}

/// A map from strings, read from the node as it is walked.
public struct ViewMap<Content: NodeValue>: NodeCollection, Sequence {
  /// The map; nil where the field is not written.
  public private(set) var node: NodeRef?

  @inlinable
  public init(member: NodeRef?) { self.init(node: member) }

  @usableFromInline
  init(node: NodeRef?) { self.node = node }

  /// A new map of `entries`; the last of equal keys wins.
  public init(_ entries: some Sequence<(key: String, value: Content)>) {
    node = .value(.map(ValueMap(entries.map { (key: $0.key, value: $0.value.nodeValue) })))
  }

  /// No map at all: writing it removes the field.
  public static var absent: ViewMap { ViewMap(member: nil) }

  public var memberValue: Value? { node?.asValue }

  /// How the field is there.
  public var presence: Presence { Presence(node) }
  /// Whether the field is written and not null.
  public var isPresent: Bool { node.map { !$0.isNull } ?? false }

  public var count: Int { node.map { $0.isMapping ? $0.count : 0 } ?? 0 }
  public var isEmpty: Bool { count == 0 }
  public var keys: [String] { nodes.map { $0.key.keyText } }
  /// The nodes of keys and values, in order.
  public var nodes: NodeEntries { node.map { $0.entries } ?? .none }

  @inlinable
  public func makeIterator() -> Iterator { Iterator(nodes: nodes) }

  public struct Iterator: IteratorProtocol {
    @usableFromInline var nodes: NodeEntries

    @usableFromInline
    init(nodes: NodeEntries) { self.nodes = nodes }

    @inlinable
    public mutating func next() -> (key: String, value: Content)? {
      nodes.next().map { ($0.key.keyText, Content.item($0.value)) }
    }
  }

  /// The value under `key`; nil where there is none. Setting nil removes it.
  public subscript(key: String) -> Content? {
    get { node?.member(named: key).map(Content.item) }
    set {
      var map = node?.asValue.map ?? ValueMap()
      node = nil
      map[key] = newValue?.nodeValue
      node = .value(.map(map))
    }
  }

  public func contains(key: String) -> Bool { node?.member(named: key) != nil }

  /// The entries as a dictionary, for code that looks up much.
  public var dictionary: [String: Content] {
    var dictionary: [String: Content] = [:]
    dictionary.reserveCapacity(count)
    for entry in self { dictionary[entry.key] = entry.value }
    return dictionary
  }
}

extension ViewMap: ExpressibleByDictionaryLiteral {
  public init(dictionaryLiteral entries: (String, Content)...) {
    self.init(entries.map { (key: $0.0, value: $0.1) })
  }
}
