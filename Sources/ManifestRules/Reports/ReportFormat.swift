import ManifestSyntax

/// What a report may want to know about the run.
public struct ReportOptions: Sendable {
  /// Whether to use colours.
  public var isColored = false
  /// The width of the terminal in columns.
  public var width = 100
  /// Leave out everything but findings.
  public var isQuiet = false
  /// The version of kmf, for formats that name their tool.
  public var toolVersion = "0.0.0"
  /// The command that ran: `validate`, later `lint`.
  public var command = "validate"
  public init() {}
}

/// One output format: fed file by file, in a stable order.
///
/// A format is one file in `Reports/` and its line in the registry.
public protocol ReportFormat: Sendable {
  /// The name after `--output`.
  static var name: String { get }
  /// One line of help.
  static var summary: String { get }
  init(_ options: ReportOptions)
  /// Text before the first file.
  mutating func begin() -> String
  /// Text for one file; often empty for a file with nothing to say.
  mutating func add(_ file: FileResult) -> String
  /// Text after the last file.
  mutating func end(_ summary: RunSummary) -> String
}
