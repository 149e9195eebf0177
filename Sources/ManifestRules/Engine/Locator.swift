import ManifestSyntax

/// Finds the places of diagnostics in one source; counts lines only once there is one to place.
struct Locator {
  private let source: SourceText
  private(set) var lines: LineTable?

  init(_ source: SourceText) { self.source = source }

  /// The diagnostics with their places, in the order of the text.
  ///
  /// - Parameter prefix: The path of the object within its document; ``Diagnostic/path`` becomes
  ///   relative to the object.
  mutating func located(
    _ diagnostics: [Diagnostic], in tree: Tree?, prefix: FieldPath
  ) -> [LocatedDiagnostic] {
    let lines = self.lines ?? LineTable(source)
    self.lines = lines
    let places = diagnostics.indices.map { index in
      locate(diagnostics[index], in: tree, prefix: prefix, lines)
    }
    // Rules mostly go through an object as it is written.
    let isSorted = places.indices.dropFirst().allSatisfy {
      places[$0 - 1].span.start <= places[$0].span.start
    }
    if isSorted { return places }
    return places.indices.sorted { a, b in
      (places[a].span.start, a) < (places[b].span.start, b)
    }.map { places[$0] }
  }

  private func locate(
    _ diagnostic: Diagnostic, in tree: Tree?, prefix: FieldPath, _ lines: LineTable
  ) -> LocatedDiagnostic {
    let span =
      diagnostic.span ?? tree?.span(of: diagnostic.path, at: diagnostic.anchor)
      ?? Span(start: 0, end: 0)
    let related = diagnostic.related.map { related in
      if let place = related.elsewhere {
        return LocatedDiagnostic.Related(
          message: related.message, start: place.start, end: place.end, file: place.file)
      }
      let span = related.span ?? tree?.span(of: related.path) ?? span
      return LocatedDiagnostic.Related(
        message: related.message, start: lines.position(of: span.start),
        end: lines.position(of: span.end))
    }
    var located = LocatedDiagnostic(
      diagnostic, span: span, start: lines.position(of: span.start),
      end: lines.position(of: span.end), byteOffset: Int(span.start) + source.byteOffsetBase,
      related: related)
    if !prefix.isRoot, diagnostic.path.steps.starts(with: prefix.steps) {
      located.diagnostic.path = FieldPath(
        Array(diagnostic.path.steps.dropFirst(prefix.steps.count)))
    }
    return located
  }
}
