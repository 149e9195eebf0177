import ManifestSchema
import ManifestSyntax

/// Reads `kmf.yaml`: keys by a table, and every mistake at its place.
struct ConfigurationReader {
  /// A mistake in the file, with its place.
  struct Mistake: Error, Equatable {
    var line: Int
    var column: Int
    var message: String
    var help: String?
  }

  /// Where a key's value goes.
  private typealias Setter =
    @Sendable (
      inout Configuration, borrowing ConfigurationReader, NodeID
    ) throws(Mistake) -> Void

  let tree: Tree
  private let lines: LineTable

  /// The configuration in `source`, whose folder is `folder`, or all its mistakes.
  static func read(_ source: SourceText, folder: String) -> Result<Configuration, Mistakes> {
    var documents = DocumentReader(source)
    let lines = LineTable(source)
    var configuration = Configuration()
    configuration.folder = folder
    var mistakes: [Mistake] = []
    var isFirst = true
    while let document = documents.next() {
      mistakes += document.diagnostics.filter { $0.severity == .error }.map { diagnostic in
        Mistake(lines, diagnostic.span, diagnostic.message, help: diagnostic.help)
      }
      guard let tree = document.tree, !document.isEmpty else { continue }
      guard isFirst else {
        mistakes.append(Mistake(lines, tree.documentSpan, "a configuration is a single document"))
        break
      }
      isFirst = false
      let reader = ConfigurationReader(tree: tree, lines: lines)
      mistakes += reader.fill(&configuration)
    }
    return mistakes.isEmpty ? .success(configuration) : .failure(Mistakes(list: mistakes))
  }

  /// All that is wrong with a file.
  struct Mistakes: Error { var list: [Mistake] }

  /// The keys that there are.
  static var keys: [String] { setters.map(\.key) }

  private static let setters: [(key: String, set: Setter)] = [
    ("kubernetesVersion", { c, r, n throws(Mistake) in c.kubernetesVersion = try r.version(n) }),
    ("exclude", { c, r, n throws(Mistake) in c.exclude = try r.strings(n) }),
    ("ignoreFiles", { c, r, n throws(Mistake) in c.ignoreFiles = try r.bool(n) }),
    ("crds", { c, r, n throws(Mistake) in c.crds = try r.paths(n, in: c.folder) }),
    (
      "schemaLocations",
      { c, r, n throws(Mistake) in c.schemaLocations = try r.paths(n, in: c.folder) }
    ),
    ("unknownKinds", { c, r, n throws(Mistake) in c.unknownKinds = try r.choice(n) }),
    ("skipNonManifests", { c, r, n throws(Mistake) in c.skipNonManifests = try r.bool(n) }),
    ("placeholders", { c, r, n throws(Mistake) in c.placeholders = try r.bool(n) }),
    ("substitute", { c, r, n throws(Mistake) in c.substitute = try r.assignments(n) }),
    (
      "substituteFiles",
      { c, r, n throws(Mistake) in c.substituteFiles = try r.paths(n, in: c.folder) }
    ),
    ("failOn", { c, r, n throws(Mistake) in c.failOn = try r.choice(n) }),
    ("maxDiagnostics", { c, r, n throws(Mistake) in c.maxDiagnostics = try r.number(n, least: 0) }),
    ("output", { c, r, n throws(Mistake) in c.output = try r.outputs(n, in: c.folder) }),
    ("jobs", { c, r, n throws(Mistake) in c.jobs = try r.number(n, least: 1) }),
    ("cluster", { c, r, n throws(Mistake) in c.cluster = try r.string(n) }),
    ("clusters", { c, r, n throws(Mistake) in c.clusters = try r.assignments(n) }),
    ("simulation", { c, r, n throws(Mistake) in c.simulation = try r.simulation(n) }),
    ("lint", { c, r, n throws(Mistake) in c.lint = try r.lint(n, in: c.folder) }),
  ]

  private func fill(_ configuration: inout Configuration) -> [Mistake] {
    guard tree.kind(.root) == .mapping else {
      return [mistake(.root, "a configuration is a mapping of keys to values")]
    }
    var mistakes: [Mistake] = []
    for (key, value) in tree.entries(.root) {
      let name = tree.string(key)
      guard let setter = Self.setters.first(where: { $0.key == name }) else {
        let near = NearestWord.of(name, among: Self.keys).map { "; did you mean '\($0)'?" } ?? ""
        mistakes.append(
          mistake(
            key, "unknown key '\(name)'\(near)",
            help: "keys are \(Self.keys.joined(separator: ", "))"))
        continue
      }
      // A key without a value is a key left out.
      if tree.kind(value) == .null { continue }
      do throws(Mistake) {
        try setter.set(&configuration, self, value)
      } catch {
        mistakes.append(error)
      }
    }
    return mistakes
  }

  func mistake(_ node: NodeID, _ message: String, help: String? = nil) -> Mistake {
    Mistake(lines, node == .root ? tree.documentSpan : tree.span(node), message, help: help)
  }
}

/// Values of the types that keys have.
extension ConfigurationReader {
  func string(_ node: NodeID) throws(Mistake) -> String {
    // A version such as 1.31 reads as a number; its text is what was meant.
    guard tree.kind(node).isScalar, tree.kind(node) != .null else {
      throw mistake(node, "a single value is expected here")
    }
    return tree.string(node)
  }

  /// A list of texts; a single text counts as a list of one.
  func strings(_ node: NodeID) throws(Mistake) -> [String] {
    guard tree.kind(node) == .sequence else { return [try string(node)] }
    var texts: [String] = []
    for item in tree.items(node) { texts.append(try string(item)) }
    return texts
  }

  private func paths(_ node: NodeID, in folder: String) throws(Mistake) -> [String] {
    try strings(node).map { ConfigurationFile.join(folder, $0) }
  }

  func bool(_ node: NodeID) throws(Mistake) -> Bool {
    guard let truth = tree.bool(node) else { throw mistake(node, "true or false is expected here") }
    return truth
  }

  private func number(_ node: NodeID, least: Int) throws(Mistake) -> Int {
    guard let number = tree.int64(node).flatMap(Int.init(exactly:)), number >= least else {
      throw mistake(node, "a whole number from \(least) is expected here")
    }
    return number
  }

  private func version(_ node: NodeID) throws(Mistake) -> VersionRange {
    let text = try string(node)
    do {
      return try VersionRange(checking: text)
    } catch {
      throw mistake(node, "\(error)")
    }
  }

  func choice<Choice: RawRepresentable & CaseIterable>(
    _ node: NodeID
  ) throws(Mistake) -> Choice where Choice.RawValue == String {
    let text = try string(node)
    guard let choice = Choice(rawValue: text) else {
      let words = Choice.allCases.map { $0.rawValue }.joined(separator: ", ")
      throw mistake(node, "'\(text)' is not one of \(words)")
    }
    return choice
  }

  func assignments(_ node: NodeID) throws(Mistake) -> [String: String] {
    guard tree.kind(node) == .mapping else {
      throw mistake(node, "a mapping of names to values is expected here")
    }
    var values: [String: String] = [:]
    for (key, value) in tree.entries(node) { values[tree.string(key)] = try string(value) }
    return values
  }

  private func outputs(_ node: NodeID, in folder: String) throws(Mistake) -> [OutputRequest] {
    let nodes = tree.kind(node) == .sequence ? Array(tree.items(node)) : [node]
    var requests: [OutputRequest] = []
    for item in nodes {
      let text = try string(item)
      do throws(CommandFailure) {
        var request = try OutputRequest(checking: text)
        request.file = request.file.map { ConfigurationFile.join(folder, $0) }
        requests.append(request)
      } catch {
        throw mistake(item, error.message, help: error.help)
      }
    }
    return requests
  }
}

extension ConfigurationReader.Mistake {
  fileprivate init(_ lines: LineTable, _ span: Span?, _ message: String, help: String? = nil) {
    let position = lines.position(of: span?.start ?? 0)
    self.init(line: position.line, column: position.column, message: message, help: help)
  }
}
