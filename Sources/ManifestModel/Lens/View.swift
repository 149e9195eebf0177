import ManifestSchema
import ManifestSyntax

/// A typed lens over a part of an object.
///
/// A view holds nothing but the node, so whatever it does not name stays where it is. Reading
/// answers nil for what is absent, null or of another type (the checker reports that on its own).
/// Writing turns the node into a plain value that only this view holds. The views of the API's
/// types are generated from the tables; their properties are called like the API's fields.
public protocol View: NodeValue, Equatable {
  /// What the view looks at.
  var node: NodeRef { get set }
  /// A view of `node`, which may be anything: what does not fit reads as absent.
  init(_ node: NodeRef)
  /// A view of a new, empty object.
  init()
}

extension View {
  public init() { self.init(.value(.emptyMap)) }

  /// Objects and nothing else; null is as good as absent.
  @inlinable
  public static func read(_ node: NodeRef) -> Self? { node.isMapping ? Self(node) : nil }

  /// Any item is a view: in a list, null stands for an object without fields.
  @inlinable
  public static func item(_ node: NodeRef) -> Self { Self(node) }

  public var nodeValue: Value {
    let value = node.asValue
    return value == .null ? .emptyMap : value
  }

  /// Equal when they mean the same: order of keys aside, the same fields and values.
  public static func == (left: Self, right: Self) -> Bool { left.node == right.node }

  /// Whether there is nothing in it.
  public var isEmpty: Bool { node.count == 0 }

  /// Whether the field is there and not null.
  public func has(_ name: String) -> Bool { node[name] != nil }

  /// How the field is there.
  public func presence(of name: String) -> Presence { Presence(node.member(named: name)) }

  // MARK: - What generated properties call

  /// A field of one value.
  @inlinable
  public subscript<T: NodeValue>(_ name: StaticString, _ hash: UInt32) -> T? {
    get {
      let key = Key(name, hash: hash)
      if case .tree(let tree, let id) = node {
        guard let value = tree.filled(id, key) else { return nil }
        return T.read(tree, value)
      }
      guard let member = node[key] else { return nil }
      return T.read(member)
    }
    set { set(name, newValue?.nodeValue) }
  }

  /// A field that is a list or a map.
  @inlinable
  public subscript<C: NodeCollection>(all name: StaticString, _ hash: UInt32) -> C {
    get { C(member: node.member(Key(name, hash: hash))) }
    set { set(name, newValue.memberValue) }
  }

  @usableFromInline
  mutating func set(_ name: StaticString, _ value: Value?) {
    var object = node.asValue
    // The old value must not be held twice, or writing would copy it.
    node = .value(.null)
    object[name.description] = value
    node = .value(object)
  }
}

/// How a field is there.
public enum Presence: Hashable, Sendable {
  /// Its key is not written.
  case absent
  /// Written as null: to the API the same as absent.
  case null
  /// A list, map or object without anything in it, or an empty string.
  case empty
  /// Written, with something in it.
  case filled

  @usableFromInline
  init(_ member: NodeRef?) {
    guard let member else {
      self = .absent
      return
    }
    switch member.kind {
    case .null: self = .null
    case .mapping, .sequence: self = member.count == 0 ? .empty : .filled
    case .string: self = member.string?.isEmpty ?? true ? .empty : .filled
    default: self = .filled
    }
  }
}

/// A view of an object that stands for itself, with apiVersion, kind and metadata.
public protocol ObjectView: View {
  /// Which kind the generated view belongs to.
  static var gvk: GroupVersionKind { get }
  var apiVersion: String? { get set }
  var kind: String? { get set }
  var metadata: ObjectMeta? { get set }
}

extension ObjectView {
  /// A new object with apiVersion and kind.
  public init() {
    self.init(.value(["apiVersion": .string(Self.gvk.apiVersion), "kind": .string(Self.gvk.kind)]))
  }
}

extension Optional where Wrapped: View {
  /// The view, or one of a new empty object: `pod.spec.orEmpty.nodeName = "n1"` makes the spec.
  @inlinable
  public var orEmpty: Wrapped {
    get { self ?? Wrapped(.value(.emptyMap)) }
    set { self = newValue }
  }
}
