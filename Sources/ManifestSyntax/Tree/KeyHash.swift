/// The hash of a mapping key: computed once when a tree is built, compared everywhere after.
///
/// It is not a secret and not stable between releases; equal bytes hash equally, and whoever finds
/// equal hashes still compares the bytes.
public enum KeyHash {
  /// The hash of `bytes`.
  @inlinable
  public static func of(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
    let count = bytes.count
    guard count > 0, let base = bytes.baseAddress else { return 0x9E37_79B9 }
    var hash = UInt64(truncatingIfNeeded: count) &* 0x9E37_79B9_7F4A_7C15
    if count >= 8 {
      var offset = 0
      while offset + 8 < count {
        hash = mixed(hash ^ base.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
        offset += 8
      }
      hash = mixed(hash ^ base.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self))
    } else if count >= 4 {
      let low = UInt64(base.loadUnaligned(fromByteOffset: 0, as: UInt32.self))
      let high = UInt64(base.loadUnaligned(fromByteOffset: count - 4, as: UInt32.self))
      hash = mixed(hash ^ (low | high << 32))
    } else {
      let first = UInt64(bytes[0])
      let middle = UInt64(bytes[count >> 1])
      let last = UInt64(bytes[count - 1])
      hash = mixed(hash ^ (first | middle << 8 | last << 16))
    }
    // Nodes that are no keys have 0 in its place.
    return max(UInt32(truncatingIfNeeded: hash >> 32), 1)
  }

  /// The hash of the UTF-8 of `text`.
  public static func of(_ text: String) -> UInt32 {
    var text = text
    return text.withUTF8 { of(UnsafeRawBufferPointer($0)) }
  }

  @inlinable
  static func mixed(_ value: UInt64) -> UInt64 {
    let product = value &* 0xD6E8_FEB8_6659_FD93
    return product ^ (product >> 29)
  }
}
