/// One line of a Helm template: what of it stands in the rendered text as well.
struct TemplateLine: Sendable {
  /// What a rendered line may be made from.
  enum Kind {
    /// The text itself, with values filled in between its pieces; `{{ if }}` and the like are none.
    case text
    /// Values alone, which may come to any number of lines: `{{ toYaml .Values.resources }}`.
    case insertion
    /// Nothing that is ever rendered.
    case code
  }

  /// The bytes of the line in the template, without indentation and line end.
  let range: Range<Int>
  let kind: Kind
  /// What stands between the actions; empty pieces at the ends where the line begins or ends with
  /// an action.
  private let pieces: [[UInt8]]
  /// How many bytes are sure.
  private let weight: Int

  /// - Parameter isInAction: whether an action of an earlier line goes on; whether one goes on
  ///   into the next line afterwards.
  init(_ bytes: UnsafeRawBufferPointer, _ line: Range<Int>, isInAction: inout Bool) {
    var from = line.lowerBound
    var to = line.upperBound
    while from < to, Self.isSpace(bytes[from]) { from += 1 }
    while to > from, Self.isSpace(bytes[to - 1]) { to -= 1 }
    range = from..<to
    var pieces: [[UInt8]] = [[]]
    var code: [UInt8] = []
    var at = from
    while at < to {
      let next = at + 1 < to ? bytes[at + 1] : 0
      if isInAction {
        if bytes[at] == UInt8(ascii: "}"), next == UInt8(ascii: "}") {
          isInAction = false
          pieces.append([])
          at += 1
        } else {
          code.append(bytes[at])
        }
      } else if bytes[at] == UInt8(ascii: "{"), next == UInt8(ascii: "{") {
        isInAction = true
        code.append(UInt8(ascii: " "))
        at += 1
      } else {
        pieces[pieces.count - 1].append(bytes[at])
      }
      at += 1
    }
    self.pieces = pieces
    weight = pieces.reduce(0) { $0 + $1.count { !Self.isSpace($0) } }
    if weight > 0 {
      kind = .text
    } else {
      kind = pieces.count > 1 && Self.isValue(code) ? .insertion : .code
    }
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0D || byte == 0x0A
  }

  private static let statements: Set<String> = [
    "if", "else", "end", "range", "with", "define", "block", "template", "break", "continue",
  ]

  /// Whether the action has a value, which is written in its place.
  private static func isValue(_ code: [UInt8]) -> Bool {
    let text = String(decoding: code, as: UTF8.self)
    let word = text.drop { $0 == " " || $0 == "-" }.prefix { $0.isLetter || "$/:*".contains($0) }
    if word.hasPrefix("/*") || statements.contains(String(word)) { return word == "template" }
    return !(word.hasPrefix("$") && text.contains("="))
  }

  /// How sure it is that `line` (without indentation) was made from this one; 0 where it was not.
  func likeness(to line: UnsafeRawBufferPointer.SubSequence) -> Int {
    guard kind == .text, let first = pieces.first, let last = pieces.last else { return 0 }
    if pieces.count == 1 { return line.elementsEqual(first) ? weight + 2 : 0 }
    guard line.count >= first.count + last.count, line.starts(with: first),
      line.suffix(last.count).elementsEqual(last)
    else { return 0 }
    var rest = line.dropFirst(first.count).dropLast(last.count)
    for piece in pieces.dropFirst().dropLast() where !piece.isEmpty {
      guard let at = Self.place(of: piece, in: rest) else { return 0 }
      rest = rest[(at + piece.count)...]
    }
    return weight
  }

  private static func place(
    of piece: [UInt8], in bytes: UnsafeRawBufferPointer.SubSequence
  ) -> Int? {
    var at = bytes.startIndex
    while at + piece.count <= bytes.endIndex {
      if bytes[at..<(at + piece.count)].elementsEqual(piece) { return at }
      at += 1
    }
    return nil
  }
}
