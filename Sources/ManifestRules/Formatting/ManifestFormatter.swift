import ManifestSchema
import ManifestSyntax

/// Lays manifests out anew, as `kmf fmt` does. Belongs to one thread.
public final class ManifestFormatter {
  /// What became of a text.
  public enum Outcome: Sendable {
    /// The text in the one layout.
    case formatted([UInt8])
    /// It is no manifest.
    case passedOver(String)
    /// It is a manifest that kmf leaves alone.
    case left(reason: String, line: Int)
    /// It is broken.
    case broken(message: String, help: String?, line: Int, column: Int)
  }

  private let schema: Schema

  public init(version: KubernetesVersion = .latest) { schema = Schema(version: version) }

  /// Formats the manifests of `source`; what is no manifest is left alone.
  public func format(_ source: SourceText) -> Outcome {
    guard source.encoding == .utf8 else {
      return .left(reason: "it is \(source.encoding.rawValue), not UTF-8", line: 1)
    }
    let lines = LineTable(source)
    var refusal: Outcome?
    var hasManifest = false
    SourceDocuments.forEach(in: source) { document in
      if refusal != nil { return }
      if let fault = document.diagnostics.first(where: { $0.severity == .error }) {
        refusal = Self.refusal(fault, source, lines)
      } else if let tree = document.tree {
        switch ManifestShape(tree, .root, file: source.name) {
        case .object, .incomplete: hasManifest = true
        case .other(let what): refusal = .passedOver(what)
        }
      }
    }
    if let refusal { return refusal }
    guard hasManifest else { return .passedOver("no manifest") }
    if source.firstContentByte == UInt8(ascii: "{"),
      let bytes = JSONFormatter.format(source, ranker: SchemaRanker(schema))
    {
      return .formatted(bytes)
    }
    // What stands between two comments would not stay there.
    let isOrdered = source.contains("kmf: disable") || source.contains("kmf:disable")
    switch YAMLFormatter.format(source, ranker: isOrdered ? nil : SchemaRanker(schema)) {
    case .formatted(let bytes): return .formatted(bytes)
    case .left(let reason, let offset):
      return .left(reason: reason, line: lines.line(of: UInt32(clamping: offset)))
    }
  }

  private static func refusal(
    _ fault: Diagnostic, _ source: SourceText, _ lines: LineTable
  ) -> Outcome {
    let position = lines.position(of: fault.span?.start ?? 0)
    if source.contains("{{") {
      return .passedOver("a template, or broken")
    }
    return .broken(
      message: fault.message, help: fault.help, line: position.line, column: position.column)
  }
}
