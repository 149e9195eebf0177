import ManifestModel
import ManifestSyntax

/// What a kustomization came to, and where in the repository each of its objects is from.
public struct RenderedRoot: Sendable {
  /// The rendered objects as a file of their own.
  let file: AdviceFile
  /// What is known beside them: the repository without the files that went into them.
  let universe: Universe
  /// The object that each rendered one was made from, in the order of the rendered ones.
  let origins: [Origin?]
  /// The kustomizations that it went through.
  let kustomizations: KustomizationPlace

  /// An object of the repository that went into a rendering.
  struct Origin: Sendable {
    var rendered: AdviceObject
    var source: AdviceObject
  }

  /// - Parameters:
  ///   - file: as a kustomization with `buildMetadata: [originAnnotations]` was rendered.
  ///   - folder: the folder of that kustomization, absolute.
  ///   - universe: the repository.
  public init(_ file: AdviceFile, folder: String, in universe: Universe) {
    self.file = file
    let byPath = Dictionary(
      universe.files.map { (universe.kustomizations.path($0.name), $0) }
    ) { first, _ in first }
    var used: Set<String> = []
    origins = file.documents.flatMap(\.objects).map { rendered in
      guard let path = Self.originPath(of: rendered) else { return nil }
      let whole = FilePaths.normalized(FilePaths.join(folder, path))
      guard let source = byPath[whole] else { return nil }
      used.insert(source.name)
      return Self.source(of: rendered, in: source).map { Origin(rendered: rendered, source: $0) }
    }
    let root = FilePaths.folder(of: file.name)
    let roots = universe.kustomizations
    let through = universe.files.filter {
      Kustomizations.isKustomization($0.name) && roots.roots(of: $0.name).contains(root)
    }
    let isOwn = { (file: AdviceFile) in FilePaths.folder(of: roots.path(file.name)) == root }
    kustomizations = KustomizationPlace(
      files: through.filter(isOwn) + through.filter { !isOwn($0) })
    self.universe = Universe(
      [file] + universe.files.filter { !used.contains($0.name) },
      kustomizations: roots, externals: universe.externals, isFinal: true)
  }

  /// The file that kustomize says an object is from.
  private static func originPath(of object: AdviceObject) -> String? {
    guard let text = object.annotations["config.kubernetes.io/origin"] else { return nil }
    for line in text.split(separator: "\n") where line.hasPrefix("path: ") {
      return String(line.dropFirst(6))
    }
    return nil
  }

  /// The object of `file` that `rendered` was: of its kind, and called so but for what was put
  /// before and behind.
  private static func source(of rendered: AdviceObject, in file: AdviceFile) -> AdviceObject? {
    let candidates = file.documents.flatMap(\.objects).filter { $0.kind == rendered.kind }
    if candidates.count == 1 { return candidates[0] }
    let named = candidates.filter { !$0.name.isEmpty && rendered.name.contains($0.name) }
    return named.max { $0.name.utf8.count < $1.name.utf8.count }
  }
}

/// What the rules find in rendered objects, as findings about the files that these are made from.
///
/// A finding about an object that is rendered counts only where it is still there afterwards; what
/// only the rendered object shows points at the file that says so.
public final class RenderedAdvice: Sendable {
  /// An object of the repository.
  struct ObjectKey: Hashable, Sendable {
    var file: String
    var document: Int
    var position: Int

    init(_ object: AdviceObject) {
      file = object.file.name
      document = object.document
      position = object.position
    }

    init(_ advice: Linter.Advice, in file: AdviceFile) {
      self.file = file.name
      document = advice.document
      position = advice.position
    }
  }

  /// A finding, told apart by its rule and its place.
  struct FindingKey: Hashable, Sendable {
    var code: String
    var place: String

    init(_ diagnostic: Diagnostic, in root: NodeRef) {
      code = diagnostic.code
      place = StablePath(diagnostic.path, in: root).text
    }
  }

  /// What is still there of each object once it is rendered.
  let known: [ObjectKey: Set<FindingKey>]
  /// What the rendered objects show and the files do not, by file.
  let additions: [String: [Linter.Advice]]

  /// Runs the rules over `renderings`.
  public init(
    _ renderings: [RenderedRoot], in universe: Universe, linter: (Universe) -> Linter
  ) {
    var known: [ObjectKey: Set<FindingKey>] = [:]
    var additions: [String: [Linter.Advice]] = [:]
    let plain = linter(universe)
    var own: [ObjectKey: Set<FindingKey>] = [:]
    let files = Dictionary(universe.files.map { ($0.name, $0) }) { first, _ in first }
    let patches = universe.files.filter(\.isPatch)
    for rendering in renderings {
      let kustomizations = rendering.kustomizations
      var origins: [ObjectKey: RenderedRoot.Origin] = [:]
      for case let origin? in rendering.origins {
        origins[ObjectKey(origin.rendered)] = origin
        let key = ObjectKey(origin.source)
        known[key, default: []].formUnion([])
        guard own[key] == nil, let file = files[key.file] else { continue }
        for advice in plain.writtenAdvice(on: file) {
          guard let root = file.root(of: advice.document) else { continue }
          own[ObjectKey(advice, in: file), default: []]
            .insert(FindingKey(advice.diagnostic, in: root))
        }
        own[key, default: []].formUnion([])
      }
      for advice in linter(rendering.universe).writtenAdvice(on: rendering.file) {
        guard let origin = origins[ObjectKey(advice, in: rendering.file)],
          let root = rendering.file.root(of: advice.document)
        else { continue }
        let finding = FindingKey(advice.diagnostic, in: root)
        let key = ObjectKey(origin.source)
        let isNew = known[key, default: []].insert(finding).inserted
        guard isNew, own[key]?.contains(finding) != true else { continue }
        let (file, placed) = RenderedPlace(origin, patches, kustomizations)
          .place(advice, in: root)
        additions[file, default: []].append(placed)
      }
    }
    self.known = known
    self.additions = additions
  }

  /// The findings about a file, given those that its text alone comes to.
  func settled(_ advice: [Linter.Advice], on file: AdviceFile) -> [Linter.Advice] {
    let kept = advice.filter { item in
      guard let known = known[ObjectKey(item, in: file)],
        !AdviceRegistry.isAboutText(item.diagnostic.code),
        let root = file.root(of: item.document)
      else { return true }
      return known.contains(FindingKey(item.diagnostic, in: root))
    }
    return kept + (additions[file.name] ?? [])
  }
}

extension AdviceFile {
  /// The root of a document's tree.
  func root(of document: Int) -> NodeRef? {
    documents.indices.contains(document) ? documents[document].tree.map { NodeRef($0) } : nil
  }
}

extension AdviceRegistry {
  private static let textRules = Set(
    all.filter { $0 is any SourceAdvice.Type }.map { $0.about.code })

  /// Whether a rule looks at texts, which rendering does away with.
  static func isAboutText(_ code: String) -> Bool { textRules.contains(code) }
}
