/// Lays YAML and JSON out anew: what it means stays, comments stay.
public enum YAMLFormatter {
  /// What became of a text.
  public enum Outcome {
    /// The text in the one layout, which may be what it was.
    case formatted([UInt8])
    /// The text is not what kmf lays out; it says why, and at which byte.
    case left(reason: String, offset: Int)
  }

  /// Formats `source`.
  ///
  /// - Parameter ranker: says where keys belong; nil leaves them in their order.
  public static func format(_ source: SourceText, ranker: (any KeyRanker)?) -> Outcome {
    let original = source.bytes
    let hasReturns = original.contains(13)
    // Line ends are put back at the end; what YAML takes for one otherwise is not ours to move.
    let text = hasReturns ? withoutReturns(original) : Array(original)
    if text.contains(13) {
      return .left(reason: "it has carriage returns inside of lines", offset: 0)
    }
    let outcome = text.withUnsafeBytes { layOut($0, ranker) }
    guard case .formatted(var bytes) = outcome else { return outcome }
    if hasReturns { bytes = withReturns(bytes) }
    if bytes == Array(original) { return .formatted(bytes) }
    guard means(bytes, sameAs: source) else {
      return .left(reason: "its layout is part of what it means", offset: 0)
    }
    return .formatted(bytes)
  }

  private static func layOut(
    _ bytes: UnsafeRawBufferPointer, _ ranker: (any KeyRanker)?
  ) -> Outcome {
    guard let documents = LayoutReader.documents(bytes) else {
      return .left(reason: "it is not YAML that kmf lays out", offset: 0)
    }
    guard !documents.isEmpty else { return .formatted(Array(bytes)) }
    var scanner = LayoutScanner(bytes)
    var writer = LayoutWriter()
    for (position, document) in documents.enumerated() {
      do throws(LayoutScanner.Refusal) {
        let layout = try scanner.document(document)
        writer.write(
          layout, isMarked: document.isMarked, isFirst: position == 0,
          document.hasTies ? nil : ranker)
      } catch {
        return .left(reason: error.reason, offset: error.offset)
      }
    }
    return .formatted(writer.bytes)
  }

  private static func withoutReturns(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    for (position, byte) in bytes.enumerated() {
      let isLineEnd = byte == 13 && position + 1 < bytes.count && bytes[position + 1] == 10
      if !isLineEnd { result.append(byte) }
    }
    return result
  }

  private static func withReturns(_ bytes: [UInt8]) -> [UInt8] {
    bytes.flatMap { $0 == 10 ? [13, 10] : [$0] }
  }

  /// Whether a new text has the same documents: the last word on every change.
  private static func means(_ bytes: [UInt8], sameAs source: SourceText) -> Bool {
    var old = DocumentReader(source)
    var new = DocumentReader(SourceText(name: source.name, bytes: bytes))
    while true {
      let (left, right) = (old.next(), new.next())
      guard let left, let right else { return left == nil && right == nil }
      guard left.isEmpty == right.isEmpty, left.diagnostics.count == right.diagnostics.count,
        left.tree?.value() == right.tree?.value()
      else { return false }
    }
  }
}
