import ManifestSyntax

/// What became of one document, or of one item of a `List`.
public struct DocumentResult: Sendable {
  /// The verdict on a document.
  public enum Status: String, Sendable {
    case valid, invalid
    /// Not judged, for a reason that is always said.
    case skipped
  }

  /// Which non-empty document of the file, from 0.
  public var document: Int
  /// The line (from 1) on which the document's content begins.
  public var line: Int
  public var apiVersion: String?
  public var kind: String?
  public var namespace: String?
  public var name: String?
  public var status: Status
  /// Why the document was skipped: "unknown kind", "not a Kubernetes manifest".
  public var skipReason: String?
  /// What there is to say, in the order of the text.
  public var diagnostics: [LocatedDiagnostic]
  /// What would have been said had nobody chosen to leave it out, in the order of the text.
  public var suppressed: [SuppressedFinding] = []

  public init(document: Int, line: Int, status: Status, diagnostics: [LocatedDiagnostic] = []) {
    self.document = document
    self.line = line
    self.status = status
    self.diagnostics = diagnostics
  }
}

/// A diagnostic with its place in a file.
public struct LocatedDiagnostic: Sendable {
  /// A related message with its place.
  public struct Related: Sendable {
    public var message: String
    public var start: Position
    public var end: Position
    /// The file, where it is another one.
    public var file: String?
    public init(message: String, start: Position, end: Position, file: String? = nil) {
      self.message = message
      self.start = start
      self.end = end
      self.file = file
    }
  }

  public var diagnostic: Diagnostic
  /// The bytes in ``FileResult/source``.
  public var span: Span
  public var start: Position
  /// The place after the last character.
  public var end: Position
  /// Offset in the file as it is on disk, in bytes.
  public var byteOffset: Int
  public var related: [Related]

  public init(
    _ diagnostic: Diagnostic, span: Span, start: Position, end: Position, byteOffset: Int,
    related: [Related] = []
  ) {
    self.diagnostic = diagnostic
    self.span = span
    self.start = start
    self.end = end
    self.byteOffset = byteOffset
    self.related = related
  }
}

/// A finding that is left out of the reports for people because somebody decided so.
public struct SuppressedFinding: Sendable {
  /// Where the decision was written.
  public enum Kind: String, Sendable {
    /// In the file: a comment or an annotation.
    case inSource
    /// In the configuration.
    case external
  }

  public var located: LocatedDiagnostic
  public var kind: Kind
  /// The reason that was given; empty for none.
  public var justification: String

  public init(_ located: LocatedDiagnostic, kind: Kind, justification: String) {
    self.located = located
    self.kind = kind
    self.justification = justification
  }
}

/// What became of one input.
public struct FileResult: Sendable {
  /// The path as it was given or found, or `<stdin>`.
  public var file: String
  /// The text, for excerpts and fixes; nil where it could not be read or there is nothing to show.
  public var source: SourceText?
  /// The lines of ``source``.
  public var lines: LineTable?
  public var documents: [DocumentResult]
  /// Why the input could not be read, where it could not.
  public var failure: Diagnostic?
  /// Why the whole file was passed over: "not a Kubernetes manifest", "template".
  public var skipReason: String?
  /// How many findings suppressions left out.
  public var suppressedCount = 0
  /// Which suppressions of the configuration left something out, in their order.
  public var usedSuppressions: [Int] = []
  /// How many findings a baseline left out.
  public var baselinedCount = 0

  public init(
    file: String, source: SourceText? = nil, lines: LineTable? = nil,
    documents: [DocumentResult] = []
  ) {
    self.file = file
    self.source = source
    self.lines = lines
    self.documents = documents
  }
}

/// The counts of a run.
public struct RunSummary: Sendable {
  public var files = 0
  public var documents = 0
  public var valid = 0
  public var invalid = 0
  /// Documents that were not judged, and files that were passed over as a whole.
  public var skipped = 0
  public var errors = 0
  public var warnings = 0
  public var notes = 0
  /// Inputs that could not be read.
  public var unreadable = 0
  /// Diagnostics found but not shown because of `--max-diagnostics`.
  public var hidden = 0
  /// Findings left out by suppressions.
  public var suppressed = 0
  /// Findings left out because a baseline has them.
  public var baselined = 0
  public var durationMilliseconds: Double = 0

  public init() {}

  /// Counts `file` in.
  public mutating func add(_ file: FileResult) {
    files += 1
    if file.failure != nil {
      unreadable += 1
      errors += 1
    }
    if file.wholeSkipReason != nil { skipped += 1 }
    documents += file.documents.count
    suppressed += file.suppressedCount
    baselined += file.baselinedCount
    for document in file.documents {
      switch document.status {
      case .valid: valid += 1
      case .invalid: invalid += 1
      case .skipped: skipped += 1
      }
      for located in document.diagnostics {
        switch located.diagnostic.severity {
        case .error: errors += 1
        case .warning: warnings += 1
        case .note: notes += 1
        }
      }
    }
  }
}
