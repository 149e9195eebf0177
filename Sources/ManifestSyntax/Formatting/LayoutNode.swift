import CLibYAML

/// A node of a document as it was written: aliases and merge keys are still what they are.
struct LayoutNode {
  enum Kind {
    /// Anything that is written as text: a scalar, an alias, a flow collection.
    case text
    /// A literal or folded block.
    case block
    case mapping([(key: LayoutNode, value: LayoutNode)])
    case sequence([LayoutNode])
  }

  /// The bytes of the source; anchors and tags belong to it.
  var range: Range<Int>
  var kind: Kind
  /// What a scalar means; empty for anything else.
  var text = ""
}

/// A document as it was written.
struct LayoutDocument {
  var root: LayoutNode
  /// Whether there is a `---`.
  var isMarked: Bool
  /// Whether there are anchors, aliases or merge keys, which tie keys to their order.
  var hasTies: Bool
}

/// Reads the documents of a text from libyaml's events.
struct LayoutReader {
  private let events: YAMLEvents
  private var cursor: ByteCursor
  private var hasTies = false

  /// All documents of `bytes`; nil where the text is not YAML.
  static func documents(_ bytes: UnsafeRawBufferPointer) -> [LayoutDocument]? {
    var reader = LayoutReader(bytes)
    return reader.documents()
  }

  private init(_ bytes: UnsafeRawBufferPointer) {
    events = YAMLEvents(bytes)
    cursor = ByteCursor(bytes, start: 0, isASCII: SourceScan(bytes).isASCII)
  }

  private mutating func documents() -> [LayoutDocument]? {
    var documents: [LayoutDocument] = []
    while events.advance() {
      switch events.event.pointee.type {
      case YAML_DOCUMENT_START_EVENT:
        let start = events.event.pointee.data.document_start
        // A directive is nothing that a manifest needs.
        guard start.version_directive == nil, start.tag_directives.start == start.tag_directives.end
        else { return nil }
        hasTies = false
        guard events.advance(), let root = node(depth: 0) else { return nil }
        documents.append(
          LayoutDocument(root: root, isMarked: start.implicit == 0, hasTies: hasTies))
      case YAML_STREAM_END_EVENT: return documents
      default: continue
      }
    }
    return nil
  }

  /// The node that the event at hand begins.
  private mutating func node(depth: Int) -> LayoutNode? {
    guard depth < SyntaxLimits.depthMax else { return nil }
    let event = events.event
    let start = Int(cursor.byteOffset(Int(event.pointee.start_mark.index)))
    switch event.pointee.type {
    case YAML_ALIAS_EVENT:
      hasTies = true
      return LayoutNode(range: start..<end, kind: .text)
    case YAML_SCALAR_EVENT:
      let data = kmf_scalar_of(event)
      if data.anchor != nil { hasTies = true }
      let value = UnsafeRawBufferPointer(start: data.value, count: Int(data.length))
      let isBlock =
        data.style == YAML_LITERAL_SCALAR_STYLE || data.style == YAML_FOLDED_SCALAR_STYLE
      let text = String(decoding: value, as: UTF8.self)
      if text == "<<" { hasTies = true }
      return LayoutNode(range: start..<end, kind: isBlock ? .block : .text, text: text)
    case YAML_MAPPING_START_EVENT:
      let data = event.pointee.data.mapping_start
      if data.anchor != nil { hasTies = true }
      return mapping(start, isFlow: data.style == YAML_FLOW_MAPPING_STYLE, depth: depth)
    case YAML_SEQUENCE_START_EVENT:
      let data = event.pointee.data.sequence_start
      if data.anchor != nil { hasTies = true }
      return sequence(start, isFlow: data.style == YAML_FLOW_SEQUENCE_STYLE, depth: depth)
    default: return nil
    }
  }

  private var end: Int {
    mutating get { Int(cursor.byteOffset(Int(events.event.pointee.end_mark.index))) }
  }

  private mutating func mapping(_ start: Int, isFlow: Bool, depth: Int) -> LayoutNode? {
    var entries: [(key: LayoutNode, value: LayoutNode)] = []
    while events.advance() {
      if events.event.pointee.type == YAML_MAPPING_END_EVENT {
        return LayoutNode(range: start..<end, kind: isFlow ? .text : .mapping(entries))
      }
      guard let key = node(depth: depth + 1), events.advance(), let value = node(depth: depth + 1)
      else { return nil }
      if !isFlow { entries.append((key, value)) }
    }
    return nil
  }

  private mutating func sequence(_ start: Int, isFlow: Bool, depth: Int) -> LayoutNode? {
    var items: [LayoutNode] = []
    while events.advance() {
      if events.event.pointee.type == YAML_SEQUENCE_END_EVENT {
        return LayoutNode(range: start..<end, kind: isFlow ? .text : .sequence(items))
      }
      guard let item = node(depth: depth + 1) else { return nil }
      if !isFlow { items.append(item) }
    }
    return nil
  }
}
