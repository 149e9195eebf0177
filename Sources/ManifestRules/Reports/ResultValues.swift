import ManifestSyntax

/// What the JSON formats say about a document and about the run.
///
/// `docs/output.md` promises these members; a change here is a change of that promise.
enum ResultValues {
  static func summary(_ summary: RunSummary) -> Value {
    [
      "files": .int(Int64(summary.files)), "documents": .int(Int64(summary.documents)),
      "valid": .int(Int64(summary.valid)), "invalid": .int(Int64(summary.invalid)),
      "skipped": .int(Int64(summary.skipped)), "errors": .int(Int64(summary.errors)),
      "warnings": .int(Int64(summary.warnings)),
      "durationMs": .double(milliseconds(summary.durationMilliseconds)),
      "unreadable": .int(Int64(summary.unreadable)), "hidden": .int(Int64(summary.hidden)),
      "suppressed": .int(Int64(summary.suppressed)),
      "baselined": .int(Int64(summary.baselined)),
    ]
  }

  /// Microseconds are enough; a number that is not finite cannot be written.
  private static func milliseconds(_ number: Double) -> Double {
    number.isFinite ? (number * 1000).rounded() / 1000 : 0
  }

  /// One result for each document; one without a document for a file that has none to judge.
  static func results(of file: FileResult) -> [Value] {
    var results: [Value] = []
    if let failure = file.failure {
      let diagnostic = diagnostic(failure, nil, in: file)
      results.append(wholeFile(file, status: "invalid", [diagnostic], reason: nil))
    } else if let reason = file.wholeSkipReason {
      results.append(wholeFile(file, status: "skipped", [], reason: reason))
    }
    return results + file.documents.map { result($0, in: file) }
  }

  private static func wholeFile(
    _ file: FileResult, status: String, _ diagnostics: [Value], reason: String?
  ) -> Value {
    var result: Value = [
      "file": .string(file.file), "document": nil, "line": nil, "apiVersion": nil, "kind": nil,
      "namespace": nil, "name": nil, "status": .string(status),
    ]
    if let reason { result["skipReason"] = .string(reason) }
    result["diagnostics"] = .list(diagnostics)
    return result
  }

  private static func result(_ document: DocumentResult, in file: FileResult) -> Value {
    var result: Value = [
      "file": .string(file.file), "document": .int(Int64(document.document)),
      "line": .int(Int64(document.line)), "apiVersion": text(document.apiVersion),
      "kind": text(document.kind), "namespace": text(document.namespace),
      "name": text(document.name), "status": .string(document.status.rawValue),
    ]
    if document.status == .skipped, let reason = document.skipReason ?? file.skipReason {
      result["skipReason"] = .string(reason)
    }
    result["diagnostics"] = .list(
      document.diagnostics.map { diagnostic($0.diagnostic, $0, in: file) })
    if !document.suppressed.isEmpty {
      result["suppressed"] = .list(
        document.suppressed.map { finding in
          var value = diagnostic(finding.located.diagnostic, finding.located, in: file)
          value["suppression"] = suppression(finding)
          return value
        })
    }
    return result
  }

  private static func diagnostic(
    _ diagnostic: Diagnostic, _ located: LocatedDiagnostic?, in file: FileResult
  ) -> Value {
    var result: Value = [
      "code": .string(diagnostic.code), "severity": .string(diagnostic.severity.rawValue),
      "reason": .string(diagnostic.reason.rawValue),
      "field": .string(diagnostic.path.description), "message": .string(diagnostic.message),
      "help": text(diagnostic.help), "file": .string(file.file),
      "line": number(located?.start.line), "column": number(located?.start.column),
      "endLine": number(located?.end.line), "endColumn": number(located?.end.column),
      "byteOffset": number(located?.byteOffset),
    ]
    if let field = diagnostic.serverField { result["serverField"] = .string(field) }
    if !diagnostic.notes.isEmpty { result["notes"] = .list(diagnostic.notes.map(Value.string)) }
    if let related = located?.related, !related.isEmpty {
      result["related"] = .list(related.map(self.related))
    }
    if !diagnostic.fixes.isEmpty {
      result["fixes"] = .list(
        diagnostic.fixes.map {
          ["title": .string($0.title), "safety": .string($0.safety.rawValue)]
        })
    }
    return result
  }

  /// Who left a finding out, and why; the members are those of SARIF.
  static func suppression(_ finding: SuppressedFinding) -> Value {
    var value: Value = ["kind": .string(finding.kind.rawValue)]
    if !finding.justification.isEmpty {
      value["justification"] = .string(finding.justification)
    }
    return value
  }

  private static func related(_ related: LocatedDiagnostic.Related) -> Value {
    var value = place(of: related)
    if let file = related.file { value["file"] = .string(file) }
    return value
  }

  private static func place(of related: LocatedDiagnostic.Related) -> Value {
    [
      "message": .string(related.message), "line": number(related.start.line),
      "column": number(related.start.column), "endLine": number(related.end.line),
      "endColumn": number(related.end.column),
    ]
  }

  private static func text(_ text: String?) -> Value { text.map(Value.string) ?? .null }
  private static func number(_ number: Int?) -> Value { number.map { .int(Int64($0)) } ?? .null }
}
