import ManifestSyntax

/// How the items of a list are told apart when two versions of it are merged.
public enum ListType: UInt8, Hashable, Sendable, BitwiseCopyable {
  /// The list is replaced as a whole.
  case atomic
  /// Every value stands once.
  case set
  /// Every combination of the list keys' values stands once.
  case map
}

/// How a strategic merge patch treats a list or object.
public struct PatchStrategy: OptionSet, Hashable, Sendable {
  public let rawValue: UInt8
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// Lists are merged instead of replaced.
  public static let merge = PatchStrategy(rawValue: 1)
  /// Keys that the patch does not name are dropped.
  public static let retainKeys = PatchStrategy(rawValue: 2)
  /// The value is replaced, said outright.
  public static let replace = PatchStrategy(rawValue: 4)
}

/// The value that a field takes when nothing is written.
public enum DefaultWord: Hashable, Sendable {
  /// The value itself, in YAML's flow form: `1`, `TCP`, `{}`, `""`.
  case constant(String)
  /// The name of the computation in `Defaulting/`.
  case computed(String)
}

/// One field of a type, in one of its variants: a row of the table.
public struct Field: Hashable, Sendable {
  public var name: String
  /// `KeyHash.of(name)`.
  public var nameHash: UInt32
  /// The protobuf field numbers on the way from the type's message to the field: one, or more where
  /// the wire format nests a message that JSON inlines; empty where they are not known.
  public var tagPath: [Int] = []
  public var type: FieldType
  public var isRequired = false
  /// The values allowed; empty when any is.
  public var enumValues: [String] = []
  public var listType: ListType?
  /// The keys of a `listType` of `.map`.
  public var listKeys: [String] = []
  /// Whether a map is replaced as a whole.
  public var isMapAtomic = false
  public var patchStrategy: PatchStrategy = []
  /// The key by which a strategic merge pairs list items.
  public var patchMergeKey: String?
  /// When this variant holds; the type's own limits are included.
  public var availability = Availability()
  /// The least number allowed.
  public var min: Int64?
  /// The greatest number allowed.
  public var max: Int64?
  public var defaultWord: DefaultWord?
  /// Whether `0` and `""` take the default as an absent value does.
  public var isZeroUnset = false
  /// Whether the server tells a zero value from an absent one, and so stores it.
  public var isPointer = false
  /// Whether an update may not change it.
  public var isImmutable = false

  public init(name: String, type: FieldType) {
    self.name = name
    self.type = type
    var bytes = name
    nameHash = bytes.withUTF8 { KeyHash.of(UnsafeRawBufferPointer($0)) }
  }
}

/// What a checker reads of a field for every value: plain bytes, no references.
///
/// The name points into memory of the schema that gave the row: like the schema it belongs to one
/// thread, and it is not kept longer.
public struct FieldRow: BitwiseCopyable {
  /// `KeyHash.of` the name.
  public let nameHash: UInt32
  /// Where the field stands in `ObjectType.fields`.
  public let position: Int32
  public let type: FieldType
  /// Where the field stands among the required fields of its type; -1 when it is optional.
  public internal(set) var requiredIndex: Int16
  public let listType: ListType?
  public let traits: Traits
  let nameCount: UInt16
  let name: UnsafeRawPointer

  /// What else there is to check: read it from the ``Field``.
  public struct Traits: OptionSet, Sendable, BitwiseCopyable {
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }
    /// The schema's version has the field.
    public static let isAvailable = Traits(rawValue: 1)
    public static let hasEnum = Traits(rawValue: 2)
    public static let hasLimits = Traits(rawValue: 4)
    public static let hasDefault = Traits(rawValue: 8)
    public static let isImmutable = Traits(rawValue: 16)
  }

  /// Whether the schema's version has the field; if not, its ``Field`` says which versions do.
  public var isAvailable: Bool { traits.contains(.isAvailable) }
  /// Whether the field must be present.
  public var isRequired: Bool { requiredIndex >= 0 }
  /// The name's UTF-8, alive as long as the schema.
  public var nameBytes: UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: name, count: Int(nameCount))
  }
}
