import ManifestSyntax

/// One thing to say, with the document that it is about and its place, as far as there are any.
struct Finding {
  var file: FileResult
  /// Nil for an input that could not be read.
  var document: DocumentResult?
  var diagnostic: Diagnostic
  /// Nil for an input that could not be read.
  var located: LocatedDiagnostic?

  var start: Position? { located?.start }
  /// `file:line:column`, or the file alone where there is no place in it.
  var place: String {
    guard let start else { return file.file }
    return "\(file.file):\(start.line):\(start.column)"
  }
}

extension FileResult {
  /// Hands everything that there is to say about the file to `body`, in the order of the text.
  func forEachFinding(_ body: (Finding) -> Void) {
    if let failure {
      body(Finding(file: self, document: nil, diagnostic: failure, located: nil))
    }
    for document in documents {
      for located in document.diagnostics {
        body(
          Finding(
            file: self, document: document, diagnostic: located.diagnostic, located: located))
      }
    }
  }

  /// Why the file as a whole was passed over; nil where it has documents that speak for themselves.
  var wholeSkipReason: String? { documents.isEmpty ? skipReason : nil }
}

extension DocumentResult {
  /// What a person would call the document: `Deployment shop/web`, or its number without a kind.
  var title: String {
    var title = ""
    writeTitle(to: &title)
    return title
  }

  func writeTitle(to text: inout some TextOutputStream) {
    guard let kind else { return text.write("document \(document)") }
    text.write(kind)
    guard let name else { return text.write(" (document \(document))") }
    text.write(" ")
    if let namespace {
      text.write(namespace)
      text.write("/")
    }
    text.write(name)
  }
}

/// Counts why documents and files were passed over, so that no report hides it.
struct SkipTally {
  private var counts: [(reason: String, count: Int)] = []
  private static let unknown = "unknown kind "

  mutating func add(_ file: FileResult) {
    if let reason = file.wholeSkipReason { count(reason) }
    for document in file.documents where document.status == .skipped {
      count(document.skipReason ?? file.skipReason ?? "no reason given")
    }
  }

  private mutating func count(_ reason: String) {
    if let position = counts.firstIndex(where: { $0.reason == reason }) {
      counts[position].count += 1
    } else {
      counts.append((reason, 1))
    }
  }

  /// `3 a kustomization, 1 a template`: most frequent first, then by name; unknown kinds together.
  var description: String {
    let kinds = counts.filter { $0.reason.hasPrefix(Self.unknown) }
    guard kinds.count > 1 else { return Self.list(counts) }
    let all = kinds.reduce(0) { $0 + $1.count }
    // The same kind in two versions of its API is one kind to a reader.
    var byName: [String: Int] = [:]
    for (reason, count) in kinds {
      let name = reason.split(separator: " ").last.map(String.init) ?? reason
      byName[name, default: 0] += count
    }
    let ranked = byName.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    var names = ranked.prefix(6).map { "\(Escaping.terminal($0.key)) \($0.value)" }
    if ranked.count > names.count { names.append("\(ranked.count - names.count) more") }
    let others = counts.filter { !$0.reason.hasPrefix(Self.unknown) }
    let summary = "\(all) of unknown kinds: " + names.joined(separator: ", ")
    return (others.isEmpty ? "" : Self.list(others) + "; ") + summary
  }

  private static func list(_ counts: [(reason: String, count: Int)]) -> String {
    counts.sorted { ($1.count, $0.reason) < ($0.count, $1.reason) }
      .map { "\($0.count) \(Escaping.terminal($0.reason))" }.joined(separator: ", ")
  }
}

extension RunSummary {
  /// The line that ends the reports for people.
  func sentence(_ skips: SkipTally) -> String {
    var parts = ["\(Self.count(files, "file")), \(Self.count(documents, "document"))"]
    parts[0] += ": \(valid) valid, \(invalid) invalid, \(skipped) skipped"
    let reasons = skips.description
    if !reasons.isEmpty { parts[0] += " (\(reasons))" }
    if unreadable > 0 { parts.append("\(unreadable) unreadable") }
    parts.append("\(Self.count(errors, "error")), \(Self.count(warnings, "warning"))")
    if suppressed > 0 { parts.append("\(suppressed) suppressed") }
    if baselined > 0 { parts.append("\(baselined) in the baseline") }
    if hidden > 0 { parts.append("\(Self.count(hidden, "finding")) not shown") }
    return parts.joined(separator: "; ")
  }

  /// `1 file`, `2 files`.
  static func count(_ number: Int, _ noun: String) -> String {
    "\(number) \(noun)\(number == 1 ? "" : "s")"
  }
}
