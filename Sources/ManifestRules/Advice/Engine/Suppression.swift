import ManifestSyntax

/// What a person wrote to have findings left out.
struct Suppression {
  /// Which findings it covers.
  enum Reach {
    /// Those whose place begins in these bytes.
    case bytes(Range<Int>)
    /// Those of an object.
    case object(document: Int, position: Int)
    /// Those inside of a container of an object.
    case container(String, document: Int, position: Int)
  }

  /// Where it was written, for findings about the suppression itself.
  struct Place {
    var document: Int
    var position: Int
    var span: Span
    var path: FieldPath
    /// What removes it; nil where that is not simple.
    var removal: FixIt.Edit?
  }

  /// Codes, beginnings of codes, names; `all` for everything.
  var rules: [String]
  var reach: Reach
  /// Why, in the author's words; empty for none.
  var reason: String
  /// The last day that it holds, as `YYYY-MM-DD`.
  var until: String?
  /// nil for those of other tools and of the configuration: they are not ours to judge.
  var place: Place?
  /// Where it was written.
  var kind = SuppressedFinding.Kind.inSource
  /// Which one of the configuration it is; nil for those in files.
  var number: Int?
  /// How many findings it has left out.
  var uses = 0

  /// Whether it holds on a day; days are `YYYY-MM-DD`, so their order is that of their texts.
  func holds(on day: String) -> Bool { until.map { day <= $0 } ?? true }

  /// Whether it leaves out a finding.
  func covers(_ advice: Linter.Advice, _ rule: AdviceDescription, _ file: AdviceFile) -> Bool {
    guard AdviceSelection.matches(rule, rules) else { return false }
    switch reach {
    case .bytes(let range):
      return range.contains(Int(advice.diagnostic.span?.start ?? 0))
    case .object(let document, let position):
      return advice.document == document && advice.position == position
    case .container(let name, let document, let position):
      guard advice.document == document, advice.position == position else { return false }
      return Self.container(of: advice.diagnostic.path, in: file, document) == name
    }
  }

  /// The name of the container that a path leads into.
  static func container(of path: FieldPath, in file: AdviceFile, _ document: Int) -> String? {
    let steps = path.steps
    for (number, step) in steps.enumerated() {
      guard case .field(let field) = step, number + 1 < steps.count,
        ["containers", "initContainers", "ephemeralContainers"].contains(field),
        case .index = steps[number + 1], file.documents.indices.contains(document),
        let tree = file.documents[document].tree
      else { continue }
      let container = FieldPath(Array(steps[...(number + 1)]))
      return tree.node(at: container.field("name")).map(tree.string)
    }
    return nil
  }
}

/// Reads what follows `kmf:` in a comment, and the values of annotations.
struct SuppressionText {
  enum Verb: String {
    case ignore
    case fileIgnore = "file-ignore"
    case disable, enable
  }

  var verb = Verb.ignore
  var rules: [String] = []
  var reason = ""
  var until: String?

  /// Reads `ignore[SEC001,RES] until=2027-03-01 because`, or `ignore SEC001 because`; nil for
  /// anything else.
  init?(comment text: String) {
    let word = text.prefix { $0.isLetter || $0 == "-" }
    guard let verb = Verb(rawValue: String(word)) else { return nil }
    self.verb = verb
    var rest = text[word.endIndex...]
    while rest.first == " " { rest.removeFirst() }
    if rest.first == "[" {
      guard let end = rest.firstIndex(of: "]") else { return nil }
      rules = Self.words(rest[rest.index(after: rest.startIndex)..<end])
      take(rest[rest.index(after: end)...])
      return
    }
    // Without brackets: the words at the front that name rules.
    var words = rest.split(separator: " ", omittingEmptySubsequences: true)[...]
    while let first = words.first {
      let parts = Self.words(first)
      guard !parts.isEmpty, parts.allSatisfy(PeerNames.isKnown) else { break }
      rules += parts
      words.removeFirst()
      if !first.hasSuffix(",") { break }
    }
    if rules.isEmpty { rules = ["all"] }
    take(Substring(words.joined(separator: " ")))
  }

  /// The suppressions in the value of an annotation: `SEC001, RES004=reason until=2027-03-01`.
  static func annotation(_ text: String) -> [SuppressionText] {
    var found: [SuppressionText] = []
    for part in text.split(separator: ",") {
      let trimmed = trim(part)
      let name = trimmed.prefix { $0 != "=" && $0 != " " && $0 != ":" }
      guard !name.isEmpty, PeerNames.isKnown(String(name)) else {
        // A comma of the reason before.
        if let last = found.indices.last {
          found[last].reason += ", " + trimmed
          found[last].settle()
        }
        continue
      }
      var one = SuppressionText()
      one.rules = [String(name)]
      one.take(trimmed[name.endIndex...].drop { $0 == "=" || $0 == " " || $0 == ":" })
      found.append(one)
    }
    return found
  }

  private init() {}

  private mutating func take(_ rest: Substring) {
    reason = String(Self.trim(rest.drop { " :—-".contains($0) }))
    settle()
  }

  /// Takes `until=DATE` out of the reason; with any text it is a reason by itself.
  private mutating func settle() {
    var kept: [Substring] = []
    for word in reason.split(separator: " ") {
      if word.hasPrefix("until=") {
        until = String(word.dropFirst(6))
      } else {
        kept.append(word)
      }
    }
    reason = kept.joined(separator: " ")
    if reason.isEmpty, let until { reason = "until \(until)" }
  }

  private static func words(_ text: Substring) -> [String] {
    text.split { $0 == "," || $0 == " " }.map { String(trim($0)) }.filter { !$0.isEmpty }
  }

  private static func trim(_ text: Substring) -> Substring {
    var text = text
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return text
  }
}
