extension SourceText {
  /// Whether the bytes of `text` stand anywhere in the source.
  public func contains(_ text: StaticString) -> Bool {
    bytes.holds(text)
  }

  /// How many line feeds stand in `range`.
  public func lineFeeds(in range: Range<Int>) -> Int {
    guard let base = bytes.baseAddress else { return 0 }
    var total = 0
    var at = range.lowerBound
    while at + 8 <= range.upperBound {
      // Each byte of `sums` counts the line feeds in its place, for as long as it cannot overflow.
      var sums: UInt64 = 0
      let end = min(at + 8 * 255, range.upperBound - 7)
      while at < end {
        // Bytes that equal 10 are the zero bytes of `word`; each leaves one high bit.
        let word =
          base.loadUnaligned(fromByteOffset: at, as: UInt64.self) ^ 0x0A0A_0A0A_0A0A_0A0A
        let low: UInt64 = 0x7F7F_7F7F_7F7F_7F7F
        sums &+= ~(((word & low) &+ low) | word | low) >> 7
        at += 8
      }
      let pairs = (sums & 0x00FF_00FF_00FF_00FF) &+ (sums >> 8 & 0x00FF_00FF_00FF_00FF)
      total += Int((pairs &* 0x0001_0001_0001_0001) >> 48)
    }
    while at < range.upperBound {
      if bytes[at] == 10 { total += 1 }
      at += 1
    }
    return total
  }

  /// The first byte that is no white space and no byte-order mark; nil in an empty text.
  public var firstContentByte: UInt8? {
    bytes.prefix(4096).first { $0 > 32 && $0 != 0xEF && $0 != 0xBB && $0 != 0xBF }
  }
}
