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
  private(set) var customKinds = CustomKinds()

  public init(options: ValidationOptions = ValidationOptions()) { self.options = options }

  /// Takes in what `source` says about other files.
  ///
  /// Cheap for files that say nothing: a search of the bytes decides.
  public mutating func survey(_ source: SourceText) {
    if Kustomizations.isKustomization(source.name) { kustomizations.survey(source) }
    if source.contains("CustomResourceDefinition") { surveyDefinitions(source) }
  }

  private mutating func surveyDefinitions(_ source: SourceText) {
    if source.firstContentByte == UInt8(ascii: "{") {
      let documents = JSONReader.readAll(source)
      if documents.allSatisfy({ $0.tree != nil }) {
        for document in documents { take(document.tree) }
        return
      }
    }
    var reader = DocumentReader(source)
    while let document = reader.next() { take(document.tree) }
  }

  private mutating func take(_ tree: Tree?) {
    guard let tree else { return }
    for object in ObjectInDocument.objects(in: tree) {
      if let kinds = CustomKinds.read(tree, root: object.node).kinds { customKinds.merge(kinds) }
    }
  }
}
