import ManifestSyntax

/// A stretch of a table's text.
typealias Bytes = UnsafeRawBufferPointer

extension UnsafeRawBufferPointer {
  /// The text as a string.
  var string: String { String(decoding: self, as: UTF8.self) }

  /// Whether the text is `word`.
  func equals(_ word: StaticString) -> Bool {
    guard count == word.utf8CodeUnitCount else { return false }
    for index in 0..<count where self[index] != word.utf8Start[index] { return false }
    return true
  }

  /// The part between two offsets, as a buffer of its own.
  func part(_ start: Int, _ end: Int) -> Bytes { Bytes(rebasing: self[start..<end]) }

  /// The parts between commas.
  var commaSeparated: [String] { split(separator: 0x2C).map { Bytes(rebasing: $0).string } }
}

/// What is wrong with a table, and in which line (from 1).
public struct TableError: Error, Hashable, CustomStringConvertible {
  public var line: Int
  public var message: String
  public var description: String { "line \(line): \(message)" }
}

/// The words of one line, from left to right: separated by spaces, `"…"` for odd ones, up to a `#`.
struct TableWords {
  private let line: Bytes
  private var index = 0
  let lineNumber: Int

  init(_ line: Bytes, lineNumber: Int) {
    self.line = line
    self.lineNumber = lineNumber
  }

  /// The next word without its quotes; nil at the end.
  mutating func next() -> Bytes? {
    while index < line.count, line[index] == 0x20 { index += 1 }
    guard index < line.count, line[index] != 0x23 else { return nil }
    let isQuoted = line[index] == 0x22
    if isQuoted { index += 1 }
    let start = index
    while index < line.count, line[index] != (isQuoted ? 0x22 : 0x20) { index += 1 }
    let word = line.part(start, index)
    if isQuoted { index += 1 }
    return word
  }

  /// The word after `word`, which needs one.
  mutating func argument(of word: StaticString) throws(TableError) -> Bytes {
    guard let argument = next() else { throw error("'\(word)' needs a value") }
    return argument
  }

  /// The version after `word`, as its minor number.
  mutating func version(of word: StaticString) throws(TableError) -> KubernetesVersion {
    let text = try argument(of: word)
    guard !text.equals("latest"), let version = KubernetesVersion(text.string) else {
      throw error("'\(text.string)' is no version")
    }
    return version
  }

  func error(_ message: String) -> TableError { TableError(line: lineNumber, message: message) }
}

/// The first line: which API the file describes.
struct GroupLine {
  var group: Bytes
  var version: Bytes
}

/// `kind Deployment  plural deployments …`
struct KindLine {
  var name: Bytes
  var typeName: Bytes
  var plural = Bytes(start: nil, count: 0)
  var singular = Bytes(start: nil, count: 0)
  var shortNames = Bytes(start: nil, count: 0)
  var scope: Kind.Scope?
  var categories = Bytes(start: nil, count: 0)
  var verbs: Bytes?
  var subresources = Bytes(start: nil, count: 0)
  var isList = false
  var availability = Availability()
}

/// `type DeploymentSpec  view …`
struct TypeLine {
  var name: Bytes
  var isAtomic = false
  var hasView = false
  var union: UnionWord?
  var availability = Availability()
}

/// `  1  replicas  int32  default 1 …`
struct FieldLine {
  /// Numbers between dots, or `-`.
  var tag: Bytes
  var name: Bytes
  var type: Bytes
  var isRequired = false
  var enumValues = Bytes(start: nil, count: 0)
  var listType: ListType?
  var listKeys = Bytes(start: nil, count: 0)
  var isMapAtomic = false
  var patchStrategy: PatchStrategy = []
  var patchMergeKey: Bytes?
  var availability = Availability()
  var min: Int64?
  var max: Int64?
  var defaultText: Bytes?
  var isDefaultComputed = false
  var isZeroUnset = false
  var isPointer = false
  var isImmutable = false
}

/// One line of a table.
enum TableLine {
  case blank
  case group(GroupLine)
  case kind(KindLine)
  case type(TypeLine)
  case field(FieldLine)
}
