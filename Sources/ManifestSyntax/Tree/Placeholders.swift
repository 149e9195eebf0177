import CLibYAML

/// `${VAR}` in manifests that another program fills before the cluster sees them (envsubst, Flux).
extension Tree {
  /// Fills the placeholders of the scalars from `values`; scalars that keep one are marked.
  ///
  /// Filling works on the text, as envsubst does: a plain scalar is resolved anew afterwards, so
  /// `replicas: ${N}` becomes a number. `${VAR:-text}` and `${VAR:=text}` have a value of their
  /// own.
  public func fillPlaceholders(_ values: [String: String]) {
    var isChanged = false
    for index in 0..<nodeCount where records[index].kind == .string {
      let bytes = self.bytes(of: records[index])
      guard bytes.count > 3,
        memchr(bytes.baseAddress ?? UnsafeRawPointer(arena), 36, bytes.count) != nil
      else { continue }
      if fill(index, values) { isChanged = true }
    }
    if isChanged { rehashKeys() }
  }

  /// Keys may have got another text.
  private func rehashKeys() {
    forgetKeys()
    for index in 0..<nodeCount where records[index].kind == .mapping {
      let mapping = UInt32(truncatingIfNeeded: index)
      for (key, _) in entries(NodeID(mapping)) { noteKey(key.index, of: mapping) }
    }
  }

  /// The first placeholder in what `path` leads to from `start`: the value or anything in it, or
  /// the key that it stands under. nil where it leads nowhere.
  public func placeholder(at path: FieldPath, from start: NodeID) -> NodeID? {
    guard hasPlaceholders else { return nil }
    var node = start
    var key: NodeID?
    for step in path.steps {
      guard let found = part(step, of: node) else { return nil }
      (key, node) = found
    }
    if let key, isPlaceholder(key) { return key }
    return firstPlaceholder(in: node)
  }

  private func firstPlaceholder(in node: NodeID) -> NodeID? {
    if kind(node).isScalar { return isPlaceholder(node) ? node : nil }
    for (key, value) in entries(node) {
      if let found = isPlaceholder(key) ? key : firstPlaceholder(in: value) { return found }
    }
    for item in items(node) {
      if let found = firstPlaceholder(in: item) { return found }
    }
    return nil
  }

  /// Returns whether the text of the scalar is another one now.
  private func fill(_ index: Int, _ values: [String: String]) -> Bool {
    let text = Array(bytes(of: records[index]))
    var result: [UInt8] = []
    var isChanged = false
    var hasOpen = false
    var at = 0
    let lastClose = text.lastIndex(of: 125) ?? -1
    while at < text.count {
      let next = text[at...].firstIndex(of: 36) ?? text.count
      result += text[at..<next]
      at = next
      guard at < text.count else { break }
      guard let found = Placeholder(text, at: at, lastClose: lastClose) else {
        result.append(text[at])
        at += 1
        continue
      }
      if let value = values[found.name] ?? found.standIn {
        result += Array(value.utf8)
        isChanged = true
      } else {
        result += text[at..<found.end]
        hasOpen = true
      }
      at = found.end
    }
    // Braces and line ends would become structure, which nobody sees before they are filled in.
    if records[index].style == .plain, let first = result.first,
      first == 123 || first == 91 || result.contains(10)
    {
      hasOpen = hasOpen || isChanged
    }
    if hasOpen {
      records[index].flags.insert(.placeholder)
      hasPlaceholders = true
    }
    guard isChanged else { return false }
    records[index].text = result.withUnsafeBytes { store($0) }
    records[index].count = UInt32(truncatingIfNeeded: result.count)
    records[index].flags.insert(.inArena)
    if records[index].style == .plain, !hasOpen {
      records[index].kind = result.withUnsafeBytes {
        TreeBuilder.kind(ScalarResolution.kind(ofPlain: $0))
      }
    }
    return true
  }

  private struct Placeholder {
    var name: String
    /// The text after `:-` or `:=`.
    var standIn: String?
    var end: Int

    /// The placeholder at `start`.
    ///
    /// - Parameter lastClose: Where the last `}` of `text` stands: a text of nothing but `${` must
    ///   not be searched again from each of them.
    init?(_ text: [UInt8], at start: Int, lastClose: Int) {
      guard start + 3 <= lastClose, text[start] == 36, text[start + 1] == 123 else { return nil }
      let name = text[(start + 2)...].prefix {
        $0 == 95 || $0 >= 48 && $0 <= 57 || $0 | 32 >= 97 && $0 | 32 <= 122
      }
      guard let first = name.first, first < 48 || first > 57 else { return nil }
      self.name = String(decoding: name, as: UTF8.self)
      guard name.endIndex <= lastClose else { return nil }
      if text[name.endIndex] == 125 {
        end = name.endIndex + 1
        return
      }
      guard Self.operatorStarts.contains(text[name.endIndex]),
        let close = Self.close(of: text, from: name.endIndex)
      else { return nil }
      end = close + 1
      let rest = text[name.endIndex..<close]
      let operators: [[UInt8]] = [[58, 45], [58, 61], [45], [61]]
      guard let sign = operators.first(where: { rest.starts(with: $0) }) else { return }
      let text = String(decoding: rest.dropFirst(sign.count), as: UTF8.self)
      // What stands in may itself wait to be filled: `${A:-${B}}`.
      if !text.contains("${") { standIn = text }
    }

    /// `- = : # % / ^ , ? +`, as far as a shell or envsubst knows them behind a name.
    private static let operatorStarts: [UInt8] = [45, 61, 58, 35, 37, 47, 94, 44, 63, 43]
    /// How far to look for the end of what stands in, where it holds placeholders itself.
    private static let nestedCountMax = 512

    /// The `}` that closes what is open at `start`; the nearest one where nesting does not work
    /// out.
    private static func close(of text: [UInt8], from start: Int) -> Int? {
      var depth = 1
      var nearest: Int?
      for at in start..<min(text.count, start + nestedCountMax) {
        if text[at] == 123, text[at - 1] == 36 { depth += 1 }
        guard text[at] == 125 else { continue }
        nearest = nearest ?? at
        depth -= 1
        if depth == 0 { return at }
      }
      return nearest ?? text[start...].firstIndex(of: 125)
    }
  }
}
