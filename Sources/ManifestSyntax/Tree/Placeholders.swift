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
    for index in 0..<nodeCount where records[index].kind == .mapping {
      let mapping = UInt32(truncatingIfNeeded: index)
      for (key, _) in entries(NodeID(mapping)) { noteKey(key.index, of: mapping) }
    }
  }

  /// Returns whether the text of the scalar is another one now.
  private func fill(_ index: Int, _ values: [String: String]) -> Bool {
    let text = Array(bytes(of: records[index]))
    var result: [UInt8] = []
    var isChanged = false
    var hasOpen = false
    var at = 0
    while at < text.count {
      guard let found = Placeholder(text, at: at) else {
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
    if hasOpen { records[index].flags.insert(.placeholder) }
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

    init?(_ text: [UInt8], at start: Int) {
      guard start + 3 < text.count, text[start] == 36, text[start + 1] == 123,
        let close = text[start...].firstIndex(of: 125)
      else { return nil }
      let inside = text[(start + 2)..<close]
      let name = inside.prefix {
        $0 == 95 || $0 >= 48 && $0 <= 57 || $0 | 32 >= 97 && $0 | 32 <= 122
      }
      guard let first = name.first, first < 48 || first > 57 else { return nil }
      let rest = inside.dropFirst(name.count)
      self.name = String(decoding: name, as: UTF8.self)
      end = close + 1
      if rest.isEmpty { return }
      let operators: [[UInt8]] = [[58, 45], [58, 61], [45], [61]]
      if let sign = operators.first(where: { rest.starts(with: $0) }) {
        standIn = String(decoding: rest.dropFirst(sign.count), as: UTF8.self)
      } else if ![58, 35, 37, 47, 94, 44, 63, 43].contains(rest.first) {
        return nil
      }
    }
  }
}
