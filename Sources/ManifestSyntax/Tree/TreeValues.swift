extension Tree {
  /// The number that a scalar of kind `int` or `float` means.
  public func number(_ id: NodeID) -> ScalarResolution.Number? {
    ScalarResolution.number(bytes(id))
  }

  /// The whole number that a scalar of kind `int` means; nil beyond 64 bits and for other kinds.
  public func int64(_ id: NodeID) -> Int64? {
    guard kind(id) == .int else { return nil }
    let bytes = bytes(id)
    if let small = Self.smallDecimal(bytes) { return small }
    switch ScalarResolution.number(bytes) {
    case .int(let number): return number
    case .double(let number): return Int64(exactly: number)
    default: return nil
    }
  }

  /// Plain decimal digits without a leading zero: nearly every number there is.
  private static func smallDecimal(_ bytes: UnsafeRawBufferPointer) -> Int64? {
    guard bytes.count > 0, bytes.count <= 18, bytes[0] != 48 || bytes.count == 1 else { return nil }
    var number: Int64 = 0
    for byte in bytes {
      guard byte >= 48, byte <= 57 else { return nil }
      number = number &* 10 &+ Int64(byte &- 48)
    }
    return number
  }

  /// The truth value of a scalar of kind `bool`.
  public func bool(_ id: NodeID) -> Bool? {
    guard kind(id) == .bool else { return nil }
    return ScalarResolution.bool(bytes(id))
  }

  /// The node and all below it as a plain value; the last of doubled keys wins.
  public func value(_ id: NodeID = .root) -> Value {
    switch kind(id) {
    case .null, .alias: return .null
    case .bool: return bool(id).map(Value.bool) ?? .null
    case .int, .float:
      if let small = int64(id), style(id) != .json || kind(id) == .int { return .int(small) }
      switch number(id) {
      case .int(let number): return .int(number)
      case .uint(let number): return .uint(number)
      case .double(let number): return .double(number)
      case nil: return .string(string(id))
      }
    case .string: return .string(string(id))
    case .sequence: return .list(items(id).map { value($0) })
    case .mapping:
      var entries: [ValueMap.Entry] = []
      entries.reserveCapacity(count(id))
      for (key, item) in self.entries(id) {
        entries.append(ValueMap.Entry(key: string(key), value: value(item)))
      }
      return .map(
        hasDuplicates(id) ? ValueMap(entries.map { ($0.key, $0.value) }) : ValueMap(unique: entries)
      )
    }
  }

  private func hasDuplicates(_ id: NodeID) -> Bool {
    !TreeBuilder.duplicates(in: resolved(id).index, of: self).isEmpty
  }
}
