import ManifestSyntax

/// The form in which `metadata.managedFields` carries a set: one tree of JSON objects, where `{}`
/// is a path of the set and `.` stands for the part itself beside what is below it.
extension FieldSet {
  /// Why a text is no set of fields.
  public enum WireError: Error, Hashable, Sendable {
    /// A part that must be an object is something else.
    case notAnObject(at: String)
    /// A key that begins like a path element does not continue like one.
    case badElement(String)
  }

  /// The set in its wire form, as the value of `fieldsV1`.
  public func fieldsV1() -> Value { wireForm(includesSelf: false) }

  private func wireForm(includesSelf: Bool) -> Value {
    var entries: [ValueMap.Entry] = []
    entries.reserveCapacity(members.count + children.count + 1)
    if includesSelf { entries.append(ValueMap.Entry(key: ".", value: .emptyMap)) }
    Sorted.zip(members, children, by: \.self, and: \.element) { member, child in
      if let child {
        let value = child.set.wireForm(includesSelf: member != nil)
        entries.append(ValueMap.Entry(key: child.element.wireText, value: value))
      } else if let member {
        entries.append(ValueMap.Entry(key: member.wireText, value: .emptyMap))
      }
    }
    return .map(ValueMap(unique: entries))
  }

  /// Reads the wire form. Kinds of elements that are not known are passed over, as they may come
  /// from a newer server.
  public init(fieldsV1 value: Value) throws(WireError) {
    self = try Self.read(value, at: "").set
  }

  private static func read(
    _ value: Value, at place: String
  ) throws(WireError) -> (set: FieldSet, isMember: Bool) {
    guard case .map(let map) = value else { throw .notAnObject(at: place) }
    var builder = FieldSetBuilder()
    var isMember = map.isEmpty
    for entry in map.entries {
      if entry.key == "." {
        isMember = true
        continue
      }
      guard let element = PathElement(wireText: entry.key) else {
        if ["f:", "k:", "v:", "i:"].contains(String(entry.key.prefix(2))) {
          throw .badElement(entry.key)
        }
        continue
      }
      let part = try read(entry.value, at: "\(place)/\(entry.key)")
      if part.isMember { builder.add(element) }
      builder.add(part.set, below: element)
    }
    return (builder.set(), isMember)
  }
}
