import ManifestSyntax

/// A report for people while it is put together.
///
/// A finding is made of some fifty pieces, mostly of a few bytes, and a string looks at its own
/// form again with each of them; bytes do not.
struct ReportText: TextOutputStream {
  private var bytes: [UInt8] = []
  /// The colours of what is being said.
  var paint: Paint

  /// An empty text with room for `capacity` bytes.
  init(_ paint: Paint, capacity: Int) {
    self.paint = paint
    bytes.reserveCapacity(capacity)
  }

  var string: String { String(decoding: bytes, as: UTF8.self) }

  mutating func add(_ words: StaticString) {
    bytes += UnsafeBufferPointer(start: words.utf8Start, count: words.utf8CodeUnitCount)
  }

  mutating func add(text: String) { bytes += text.utf8 }

  mutating func add(_ text: some Sequence<UInt8>) { bytes += text }

  /// Adds what the user wrote, safe for a terminal.
  mutating func add(escaping text: String) {
    let start = bytes.count
    bytes += text.utf8
    let isPlain = bytes.withUnsafeBytes {
      Escaping.isPlain(UnsafeRawBufferPointer(rebasing: $0[start...]))
    }
    if isPlain { return }
    bytes.removeSubrange(start...)
    bytes += Escaping.terminal(text).utf8
  }

  /// Adds a piece of a title: as ``add(escaping:)``.
  mutating func write(_ piece: String) { add(escaping: piece) }

  /// Adds `count` times the same sign.
  mutating func add(_ sign: Unicode.Scalar, times count: Int) {
    bytes += repeatElement(UInt8(truncatingIfNeeded: sign.value), count: count)
  }

  /// Adds a number from 0 with blanks before it, `width` columns in all or as many as it needs.
  mutating func add(_ number: Int, width: Int = 1) {
    let digits = Self.digitCount(number)
    add(" ", times: max(0, width - digits))
    let start = bytes.count
    add("0", times: digits)
    var rest = number
    for place in (start..<start + digits).reversed() {
      bytes[place] &+= UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
    }
  }

  /// How many digits a number from 0 has.
  static func digitCount(_ number: Int) -> Int {
    var digits = 1
    var rest = number / 10
    while rest > 0 {
      digits += 1
      rest /= 10
    }
    return digits
  }

  /// Begins what is painted; ``endPaint()`` ends it.
  mutating func begin(_ style: Paint.Style) {
    guard paint.isOn else { return }
    add(text: paint.start(style))
  }

  mutating func endPaint() {
    guard paint.isOn else { return }
    add(text: Paint.end)
  }

  mutating func add(_ words: StaticString, _ style: Paint.Style) {
    begin(style)
    add(words)
    endPaint()
  }
}

/// Colours for a terminal, or none.
struct Paint {
  enum Style { case primary, secondary, gutter, help, bold }

  var isOn: Bool
  /// The severity whose colour the primary marks take.
  var severity = Diagnostic.Severity.error

  static let end = "\u{1B}[0m"

  /// What a terminal needs to be told before text of this style.
  func start(_ style: Style) -> String {
    switch (style, severity) {
    case (.primary, .error): "\u{1B}[1;31m"
    case (.primary, .warning): "\u{1B}[1;33m"
    case (.primary, .note): "\u{1B}[1;36m"
    case (.secondary, _), (.gutter, _): "\u{1B}[1;34m"
    case (.help, _): "\u{1B}[1;32m"
    case (.bold, _): "\u{1B}[1m"
    }
  }

  func callAsFunction(_ text: String, _ style: Style) -> String {
    isOn && !text.isEmpty ? start(style) + text + Self.end : text
  }
}
