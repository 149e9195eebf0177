/// A type by number: an index into a ``Schema``'s types.
///
/// The embedded types have the same numbers in every `Schema`; those added at run time do not.
public struct TypeID: Hashable, Sendable, BitwiseCopyable {
  public let index: Int32

  init(_ index: Int) {
    self.index = Int32(truncatingIfNeeded: index)
  }
}

/// The values that have no fields of their own.
public enum Scalar: UInt8, Hashable, Sendable, CaseIterable {
  /// Any value at all: its inside is not checked.
  case any
  /// A map with any keys and values.
  case object
  case string
  case int32
  case int64
  case bool
  case double
  /// A string that holds base64.
  case bytes
  case quantity
  case intOrString
  /// An RFC 3339 time to the second.
  case time
  /// An RFC 3339 time to the microsecond.
  case microTime

  /// The word of the table language.
  public var word: String {
    switch self {
    case .any: "any"
    case .object: "object"
    case .string: "string"
    case .int32: "int32"
    case .int64: "int64"
    case .bool: "bool"
    case .double: "double"
    case .bytes: "bytes"
    case .quantity: "Quantity"
    case .intOrString: "IntOrString"
    case .time: "Time"
    case .microTime: "MicroTime"
    }
  }
}

/// What may stand in place of an object (three fields of JSON Schema itself allow this).
public enum Alternative: UInt8, Hashable, Sendable {
  /// `T|bool`
  case bool
  /// `T|[T]`
  case list
  /// `T|[string]`
  case strings
}

/// One level of a ``FieldType``.
public enum Shape: Hashable, Sendable {
  case scalar(Scalar)
  case object(TypeID)
  case objectOr(TypeID, Alternative)
  case list(of: FieldType)
  /// A map from strings.
  case map(of: FieldType)
}

/// The type of a field: a scalar or object in at most eight layers of lists and maps.
///
/// Eight bytes, no references: it can be read and taken apart in a hot loop.
public struct FieldType: Hashable, Sendable, BitwiseCopyable {
  /// The object type, or a ``Scalar``'s raw value.
  private let payload: Int32
  /// Two bits a layer, the outermost lowest: 0 none, 1 list, 2 map.
  private let layers: UInt16
  private let core: Core

  private enum Core: UInt8 { case scalar, object, objectOrBool, objectOrList, objectOrStrings }

  private init(payload: Int32, layers: UInt16, core: Core) {
    self.payload = payload
    self.layers = layers
    self.core = core
  }

  /// A type without fields.
  public init(_ scalar: Scalar) {
    self.init(payload: Int32(scalar.rawValue), layers: 0, core: .scalar)
  }

  /// An object of a type, or what may stand in its place.
  public init(_ type: TypeID, or alternative: Alternative? = nil) {
    let core: Core =
      switch alternative {
      case nil: .object
      case .bool: .objectOrBool
      case .list: .objectOrList
      case .strings: .objectOrStrings
      }
    self.init(payload: type.index, layers: 0, core: core)
  }

  /// Any value.
  public static let any = FieldType(.any)
  /// A string.
  public static let string = FieldType(.string)

  /// A list of `element`; nil when that would be the ninth layer.
  public static func list(of element: FieldType) -> FieldType? { element.wrapped(1) }

  /// A map from strings to `element`; nil when that would be the ninth layer.
  public static func map(of element: FieldType) -> FieldType? { element.wrapped(2) }

  private func wrapped(_ layer: UInt16) -> FieldType? {
    guard layers >> 14 == 0 else { return nil }
    return FieldType(payload: payload, layers: layers << 2 | layer, core: core)
  }

  /// Its outermost level.
  public var shape: Shape {
    switch layers & 3 {
    case 1: return .list(of: FieldType(payload: payload, layers: layers >> 2, core: core))
    case 2: return .map(of: FieldType(payload: payload, layers: layers >> 2, core: core))
    default: break
    }
    let type = TypeID(Int(payload))
    switch core {
    case .scalar: return .scalar(Scalar(rawValue: UInt8(truncatingIfNeeded: payload)) ?? .any)
    case .object: return .object(type)
    case .objectOrBool: return .objectOr(type, .bool)
    case .objectOrList: return .objectOr(type, .list)
    case .objectOrStrings: return .objectOr(type, .strings)
    }
  }

  /// The object type inside all layers; nil when a scalar is inside.
  public var objectType: TypeID? { core == .scalar ? nil : TypeID(Int(payload)) }

  /// Whether the outermost level is a list.
  public var isList: Bool { layers & 3 == 1 }
  /// Whether the outermost level is a map from strings.
  public var isMap: Bool { layers & 3 == 2 }
}
