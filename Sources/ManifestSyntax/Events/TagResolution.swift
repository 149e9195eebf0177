import CLibYAML

/// What a tag written at a scalar makes of it, as the API server's YAML reader resolves tags.
enum TagResolution {
  private static let prefix = "tag:yaml.org,2002:"

  /// Resolves the scalar at `index` by `tag`: the standard ones decide its kind, unknown ones make
  /// it text.
  static func apply(_ tag: String, to index: UInt32, of builder: inout TreeBuilder) {
    let tree = builder.tree
    var record = tree.records[Int(index)]
    let bytes = tree.bytes(of: record)
    let plain = record.style == .plain ? ScalarResolution.kind(ofPlain: bytes) : .string
    let span = Span(start: record.start, end: record.end)
    guard tag.hasPrefix(prefix) else {
      record.kind = .string
      tree.records[Int(index)] = record
      return
    }
    let guess = ScalarResolution.kind(ofPlain: bytes)
    let isFitting: Bool
    switch tag.dropFirst(prefix.count) {
    case "str", "merge":
      record.kind = .string
      isFitting = true
    case "int":
      record.kind = .int
      isFitting = guess == .int
    case "float":
      record.kind = guess == .int ? .int : .float
      isFitting = guess == .float || guess == .int
    case "bool":
      record.kind = .bool
      isFitting = guess == .bool
    case "null":
      record.kind = .null
      isFitting = guess == .null
    case "binary":
      record.kind = .string
      isFitting = decodeBase64(&record, tree)
    default:
      record.kind = plain == .null && record.style == .plain && record.count > 0 ? .null : .string
      isFitting = true
    }
    tree.records[Int(index)] = record
    if !isFitting { builder.fail(.badTag(tag: String(tag.dropFirst(prefix.count)), span: span)) }
  }

  /// Replaces the text by the bytes that it encodes; false where it is not base64.
  private static func decodeBase64(_ record: inout NodeRecord, _ tree: Tree) -> Bool {
    var decoded: [UInt8] = []
    var bits: UInt32 = 0
    var bitCount = 0
    var padding = 0
    for byte in tree.bytes(of: record) where ![9, 10, 13, 32].contains(byte) {
      let value: UInt8
      switch byte {
      case 65...90: value = byte - 65
      case 97...122: value = byte - 71
      case 48...57: value = byte + 4
      case 43: value = 62
      case 47: value = 63
      case 61:
        padding += 1
        continue
      default: return false
      }
      if padding > 0 { return false }
      bits = bits << 6 | UInt32(value)
      bitCount += 6
      if bitCount >= 8 {
        bitCount -= 8
        decoded.append(UInt8(truncatingIfNeeded: bits >> UInt32(bitCount)))
      }
    }
    guard padding <= 2, (decoded.count + padding) % 3 == 0 else { return false }
    decoded.withUnsafeBytes { record.text = tree.store($0) }
    record.count = UInt32(truncatingIfNeeded: decoded.count)
    record.flags.insert(.inArena)
    return true
  }
}
