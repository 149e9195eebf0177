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

  /// What the path is made of. Rules name paths for each object and look at them only when they
  /// have something to say, so a literal stays text until then.
  private enum Content: Sendable {
    case steps([Step])
    case literal(StaticString)
  }

  private var content: Content

  /// The steps from the root of the object.
  public var steps: [Step] {
    get {
      switch content {
      case .steps(let steps): steps
      case .literal(let text): Self.steps(of: text.description)
      }
    }
    set { content = .steps(newValue) }
  }

  /// A path of `steps`; the root of the object without any.
  public init(_ steps: [Step] = []) { content = .steps(steps) }

  public static func == (left: FieldPath, right: FieldPath) -> Bool { left.steps == right.steps }

  public func hash(into hasher: inout Hasher) { hasher.combine(steps) }

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
    let more = other.steps
    return more.isEmpty ? path : FieldPath(path.steps + more)
  }

  public var description: String {
    // Bytes take a piece for less than a string, which looks at its own form each time.
    var text: [UInt8] = []
    text.reserveCapacity(64)
    for step in steps {
      switch step {
      case .field(let name):
        if !text.isEmpty { text.append(UInt8(ascii: ".")) }
        text += name.utf8
      case .index(let position): text += "[\(position)]".utf8
      case .key(let name):
        text.append(UInt8(ascii: "["))
        text += name.utf8
        text.append(UInt8(ascii: "]"))
      }
    }
    return String(decoding: text, as: UTF8.self)
  }
}

extension FieldPath: ExpressibleByStringLiteral {
  /// A path of fields only, written with dots: `"spec.replicas"`; indices in brackets are allowed.
  public init(stringLiteral text: StaticString) { content = .literal(text) }

  /// Reads a path as it is rendered; brackets holding a number are an index, others a key.
  public init(parsing text: String) { self.init(Self.steps(of: text)) }

  private static func steps(of text: String) -> [Step] {
    var steps: [Step] = []
    let bytes = text.utf8
    var at = bytes.startIndex
    while at != bytes.endIndex {
      if bytes[at] == UInt8(ascii: "["), let close = bytes[at...].firstIndex(of: 93) {
        let inside = text[bytes.index(after: at)..<close]
        steps.append(Int(inside).map(Step.index) ?? .key(String(inside)))
        at = bytes.index(after: close)
        continue
      }
      // A dot, or a bracket that nothing closes: that one is part of the name.
      let start = bytes[at] == UInt8(ascii: ".") ? bytes.index(after: at) : at
      var end = start
      while end != bytes.endIndex, end == at || bytes[end] != UInt8(ascii: "."),
        end == at || bytes[end] != UInt8(ascii: "[")
      {
        end = bytes.index(after: end)
      }
      if end != start { steps.append(.field(String(text[start..<end]))) }
      at = end
    }
    return steps
  }
}
