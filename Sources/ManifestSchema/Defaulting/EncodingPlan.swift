/// What ``Rendering`` needs to know of a type for every object of it, worked out once: its fields
/// in the schema's version, in the order of the API.
final class EncodingPlan {
  /// A field as plain bytes: no reference is counted in the loop over them.
  struct Field: BitwiseCopyable {
    let hash: UInt32
    /// Alive as long as the schema.
    let name: UnsafeRawBufferPointer
    let type: FieldType
    /// Written even where there is none.
    let isAlways: Bool
    let isPointer: Bool
    /// Whether it is an empty object by default.
    let isObjectByDefault: Bool
  }

  let fields: [Field]
  /// The names of `fields`.
  let names: [String]
  /// Whether zeros are told from what is absent throughout the type.
  let keepsZero: Bool
  /// Whether anything is written of an object in which nothing is set.
  let hasMore: Bool

  init(_ id: TypeID, _ schema: Schema) {
    let object = schema.type(id)
    var fields: [Field] = []
    var names: [String] = []
    for field in object.fields where field.availability.contains(schema.version) {
      guard let index = schema.field(of: id, named: field.name) else { continue }
      fields.append(
        Field(
          hash: field.nameHash, name: schema.row(index).nameBytes, type: field.type,
          isAlways: Self.isAlwaysWritten(field, of: object), isPointer: field.isPointer,
          isObjectByDefault: field.defaultWord == .constant("{}")))
      names.append(field.name)
    }
    self.fields = fields
    self.names = names
    keepsZero = !object.hasView
    hasMore = fields.contains { $0.isAlways || $0.isObjectByDefault }
  }

  /// What is written even where there is none, though no reader requires it.
  private static let alwaysWritten: Set<String> = [
    "ProjectedVolumeSource.sources", "ResourceFieldSelector.divisor",
    "ContainerStatus.state", "ContainerStatus.lastState", "ContainerStateRunning.startedAt",
    "ContainerStateTerminated.startedAt", "ContainerStateTerminated.finishedAt",
    "Event.firstTimestamp", "Event.lastTimestamp", "Event.eventTime",
  ]

  private static func isAlwaysWritten(
    _ field: ManifestSchema.Field, of object: ObjectType
  ) -> Bool {
    if field.isRequired { return true }
    // The times of conditions are no pointers, so that they are written as null.
    if field.type.shape == .scalar(.time), object.name.hasSuffix("Condition") { return true }
    return alwaysWritten.contains("\(object.name).\(field.name)")
  }
}

/// The plans of a schema's types; belongs to one thread, like the schema.
final class EncodingPlans {
  private let schema: Schema
  private var plans: [EncodingPlan?]

  init(_ schema: Schema) {
    self.schema = schema
    plans = []
  }

  func plan(_ type: TypeID) -> EncodingPlan {
    let place = Int(type.index)
    if place < plans.count, let known = plans[place] { return known }
    let plan = EncodingPlan(type, schema)
    if place >= plans.count {
      let missing = max(schema.typeCount, place + 1) - plans.count
      plans += [EncodingPlan?](repeating: nil, count: missing)
    }
    plans[place] = plan
    return plan
  }
}
