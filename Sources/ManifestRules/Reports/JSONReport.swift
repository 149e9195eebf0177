import ManifestSyntax

/// The whole run as one JSON object: `{"summary": …, "results": […]}`.
///
/// The counts come first, so the text is held back until the run is over; ``JSONLines`` prints as
/// it goes.
public struct JSONReport: ReportFormat {
  public static let name = "json"
  public static let summary = "One JSON object: summary, and a result for every document."

  private var results: [String] = []

  public init(_ options: ReportOptions) {}

  public mutating func begin() -> String { "" }

  public mutating func add(_ file: FileResult) -> String {
    results += ResultValues.results(of: file).map { JSONWriter.string($0) }
    return ""
  }

  public mutating func end(_ summary: RunSummary) -> String {
    let counts = JSONWriter.string(ResultValues.summary(summary))
    let list = results.isEmpty ? "[]" : "[\n\(results.joined(separator: ",\n"))\n]"
    return "{\"summary\":\(counts),\"results\":\(list)}\n"
  }
}
