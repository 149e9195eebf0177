/// The order of keys: by their UTF-8 bytes.
///
/// Swift's own order and equality of strings fold what Unicode calls equivalent; a store that did
/// so would mix up keys that etcd and SQLite keep apart.
enum KeyOrder {
  /// Below, equal to or above 0, as `left` stands to `right`.
  static func compare(_ left: String, _ right: String) -> Int {
    let fast = left.utf8.withContiguousStorageIfAvailable { first in
      right.utf8.withContiguousStorageIfAvailable { second in
        compare(UnsafeRawBufferPointer(first), UnsafeRawBufferPointer(second))
      }
    }
    // Only strings bridged from elsewhere have no storage of their own.
    guard let found = fast ?? nil else {
      return Array(left.utf8).withUnsafeBytes { first in
        Array(right.utf8).withUnsafeBytes { second in compare(first, second) }
      }
    }
    return found
  }

  /// Whether `key` begins with the bytes of `prefix`.
  static func hasPrefix(_ key: String, _ prefix: String) -> Bool {
    key.utf8.starts(with: prefix.utf8)
  }

  private static func compare(
    _ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer
  ) -> Int {
    let shared = min(left.count, right.count)
    var index = 0
    while index &+ 8 <= shared {
      let first = UInt64(bigEndian: left.loadUnaligned(fromByteOffset: index, as: UInt64.self))
      let second = UInt64(bigEndian: right.loadUnaligned(fromByteOffset: index, as: UInt64.self))
      if first != second { return first < second ? -1 : 1 }
      index &+= 8
    }
    while index < shared {
      if left[index] != right[index] { return left[index] < right[index] ? -1 : 1 }
      index &+= 1
    }
    return left.count - right.count
  }
}
