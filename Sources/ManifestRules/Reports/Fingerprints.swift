import ManifestSyntax

/// Names findings so that the same one keeps its name while lines move around it.
///
/// The name is made of what the finding is about (file, object, field, code, the text that it
/// points at), never of where it stands. Findings that are alike in all of that are told apart by
/// their order.
struct Fingerprints {
  private var seen: [String: Int] = [:]

  /// The name of `finding`: 32 hexadecimal digits, different for every finding asked about.
  mutating func name(_ finding: Finding) -> String {
    let document = finding.document
    var parts = [finding.file.file, finding.diagnostic.code, finding.diagnostic.path.description]
    parts += [document?.apiVersion, document?.kind, document?.namespace, document?.name]
      .map { $0 ?? "" }
    parts.append(excerpt(of: finding))
    let base = Self.hash(parts)
    let count = seen[base, default: 0]
    seen[base] = count + 1
    return count == 0 ? base : Self.hash([base, String(count)])
  }

  private func excerpt(of finding: Finding) -> String {
    guard let source = finding.file.source, let span = finding.located?.span,
      span.start <= span.end, Int(span.end) <= source.count
    else { return "" }
    let end = min(span.end, span.start &+ 200)
    return source.text(Span(start: span.start, end: end))
  }

  /// Two FNV-1a sums with different starts: enough to keep apart what one run can hold.
  private static func hash(_ parts: [String]) -> String {
    var first: UInt64 = 0xcbf2_9ce4_8422_2325
    var second: UInt64 = 0x9e37_79b9_7f4a_7c15
    for part in parts {
      part.withBytes { bytes in
        for byte in bytes {
          first = (first ^ UInt64(byte)) &* 0x100_0000_01b3
          second = (second ^ UInt64(byte)) &* 0x100_0000_01b3
          second ^= second >> 29
        }
      }
      // A byte that UTF-8 never holds keeps "ab","c" from "a","bc".
      first = (first ^ 0xFF) &* 0x100_0000_01b3
      second = (second ^ 0xFF) &* 0x100_0000_01b3
    }
    return hex(first) + hex(second)
  }

  private static func hex(_ number: UInt64) -> String {
    let digits = String(number, radix: 16)
    return String(repeating: "0", count: 16 - digits.utf8.count) + digits
  }
}
