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
  private var output = ByteBuffer()

  private init(_ layout: Layout) { self.layout = layout }

  /// The JSON of `value`, without a final newline.
  public static func bytes(_ value: Value, _ layout: Layout = .compact) -> [UInt8] {
    var writer = JSONWriter(layout)
    defer { writer.output.deallocate() }
    writer.write(value, depth: 0)
    return writer.output.array
  }

  /// The JSON of `value` as a string, without a final newline.
  public static func string(_ value: Value, _ layout: Layout = .compact) -> String {
    String(decoding: bytes(value, layout), as: UTF8.self)
  }

  private mutating func write(_ value: Value, depth: Int) {
    switch value {
    case .null: output.append("null")
    case .bool(let truth): output.append(truth ? "true" : "false")
    case .int(let number): write(number)
    case .uint(let number): append(String(number))
    case .double(let number): append(GoFloat.jsonText(number))
    case .string(let text): output.append(quoted: text)
    case .list(let items):
      output.append(0x5B)
      // In a loop over the array, references would be counted for every item.
      items.withUnsafeBufferPointer { items in
        for position in items.indices {
          separate(position, depth)
          write(items[position], depth: depth + 1)
        }
      }
      close(0x5D, items.isEmpty, depth)
    case .map(let map):
      output.append(0x7B)
      map.entries.withUnsafeBufferPointer { entries in
        for position in entries.indices {
          separate(position, depth)
          output.append(quoted: entries[position].key)
          output.append(0x3A)
          if layout != .compact { output.append(0x20) }
          write(entries[position].value, depth: depth + 1)
        }
      }
      close(0x7D, map.isEmpty, depth)
    }
  }

  private mutating func write(_ number: Int64) {
    if number >= 0, number < 10 {
      output.append(0x30 + UInt8(number))
    } else {
      append(String(number))
    }
  }

  private mutating func append(_ text: String) {
    for byte in text.utf8 { output.append(byte) }
  }

  private mutating func separate(_ position: Int, _ depth: Int) {
    if position > 0 { output.append(0x2C) }
    newline(depth + 1)
  }

  private mutating func close(_ bracket: UInt8, _ isEmpty: Bool, _ depth: Int) {
    if !isEmpty { newline(depth) }
    output.append(bracket)
  }

  private mutating func newline(_ depth: Int) {
    if layout == .compact { return }
    output.append(10)
    for _ in 0..<depth * (layout == .indented ? 2 : 4) { output.append(0x20) }
  }

  /// Appends `text` as a JSON string, quotes included.
  public static func append(_ text: String, to bytes: inout [UInt8]) {
    var output = ByteBuffer()
    defer { output.deallocate() }
    output.append(quoted: text)
    bytes.append(contentsOf: output.bytes)
  }
}

/// Bytes that grow at the end, without the checks that an array makes for every one of them.
private struct ByteBuffer {
  private var start: UnsafeMutablePointer<UInt8>
  private var count = 0
  private var capacity = 2048

  init() { start = .allocate(capacity: capacity) }

  func deallocate() { start.deallocate() }

  var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: start, count: count) }
  var array: [UInt8] { Array(bytes) }

  private mutating func reserve(_ more: Int) {
    if count + more <= capacity { return }
    capacity = max(capacity * 2, count + more)
    let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
    larger.update(from: start, count: count)
    start.deallocate()
    start = larger
  }

  mutating func append(_ byte: UInt8) {
    reserve(1)
    start[count] = byte
    count += 1
  }

  mutating func append(_ word: StaticString) {
    reserve(word.utf8CodeUnitCount)
    (start + count).update(from: word.utf8Start, count: word.utf8CodeUnitCount)
    count += word.utf8CodeUnitCount
  }

  /// Appends `text` as a JSON string, quotes included.
  mutating func append(quoted text: String) {
    // Every native string has its bytes in one piece.
    let isDone: Void? = text.utf8.withContiguousStorageIfAvailable { append(quoted: $0) }
    if isDone == nil { Array(text.utf8).withUnsafeBufferPointer { append(quoted: $0) } }
  }

  private mutating func append(quoted text: UnsafeBufferPointer<UInt8>) {
    // The longest escape has six bytes.
    reserve(text.count * 6 + 2)
    var end = start + count
    end.pointee = 0x22
    end += 1
    for byte in text {
      if byte >= 0x20, byte != 0x22, byte != 0x5C, byte != 0x7F {
        end.pointee = byte
        end += 1
      } else {
        end += Self.escape(byte, to: end)
      }
    }
    end.pointee = 0x22
    count = end + 1 - start
  }

  private static func escape(_ byte: UInt8, to place: UnsafeMutablePointer<UInt8>) -> Int {
    place[0] = 0x5C
    place[1] =
      switch byte {
      case 10: 0x6E
      case 13: 0x72
      case 9: 0x74
      default: byte
      }
    if byte == 0x22 || byte == 0x5C || place[1] != byte { return 2 }
    place[1] = 0x75
    place[2] = 0x30
    place[3] = 0x30
    place[4] = hexDigit(byte >> 4)
    place[5] = hexDigit(byte & 15)
    return 6
  }

  private static func hexDigit(_ digit: UInt8) -> UInt8 { digit < 10 ? 48 + digit : 87 + digit }
}
