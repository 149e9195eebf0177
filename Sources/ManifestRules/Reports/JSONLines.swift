import ManifestSyntax

/// The same results as ``JSONReport``, one to a line as they come; the summary is the last line.
public struct JSONLines: ReportFormat {
  public static let name = "jsonl"
  public static let summary = "One JSON object a line and document; the last line is the summary."

  public init(_ options: ReportOptions) {}

  public mutating func begin() -> String { "" }

  public mutating func add(_ file: FileResult) -> String {
    ResultValues.results(of: file).map { JSONWriter.string($0) + "\n" }.joined()
  }

  public mutating func end(_ summary: RunSummary) -> String {
    JSONWriter.string(["summary": ResultValues.summary(summary)]) + "\n"
  }
}
