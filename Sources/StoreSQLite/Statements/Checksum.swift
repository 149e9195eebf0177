/// Tells whether a row still holds what was written.
///
/// Every step can be undone for a given word, so a change of any one word always shows; what was
/// not foreseen is caught with a chance of all but one in 2^64. Two lanes, because one would wait
/// for its own multiplications. It guards against accidents, not against forgery.
struct Checksum {
  private var first: UInt64 = 0x6B6D_6620_7374_6F72
  private var second: UInt64 = 0x9AE1_6A3B_2F90_404F

  private static let firstFactor: UInt64 = 0xD6E8_FEB8_6659_FD93
  private static let secondFactor: UInt64 = 0xA076_1D64_78BD_642F

  /// The checksum of a row.
  static func of(
    _ numbers: (Int64, Int64, Int64, Int64), key: UnsafeRawBufferPointer,
    value: UnsafeRawBufferPointer
  ) -> Int64 {
    var checksum = Checksum()
    checksum.add(UInt64(bitPattern: numbers.0), UInt64(bitPattern: numbers.1))
    checksum.add(UInt64(bitPattern: numbers.2), UInt64(bitPattern: numbers.3))
    checksum.add(key)
    checksum.add(value)
    return checksum.result
  }

  private mutating func add(_ left: UInt64, _ right: UInt64) {
    first = Self.mixed((first ^ left) &* Self.firstFactor)
    second = Self.mixed((second ^ right) &* Self.secondFactor)
  }

  private static func mixed(_ word: UInt64) -> UInt64 { word << 29 | word >> 35 }

  private mutating func add(_ bytes: UnsafeRawBufferPointer) {
    // The length first, so that bytes cannot move from the key to the value unseen.
    add(UInt64(bytes.count), 0)
    var offset = 0
    while offset &+ 16 <= bytes.count {
      add(
        UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)),
        UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset &+ 8, as: UInt64.self)))
      offset &+= 16
    }
    guard offset < bytes.count else { return }
    var rest: (UInt64, UInt64) = (0, 0)
    for index in offset..<bytes.count {
      let byte = UInt64(bytes[index])
      let place = index - offset
      if place < 8 { rest.0 |= byte << (place * 8) } else { rest.1 |= byte << ((place - 8) * 8) }
    }
    add(rest.0, rest.1)
  }

  private var result: Int64 {
    let sum = (first &+ (second << 32 | second >> 32)) &* Self.firstFactor
    return Int64(bitPattern: sum ^ sum >> 31)
  }
}
