import ManifestSyntax

extension Schema {
  /// A number that differs, as good as surely, between kmf's that carry different tables.
  ///
  /// - Complexity: O(bytes of the tables), well below a millisecond.
  public var tablesFingerprint: UInt64 {
    var sum: UInt64 = 0
    for file in 0..<tables.fileCount {
      let hash = UInt64(KeyHash.of(tables.text(ofFile: file)))
      sum = (sum ^ hash) &* 0x9E37_79B9_7F4A_7C15
      sum ^= sum >> 29
    }
    return sum
  }
}
