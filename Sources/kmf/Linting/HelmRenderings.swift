import Glibc
import InputFiles
import ManifestRules
import ManifestSyntax

/// Renders the Helm charts of a repository with `helm template`, where helm is installed.
struct HelmRenderings: Sendable {
  /// What the templates came to, by the names of their files. A template that came to nothing has
  /// an empty text.
  var templates: [String: RenderedTemplate] = [:]
  /// What came out of templates that are no files of the repository: of packed charts.
  var others: [SourceText] = []
  /// Charts that are not rendered, and why.
  private(set) var failures: [(chart: String, cause: String)] = []

  private static let program = "helm"
  static var isInstalled: Bool { Subprocess.isInstalled(program) }

  /// One chart on its way.
  private struct Chart: Sendable {
    var folder: String
    var name: String
    /// Its templates among the files of the repository, by absolute path.
    var files: [String: SourceText]
  }

  private enum Answer: Sendable {
    case rendered([String: RenderedTemplate], others: [SourceText])
    case failed(String)
  }

  init() {}

  /// Renders the charts that `files` have templates of.
  ///
  /// - Parameter version: the version of Kubernetes that charts are told of.
  init(_ files: [LintSession.File], _ context: ValidationContext, threads: Int) {
    let charts = Self.charts(files, context)
    guard !charts.isEmpty else { return }
    guard Self.isInstalled else {
      failures = charts.map { (Self.shown($0.folder), "helm is not installed") }
      return
    }
    let version = context.options.versions.last.map { "\($0).0" }
    let answers: [Answer] = OrderedWork.run(
      count: charts.count, threads: threads, into: [],
      worker: { { Self.render(charts[$0], version) } },
      take: { all, one in
        all.append(one)
        return true
      })
    for (chart, answer) in zip(charts, answers) {
      switch answer {
      case .rendered(let rendered, let others):
        templates.merge(rendered) { first, _ in first }
        self.others += others
      case .failed(let cause): failures.append((Self.shown(chart.folder), cause))
      }
    }
  }

  /// The charts that are installed by themselves; library charts come to nothing.
  private static func charts(
    _ files: [LintSession.File], _ context: ValidationContext
  ) -> [Chart] {
    var charts: [String: Chart] = [:]
    var descriptions: [String: SourceText] = [:]
    for file in files {
      guard case .success(let source) = file.text, file.input.place == .file else { continue }
      let path = FilePaths.normalized(FilePaths.join(context.workingFolder, source.name))
      if path.hasSuffix("/Chart.yaml") { descriptions[String(path.dropLast(11))] = source }
      guard let folder = context.chart(rendering: source) else { continue }
      charts[folder, default: Chart(folder: folder, name: "", files: [:])].files[path] = source
    }
    return charts.values.sorted { $0.folder < $1.folder }.compactMap { chart in
      var chart = chart
      guard let description = descriptions[chart.folder] else { return nil }
      if Self.value(of: "type", in: description) == "library" { return nil }
      let name = Self.value(of: "name", in: description) ?? ""
      let isName =
        !name.isEmpty && name.utf8.count <= 53
        && name.allSatisfy {
          $0.isASCII && ($0.isLowercase || $0.isNumber || $0 == "-")
        }
      chart.name = isName ? name : "release"
      return chart
    }
  }

  /// The value of a key at the top of a chart's description.
  private static func value(of key: String, in description: SourceText) -> String? {
    var reader = DocumentReader(description)
    guard let tree = reader.next()?.tree else { return nil }
    return tree.value(.root, key).map(tree.string)
  }

  private static func render(_ chart: Chart, _ version: String?) -> Answer {
    // A namespace of its own, since only whoever installs it knows the real one.
    var arguments = [program, "template", chart.name, chart.folder, "--namespace", chart.name]
    if let version { arguments += ["--kube-version", version] }
    guard var answer = Subprocess.run(arguments) else { return .failed("helm cannot be started") }
    let complaint = answer.complaint
    // Charts that need values keep some for their own tests.
    for values in Self.testValues(chart.folder) where answer.status != 0 {
      answer = Subprocess.run(arguments + ["--values", values]) ?? answer
    }
    guard answer.status == 0 else { return .failed(cause(complaint)) }
    let parts = RenderedTemplate.parts(of: SourceText(name: chart.folder, bytes: answer.output))
    var rendered: [String: RenderedTemplate] = [:]
    var others: [SourceText] = []
    var seen: Set<String> = []
    for (path, bytes) in parts.sorted(by: { $0.key < $1.key }) {
      // The first part is the chart's name, whatever its folder is called.
      let inside = path.drop { $0 != "/" }
      let whole = FilePaths.normalized(chart.folder + inside)
      if let template = chart.files[whole] {
        seen.insert(whole)
        let source = SourceText(name: template.name, bytes: bytes)
        rendered[template.name] = RenderedTemplate(source, of: template)
      } else if access(whole, F_OK) != 0 {
        others.append(SourceText(name: shown(chart.folder) + inside, bytes: bytes))
      }
    }
    for (path, template) in chart.files where !seen.contains(path) {
      let nothing = SourceText(name: template.name, bytes: [])
      rendered[template.name] = RenderedTemplate(nothing, of: template)
    }
    return .rendered(rendered, others: others)
  }

  /// The files `ci/*-values.yaml` of a chart, with which its tests install it.
  private static func testValues(_ chart: String) -> [String] {
    guard let stream = opendir(chart + "/ci") else { return [] }
    defer { closedir(stream) }
    var files: [String] = []
    while let entry = readdir(stream) {
      let bytes = UnsafeRawPointer(entry) + (MemoryLayout<dirent>.offset(of: \.d_name) ?? 19)
      let name = String(cString: bytes.assumingMemoryBound(to: CChar.self))
      if name.hasSuffix("values.yaml") { files.append("\(chart)/ci/\(name)") }
    }
    return files.sorted()
  }

  /// The folder as seen from here.
  private static func shown(_ folder: String) -> String {
    let path = FilePaths.relative(folder + "/.", to: Repository.workingFolder).dropLast(2)
    return path.isEmpty ? "." : String(path)
  }

  /// What helm says went wrong, in one line.
  private static func cause(_ complaint: String) -> String {
    complaint.hasPrefix("Error: ") ? String(complaint.dropFirst(7)) : complaint
  }

  /// Says which charts are not judged.
  func complain() {
    let missing = failures.filter { $0.cause == "helm is not installed" }.map { "'\($0.chart)'" }
    if !missing.isEmpty {
      Complaint.writeLine(
        "kmf: helm is not installed, so what these charts come to is not judged: "
          + missing.joined(separator: ", "))
    }
    for failure in failures where failure.cause != "helm is not installed" {
      Complaint.writeLine(
        "kmf: the chart '\(failure.chart)' cannot be rendered, so what it comes to is not judged: "
          + failure.cause)
    }
  }
}
