/// Lays JSON out anew: two spaces a level, one entry a line, every value as it is written.
public struct JSONFormatter {
  private let tree: Tree
  private var bytes: [UInt8] = []

  /// The documents of `source`, one after the other; nil where it is not JSON.
  public static func format(_ source: SourceText, ranker: (any KeyRanker)?) -> [UInt8]? {
    let parsed = JSONReader.readAll(source)
    var bytes: [UInt8] = []
    for document in parsed {
      guard let tree = document.tree, document.diagnostics.isEmpty else {
        if document.isEmpty, document.diagnostics.isEmpty { continue }
        return nil
      }
      var formatter = JSONFormatter(tree: tree)
      formatter.write(.root, 0, ranker)
      bytes += formatter.bytes + [10]
    }
    return bytes
  }

  private init(tree: Tree) { self.tree = tree }

  private mutating func write(_ node: NodeID, _ depth: Int, _ ranker: (any KeyRanker)?) {
    switch tree.kind(node) {
    case .mapping:
      var entries = Array(tree.entries(node))
      var settled: (any KeyRanker)?
      if let ranker {
        let known = ranker.settled { name in
          tree.value(node, name).flatMap { tree.kind($0) == .string ? tree.string($0) : nil }
        }
        let ranks = entries.enumerated().map {
          (known.rank(tree.string($0.element.key)), $0.offset)
        }
        entries = ranks.sorted { $0 < $1 }.map { entries[$0.1] }
        settled = known
      }
      writeContainer(("{", "}"), entries, depth) { formatter, entry in
        formatter.copy(entry.key)
        formatter.bytes += ": ".utf8
        formatter.write(
          entry.value, depth + 1, settled?.inside(formatter.tree.string(entry.key)))
      }
    case .sequence:
      writeContainer(("[", "]"), Array(tree.items(node)), depth) { formatter, item in
        formatter.write(item, depth + 1, ranker?.item())
      }
    default: copy(node)
    }
  }

  private mutating func writeContainer<Part>(
    _ brackets: (open: String, close: String), _ parts: [Part], _ depth: Int,
    _ write: (inout JSONFormatter, Part) -> Void
  ) {
    bytes += brackets.open.utf8
    for (position, part) in parts.enumerated() {
      if position > 0 { bytes.append(UInt8(ascii: ",")) }
      startLine(depth + 1)
      write(&self, part)
    }
    if !parts.isEmpty { startLine(depth) }
    bytes += brackets.close.utf8
  }

  private mutating func startLine(_ depth: Int) {
    bytes.append(10)
    for _ in 0..<depth { bytes += [32, 32] }
  }

  private mutating func copy(_ node: NodeID) {
    let span = tree.span(node)
    bytes += tree.source.bytes[Int(span.start)..<Int(span.end)]
  }
}
