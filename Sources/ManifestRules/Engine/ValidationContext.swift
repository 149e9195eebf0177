import ManifestSchema
import ManifestSyntax

/// What a run knows before it judges the first document; shared by all workers.
///
/// One pass over the inputs collects what one file says about others: which files kustomizations
/// apply as patches, which custom kinds CustomResourceDefinitions describe.
public struct ValidationContext: Sendable {
  public var options: ValidationOptions
  /// Where JSON schemas of kinds are looked for, in order; empty for the embedded tables only.
  public var schemaLocations: [SchemaLocation] = []
  /// Reads the file at a path of ``schemaLocations``; nil where there is none.
  public var loadSchema: @Sendable (String) -> SourceText? = { _ in nil }
  private(set) var kustomizations = Kustomizations()
  private(set) var charts = Charts()
  /// The kinds that CustomResourceDefinitions describe.
  public private(set) var customKinds = CustomKinds()

  /// The objects that the manifests are to replace.
  public var stored = StoredObjects()

  public init(options: ValidationOptions = ValidationOptions()) { self.options = options }

  /// The working directory, absolute: lets files be named in several ways in one run. Set it before
  /// the first survey.
  public var workingFolder = "" {
    didSet {
      kustomizations.base = workingFolder
      charts.base = workingFolder
    }
  }

  /// Takes in what `source` says about other files.
  ///
  /// Cheap for files that say nothing: a search of the bytes decides.
  public mutating func survey(_ source: SourceText) {
    if Kustomizations.isKustomization(source.name) { kustomizations.survey(source) }
    if Charts.isDescription(source.name) { charts.note(source.name) }
    if source.contains("CustomResourceDefinition") { addDefinitions(source) }
  }

  /// The folder (absolute, where the working directory is known) of the Helm chart that has to be
  /// rendered to know what `source` comes to; nil for what is no template of a chart.
  public func chart(rendering source: SourceText) -> String? { charts.installed(for: source) }

  /// Takes in the CustomResourceDefinitions of `source`.
  ///
  /// - Returns: What keeps a text that was given for its definitions from having any: its mistakes,
  ///   or that it is about something else. Mistakes of a definition are told when it is judged.
  @discardableResult
  public mutating func addDefinitions(_ source: SourceText) -> [Diagnostic] {
    var mistakes: [Diagnostic] = []
    var count = 0
    for document in Self.documents(of: source) {
      mistakes += document.diagnostics.filter { $0.severity == .error }
      guard let tree = document.tree, !document.isEmpty else { continue }
      for object in ObjectInDocument.objects(in: tree) {
        guard let kinds = CustomKinds.read(tree, root: object.node).kinds else { continue }
        customKinds.merge(kinds)
        count += 1
      }
    }
    if count == 0, mistakes.isEmpty {
      mistakes = [
        Diagnostic("CRD-28", .error, .notFound, at: .root, "no CustomResourceDefinition is in it")
      ]
    }
    return mistakes
  }

  /// All documents of `source`, whether YAML or JSON.
  private static func documents(of source: SourceText) -> [ParsedDocument] {
    if source.firstContentByte == UInt8(ascii: "{") {
      let documents = JSONReader.readAll(source)
      if documents.allSatisfy({ $0.tree != nil }) { return documents }
    }
    var reader = DocumentReader(source)
    var documents: [ParsedDocument] = []
    while let document = reader.next() { documents.append(document) }
    return documents
  }
}
