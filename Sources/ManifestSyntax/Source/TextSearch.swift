import CLibYAML

/// Quick looks at texts by their bytes: most rules look for something that hardly any text holds,
/// and walking texts character by character, as Unicode asks, takes fifty times as long.
extension String {
  /// Whether the bytes of `wanted` stand anywhere in the text.
  public func holds(_ wanted: StaticString) -> Bool {
    withBytes { $0.holds(wanted) }
  }

  /// Whether the text has more than one line: whether one of its characters ends a line.
  public var hasLineEnd: Bool {
    withBytes { bytes in
      for (index, byte) in bytes.enumerated() {
        if byte >= 0x0A, byte <= 0x0D { return true }
        // NEL, and the separators of lines and paragraphs.
        guard byte >= 0xC2, index + 1 < bytes.count else { continue }
        if byte == 0xC2, bytes[index + 1] == 0x85 { return true }
        guard byte == 0xE2, bytes[index + 1] == 0x80, index + 2 < bytes.count else { continue }
        if bytes[index + 2] == 0xA8 || bytes[index + 2] == 0xA9 { return true }
      }
      return false
    }
  }

  /// Hands the UTF-8 of the text to `body`.
  @inlinable
  public func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    let found = utf8.withContiguousStorageIfAvailable { body(UnsafeRawBufferPointer($0)) }
    if let found { return found }
    var copy = self
    return copy.withUTF8 { body(UnsafeRawBufferPointer($0)) }
  }
}

extension UnsafeRawBufferPointer {
  /// Whether both are the same bytes.
  public func isSame(as other: UnsafeRawBufferPointer) -> Bool {
    guard count == other.count, let base = baseAddress, let otherBase = other.baseAddress else {
      return count == other.count
    }
    return memcmp(base, otherBase, count) == 0
  }

  /// Whether `wanted` stands anywhere in the bytes.
  public func holds(_ wanted: StaticString) -> Bool {
    holds(UnsafeRawBufferPointer(start: wanted.utf8Start, count: wanted.utf8CodeUnitCount))
  }

  /// Whether `wanted` stands anywhere in the bytes.
  public func holds(_ wanted: UnsafeRawBufferPointer) -> Bool {
    guard let first = wanted.first, let other = wanted.baseAddress else { return true }
    guard wanted.count <= count, let base = baseAddress else { return false }
    var at = 0
    while at + wanted.count <= count,
      let found = memchr(base + at, Int32(first), count - at - wanted.count + 1)
    {
      let offset = UnsafeRawPointer(found) - base
      if memcmp(base + offset, other, wanted.count) == 0 { return true }
      at = offset + 1
    }
    return false
  }
}
