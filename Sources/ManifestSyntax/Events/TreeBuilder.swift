import CLibYAML

/// Builds one document's ``Tree`` from libyaml's events.
///
/// The builder keeps a stack of open containers; each child is linked to its elder sibling as it
/// arrives. What only a finished document can tell (merge keys, alias sizes, doubled keys) is done
/// in ``finish()``.
struct TreeBuilder {
  /// Something wrong in the document that libyaml does not see.
  enum Fault {
    case duplicateKey(mapping: UInt32, first: UInt32, second: UInt32)
    case undefinedAlias(name: String, span: Span)
    case recursiveAlias(name: String, span: Span)
    case nullKey(span: Span)
    case complexKey(span: Span)
    case tooDeep(span: Span)
    case excessiveAliases(span: Span)
    case badMerge(span: Span)
    case badTag(tag: String, span: Span)
    case notANumber(span: Span)
    case directive(version: (Int, Int), span: Span)
  }

  /// A container whose end has not come; what it will say of its children is kept here until then.
  private struct Open {
    var index: UInt32
    var isMapping: Bool
    /// Whether the next child of this mapping is a key.
    var wantsKey: Bool
    /// The last child, 0 before the first.
    var last: UInt32 = 0
    var count: UInt32 = 0
    /// A bit for each key's hash; where none was set twice, no key stands twice.
    var seen: UInt64 = 0
    var mayRepeat = false
  }

  let tree: Tree
  var cursor: ByteCursor
  private(set) var faults: [Fault] = []
  /// The innermost container; means nothing while `stack` is empty.
  private var open = Open(index: 0, isMapping: false, wantsKey: false)
  /// What was open when each of the open containers began.
  private var stack: [Open] = []
  private let source: UnsafeRawPointer
  private let sourceBytes: UnsafeRawBufferPointer
  private var anchors: [String: UInt32] = [:]
  private var hasAliases = false
  private var merges: [UInt32] = []

  init(tree: Tree, cursor: ByteCursor) {
    self.tree = tree
    self.cursor = cursor
    source = tree.text
    sourceBytes = tree.source.bytes
    stack.reserveCapacity(16)
  }

  /// Whether another container would be nested deeper than allowed.
  var isTooDeep: Bool { stack.count >= SyntaxLimits.depthMax }

  mutating func fail(_ fault: Fault) { faults.append(fault) }

  // MARK: - Events

  mutating func scalar(_ event: UnsafePointer<yaml_event_t>) {
    let data = kmf_scalar_of(event)
    let style: NodeStyle =
      switch data.style {
      case YAML_SINGLE_QUOTED_SCALAR_STYLE: .singleQuoted
      case YAML_DOUBLE_QUOTED_SCALAR_STYLE: .doubleQuoted
      case YAML_LITERAL_SCALAR_STYLE: .literal
      case YAML_FOLDED_SCALAR_STYLE: .folded
      default: .plain
      }
    var record = NodeRecord(
      start: cursor.byteOffset(Int(event.pointee.start_mark.index)),
      end: cursor.byteOffset(Int(event.pointee.end_mark.index)), kind: .string, style: style)
    let value = UnsafeRawBufferPointer(start: data.value, count: Int(data.length))
    locateText(of: &record, value: value)
    if style == .plain, data.tag == nil {
      record.kind = Self.kind(ScalarResolution.kind(ofPlain: value))
    }
    if style == .literal || style == .folded { trimBlockEnd(&record) }
    if data.tag != nil || data.anchor != nil {
      return scalar(record, tag: data.tag, anchor: data.anchor)
    }
    if open.wantsKey {
      key(&record)
    } else if record.kind == .float {
      checkIsNumber(record)
    }
    attach(tree.add(record))
  }

  /// A scalar with an anchor or a tag.
  private mutating func scalar(
    _ record: NodeRecord, tag: UnsafePointer<yaml_char_t>?, anchor: UnsafePointer<yaml_char_t>?
  ) {
    let index = tree.add(record)
    properties(of: index, tag: tag, anchor: anchor)
    if open.wantsKey {
      key(&tree.records[Int(index)])
    } else if tree.records[Int(index)].kind == .float {
      checkIsNumber(tree.records[Int(index)])
    }
    attach(index)
  }

  static func kind(_ kind: ScalarKind) -> NodeKind {
    switch kind {
    case .string: .string
    case .null: .null
    case .bool: .bool
    case .int: .int
    case .float: .float
    }
  }

  /// Finds the scalar's text in the source, or copies it into the arena.
  private func locateText(of record: inout NodeRecord, value: UnsafeRawBufferPointer) {
    record.count = UInt32(truncatingIfNeeded: value.count)
    let quote: UInt32 = record.style == .singleQuoted || record.style == .doubleQuoted ? 1 : 0
    let length = UInt32(truncatingIfNeeded: value.count)
    if record.style.rawValue <= NodeStyle.doubleQuoted.rawValue, record.end >= length + quote {
      let start = record.end - quote - length
      if start >= record.start, isSame(source + Int(start), value) {
        record.text = start
        // An anchor or a tag stands before the text; the reader should be shown the text.
        record.start = start - quote
        return
      }
    }
    record.text = tree.store(value)
    record.flags.insert(.inArena)
  }

  private func isSame(_ source: UnsafeRawPointer, _ value: UnsafeRawBufferPointer) -> Bool {
    guard value.count > 0, let base = value.baseAddress else { return true }
    return memcmp(source, base, value.count) == 0
  }

  /// libyaml ends a block scalar at the next token; a reader would say: after its last line.
  private func trimBlockEnd(_ record: inout NodeRecord) {
    var end = Int(record.end)
    let bytes = sourceBytes
    while end > Int(record.start),
      bytes[end - 1] == 10 || bytes[end - 1] == 13 || bytes[end - 1] == 32
    {
      end -= 1
    }
    record.end = UInt32(truncatingIfNeeded: end)
  }

  mutating func start(_ kind: NodeKind, isFlow: Bool, _ event: UnsafePointer<yaml_event_t>) {
    let start = cursor.byteOffset(Int(event.pointee.start_mark.index))
    let record = NodeRecord(
      start: start, end: start, kind: kind, style: isFlow ? .flow : .block)
    let index = tree.add(record)
    if open.wantsKey {
      fail(.complexKey(span: Span(start: start, end: start + 1)))
    }
    let isMapping = kind == .mapping
    let data = event.pointee.data
    let tag = isMapping ? data.mapping_start.tag : data.sequence_start.tag
    let anchor = isMapping ? data.mapping_start.anchor : data.sequence_start.anchor
    if tag != nil || anchor != nil { properties(of: index, tag: tag, anchor: anchor) }
    attach(index)
    stack.append(open)
    open = Open(index: index, isMapping: isMapping, wantsKey: isMapping)
  }

  mutating func end(_ event: UnsafePointer<yaml_event_t>) {
    guard let outer = stack.popLast() else { return }
    let ended = open
    open = outer
    let record = tree.records + Int(ended.index)
    record.pointee.last = ended.last
    record.pointee.count = ended.count
    record.pointee.text = UInt32(truncatingIfNeeded: ended.seen | ended.seen >> 32)
    if record.pointee.style == .flow || ended.last == 0 {
      record.pointee.end = cursor.byteOffset(Int(event.pointee.end_mark.index))
    } else {
      // libyaml ends a block container at the next token, after comments and blank lines.
      record.pointee.end = tree.records[Int(ended.last)].end
    }
    if ended.mayRepeat {
      record.pointee.flags.insert(.mayRepeat)
      findDuplicates(ended.index)
    }
  }

  mutating func alias(_ event: UnsafePointer<yaml_event_t>) {
    let start = cursor.byteOffset(Int(event.pointee.start_mark.index))
    let end = cursor.byteOffset(Int(event.pointee.end_mark.index))
    let span = Span(start: start, end: end)
    let name = event.pointee.data.alias.anchor.map { String(cString: $0) } ?? ""
    var record = NodeRecord(start: start, end: end, kind: .null, style: .plain)
    record.text = end
    let isKey = open.wantsKey
    if let target = anchors[name] {
      if isOpen(target) {
        fail(.recursiveAlias(name: name, span: span))
      } else if isKey {
        record = aliasedKey(target, span)
      } else {
        record.kind = .alias
        record.link = target
        hasAliases = true
      }
    } else {
      fail(.undefinedAlias(name: name, span: span))
    }
    if isKey { key(&record) }
    attach(tree.add(record))
  }

  private func isOpen(_ index: UInt32) -> Bool {
    // The lowest entry of the stack is no container but what was open before the root: nothing.
    !stack.isEmpty && (open.index == index || stack.dropFirst().contains { $0.index == index })
  }

  /// A key that is an alias holds a copy of its target, so that key lookups need not follow
  /// aliases.
  private mutating func aliasedKey(_ target: UInt32, _ span: Span) -> NodeRecord {
    var record = tree.records[Int(target)]
    if !record.kind.isScalar {
      fail(.complexKey(span: span))
      record = NodeRecord(start: span.start, end: span.end, kind: .string, style: .plain)
    }
    record.start = span.start
    record.end = span.end
    record.next = 0
    return record
  }

  // MARK: - Linking

  private mutating func attach(_ index: UInt32) {
    if stack.isEmpty { return }
    if open.last == 0 {
      tree.records[Int(open.index)].link = index
    } else {
      tree.records[Int(open.last)].next = index
    }
    open.last = index
    if open.isMapping {
      if !open.wantsKey { open.count &+= 1 }
      open.wantsKey.toggle()
    } else {
      open.count &+= 1
    }
  }

  /// Makes a scalar a key: its text is what the JSON key will be, and is hashed once.
  private mutating func key(_ record: inout NodeRecord) {
    let bytes = tree.bytes(of: record)
    if record.kind != .string {
      specialKey(&record)
    } else if record.style == .plain, record.count == 2, bytes[0] == 60, bytes[1] == 60 {
      record.flags.insert(.merge)
      if merges.last != open.index { merges.append(open.index) }
    }
    record.link = KeyHash.of(tree.bytes(of: record))
    let bit: UInt64 = 1 << UInt64(record.link & 63)
    if open.seen & bit != 0 { open.mayRepeat = true }
    open.seen |= bit
  }

  /// A key that YAML reads as something else than text.
  private mutating func specialKey(_ record: inout NodeRecord) {
    if record.kind == .null {
      return fail(.nullKey(span: Span(start: record.start, end: record.end)))
    }
    let bytes = tree.bytes(of: record)
    setText(
      &record, ScalarResolution.keyText(ofPlain: bytes) ?? String(decoding: bytes, as: UTF8.self))
  }

  private func setText(_ record: inout NodeRecord, _ text: String) {
    var text = text
    text.withUTF8 { record.text = tree.store(UnsafeRawBufferPointer($0)) }
    record.count = UInt32(truncatingIfNeeded: text.utf8.count)
    record.flags.insert(.inArena)
  }

  private mutating func checkIsNumber(_ record: NodeRecord) {
    if case .double(let number)? = ScalarResolution.number(tree.bytes(of: record)),
      !number.isFinite
    {
      fail(.notANumber(span: Span(start: record.start, end: record.end)))
    }
  }

  private mutating func properties(
    of index: UInt32, tag: UnsafePointer<yaml_char_t>?, anchor: UnsafePointer<yaml_char_t>?
  ) {
    if let anchor {
      anchors[String(cString: anchor)] = index
      tree.records[Int(index)].flags.insert(.anchored)
    }
    guard let tag else { return }
    let name = String(cString: tag)
    tree.tags[index] = name
    tree.records[Int(index)].flags.insert(.tagged)
    if tree.records[Int(index)].kind.isScalar { TagResolution.apply(name, to: index, of: &self) }
  }

  // MARK: - Finishing

  private mutating func findDuplicates(_ mapping: UInt32) {
    faults += Self.duplicates(in: mapping, of: tree)
  }

  /// After a merge: every key that now stands twice, unless both were written.
  mutating func findMergedDuplicates(_ mapping: UInt32) {
    let written = faults.count
    findDuplicates(mapping)
    var known: Set<UInt32> = []
    for case .duplicateKey(mapping, _, let second) in faults[..<written] { known.insert(second) }
    let fresh = faults[written...].filter {
      guard case .duplicateKey(_, _, let second) = $0 else { return true }
      return !known.contains(second)
    }
    faults.replaceSubrange(written..., with: fresh)
  }

  /// Brings in merged entries and checks how much the aliases amount to.
  mutating func finish() {
    guard hasAliases || !merges.isEmpty, tree.nodeCount > 0 else { return }
    var sizes = AliasSizes(tree: tree)
    let (total, aliased) = sizes.measure()
    if SyntaxLimits.isExcessive(aliased: aliased, total: total) {
      fail(.excessiveAliases(span: tree.span(.root)))
      return
    }
    for mapping in merges { merge(into: mapping) }
    tree.expandAliases()
  }
}
