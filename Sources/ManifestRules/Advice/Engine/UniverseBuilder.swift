import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Puts a universe together: files are read one by one (on any thread), and joined at the end.
public struct UniverseBuilder: Sendable {
  private let context: ValidationContext

  /// - Parameter context: knows which files are patches and which folders are charts.
  public init(_ context: ValidationContext) { self.context = context }

  /// Reads one file for the rules.
  ///
  /// - Parameter isRendered: The text is what a template of a chart came to, under its name.
  public func read(_ source: SourceText, isRendered: Bool = false) -> AdviceFile {
    let isPatch = context.kustomizations.role(of: source.name) != nil
    if !isRendered, context.charts.isTemplate(source) || Charts.isAnnotated(source) {
      return AdviceFile(
        source, documents: [], unknownBecause: "a template that has not been rendered",
        isPatch: isPatch)
    }
    let name = AdviceFileName(source, base: context.workingFolder, isRelease: isRendered)
    var documents: [AdviceDocument] = []
    var isBroken = false
    var isTemplate = false
    SourceDocuments.forEach(in: source) { parsed in
      let start = Int((parsed.tree?.documentSpan ?? parsed.span).start)
      var document = AdviceDocument(
        number: documents.count, source: source, tree: parsed.tree,
        diagnostics: parsed.diagnostics, range: start..<source.count)
      if let tree = parsed.tree {
        if context.options.allowsPlaceholders, source.contains("${") {
          tree.fillPlaceholders(context.options.substitutions)
        }
        document.objects = Self.objects(tree, document.number, name)
        tree.share()
      } else {
        isBroken = true
        isTemplate =
          isTemplate || parsed.diagnostics.contains { $0.message.contains("template, not YAML") }
      }
      if let last = documents.indices.last {
        documents[last].range =
          documents[last].range
          .lowerBound..<max(
            start, documents[last].range.lowerBound)
      }
      documents.append(document)
    }
    let isLike = source.contains("apiVersion") && source.contains("kind")
    let unknown =
      isTemplate
      ? "a template that has not been rendered" : isBroken && isLike ? AdviceFile.brokenText : nil
    return AdviceFile(source, documents: documents, unknownBecause: unknown, isPatch: isPatch)
  }

  private static func objects(
    _ tree: Tree, _ document: Int, _ file: AdviceFileName
  ) -> [AdviceObject] {
    var objects: [AdviceObject] = []
    for (position, found) in ObjectInDocument.objects(in: tree).enumerated() {
      let gvk: GroupVersionKind
      switch ManifestShape(tree, found.node, file: file.name) {
      case .object(let apiVersion, let kind):
        gvk = GroupVersionKind(apiVersion: apiVersion, kind: kind)
      default:
        guard let implied = found.impliedKind else { continue }
        gvk = GroupVersionKind(apiVersion: implied.apiVersion, kind: implied.kind)
      }
      objects.append(
        AdviceObject(
          gvk: gvk, node: tree.node(found.node), file: file, document: document,
          position: position, prefix: found.prefix))
    }
    return objects
  }

  /// Joins the files.
  ///
  /// - Parameter externals: names that something outside of the repository supplies.
  public func universe(_ files: [AdviceFile], externals: [String] = []) -> Universe {
    var roots = KustomizeRoots(base: context.workingFolder)
    for file in files where Kustomizations.isKustomization(file.name) { roots.survey(file.source) }
    roots.settle(files: files.map(\.name))
    return Universe(files, kustomizations: roots, externals: externals)
  }
}

extension AdviceFile {
  static let brokenText = "text that could not be read"

  /// Whether the file was meant to hold objects and could not be read.
  var isBroken: Bool { unknownBecause == Self.brokenText }
}
