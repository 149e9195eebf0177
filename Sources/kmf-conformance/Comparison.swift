import ManifestRules
import ManifestSyntax

/// How kmf's answer to one recorded case compares with the server's.
struct Comparison {
  var isAgreed: Bool
  /// What differs, in a line.
  var difference: String

  /// A case that needs no comparison.
  static let agreed = Comparison(isAgreed: true, difference: "")

  private init(isAgreed: Bool, difference: String) {
    self.isAgreed = isAgreed
    self.difference = difference
  }

  /// Compares the verdict, the causes of a 422 and the strict errors.
  init(_ recording: Recording, _ found: [Diagnostic], isMismatched: Bool) {
    let errors = found.filter { $0.severity == .error }
    let isRefused = !errors.isEmpty || isMismatched
    let wanted = recording.answerText("verdict")
    // A request's address supplies the type that its body leaves out; a file has no address, and
    // kubectl refuses it as well.
    if errors.contains(where: {
      $0.code == "DEC-01" || $0.code == "DEC-02" && $0.reason == .required
    }) {
      isAgreed = true
      difference = ""
      return
    }
    guard isRefused == (wanted == "rejected") else {
      isAgreed = false
      let list = errors.map(Self.line).joined(separator: "; ")
      difference =
        "server: \(wanted) \(recording.causes.sorted()), kmf: \(isRefused ? "rejected" : "accepted") \(list)"
      return
    }
    let phase = recording.answerText("phase")
    let causes = recording.causes
    if !causes.isEmpty, phase == "validation" || phase.isEmpty {
      let mine = Set(errors.filter { $0.reason.rawValue.hasPrefix("FieldValue") }.map(Self.cause))
      isAgreed = mine == causes
      let missing = causes.subtracting(mine).sorted()
      let extra = mine.subtracting(causes).sorted()
      difference = "missing: \(missing), extra: \(extra)"
      return
    }
    let strict = recording.strictFields
    let mine = Set(errors.compactMap(Self.strict))
    // A body that is JSON as well as YAML has its doubled keys named by either reader.
    let hasDouble = errors.contains { $0.reason == .duplicateField }
    let left = strict.subtracting(mine).subtracting(hasDouble ? ["duplicateYamlKey"] : [])
    isAgreed = left.isEmpty
    difference = "strict missing: \(strict.subtracting(mine).sorted()), kmf has: \(mine.sorted())"
  }

  private static func line(_ diagnostic: Diagnostic) -> String {
    "\(diagnostic.code) \(cause(diagnostic)): \(diagnostic.message)"
  }

  private static func cause(_ diagnostic: Diagnostic) -> String {
    diagnostic.reason.rawValue + " " + (diagnostic.serverField ?? diagnostic.path.description)
  }

  private static func strict(_ diagnostic: Diagnostic) -> String? {
    switch diagnostic.reason {
    case .unknownField: "unknownField \(diagnostic.serverField ?? diagnostic.path.description)"
    case .duplicateField:
      diagnostic.code == "DEC-07" ? "duplicateYamlKey" : "duplicateField \(diagnostic.path)"
    default: nil
    }
  }
}

/// The agreement so far, by family.
struct Tally {
  struct Row {
    var agreed = 0
    var differing = 0
    var left = 0
  }
  private(set) var rows: [String: Row] = [:]
  private(set) var undecidable: [(id: String, reason: String)] = []

  mutating func add(_ family: String, isAgreed: Bool) {
    if isAgreed {
      rows[family, default: Row()].agreed += 1
    } else {
      rows[family, default: Row()].differing += 1
    }
  }

  mutating func leaveOut(_ recording: Recording, because reason: String) {
    rows[recording.family, default: Row()].left += 1
    undecidable.append((recording.id, reason))
  }

  /// The table as Markdown.
  func table() -> String {
    var text = "| family | agreed | differing | left out |\n|---|--:|--:|--:|\n"
    var total = Row()
    for (family, row) in rows.sorted(by: { $0.key < $1.key }) {
      text += "| \(family) | \(row.agreed) | \(row.differing) | \(row.left) |\n"
      total.agreed += row.agreed
      total.differing += row.differing
      total.left += row.left
    }
    return text + "| **all** | **\(total.agreed)** | **\(total.differing)** | **\(total.left)** |\n"
  }
}
