import ManifestSyntax

/// What one template of a Helm chart came to, and where in the template its lines are from.
public struct RenderedTemplate: Sendable {
  /// The rendered text under the name of the template.
  public let source: SourceText
  private let template: SourceText
  private let places: TemplateLines
  private let lines: LineTable
  private let renderedLines: LineTable

  public init(_ source: SourceText, of template: SourceText) {
    self.source = source
    self.template = template
    places = TemplateLines(template: template, rendered: source)
    lines = LineTable(template)
    renderedLines = LineTable(source)
  }

  /// The parts of what `helm template` printed, by the file that each is from, as helm names it:
  /// `chart/templates/web.yaml`.
  public static func parts(of output: SourceText) -> [String: [UInt8]] {
    var parts: [String: [UInt8]] = [:]
    var name: String?
    let lines = LineTable(output)
    for number in 1...max(1, lines.lineCount) {
      let span = lines.span(ofLine: number)
      var line = output.bytes[Int(span.start)..<Int(span.end)]
      while let last = line.last, last == 0x0A || last == 0x0D { line.removeLast() }
      if line.elementsEqual("---".utf8) {
        name = nil
        continue
      }
      if name == nil, line.starts(with: "# Source: ".utf8) {
        let path = String(decoding: line.dropFirst(10), as: UTF8.self)
        name = path
        if parts[path] != nil { parts[path]? += Array("---\n".utf8) }
        continue
      }
      if let name {
        parts[name, default: []] += line
        parts[name]?.append(UInt8(ascii: "\n"))
      }
    }
    return parts
  }

  /// What was found in the rendered text, as findings about the template.
  public func placed(_ result: FileResult) -> FileResult {
    var result = result
    if result.documents.isEmpty {
      result.skipReason = "a template that comes to nothing"
      return result
    }
    result.source = template
    result.lines = lines
    for number in result.documents.indices {
      var document = result.documents[number]
      document.line = lines.line(of: places.span(of: rendered(line: document.line)).start)
      document.diagnostics = document.diagnostics.map(placed)
      document.suppressed = document.suppressed.map {
        var finding = $0
        finding.located = placed($0.located)
        return finding
      }
      result.documents[number] = document
    }
    // Helm orders objects by their kinds; reports go by the text.
    result.documents = Self.sorted(result.documents) { $0.line }
    for number in result.documents.indices {
      let found = result.documents[number].diagnostics
      result.documents[number].document = number
      result.documents[number].diagnostics = Self.sorted(found) { Int($0.span.start) }
    }
    return result
  }

  private static func sorted<T>(_ items: [T], by place: (T) -> Int) -> [T] {
    items.enumerated().sorted { left, right in
      (place(left.element), left.offset) < (place(right.element), right.offset)
    }.map(\.element)
  }

  private func rendered(line: Int) -> Span {
    renderedLines.span(ofLine: min(max(1, line), renderedLines.lineCount))
  }

  private func placed(_ located: LocatedDiagnostic) -> LocatedDiagnostic {
    var located = located
    let span = places.span(of: located.span)
    located.span = span
    located.diagnostic.span = span
    located.start = lines.position(of: span.start)
    located.end = lines.position(of: span.end)
    located.byteOffset = Int(span.start) + template.byteOffsetBase
    // Fixes were worked out for a text that nobody wrote.
    located.diagnostic.fixes = []
    located.diagnostic.notes.append("as helm renders it")
    located.related = located.related.map { related in
      related.file == nil ? self.placed(related) : related
    }
    return located
  }

  private func placed(_ related: LocatedDiagnostic.Related) -> LocatedDiagnostic.Related {
    var related = related
    let line = rendered(line: related.start.line)
    let offset = UInt32(clamping: Int(line.start) + max(0, related.start.column - 1))
    let length = UInt32(
      clamping: related.start.line == related.end.line
        ? max(0, related.end.column - related.start.column) : 0)
    let start = min(offset, line.end)
    let span = places.span(of: Span(start: start, end: min(start &+ length, line.end)))
    related.start = lines.position(of: span.start)
    related.end = lines.position(of: span.end)
    return related
  }

  /// Second places of `result` that are in rendered texts, moved into their templates.
  public static func placeRelated(
    _ result: inout FileResult, in templates: [String: RenderedTemplate]
  ) {
    for document in result.documents.indices {
      for number in result.documents[document].diagnostics.indices {
        for second in result.documents[document].diagnostics[number].related.indices {
          let related = result.documents[document].diagnostics[number].related[second]
          guard let file = related.file, let template = templates[file] else { continue }
          result.documents[document].diagnostics[number].related[second] =
            template.placed(related)
        }
      }
    }
  }
}
