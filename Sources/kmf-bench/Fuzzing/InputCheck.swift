import CBaseline
import ManifestRules
import ManifestSchema
import ManifestSyntax

/// What must hold for any input at all, whatever it means.
struct InputCheck {
  /// How the input is judged.
  enum Setting: CaseIterable {
    case usual, strict, manyVersions, json, kustomization

    var fileName: String {
      switch self {
      case .json: "input.json"
      case .kustomization: "kustomization.yaml"
      default: "input.yaml"
      }
    }

    var options: ValidationOptions {
      var options = ValidationOptions()
      switch self {
      case .usual, .json, .kustomization: break
      case .strict:
        options.versions = [KubernetesVersion(minor: 25)]
        options.unknownKinds = .error
        options.allowsPlaceholders = false
        options.warnings = false
      case .manyVersions:
        options.versions = [KubernetesVersion(minor: 29), KubernetesVersion(minor: 34)]
        options.substitutions = ["A": "5", "NAME": "a: b"]
        options.skipsNonManifests = true
      }
      return options
    }
  }

  private let source: SourceText?
  private let context: ValidationContext

  init(_ bytes: [UInt8], _ setting: Setting) {
    source = try? SourceText.decoding(bytes, name: setting.fileName)
    var context = ValidationContext(options: setting.options)
    if let source { context.survey(source) }
    self.context = context
  }

  /// What does not hold; nil when all is well. Bytes that are no text have nothing to hold.
  func problem() -> String? {
    guard let source else { return nil }
    let result = Validator(context).validate(source, isExplicit: true)
    let reports = Self.reports(result)
    _ = Self.reports(Validator(context).validate(source, isExplicit: false))
    let again = Self.reports(Validator(context).validate(source, isExplicit: true))
    if reports != again { return "the same input gives two reports" }
    return silentPass(source, result) ?? partsDiffer(source, result) ?? valuesDiffer(source)
      ?? fixesBreak(source, result)
  }

  private static func reports(_ result: FileResult) -> [String] {
    var summary = RunSummary()
    summary.add(result)
    return ReportRegistry.all.map { format in
      var report = format.init(ReportOptions())
      return report.begin() + report.add(result) + report.end(summary)
    }
  }

  // MARK: - Properties

  /// Text that libyaml cannot read never passes in silence. (Text after `...`, which the cluster
  /// does not see either, is worth a warning only.)
  private func silentPass(_ source: SourceText, _ result: FileResult) -> String? {
    // JSON has a reader of its own.
    guard source.firstContentByte != UInt8(ascii: "{") else { return nil }
    let bytes = source.bytes.assumingMemoryBound(to: UInt8.self)
    guard bytes.count > 0, baseline_events(bytes.baseAddress, bytes.count) < 0 else { return nil }
    // What is no manifest may be passed over, which is said.
    if result.skipReason != nil { return nil }
    let isSilent = result.documents.allSatisfy { $0.diagnostics.isEmpty }
    return isSilent ? "text that is no YAML passes in silence" : nil
  }

  /// A text judged in parts gives the documents of the whole.
  private func partsDiffer(_ source: SourceText, _ result: FileResult) -> String? {
    // Whether a file is passed over is decided by the whole of it.
    if context.options.skipsNonManifests { return nil }
    let ranges = source.chunks(3)
    guard ranges.count > 1, source.firstContentByte != UInt8(ascii: "{") else { return nil }
    let whole = result.documents.map(Self.gist)
    let parts = ranges.flatMap { range in
      Validator(context).validate(source, range: range, isExplicit: true).documents.map(Self.gist)
    }
    guard whole != parts else { return nil }
    let place = zip(whole, parts).first { $0 != $1 }
    return "parts differ from the whole: \(place?.0 ?? "-") against \(place?.1 ?? "-")"
  }

  /// What a document came to, but for its number and what is said once per file.
  private static func gist(_ document: DocumentResult) -> String {
    let findings = document.diagnostics.filter { $0.diagnostic.code != "KMF-01" }.map { located in
      "\(located.diagnostic.code) \(located.start.line):\(located.start.column) "
        + "\(located.diagnostic.path) \(located.diagnostic.message)"
    }
    return "\(document.status) line \(document.line) \(document.kind ?? "") "
      + "\(document.name ?? ""): \(findings.joined(separator: "; "))"
  }

  /// A document written anew means the same.
  private func valuesDiffer(_ source: SourceText) -> String? {
    var reader = DocumentReader(source)
    while let document = reader.next() {
      guard let tree = document.tree else { continue }
      let value = tree.value()
      let yaml = YAMLWriter.write(value)
      if Self.value(of: SourceText(name: "written.yaml", yaml)) != value {
        return "a document differs after it was written as YAML: \(yaml.prefix(300))"
      }
      let json = SourceText(name: "written.json", bytes: JSONWriter.bytes(value))
      if JSONReader.read(json).tree?.value() != value {
        return "a document differs after it was written as JSON"
      }
    }
    return nil
  }

  private static func value(of source: SourceText) -> Value? {
    var reader = DocumentReader(source)
    return reader.next()?.tree?.value()
  }

  /// Fixes come to an end, and leave what could be read readable.
  private func fixesBreak(_ source: SourceText, _ result: FileResult) -> String? {
    let fixer = Fixer(Validator(context), includesUnsafe: true)
    guard let outcome = fixer.fix(source, isExplicit: true) else { return nil }
    guard let fixed = try? SourceText.decoding(outcome.bytes, name: source.name) else {
      return "a fixed text is no text any more"
    }
    // Where there were errors, fixing the first can uncover others.
    if Self.hasSyntaxErrors(result) { return nil }
    let isBroken = Self.hasSyntaxErrors(Validator(context).validate(fixed, isExplicit: true))
    return isBroken ? "fixes broke the syntax: \(outcome.done.joined(separator: ", "))" : nil
  }

  private static func hasSyntaxErrors(_ result: FileResult) -> Bool {
    result.documents.contains { document in
      document.diagnostics.contains { $0.diagnostic.reason == .syntaxError }
    }
  }
}
