import ManifestSyntax

/// Puts the findings of lint rules and of validation together, each fault once.
///
/// A fault that both report keeps the code of the lint rule; the other code goes into the notes.
struct AdviceMerge {
  private let source: SourceText
  private var byPlace: [Place: [Diagnostic]] = [:]
  private var suppressedByPlace: [Place: [SuppressedAdvice]] = [:]
  /// Which codes need not be said again, by document and place in the text.
  private var told: [Int: [UInt32: Set<String>]] = [:]
  private static let superseded = Dictionary(
    AdviceRegistry.all.map { ($0.about.code, Set($0.about.supersedes)) }
  ) { first, _ in first }

  private struct Place: Hashable {
    var document: Int
    var position: Int
  }

  init(
    _ advice: [Linter.Advice], _ source: SourceText, suppressed: [SuppressedAdvice] = []
  ) {
    self.source = source
    for item in suppressed {
      let place = Place(document: item.advice.document, position: item.advice.position)
      suppressedByPlace[place, default: []].append(item)
    }
    // By their numbers, since to take one out of the array is to copy it.
    for number in advice.indices {
      let place = Place(document: advice[number].document, position: advice[number].position)
      byPlace[place, default: []].append(advice[number].diagnostic)
      guard advice[number].diagnostic.code.hasPrefix("YML"),
        let start = advice[number].diagnostic.span?.start,
        let codes = Self.superseded[advice[number].diagnostic.code]
      else { continue }
      told[place.document, default: [:]][start, default: []].formUnion(codes)
    }
  }

  /// What suppressions leave out of the findings about one object; nil for nothing.
  func suppressed(document: Int, position: Int) -> [SuppressedAdvice]? {
    suppressedByPlace[Place(document: document, position: position)]
  }

  /// Adds what was said of one object to what validation says of it.
  func add(to diagnostics: inout [Diagnostic], document: Int, position: Int, _ tree: Tree?) {
    defer { removeTold(from: &diagnostics, document) }
    guard var said = byPlace[Place(document: document, position: position)] else { return }
    for index in said.indices {
      let codes = Self.superseded[said[index].code] ?? []
      guard !codes.isEmpty else { continue }
      let line = line(of: said[index], tree)
      diagnostics.removeAll { other in
        guard codes.contains(other.code),
          self.line(of: other, tree) == line || Self.areNested(said[index].path, other.path)
        else { return false }
        let note = "the API server's part in this is \(other.code)"
        if !said[index].notes.contains(note) { said[index].notes.append(note) }
        if said[index].fixes.isEmpty { said[index].fixes = other.fixes }
        return true
      }
    }
    diagnostics += said
  }

  /// What the reader says of a document stands with each object of a list: once told is enough.
  private func removeTold(from diagnostics: inout [Diagnostic], _ document: Int) {
    guard let places = told[document] else { return }
    diagnostics.removeAll { other in
      other.span.map { places[$0.start]?.contains(other.code) ?? false } ?? false
    }
  }

  /// Whether one of two paths leads to a part of what the other leads to.
  private static func areNested(_ left: FieldPath, _ right: FieldPath) -> Bool {
    let (left, right) = (left.steps, right.steps)
    guard !left.isEmpty, !right.isEmpty else { return false }
    return left.starts(with: right) || right.starts(with: left)
  }

  private func line(of diagnostic: Diagnostic, _ tree: Tree?) -> Int {
    let span = diagnostic.span ?? tree?.span(of: diagnostic.path, at: diagnostic.anchor)
    return source.lineFeeds(in: 0..<min(Int(span?.start ?? 0), source.count))
  }
}
