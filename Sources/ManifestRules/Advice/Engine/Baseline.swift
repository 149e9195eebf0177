import ManifestSyntax

/// Findings that are known and accepted for now: they are left out until they change.
///
/// An entry names a finding by what it is about, never by its line, so that it survives edits
/// around it. What is gone from the repository is stale, and told.
public struct Baseline: Sendable {
  /// One known finding.
  public struct Entry: Hashable, Sendable {
    public var fingerprint: String
    public var code: String
    public var file: String
    public var object: String
    public var field: String
    /// The line of the baseline's own file that names it.
    public var line = 0
  }

  public private(set) var entries: [Entry] = []
  private var positions: [String: Int] = [:]
  private var used: Set<Int> = []
  /// The files that were judged, as entries name them.
  private var seen: Set<String> = []

  public init() {}

  /// Why a text is no baseline.
  public struct Refusal: Error {
    public var message: String
  }

  /// Reads a baseline that ``text`` wrote.
  public init(_ source: SourceText) throws(Refusal) {
    let tree = JSONReader.read(source).tree
    guard let tree, let list = tree.value(.root, "findings"), tree.kind(list) == .sequence else {
      throw Refusal(message: "'\(source.name)' is no baseline of kmf")
    }
    let lines = LineTable(source)
    for item in tree.items(list) {
      func text(_ name: String) -> String { tree.value(item, name).map(tree.string) ?? "" }
      add(
        Entry(
          fingerprint: text("fingerprint"), code: text("code"), file: text("file"),
          object: text("object"), field: text("field"),
          line: lines.line(of: tree.span(item).start)))
    }
  }

  private mutating func add(_ entry: Entry) {
    positions[entry.fingerprint] = entries.count
    entries.append(entry)
  }

  /// The baseline as a file: sorted, one finding a line, so that changes to it read well.
  public var text: String {
    let sorted = entries.sorted {
      ($0.file, $0.object, $0.code, $0.field, $0.fingerprint)
        < ($1.file, $1.object, $1.code, $1.field, $1.fingerprint)
    }
    let lines = sorted.map { entry in
      JSONWriter.string([
        "fingerprint": .string(entry.fingerprint), "code": .string(entry.code),
        "file": .string(entry.file), "object": .string(entry.object),
        "field": .string(entry.field),
      ])
    }
    let body = lines.isEmpty ? "" : "\n" + lines.joined(separator: ",\n") + "\n"
    return "{\"version\":1,\"findings\":[\(body)]}\n"
  }

  /// Takes the findings of `result` in.
  ///
  /// - Parameter name: what entries call the file, the same wherever kmf runs.
  public mutating func note(_ result: FileResult, name: String) {
    for (entry, _, _) in Self.entries(of: result, name) where positions[entry.fingerprint] == nil {
      add(entry)
    }
  }

  /// Leaves known findings out of `result`.
  public mutating func strip(_ result: inout FileResult, name: String) {
    seen.insert(name)
    var known: [Int: Set<Int>] = [:]
    for (entry, document, position) in Self.entries(of: result, name) {
      guard let index = positions[entry.fingerprint] else { continue }
      used.insert(index)
      known[document, default: []].insert(position)
    }
    for (document, positions) in known {
      let kept = result.documents[document].diagnostics.enumerated().filter {
        !positions.contains($0.offset)
      }
      result.baselinedCount += positions.count
      result.documents[document].diagnostics = kept.map(\.element)
      let hasErrors = kept.contains { $0.element.diagnostic.severity == .error }
      if result.documents[document].status == .invalid, !hasErrors {
        result.documents[document].status = .valid
      }
    }
  }

  /// The entries to which no finding fits any more: those of files that were judged, or that are
  /// gone, as far as the rules are on that would find them.
  public func stale(_ selection: AdviceSelection, isThere: (String) -> Bool) -> [Entry] {
    entries.indices.filter { index in
      guard !used.contains(index) else { return false }
      if let rule = AdviceRegistry.byCode[entries[index].code],
        !selection.isOn(rule, file: entries[index].file)
      {
        return false
      }
      return seen.contains(entries[index].file) || !isThere(entries[index].file)
    }.map { entries[$0] }
  }

  private static func entries(
    of result: FileResult, _ name: String
  ) -> [(entry: Entry, document: Int, position: Int)] {
    var fingerprints = Fingerprints()
    var named = result
    named.file = name
    var entries: [(entry: Entry, document: Int, position: Int)] = []
    for (number, document) in result.documents.enumerated() {
      for (position, located) in document.diagnostics.enumerated() {
        let finding = Finding(
          file: named, document: document, diagnostic: located.diagnostic, located: located)
        let entry = Entry(
          fingerprint: fingerprints.name(finding), code: located.diagnostic.code, file: name,
          object: document.title, field: located.diagnostic.path.description)
        entries.append((entry, number, position))
      }
    }
    return entries
  }
}
