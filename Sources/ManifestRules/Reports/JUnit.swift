import ManifestSyntax

/// JUnit's XML: a test suite for every file, a test case for every document.
///
/// The totals stand in the first element, so the text is held back until the run is over.
public struct JUnit: ReportFormat {
  public static let name = "junit"
  public static let summary = "JUnit XML: a suite for every file, a case for every document."

  private struct Counts {
    var tests = 0
    var failures = 0
    var errors = 0
    var skipped = 0

    var attributes: String {
      "tests=\"\(tests)\" failures=\"\(failures)\" errors=\"\(errors)\" skipped=\"\(skipped)\""
    }
  }

  private var suites: [String] = []
  private var totals = Counts()

  public init(_ options: ReportOptions) {}

  public mutating func begin() -> String { "" }

  public mutating func add(_ file: FileResult) -> String {
    var counts = Counts()
    var cases: [String] = []
    if let failure = file.failure {
      counts.errors += 1
      let body = element("error", type: failure.reason.rawValue, failure.message, text: nil)
      cases.append(testCase("file", in: file, line: nil, body))
    } else if let reason = file.wholeSkipReason {
      counts.skipped += 1
      cases.append(testCase("file", in: file, line: nil, skipped(reason)))
    }
    var names: Set<String> = []
    for document in file.documents {
      let isFresh = names.insert(document.title).inserted
      let name = isFresh ? document.title : "\(document.title) (line \(document.line))"
      let body = verdict(on: document, in: file, &counts)
      cases.append(testCase(name, in: file, line: document.line, body))
    }
    guard !cases.isEmpty else { return "" }
    counts.tests = cases.count
    totals.tests += counts.tests
    totals.failures += counts.failures
    totals.errors += counts.errors
    totals.skipped += counts.skipped
    let head = "<testsuite name=\"\(Escaping.xml(file.file))\" \(counts.attributes) time=\"0\">"
    suites.append("  \(head)\n\(cases.joined())  </testsuite>\n")
    return ""
  }

  public mutating func end(_ summary: RunSummary) -> String {
    let milliseconds = summary.durationMilliseconds
    let seconds = milliseconds.isFinite ? (milliseconds).rounded() / 1000 : 0
    return """
      <?xml version="1.0" encoding="UTF-8"?>
      <testsuites name="kmf" \(totals.attributes) time="\(seconds)">
      \(suites.joined())</testsuites>

      """
  }

  private func verdict(
    on document: DocumentResult, in file: FileResult, _ counts: inout Counts
  ) -> String {
    let text = document.diagnostics.map { line($0, in: file) }.joined(separator: "\n")
    switch document.status {
    case .skipped:
      counts.skipped += 1
      return skipped(document.skipReason ?? file.skipReason ?? "no reason given") + output(text)
    case .valid: return output(text)
    case .invalid:
      counts.failures += 1
      let worst = document.diagnostics.max {
        $0.diagnostic.severity < $1.diagnostic.severity
      }?.diagnostic
      let field = worst?.path.description ?? ""
      let message = (field.isEmpty ? "" : "\(field): ") + (worst?.message ?? "invalid")
      return element("failure", type: worst?.code ?? "invalid", message, text: text)
    }
  }

  private func line(_ located: LocatedDiagnostic, in file: FileResult) -> String {
    let diagnostic = located.diagnostic
    let field = diagnostic.path.description
    let place = "\(file.file):\(located.start.line):\(located.start.column)"
    let what = "\(diagnostic.severity.rawValue) \(diagnostic.code)"
    let text = "\(place): \(what)\(field.isEmpty ? "" : " \(field)"): \(diagnostic.message)"
    return diagnostic.help.map { "\(text)\n  help: \($0)" } ?? text
  }

  // MARK: - Elements

  private func testCase(
    _ name: String, in file: FileResult, line: Int?, _ body: String
  ) -> String {
    let path = Escaping.xml(file.file)
    let place = "classname=\"\(path)\" file=\"\(path)\"" + (line.map { " line=\"\($0)\"" } ?? "")
    let head = "    <testcase name=\"\(Escaping.xml(name))\" \(place) time=\"0\""
    return body.isEmpty ? "\(head)/>\n" : "\(head)>\n\(body)    </testcase>\n"
  }

  private func element(_ name: String, type: String, _ message: String, text: String?) -> String {
    let attributes = "message=\"\(Escaping.xml(message))\" type=\"\(Escaping.xml(type))\""
    guard let text, !text.isEmpty else { return "      <\(name) \(attributes)/>\n" }
    return "      <\(name) \(attributes)>\(Escaping.xmlLines(text))</\(name)>\n"
  }

  private func skipped(_ reason: String) -> String {
    "      <skipped message=\"\(Escaping.xml(reason))\"/>\n"
  }

  private func output(_ text: String) -> String {
    text.isEmpty ? "" : "      <system-out>\(Escaping.xmlLines(text))</system-out>\n"
  }
}
