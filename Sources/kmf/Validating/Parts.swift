import InputFiles
import ManifestRules
import ManifestSyntax

/// The verdict on a file, or on one of the parts of a large one.
struct JudgedPart: Sendable {
  var result: FileResult
  var isLast: Bool

  /// Judges part `part` of `input`, whose text is `text()`.
  init(
    _ input: PreparedInput, part: Int, _ validator: Validator,
    text: () -> Result<SourceText, InputError>
  ) {
    isLast = part == input.parts - 1
    switch text() {
    case .failure(let error):
      result = FileResult(error)
    case .success(let source):
      let isExplicit = input.input.origin == .named
      guard input.parts > 1 else {
        result = validator.validate(source, isExplicit: isExplicit)
        return
      }
      let ranges = source.chunks(input.parts)
      if part < ranges.count {
        result = validator.validate(source, range: ranges[part], isExplicit: isExplicit)
      } else {
        result = FileResult(file: source.name)
      }
    }
  }
}

extension JudgedPart {
  init(result: FileResult, isLast: Bool) {
    self.result = result
    self.isLast = isLast
  }
}

/// Puts the parts of a file together as if it had been judged in one go.
struct PartMerger {
  private var begun: FileResult?

  /// The file's result when `part` was its last.
  mutating func add(_ part: JudgedPart) -> FileResult? {
    if begun == nil, part.isLast { return part.result }
    begun = begun.map { Self.joined($0, part.result) } ?? part.result
    guard part.isLast else { return nil }
    defer { begun = nil }
    return begun
  }

  private static func joined(_ first: FileResult, _ second: FileResult) -> FileResult {
    if first.failure != nil { return first }
    if second.failure != nil { return second }
    // A file of templates is passed over whole, whatever else is in it.
    if first.documents.isEmpty, first.skipReason != nil { return first }
    if second.documents.isEmpty, second.skipReason != nil { return second }
    var joined = first
    let offset = (first.documents.last?.document ?? -1) + 1
    let isNoted = first.documents.contains { $0.diagnostics.contains(where: isPlaceholderNote) }
    for document in second.documents {
      var document = document
      document.document += offset
      if isNoted { document.diagnostics.removeAll(where: isPlaceholderNote) }
      joined.documents.append(document)
    }
    if second.skipReason == nil, !second.documents.isEmpty { joined.skipReason = nil }
    joined.source = first.source ?? second.source
    joined.lines = first.lines ?? second.lines
    return joined
  }

  /// Said once for a file.
  private static func isPlaceholderNote(_ located: LocatedDiagnostic) -> Bool {
    located.diagnostic.code == "KMF-01"
  }
}

/// The texts of files that are judged in parts, read when the first part is due and forgotten with
/// the last.
final class SharedTexts: Sendable {
  private struct Entry {
    var text: Result<SourceText, InputError>?
    var partsLeft: Int
  }

  private let inputs: [PreparedInput]
  private let entries: Monitor<[Int: Entry]>

  init(_ inputs: [PreparedInput]) {
    self.inputs = inputs
    entries = Monitor([:])
  }

  /// The text of a file; to be asked once for each part.
  func text(ofFile file: Int) -> Result<SourceText, InputError> {
    let input = inputs[file]
    if input.parts == 1 { return input.read() }
    // Others wait while one reads: they would need the same text, or find the disk busy.
    return entries.change { entries in
      var entry = entries[file] ?? Entry(text: nil, partsLeft: input.parts)
      let text = entry.text ?? input.read()
      entry.text = text
      entry.partsLeft -= 1
      entries[file] = entry.partsLeft > 0 ? entry : nil
      return text
    }
  }
}
