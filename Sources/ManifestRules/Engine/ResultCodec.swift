import ManifestSyntax

/// Verdicts on files as bytes, for caches: what one version of kmf writes, the same version reads.
///
/// Whatever is wrong with the bytes, reading answers nil: a cache that cannot be read is no cache.
public enum ResultCodec {
  /// The results as bytes, without the texts of their files.
  public static func encode(_ results: [FileResult]) -> [UInt8] {
    var out = Writer()
    out.list(results) { $0.file($1) }
    return out.bytes
  }

  /// The results in `bytes`; `text` gives the texts of files that have findings.
  public static func decode(_ bytes: [UInt8], text: (String) -> SourceText?) -> [FileResult]? {
    var input = Reader(bytes: bytes)
    let results = input.list { $0.file(text) }
    return input.isWhole ? results : nil
  }

  // MARK: - Writing

  private struct Writer {
    var bytes: [UInt8] = []

    mutating func number(_ number: Int) {
      var left = UInt64(bitPattern: Int64(number))
      while left >= 0x80 {
        bytes.append(UInt8(truncatingIfNeeded: left) | 0x80)
        left >>= 7
      }
      bytes.append(UInt8(left))
    }

    mutating func text(_ text: String) {
      let utf8 = Array(text.utf8)
      number(utf8.count)
      bytes += utf8
    }

    mutating func optional<T>(_ value: T?, _ body: (inout Writer, T) -> Void) {
      number(value == nil ? 0 : 1)
      if let value { body(&self, value) }
    }

    mutating func list<T>(_ values: [T], _ body: (inout Writer, T) -> Void) {
      number(values.count)
      for value in values { body(&self, value) }
    }

    mutating func span(_ span: Span) {
      number(Int(span.start))
      number(Int(span.end))
    }

    mutating func position(_ position: Position) {
      number(position.line)
      number(position.column)
    }

    mutating func path(_ path: FieldPath) {
      list(path.steps) { out, step in
        switch step {
        case .field(let name):
          out.number(0)
          out.text(name)
        case .index(let index):
          out.number(1)
          out.number(index)
        case .key(let name):
          out.number(2)
          out.text(name)
        }
      }
    }

    mutating func file(_ file: FileResult) {
      text(file.file)
      number(file.source == nil ? 0 : 1)
      optional(file.skipReason) { $0.text($1) }
      number(file.suppressedCount)
      list(file.usedSuppressions) { $0.number($1) }
      list(file.documents) { $0.document($1) }
    }

    mutating func document(_ document: DocumentResult) {
      number(document.document)
      number(document.line)
      for word in [
        document.apiVersion, document.kind, document.namespace, document.name,
        document.skipReason,
      ] {
        optional(word) { $0.text($1) }
      }
      text(document.status.rawValue)
      list(document.diagnostics) { $0.located($1) }
      list(document.suppressed) { out, finding in
        out.located(finding.located)
        out.text(finding.kind.rawValue)
        out.text(finding.justification)
      }
    }

    mutating func located(_ located: LocatedDiagnostic) {
      diagnostic(located.diagnostic)
      span(located.span)
      position(located.start)
      position(located.end)
      number(located.byteOffset)
      list(located.related) { out, related in
        out.text(related.message)
        out.position(related.start)
        out.position(related.end)
        out.optional(related.file) { $0.text($1) }
      }
    }

    mutating func diagnostic(_ diagnostic: Diagnostic) {
      text(diagnostic.code)
      text(diagnostic.severity.rawValue)
      text(diagnostic.reason.rawValue)
      path(diagnostic.path)
      optional(diagnostic.serverField) { $0.text($1) }
      text(diagnostic.message)
      optional(diagnostic.help) { $0.text($1) }
      list(diagnostic.notes) { $0.text($1) }
      number(diagnostic.anchor == .key ? 1 : 0)
      optional(diagnostic.span) { $0.span($1) }
      list(diagnostic.fixes) { out, fix in
        out.text(fix.title)
        out.text(fix.safety.rawValue)
        out.list(fix.edits) { $0.edit($1) }
      }
    }

    mutating func edit(_ edit: FixIt.Edit) {
      switch edit {
      case .set(let path, let text):
        number(0)
        self.path(path)
        self.text(text)
      case .rename(let path, let name):
        number(1)
        self.path(path)
        text(name)
      case .remove(let path):
        number(2)
        self.path(path)
      case .replace(let span, let text):
        number(3)
        self.span(span)
        self.text(text)
      }
    }
  }

  // MARK: - Reading

  private struct Reader {
    let bytes: [UInt8]
    var at = 0
    /// Whether something did not fit.
    var isBroken = false

    /// Whether all was read and all of it fitted.
    var isWhole: Bool { !isBroken && at == bytes.count }

    init(bytes: [UInt8]) { self.bytes = bytes }

    mutating func number() -> Int {
      var number: UInt64 = 0
      var shift: UInt64 = 0
      while at < bytes.count, shift < 64 {
        let byte = bytes[at]
        at += 1
        number |= UInt64(byte & 0x7F) << shift
        if byte & 0x80 == 0 { return Int(Int64(bitPattern: number)) }
        shift += 7
      }
      isBroken = true
      return 0
    }

    mutating func text() -> String {
      let count = number()
      guard !isBroken, count >= 0, count <= bytes.count - at else {
        isBroken = true
        return ""
      }
      defer { at += count }
      return String(decoding: bytes[at..<(at + count)], as: UTF8.self)
    }

    mutating func optional<T>(_ body: (inout Reader) -> T) -> T? {
      number() == 0 ? nil : body(&self)
    }

    mutating func list<T>(_ body: (inout Reader) -> T) -> [T] {
      let count = number()
      // Every item takes a byte at least.
      guard !isBroken, count >= 0, count <= bytes.count - at else {
        isBroken = true
        return []
      }
      var values: [T] = []
      values.reserveCapacity(count)
      for _ in 0..<count where !isBroken { values.append(body(&self)) }
      return values
    }

    mutating func word<T: RawRepresentable>(_ fallback: T) -> T where T.RawValue == String {
      guard let word = T(rawValue: text()) else {
        isBroken = true
        return fallback
      }
      return word
    }

    mutating func span() -> Span {
      let start = number()
      return Span(start: UInt32(clamping: start), end: UInt32(clamping: number()))
    }

    mutating func position() -> Position {
      let line = number()
      return Position(line: line, column: number())
    }

    mutating func path() -> FieldPath {
      FieldPath(
        list { input in
          switch input.number() {
          case 0: return .field(input.text())
          case 1: return .index(input.number())
          default: return .key(input.text())
          }
        })
    }

    mutating func file(_ source: (String) -> SourceText?) -> FileResult {
      var file = FileResult(file: text())
      if number() == 1 {
        guard let source = source(file.file) else {
          isBroken = true
          return file
        }
        file.source = source
        file.lines = LineTable(source)
      }
      file.skipReason = optional { $0.text() }
      file.suppressedCount = number()
      file.usedSuppressions = list { $0.number() }
      file.documents = list { $0.document() }
      return file
    }

    mutating func document() -> DocumentResult {
      let number = number()
      var document = DocumentResult(document: number, line: self.number(), status: .valid)
      document.apiVersion = optional { $0.text() }
      document.kind = optional { $0.text() }
      document.namespace = optional { $0.text() }
      document.name = optional { $0.text() }
      document.skipReason = optional { $0.text() }
      document.status = word(.valid)
      document.diagnostics = list { $0.located() }
      document.suppressed = list { input in
        let located = input.located()
        let kind: SuppressedFinding.Kind = input.word(.inSource)
        return SuppressedFinding(located, kind: kind, justification: input.text())
      }
      return document
    }

    mutating func located() -> LocatedDiagnostic {
      let diagnostic = diagnostic()
      let span = span()
      let start = position()
      let end = position()
      let offset = number()
      let related = list { input in
        let message = input.text()
        let start = input.position()
        let end = input.position()
        return LocatedDiagnostic.Related(
          message: message, start: start, end: end, file: input.optional { $0.text() })
      }
      return LocatedDiagnostic(
        diagnostic, span: span, start: start, end: end, byteOffset: offset, related: related)
    }

    mutating func diagnostic() -> Diagnostic {
      let code = text()
      let severity: Diagnostic.Severity = word(.error)
      let reason: Diagnostic.Reason = word(.invalid)
      let path = path()
      let field = optional { $0.text() }
      var diagnostic = Diagnostic(
        code, severity, reason, at: path, text(), serverField: field)
      diagnostic.help = optional { $0.text() }
      diagnostic.notes = list { $0.text() }
      diagnostic.anchor = number() == 1 ? .key : .value
      diagnostic.span = optional { $0.span() }
      diagnostic.fixes = list { input in
        let title = input.text()
        let safety: FixIt.Safety = input.word(.safe)
        return FixIt(title, safety: safety, edits: input.list { $0.edit() })
      }
      return diagnostic
    }

    mutating func edit() -> FixIt.Edit {
      switch number() {
      case 0:
        let path = path()
        return .set(path, to: text())
      case 1:
        let path = path()
        return .rename(path, to: text())
      case 2: return .remove(path())
      default:
        let span = span()
        return .replace(span, with: text())
      }
    }
  }
}

/// A sum of bytes that tells texts apart: 128 bits, fast, for caches; no defence against malice.
public struct ContentHash: Sendable {
  private var first: UInt64 = 0x9E37_79B9_7F4A_7C15
  private var second: UInt64 = 0xC2B2_AE3D_27D4_EB4F

  public init() {}

  /// Adds `bytes` and their number, so that no two sequences of texts come to the same.
  public mutating func add(_ bytes: UnsafeRawBufferPointer) {
    mix(UInt64(bytes.count))
    var at = 0
    while at + 8 <= bytes.count {
      mix(bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self))
      at += 8
    }
    var rest: UInt64 = 0
    while at < bytes.count {
      rest = rest << 8 | UInt64(bytes[at])
      at += 1
    }
    mix(rest)
  }

  public mutating func add(_ text: String) {
    var text = text
    text.withUTF8 { add(UnsafeRawBufferPointer($0)) }
  }

  private mutating func mix(_ word: UInt64) {
    first = (first ^ word) &* 0x9FB2_1C65_1E98_DF25
    first ^= first >> 32
    second = (second &+ word) &* 0xD6E8_FEB8_6659_FD93
    second = second << 29 | second >> 35
    second ^= first
  }

  /// The sum as 32 hexadecimal digits.
  public var text: String {
    [first, second].map { number in
      let digits = String(number, radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
  }
}
