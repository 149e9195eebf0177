import CLibYAML

/// What was found between two document markers.
public struct ParsedDocument: Sendable {
  /// The document; nil where its text could not be read.
  public var tree: Tree?
  /// Syntax errors, doubled keys and the like, in the order of the text.
  public var diagnostics: [Diagnostic]
  /// Whether there is nothing in it, or only comments.
  public var isEmpty: Bool
  /// The bytes of the source that belong to it.
  public var span: Span
}

/// Reads a YAML source document by document.
///
/// A document that cannot be read costs only itself: reading goes on at the next `---`. The tree of
/// the document before is reused when nobody else holds it, so reading a long stream takes the
/// memory of its largest document.
public struct DocumentReader {
  private enum Segment {
    case text(Range<Int>)
    case unreadable(Range<Int>, [SourceScan.BadCharacter])
  }

  private let source: SourceText
  private let isASCII: Bool
  private var segments: [Segment]
  private var events: YAMLEvents?
  private var cursor: ByteCursor
  private var hasPendingEvent = false
  private var segmentEnd = 0
  /// Where the document at hand begins: its marker, or the end of the one before.
  private var documentStart = 0
  /// The document before ended with `...` and no marker was seen since.
  private var isAfterDocumentEnd = false
  private var tree: Tree
  private let memory: ReadingMemory?

  /// Reads the documents of `source`, or of a `range` made by ``SourceText/chunks(_:)``.
  ///
  /// - Parameter memory: What the reading of another source left, and where this one leaves it.
  public init(_ source: SourceText, range: Range<Int>? = nil, memory: ReadingMemory? = nil) {
    self.source = source
    self.memory = memory
    var range = range ?? 0..<source.count
    if range.lowerBound == 0, source.count >= 3, source.bytes[0] == 0xEF, source.bytes[1] == 0xBB,
      source.bytes[2] == 0xBF
    {
      range = 3..<max(3, range.upperBound)
    }
    let scan = SourceScan(UnsafeRawBufferPointer(rebasing: source.bytes[range]))
    isASCII = scan.isASCII
    segments = Self.segments(of: source, range, without: scan.badCharacters).reversed()
    cursor = ByteCursor(UnsafeRawBufferPointer(start: nil, count: 0), start: 0, isASCII: true)
    tree = memory?.take() ?? Tree(source: source)
  }

  /// Cuts out the documents that hold characters which YAML forbids.
  private static func segments(
    of source: SourceText, _ range: Range<Int>, without bad: [SourceScan.BadCharacter]
  ) -> [Segment] {
    guard !bad.isEmpty else { return [.text(range)] }
    var segments: [Segment] = []
    var start = range.lowerBound
    var left = bad[...].map { character in
      var character = character
      character.offset += range.lowerBound
      return character
    }[...]
    var marker = range.lowerBound
    while let first = left.first {
      var next = source.documentMarker(from: marker + 1) ?? range.upperBound
      while next <= first.offset {
        marker = next
        next = source.documentMarker(from: marker + 1) ?? range.upperBound
      }
      if start < marker { segments.append(.text(start..<marker)) }
      let mine = left.prefix { $0.offset < next }
      left = left.dropFirst(mine.count)
      segments.append(.unreadable(marker..<next, Array(mine)))
      start = next
      marker = next
    }
    if start < range.upperBound { segments.append(.text(start..<range.upperBound)) }
    return segments
  }

  // MARK: - Reading

  /// The next document, empty ones included; nil at the end.
  public mutating func next() -> ParsedDocument? {
    while true {
      if events == nil, !hasPendingEvent {
        guard let segment = segments.popLast() else {
          memory?.leave(tree)
          return nil
        }
        switch segment {
        case .text(let range): open(range)
        case .unreadable(let range, let bad): return unreadable(range, bad)
        }
      }
      if !hasPendingEvent, !advance() { return failed(self.problem) }
      hasPendingEvent = false
      switch eventType {
      case YAML_DOCUMENT_START_EVENT: return document()
      case YAML_STREAM_END_EVENT: events = nil
      default: continue
      }
    }
  }

  private mutating func open(_ range: Range<Int>) {
    let bytes = UnsafeRawBufferPointer(rebasing: source.bytes[range])
    events = YAMLEvents(bytes)
    cursor = ByteCursor(bytes, start: range.lowerBound, isASCII: isASCII)
    segmentEnd = range.upperBound
    documentStart = range.lowerBound
    isAfterDocumentEnd = false
  }

  private mutating func advance() -> Bool { events?.advance() ?? false }
  private var eventType: yaml_event_type_t { events?.event.pointee.type ?? YAML_NO_EVENT }
  private var problem: YAMLProblem? { events?.problem }

  /// Reads one document, from its start event to its end event.
  private mutating func document() -> ParsedDocument {
    var version: (Int, Int)?
    var start = documentStart
    if let event = events?.event {
      let data = event.pointee.data.document_start
      version = data.version_directive.map { (Int($0.pointee.major), Int($0.pointee.minor)) }
      if data.implicit == 0 { start = Int(cursor.byteOffset(Int(event.pointee.start_mark.index))) }
    }
    documentStart = start
    if !isKnownUniquelyReferenced(&tree) { tree = Tree(source: source) }
    tree.reset(source: source)
    var builder = TreeBuilder(tree: tree, cursor: cursor)
    if let version, version != (1, 1) {
      builder.fail(.directive(version: version, span: directive(before: start)))
    }
    guard events?.build(&builder) ?? false else {
      cursor = builder.cursor
      if builder.faults.contains(where: { if case .tooDeep = $0 { true } else { false } }) {
        return abandoned(builder.faults)
      }
      return failed(problem)
    }
    builder.finish()
    cursor = builder.cursor
    return finished(builder.faults)
  }

  /// The `%YAML` line above the marker at `start`.
  private func directive(before start: Int) -> Span {
    var at = start
    while at > 0, source.bytes[at] != 37 { at -= 1 }
    return Span(start: UInt32(at), end: UInt32(min(at + 9, source.count)))
  }

  private mutating func finished(_ faults: [TreeBuilder.Fault]) -> ParsedDocument {
    var end = documentStart
    if let event = events?.event {
      end = Int(cursor.byteOffset(Int(event.pointee.end_mark.index)))
      isAfterDocumentEnd = event.pointee.data.document_end.implicit == 0
    }
    // Text that belongs to no document is an error of the document before it.
    hasPendingEvent = advance()
    var diagnostics = MissingMarker.merging(faults, in: tree)
    if !hasPendingEvent {
      guard isAfterDocumentEnd else { return failed(problem) }
      diagnostics.append(ignoredRest(after: end))
    }
    let isEmpty = tree.nodeCount == 0 || tree.kind(.root) == .null
    let span = Span(start: UInt32(documentStart), end: UInt32(max(end, documentStart)))
    if hasPendingEvent { documentStart = end }
    let isReadable = !faults.contains { $0.isFatal }
    return ParsedDocument(
      tree: isReadable ? tree : nil, diagnostics: diagnostics, isEmpty: isEmpty, span: span)
  }

  // MARK: - Trouble

  /// Text after `...` and before the next marker: the cluster never sees it.
  private mutating func ignoredRest(after end: Int) -> Diagnostic {
    var start = end
    while start < source.count, source.bytes[start] != 10 { start += 1 }
    while start < source.count, source.bytes[start] <= 32 { start += 1 }
    documentStart = start
    restart()
    return SyntaxDiagnosis.ignoredText(
      at: Span(start: UInt32(start), end: UInt32(min(start + 1, source.count))))
  }

  private mutating func failed(_ problem: YAMLProblem?) -> ParsedDocument {
    let start = documentStart
    let base = segmentStart
    restart()
    let span = Span(start: UInt32(start), end: UInt32(documentStart))
    guard let problem else {
      return ParsedDocument(tree: nil, diagnostics: [], isEmpty: true, span: span)
    }
    let text = UnsafeRawBufferPointer(rebasing: source.bytes[base..<source.count])
    var marks = ByteCursor(text, start: base, isASCII: isASCII)
    let at = problem.readerOffset.map { UInt32(base + $0) } ?? marks.byteOffset(problem.mark.index)
    let context = marks.byteOffset(problem.contextMark.index)
    let diagnosis = SyntaxDiagnosis(
      source: source, document: span, problem: problem, at: Int(at), context: Int(context))
    return ParsedDocument(
      tree: nil, diagnostics: [diagnosis.diagnostic()], isEmpty: false, span: span)
  }

  private var segmentStart: Int { cursor.inputStart }

  private mutating func abandoned(_ faults: [TreeBuilder.Fault]) -> ParsedDocument {
    let start = documentStart
    restart()
    let span = Span(start: UInt32(start), end: UInt32(documentStart))
    return ParsedDocument(
      tree: nil, diagnostics: faults.map { $0.diagnostic(in: tree) }, isEmpty: false, span: span)
  }

  /// Begins anew at the first marker after the document at hand.
  private mutating func restart() {
    events = nil
    hasPendingEvent = false
    var from = documentStart
    if source.documentMarker(from: from) == from { from += 1 }
    let next = min(source.documentMarker(from: from) ?? segmentEnd, segmentEnd)
    if next < segmentEnd { segments.append(.text(next..<segmentEnd)) }
    documentStart = next
  }

  private func unreadable(
    _ range: Range<Int>, _ bad: [SourceScan.BadCharacter]
  ) -> ParsedDocument {
    ParsedDocument(
      tree: nil, diagnostics: bad.prefix(20).map { SyntaxDiagnosis.badCharacter($0, in: source) },
      isEmpty: false, span: Span(start: UInt32(range.lowerBound), end: UInt32(range.upperBound)))
  }
}

extension YAMLEvents {
  /// Feeds `builder` until the document ends; false on a syntax error or a fault that ends reading.
  func build(_ builder: inout TreeBuilder) -> Bool {
    while advance() {
      switch event.pointee.type {
      case YAML_SCALAR_EVENT: builder.scalar(event)
      case YAML_MAPPING_START_EVENT, YAML_SEQUENCE_START_EVENT:
        if builder.isTooDeep {
          let at = builder.cursor.byteOffset(Int(event.pointee.start_mark.index))
          builder.fail(.tooDeep(span: Span(start: at, end: at + 1)))
          return false
        }
        if event.pointee.type == YAML_MAPPING_START_EVENT {
          let isFlow = event.pointee.data.mapping_start.style == YAML_FLOW_MAPPING_STYLE
          builder.start(.mapping, isFlow: isFlow, event)
        } else {
          let isFlow = event.pointee.data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE
          builder.start(.sequence, isFlow: isFlow, event)
        }
      case YAML_MAPPING_END_EVENT, YAML_SEQUENCE_END_EVENT: builder.end(event)
      case YAML_ALIAS_EVENT: builder.alias(event)
      case YAML_DOCUMENT_END_EVENT: return true
      default: continue
      }
    }
    return false
  }
}
