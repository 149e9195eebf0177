import ManifestSchema
import ManifestSyntax

/// What a run knows before it judges the first document; shared by all workers.
///
/// One pass over the inputs collects what one file says about others: which files kustomizations
/// apply as patches, which custom kinds CustomResourceDefinitions describe.
public struct ValidationContext: Sendable {
  public var options: ValidationOptions
  private(set) var kustomizations = Kustomizations()

  public init(options: ValidationOptions = ValidationOptions()) { self.options = options }

  /// Takes in what `source` says about other files.
  ///
  /// Cheap for files that say nothing: a search of the bytes decides.
  public mutating func survey(_ source: SourceText) {
    if Kustomizations.isKustomization(source.name) { kustomizations.survey(source) }
  }
}
