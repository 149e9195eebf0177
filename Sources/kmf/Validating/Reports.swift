import Glibc
import ManifestRules
import ManifestSyntax

/// All reports of a run: fed file by file in order, each written to its place as early as possible.
struct Reports {
  /// A format and where its text goes.
  private struct Report {
    var format: any ReportFormat
    let output: Output
    let file: String?
  }

  private var reports: [Report] = []
  private var shownMax: Int
  private(set) var summary = RunSummary()

  /// Opens the reports that `settings` ask for; people get the pretty one where nothing else goes
  /// to standard output.
  init(_ settings: ValidateSettings) throws(CommandFailure) {
    shownMax = settings.maxDiagnostics ?? Int.max
    for request in try Self.requests(settings) {
      guard let type = ReportRegistry.format(named: request.format) else {
        throw CommandFailure("unknown output format '\(request.format)'")
      }
      var options = ReportOptions()
      options.isQuiet = settings.isQuiet
      options.toolVersion = Version.text
      options.command = settings.command
      let output: Output
      if let file = request.file {
        output = try Self.open(file)
      } else {
        output = Output(descriptor: settings.reportDescriptor)
        let styles = Styles(
          for: settings.reportDescriptor, isColorRefused: settings.isColored == false)
        options.isColored = settings.isColored ?? styles.isColored
        options.width = styles.width
      }
      reports.append(Report(format: type.init(options), output: output, file: request.file))
    }
    for index in reports.indices { reports[index].output.write(reports[index].format.begin()) }
  }

  /// What to write where; refuses two reports in one place.
  static func requests(_ settings: ValidateSettings) throws(CommandFailure) -> [OutputRequest] {
    var requests = settings.outputs
    for (index, request) in requests.enumerated() {
      guard requests[..<index].contains(where: { $0.file == request.file }) else { continue }
      throw CommandFailure(
        "two outputs go to \(request.file.map { "'\($0)'" } ?? "standard output")",
        help: "write all but one to files of their own: --output \(request.format)=FILE")
    }
    if !requests.contains(where: { $0.file == nil }) { requests.append(.pretty) }
    return requests
  }

  private static func open(_ file: String) throws(CommandFailure) -> Output {
    let descriptor = Glibc.open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else {
      throw CommandFailure("cannot write '\(file)': \(String(cString: strerror(errno)))")
    }
    return Output(descriptor: descriptor)
  }

  /// Whether standard output shows findings to people, unreadable inputs among them.
  static func showsFailures(_ requests: [OutputRequest]) -> Bool {
    requests.contains { $0.file == nil && ["pretty", "concise"].contains($0.format) }
  }

  /// Reports on one file. Returns whether anybody still listens.
  mutating func add(_ file: FileResult) -> Bool {
    summary.add(file)
    let shown = limited(file)
    for index in reports.indices {
      reports[index].output.write(reports[index].format.add(shown))
    }
    return reports.contains { !$0.output.isClosed }
  }

  /// The file with as many diagnostics as may still be shown.
  private mutating func limited(_ file: FileResult) -> FileResult {
    guard shownMax < Int.max else { return file }
    var file = file
    for index in file.documents.indices {
      let all = file.documents[index].diagnostics
      guard all.count > shownMax else {
        shownMax -= all.count
        continue
      }
      file.documents[index].diagnostics = Array(all.prefix(shownMax))
      summary.hidden += all.count - shownMax
      shownMax = 0
    }
    return file
  }

  /// Hands what is ready to the reader; for slow runs at a terminal.
  func flush() {
    for report in reports { report.output.flush() }
  }

  /// Ends all reports. Throws where one could not be written.
  mutating func end(after duration: Duration) throws(CommandFailure) {
    let (seconds, attoseconds) = duration.components
    summary.durationMilliseconds =
      Double(seconds) * 1e3 + (Double(attoseconds) / 1e12).rounded() / 1e3
    for index in reports.indices {
      let output = reports[index].output
      output.write(reports[index].format.end(summary))
      output.flush()
      guard let failure = output.failureText else { continue }
      throw CommandFailure(reports[index].file.map { "'\($0)': \(failure)" } ?? failure)
    }
  }
}

extension OutputRequest {
  /// The report for people, on standard output.
  static let pretty = OutputRequest(format: "pretty", file: nil)
}
