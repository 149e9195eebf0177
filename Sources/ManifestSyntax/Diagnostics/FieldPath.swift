/// The one way to point at something inside an object:
/// `spec.template.spec.containers[0].image`, `spec.limits[cpu]`.
///
/// Rendered as the API server does: fields joined by dots, list indices and map keys in brackets.
public struct FieldPath: Hashable, Sendable, CustomStringConvertible {
  /// One step from a node to a part of it.
  public enum Step: Hashable, Sendable {
    /// A field of a typed object.
    case field(String)
    /// An item of a list, counted from 0.
    case index(Int)
    /// A key of a free-form map, such as a label or a resource name.
    case key(String)
  }

  /// The steps from the root of the object.
  public var steps: [Step]

  /// A path of `steps`; the root of the object without any.
  public init(_ steps: [Step] = []) { self.steps = steps }

  /// The root of the object.
  public static let root = FieldPath()

  /// The path of `field` inside this one.
  public func field(_ name: String) -> FieldPath { FieldPath(steps + [.field(name)]) }
  /// The path of the item at `position` inside this list.
  public func index(_ position: Int) -> FieldPath { FieldPath(steps + [.index(position)]) }
  /// The path of the value under `name` inside this map.
  public func key(_ name: String) -> FieldPath { FieldPath(steps + [.key(name)]) }

  /// Everything but the last step; the root is its own parent.
  public var parent: FieldPath { FieldPath(Array(steps.dropLast())) }
  /// Whether this is the object itself.
  public var isRoot: Bool { steps.isEmpty }

  /// This path continued by `other`.
  public static func + (path: FieldPath, other: FieldPath) -> FieldPath {
    FieldPath(path.steps + other.steps)
  }

  public var description: String {
    var text = ""
    for step in steps {
      switch step {
      case .field(let name):
        if !text.isEmpty { text += "." }
        text += name
      case .index(let position): text += "[\(position)]"
      case .key(let name): text += "[\(name)]"
      }
    }
    return text
  }
}

extension FieldPath: ExpressibleByStringLiteral {
  /// A path of fields only, written with dots: `"spec.replicas"`; indices in brackets are allowed.
  public init(stringLiteral text: String) { self.init(parsing: text) }

  /// Reads a path as it is rendered; brackets holding a number are an index, others a key.
  public init(parsing text: String) {
    var steps: [Step] = []
    var rest = Substring(text)
    while let first = rest.first {
      if first == "[", let close = rest.firstIndex(of: "]") {
        let inside = rest[rest.index(after: rest.startIndex)..<close]
        steps.append(Int(inside).map(Step.index) ?? .key(String(inside)))
        rest = rest[rest.index(after: close)...]
      } else {
        if first == "." { rest.removeFirst() }
        let end = rest.firstIndex { $0 == "." || $0 == "[" } ?? rest.endIndex
        if end > rest.startIndex { steps.append(.field(String(rest[..<end]))) }
        if end == rest.startIndex, rest.first == "[" { continue }
        rest = rest[end...]
      }
    }
    self.init(steps)
  }
}
