import ManifestSchema
import ManifestSyntax

/// What a node can be read as, and written from.
public protocol NodeValue: Sendable {
  /// The value of a field; nil for nodes of another type.
  static func read(_ node: NodeRef) -> Self?
  /// The same of a node of a tree, for those that need not hold on to it.
  static func read(_ tree: Tree, _ id: NodeID) -> Self?
  /// The value of a list item or map value, where null and what does not fit are the zero value.
  static func item(_ node: NodeRef) -> Self
  /// The value as a manifest would hold it.
  var nodeValue: Value { get }
}

extension NodeValue {
  @inlinable
  public static func read(_ tree: Tree, _ id: NodeID) -> Self? { read(NodeRef.tree(tree, id)) }
}

extension String: NodeValue {
  @inlinable
  public static func read(_ tree: Tree, _ id: NodeID) -> String? {
    tree.kind(id) == .string ? tree.string(id) : nil
  }
  @inlinable public static func read(_ node: NodeRef) -> String? { node.string }
  @inlinable public static func item(_ node: NodeRef) -> String { node.string ?? "" }
  public var nodeValue: Value { .string(self) }
}

extension Bool: NodeValue {
  @inlinable
  public static func read(_ tree: Tree, _ id: NodeID) -> Bool? {
    tree.bool(id)
  }
  @inlinable public static func read(_ node: NodeRef) -> Bool? { node.bool }
  @inlinable public static func item(_ node: NodeRef) -> Bool { node.bool ?? false }
  public var nodeValue: Value { .bool(self) }
}

extension Int32: NodeValue {
  @inlinable
  public static func read(_ tree: Tree, _ id: NodeID) -> Int32? {
    tree.int64(id).flatMap(Int32.init(exactly:))
  }
  @inlinable
  public static func read(_ node: NodeRef) -> Int32? { node.int64.flatMap(Int32.init(exactly:)) }
  @inlinable public static func item(_ node: NodeRef) -> Int32 { read(node) ?? 0 }
  public var nodeValue: Value { .int(Int64(self)) }
}

extension Int64: NodeValue {
  @inlinable
  public static func read(_ tree: Tree, _ id: NodeID) -> Int64? {
    tree.int64(id)
  }
  @inlinable public static func read(_ node: NodeRef) -> Int64? { node.int64 }
  @inlinable public static func item(_ node: NodeRef) -> Int64 { node.int64 ?? 0 }
  public var nodeValue: Value { .int(self) }
}

extension Double: NodeValue {
  public static func read(_ node: NodeRef) -> Double? { node.double }
  public static func item(_ node: NodeRef) -> Double { node.double ?? 0 }
  public var nodeValue: Value { .double(self) }
}

extension NodeRef: NodeValue {
  @inlinable public static func read(_ node: NodeRef) -> NodeRef? { node }
  @inlinable public static func item(_ node: NodeRef) -> NodeRef { node }
  public var nodeValue: Value { asValue }
}

extension Quantity: NodeValue {
  public static func read(_ node: NodeRef) -> Quantity? {
    if let text = node.string { return Quantity(decoding: text) }
    return node.numberText.flatMap { Quantity(decoding: $0) }
  }
  public static func item(_ node: NodeRef) -> Quantity { read(node) ?? .zero }
  public var nodeValue: Value { .string(description) }
}

extension IntOrString: NodeValue {
  public static func read(_ node: NodeRef) -> IntOrString? {
    if let text = node.string { return .string(text) }
    return Int32.read(node).map(IntOrString.int)
  }
  public static func item(_ node: NodeRef) -> IntOrString { read(node) ?? .int(0) }
  public var nodeValue: Value {
    switch self {
    case .int(let number): .int(Int64(number))
    case .string(let text): .string(text)
    }
  }
}

extension Time: NodeValue {
  public static func read(_ node: NodeRef) -> Time? { node.string.flatMap { Time($0) } }
  public static func item(_ node: NodeRef) -> Time { read(node) ?? Time(seconds: 0) }
  public var nodeValue: Value { .string(description) }
}

extension MicroTime: NodeValue {
  public static func read(_ node: NodeRef) -> MicroTime? { node.string.flatMap { MicroTime($0) } }
  public static func item(_ node: NodeRef) -> MicroTime {
    read(node) ?? MicroTime(Time(seconds: 0))
  }
  public var nodeValue: Value { .string(description) }
}
