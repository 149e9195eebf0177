import ManifestSyntax

/// One entry of `metadata.managedFields`: what one writer owns.
public struct ManagedEntry: Hashable, Sendable {
  /// How the writer came to own its fields.
  public enum Operation: String, Hashable, Sendable {
    /// It applied a configuration: whatever it leaves out next time is given up.
    case apply = "Apply"
    /// It wrote the object by any other request.
    case update = "Update"
  }

  /// Who writes: entries with the same writer are one entry.
  public struct Writer: Hashable, Sendable {
    public var manager: String
    public var operation: Operation
    /// Empty for applied configurations: one of a newer version takes the place of the old.
    public var apiVersion: String
    /// Empty for the object itself.
    public var subresource: String

    /// - Parameter manager: Its name; an empty one is written as `unknown`.
    public init(
      _ manager: String, _ operation: Operation, apiVersion: String, subresource: String = ""
    ) {
      self.manager = manager.isEmpty ? "unknown" : manager
      self.operation = operation
      self.apiVersion = operation == .apply ? "" : apiVersion
      self.subresource = subresource
    }
  }

  public var writer: Writer
  /// The version in whose terms `fields` are.
  public var apiVersion: String
  /// When the writer last changed something: RFC 3339 in UTC, to the second.
  public var time: String?
  public var fields: FieldSet

  public init(_ writer: Writer, apiVersion: String, time: String?, fields: FieldSet) {
    self.writer = writer
    self.apiVersion = apiVersion
    self.time = time
    self.fields = fields
  }
}

/// The value of `metadata.managedFields`: who owns which fields of an object.
public struct ManagedFields: Hashable, Sendable {
  /// One entry for each writer, in no particular order.
  public var entries: [ManagedEntry]

  public init(_ entries: [ManagedEntry] = []) { self.entries = entries }

  public var isEmpty: Bool { entries.isEmpty }

  /// The entry of a writer; setting nil removes it.
  public subscript(writer: ManagedEntry.Writer) -> ManagedEntry? {
    get { entries.first { $0.writer == writer } }
    set {
      let index = entries.firstIndex { $0.writer == writer }
      switch (index, newValue) {
      case (let index?, let entry?): entries[index] = entry
      case (let index?, nil): entries.remove(at: index)
      case (nil, let entry?): entries.append(entry)
      case (nil, nil): break
      }
    }
  }
}

// MARK: - Wire form

extension ManagedFields {
  /// Why a list of entries cannot be read.
  public enum WireError: Error, Hashable, Sendable {
    case notAList
    case badOperation
    case missingAPIVersion
    case badFieldsType(String)
    case badFields(FieldSet.WireError)
  }

  /// Reads `metadata.managedFields`; nothing and null are empty.
  public init(_ value: Value?) throws(WireError) {
    entries = []
    guard let value, value != .null else { return }
    guard case .list(let items) = value else { throw .notAList }
    for item in items {
      let entry = try ManagedEntry(item)
      self[entry.writer] = entry
    }
  }

  /// The entries as a list: applied ones first, then by time, manager, version and subresource.
  public var value: Value {
    let sorted = entries.sorted { left, right in
      let (leftKey, rightKey) = (left.sortKey, right.sortKey)
      return leftKey.lexicographicallyPrecedes(rightKey)
    }
    return .list(sorted.map(\.value))
  }
}

extension ManagedEntry {
  fileprivate var sortKey: [String] {
    [writer.operation.rawValue, time ?? "", writer.manager, apiVersion, writer.subresource]
  }

  fileprivate init(_ value: Value) throws(ManagedFields.WireError) {
    guard let operation = value["operation"]?.string.flatMap(Operation.init(rawValue:)) else {
      throw .badOperation
    }
    guard let version = value["apiVersion"]?.string, !version.isEmpty else {
      throw .missingAPIVersion
    }
    let fieldsType = value["fieldsType"]?.string ?? ""
    guard fieldsType == "FieldsV1" else { throw .badFieldsType(fieldsType) }
    writer = Writer(
      value["manager"]?.string ?? "", operation, apiVersion: version,
      subresource: value["subresource"]?.string ?? "")
    apiVersion = version
    time = value["time"]?.string
    switch value["fieldsV1"] {
    case nil, .null?: fields = FieldSet()
    case let wire?:
      do { fields = try FieldSet(fieldsV1: wire) } catch { throw .badFields(error) }
    }
  }

  /// The entry in its wire form.
  public var value: Value { value(fields: fields.fieldsV1()) }

  /// The entry in its wire form, with these as its fields.
  func value(fields wire: Value) -> Value {
    var map = ValueMap()
    map["manager"] = .string(writer.manager)
    map["operation"] = .string(writer.operation.rawValue)
    map["apiVersion"] = .string(apiVersion)
    if let time { map["time"] = .string(time) }
    map["fieldsType"] = "FieldsV1"
    map["fieldsV1"] = wire
    if !writer.subresource.isEmpty { map["subresource"] = .string(writer.subresource) }
    return .map(map)
  }
}
