import ManifestSyntax

/// SARIF 2.1.0, the exchange format of code scanning services.
///
/// The log holds one run. The list of rules is known only after the last file, so the text is held
/// back until then.
public struct Sarif: ReportFormat {
  public static let name = "sarif"
  public static let summary = "SARIF 2.1.0, for code scanning services."

  private let options: ReportOptions
  private var results: [String] = []
  private var rules: [Value] = []
  private var ruleNumbers: [String: Int] = [:]
  private var fingerprints = Fingerprints()
  private var unread: [Value] = []
  private var skips = SkipTally()

  public init(_ options: ReportOptions) { self.options = options }

  public mutating func begin() -> String { "" }

  public mutating func add(_ file: FileResult) -> String {
    skips.add(file)
    file.forEachFinding { finding in
      if finding.located == nil {
        unread.append(notification(finding))
      } else {
        results.append(JSONWriter.string(result(finding)))
      }
    }
    for document in file.documents {
      for left in document.suppressed {
        var value = result(
          Finding(
            file: file, document: document, diagnostic: left.located.diagnostic,
            located: left.located))
        value["suppressions"] = [ResultValues.suppression(left)]
        results.append(JSONWriter.string(value))
      }
    }
    return ""
  }

  public mutating func end(_ summary: RunSummary) -> String {
    let driver: Value = [
      "name": "kmf", "version": .string(options.toolVersion),
      "rules": .list(rules),
    ]
    var invocation: Value = ["executionSuccessful": .bool(unread.isEmpty)]
    let notifications = unread + remarks(summary)
    if !notifications.isEmpty { invocation["toolExecutionNotifications"] = .list(notifications) }
    let tool = JSONWriter.string(["driver": driver])
    let list = results.isEmpty ? "[]" : "[\n\(results.joined(separator: ",\n"))\n]"
    return """
      {"$schema":"https://json.schemastore.org/sarif-2.1.0.json","version":"2.1.0","runs":[{
      "tool":\(tool),
      "columnKind":"unicodeCodePoints",
      "invocations":[\(JSONWriter.string(invocation))],
      "results":\(list)
      }]}

      """
  }

  /// What the log would otherwise hide: documents that nobody judged, findings held back.
  private func remarks(_ summary: RunSummary) -> [Value] {
    var remarks: [String] = []
    let skipped = skips.description
    if !skipped.isEmpty { remarks.append("not judged: \(skipped)") }
    if summary.hidden > 0 {
      remarks.append("\(RunSummary.count(summary.hidden, "finding")) not shown")
    }
    return remarks.map { ["level": "note", "message": ["text": .string($0)]] }
  }

  // MARK: - Results

  private mutating func result(_ finding: Finding) -> Value {
    let diagnostic = finding.diagnostic
    var result: Value = [
      "ruleId": .string(diagnostic.code), "ruleIndex": .int(Int64(ruleNumber(diagnostic))),
      "level": .string(diagnostic.severity.rawValue),
      "message": ["text": .string(Self.message(diagnostic))],
      "locations": [location(of: finding)],
    ]
    if let related = finding.located?.related, !related.isEmpty {
      result["relatedLocations"] = .list(
        related.enumerated().map { number, related in
          [
            "id": .int(Int64(number)), "message": ["text": .string(related.message)],
            "physicalLocation": [
              "artifactLocation": Self.artifact(related.file ?? finding.file.file),
              "region": Self.region(related.start, related.end),
            ],
          ]
        })
    }
    result["partialFingerprints"] = ["kmfFinding/v1": .string(fingerprints.name(finding))]
    let fixes = diagnostic.fixes.compactMap { fix($0, in: finding.file) }
    if !fixes.isEmpty { result["fixes"] = .list(fixes) }
    return result
  }

  private mutating func ruleNumber(_ diagnostic: Diagnostic) -> Int {
    if let number = ruleNumbers[diagnostic.code] { return number }
    ruleNumbers[diagnostic.code] = rules.count
    var rule: Value = [
      "id": .string(diagnostic.code),
      "defaultConfiguration": ["level": .string(diagnostic.severity.rawValue)],
      "properties": ["reason": .string(diagnostic.reason.rawValue)],
    ]
    if let about = AdviceRegistry.byCode[diagnostic.code] {
      rule["name"] = .string(about.name)
      Self.describe(&rule, about.summary, about.why)
    } else if let entry = RuleBook.entry(diagnostic.code) {
      Self.describe(&rule, entry.summary, entry.why)
    }
    rules.append(rule)
    return rules.count - 1
  }

  /// Adds what services show beside a finding.
  private static func describe(_ rule: inout Value, _ summary: String, _ why: String) {
    if !summary.isEmpty { rule["shortDescription"] = ["text": .string(summary)] }
    if !why.isEmpty { rule["help"] = ["text": .string(why), "markdown": .string(why)] }
  }

  private static func message(_ diagnostic: Diagnostic) -> String {
    let field = diagnostic.path.description
    let text = field.isEmpty ? diagnostic.message : "\(field): \(diagnostic.message)"
    return diagnostic.help.map { "\(text) (\($0))" } ?? text
  }

  private func location(of finding: Finding) -> Value {
    var physical: Value = ["artifactLocation": Self.artifact(finding.file.file)]
    if let located = finding.located {
      physical["region"] = Self.region(located.start, located.end)
    }
    var location: Value = ["physicalLocation": physical]
    let field = finding.diagnostic.path.description
    if !field.isEmpty {
      let owner = finding.document.map { $0.kind == nil ? "" : "\($0.title): " } ?? ""
      location["logicalLocations"] = [
        ["fullyQualifiedName": .string(owner + field), "kind": "member"]
      ]
    }
    return location
  }

  private func notification(_ finding: Finding) -> Value {
    [
      "level": "error", "message": ["text": .string(Self.message(finding.diagnostic))],
      "locations": [location(of: finding)],
    ]
  }

  private func fix(_ fix: FixIt, in file: FileResult) -> Value? {
    guard let source = file.source, let lines = file.lines, !fix.edits.isEmpty else { return nil }
    var replacements: [Value] = []
    for edit in fix.edits {
      // An edit of a field has no place of its own; only the editor of the tree finds one.
      guard case .replace(let span, let text) = edit, span.start <= span.end,
        Int(span.end) <= source.count
      else { return nil }
      replacements.append([
        "deletedRegion": Self.region(
          lines.position(of: span.start), lines.position(of: span.end)),
        "insertedContent": ["text": .string(text)],
      ])
    }
    return [
      "description": ["text": .string(fix.title)],
      "artifactChanges": [
        [
          "artifactLocation": Self.artifact(file.file), "replacements": .list(replacements),
        ]
      ],
    ]
  }

  private static func artifact(_ file: String) -> Value {
    let uri = Escaping.uri(path: file)
    if file.hasPrefix("/") { return ["uri": .string(uri)] }
    return ["uri": .string(uri), "uriBaseId": "%SRCROOT%"]
  }

  /// A region of at least nothing: an end before the start would make the log invalid.
  private static func region(_ start: Position, _ end: Position) -> Value {
    let isOrdered = (start.line, start.column) <= (end.line, end.column)
    let end = isOrdered ? end : start
    return [
      "startLine": .int(Int64(max(1, start.line))),
      "startColumn": .int(Int64(max(1, start.column))),
      "endLine": .int(Int64(max(1, end.line))), "endColumn": .int(Int64(max(1, end.column))),
    ]
  }
}
