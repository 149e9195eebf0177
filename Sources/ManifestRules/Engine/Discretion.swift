import ManifestSyntax

/// Keeps the values of Secrets out of what is said about them.
public enum Discretion {
  /// A finding about a text that could not be read, without what may be a secret in it.
  public static func ofBroken(_ diagnostic: Diagnostic, in source: SourceText) -> Diagnostic {
    isCalledFor(kind: nil, path: diagnostic.path, in: source)
      ? hushed(diagnostic, kind: nil) : diagnostic
  }

  /// Whether a finding about a document may hold a secret in its words or its excerpt.
  ///
  /// - Parameters:
  ///   - kind: What the document is; nil where it could not be read.
  ///   - path: What the finding is about.
  static func isCalledFor(kind: String?, path: FieldPath, in source: SourceText) -> Bool {
    guard let kind else { return source.contains("Secret") }
    guard kind == "Secret" else { return false }
    var steps = path.steps[...]
    // Items of lists have the list's path before their own.
    if steps.first == .field("items") { steps = steps.dropFirst(2) }
    switch steps.first {
    case nil, .field("apiVersion"), .field("kind"): return false
    case .field("metadata"): return steps.dropFirst().first == .field("annotations")
    default: return true
    }
  }

  /// The findings about an object, without what one of them calls a credential.
  static func hushed(_ diagnostics: [Diagnostic]) -> [Diagnostic] {
    let code = LiteralCredential.about.code
    let secrets = Set(diagnostics.lazy.filter { $0.code == code }.map(\.path))
    guard !secrets.isEmpty else { return diagnostics }
    return diagnostics.map {
      $0.code != code && secrets.contains($0.path) ? hushed($0, kind: nil) : $0
    }
  }

  /// The places of credentials in a file, which no excerpt shows.
  static func secrets(in file: FileResult) -> [Span] {
    let code = LiteralCredential.about.code
    var secrets: [Span] = []
    for document in file.documents {
      for finding in document.diagnostics where finding.diagnostic.code == code {
        secrets.append(finding.span)
      }
      for finding in document.suppressed where finding.located.diagnostic.code == code {
        secrets.append(finding.located.span)
      }
    }
    return secrets
  }

  /// The finding without the values that it quotes.
  static func hushed(_ diagnostic: Diagnostic, kind: String?) -> Diagnostic {
    // Names of fields are no secrets; where nothing could be read, nobody knows what is what.
    guard kind == nil || diagnostic.message.contains("found the ") else { return diagnostic }
    var hushed = diagnostic
    let pieces = diagnostic.message.split(separator: "'", omittingEmptySubsequences: false)
    guard pieces.count > 2 else {
      if kind == nil, diagnostic.help?.contains("\"") ?? false { hushed.help = nil }
      return hushed
    }
    hushed.message = pieces.enumerated().map { $0.offset % 2 == 0 ? String($0.element) : "…" }
      .joined(separator: "'")
    hushed.help = nil
    hushed.notes = []
    return hushed
  }
}
