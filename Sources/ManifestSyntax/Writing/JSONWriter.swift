/// Writes values as JSON.
public struct JSONWriter {
  /// How the text is laid out.
  public enum Layout: Sendable {
    /// One line, no spaces.
    case compact
    /// One entry a line, two spaces a level.
    case indented
    /// One entry a line, four spaces a level, as kubectl prints it.
    case spacious
  }

  private let layout: Layout
  private var bytes: [UInt8] = []

  private init(_ layout: Layout) { self.layout = layout }

  /// The JSON of `value`, without a final newline.
  public static func bytes(_ value: Value, _ layout: Layout = .compact) -> [UInt8] {
    var writer = JSONWriter(layout)
    writer.write(value, depth: 0)
    return writer.bytes
  }

  /// The JSON of `value` as a string, without a final newline.
  public static func string(_ value: Value, _ layout: Layout = .compact) -> String {
    String(decoding: bytes(value, layout), as: UTF8.self)
  }

  private mutating func write(_ value: Value, depth: Int) {
    switch value {
    case .null: append("null")
    case .bool(let truth): append(truth ? "true" : "false")
    case .int(let number): append(String(number))
    case .uint(let number): append(String(number))
    case .double(let number): append(GoFloat.jsonText(number))
    case .string(let text): Self.append(text, to: &bytes)
    case .list(let items):
      open("[", items.isEmpty)
      for (position, item) in items.enumerated() {
        separate(position, depth)
        write(item, depth: depth + 1)
      }
      close("]", items.isEmpty, depth)
    case .map(let map):
      open("{", map.isEmpty)
      for (position, entry) in map.entries.enumerated() {
        separate(position, depth)
        Self.append(entry.key, to: &bytes)
        append(layout == .compact ? ":" : ": ")
        write(entry.value, depth: depth + 1)
      }
      close("}", map.isEmpty, depth)
    }
  }

  private mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

  private mutating func open(_ bracket: String, _ isEmpty: Bool) { append(bracket) }

  private mutating func separate(_ position: Int, _ depth: Int) {
    if position > 0 { append(",") }
    newline(depth + 1)
  }

  private mutating func close(_ bracket: String, _ isEmpty: Bool, _ depth: Int) {
    if !isEmpty { newline(depth) }
    append(bracket)
  }

  private mutating func newline(_ depth: Int) {
    if layout == .compact { return }
    bytes.append(10)
    bytes.append(contentsOf: repeatElement(32, count: depth * (layout == .indented ? 2 : 4)))
  }

  /// Appends `text` as a JSON string, quotes included.
  public static func append(_ text: String, to bytes: inout [UInt8]) {
    bytes.append(0x22)
    for byte in text.utf8 {
      switch byte {
      case 0x22: bytes.append(contentsOf: [0x5C, 0x22])
      case 0x5C: bytes.append(contentsOf: [0x5C, 0x5C])
      case 10: bytes.append(contentsOf: [0x5C, 0x6E])
      case 13: bytes.append(contentsOf: [0x5C, 0x72])
      case 9: bytes.append(contentsOf: [0x5C, 0x74])
      case 0..<32, 127: bytes.append(contentsOf: Array("\\u00".utf8) + hex(byte))
      default: bytes.append(byte)
      }
    }
    bytes.append(0x22)
  }

  private static func hex(_ byte: UInt8) -> [UInt8] {
    let digits = Array("0123456789abcdef".utf8)
    return [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
  }
}
