import ManifestModel
import ManifestSchema
import ManifestSyntax

/// One file of the repository as the rules see it: read once, never changed.
public final class AdviceFile: Sendable {
  /// The path as it is reported.
  public let name: String
  public let source: SourceText
  public let documents: [AdviceDocument]
  /// Why the objects of the file are not known: a template, broken text.
  public let unknownBecause: String?
  /// Objects of this file are fragments that a kustomization applies to others.
  public let isPatch: Bool

  /// - Parameter documents: as they were read, numbered from 0 in the order of the text.
  init(
    _ source: SourceText, documents: [AdviceDocument], unknownBecause: String?, isPatch: Bool
  ) {
    name = source.name
    self.source = source
    self.documents = documents
    self.unknownBecause = unknownBecause
    self.isPatch = isPatch
  }
}

/// One document of a file: its text, its tree, the objects in it.
public struct AdviceDocument: Sendable {
  /// Which non-empty document of the file, from 0.
  public let number: Int
  public let source: SourceText
  /// The document read; nil where that failed.
  public let tree: Tree?
  /// What the reader itself said.
  public let diagnostics: [Diagnostic]
  /// The bytes from the start of this document to the start of the next.
  public internal(set) var range: Range<Int>
  /// The objects, with those of a `List` unfolded; empty for anything that is no manifest.
  public internal(set) var objects: [AdviceObject] = []

  /// The bytes of the document and of what follows it up to the next one.
  public var bytes: UnsafeRawBufferPointer.SubSequence { source.bytes[range] }
}

/// An object of the repository.
///
/// A class, so that references to it cost nothing; all of it is fixed when the universe is built.
public final class AdviceObject: Sendable {
  public let gvk: GroupVersionKind
  public let node: NodeRef
  /// Its tree; nil for objects that a generator will make.
  public let tree: Tree?
  public let file: AdviceFileName
  /// Which document of the file, from 0.
  public let document: Int
  /// Which object of the document, from 0.
  public let position: Int
  /// The path of the object within its document.
  public let prefix: FieldPath
  /// The name; empty where none is written.
  public let name: String
  /// The namespace as it is written.
  public let writtenNamespace: String?
  public let annotations: [String: String]

  init(
    gvk: GroupVersionKind, node: NodeRef, file: AdviceFileName, document: Int, position: Int,
    prefix: FieldPath
  ) {
    self.gvk = gvk
    self.node = node
    tree = node.treeNode?.tree
    self.file = file
    self.document = document
    self.position = position
    self.prefix = prefix
    let metadata = node[.metadata]
    name = metadata?[Key.name]?.string ?? ""
    writtenNamespace = metadata?[.namespace]?.string.flatMap { $0.isEmpty ? nil : $0 }
    annotations = Self.texts(metadata?[.annotations])
  }

  public var kind: String { gvk.kind }

  /// Read anew each time: only few rules ask.
  public var labels: [String: String] { Self.texts(node[.metadata]?[.labels]) }

  /// Where findings about the whole object are shown: its name, else its kind.
  public var place: NodeRef {
    if let name = node[.metadata]?[Key.name] { return name }
    return node[.metadata]?["generateName"] ?? node[.kind] ?? node
  }

  /// `Deployment shop/web`.
  public var title: String {
    let shown = name.isEmpty ? "without a name" : name
    return writtenNamespace.map { "\(kind) \($0)/\(shown)" } ?? "\(kind) \(shown)"
  }

  /// Whether it is there for tests only: a hook of `helm test`.
  public var isTestHook: Bool {
    annotations["helm.sh/hook"].map { $0.contains("test") } ?? false
  }

  /// Whether a controller made it: then nobody wrote it to be applied.
  public var hasController: Bool {
    (node[.metadata]?["ownerReferences"]?.items).map { items in
      items.contains { $0["controller"]?.bool == true }
    } ?? false
  }

  /// The texts of a map of texts.
  static func texts(_ node: NodeRef?) -> [String: String] {
    guard let node, node.isMapping, node.count > 0 else { return [:] }
    var texts: [String: String] = [:]
    texts.reserveCapacity(node.count)
    for (key, value) in node.entries {
      if let text = value.string { texts[key.keyText] = text }
    }
    return texts
  }
}

/// What an object knows of its file: not the file itself, which holds the object.
public final class AdviceFileName: Sendable {
  public let name: String
  public let source: SourceText
  /// The folder, spelt the same for all files in it.
  public let folder: String
  /// Whether helm installs what is in it, into the namespace that it is told.
  let isRelease: Bool

  /// - Parameter base: what relative paths begin at.
  init(_ source: SourceText, base: String, isRelease: Bool = false) {
    self.source = source
    self.isRelease = isRelease
    name = source.name
    folder = FilePaths.folder(of: FilePaths.normalized(FilePaths.join(base, source.name)))
  }

  /// Where `span` is, for a reader of another file.
  func location(of span: Span) -> Diagnostic.Location {
    let lines = LineTable(source)
    return Diagnostic.Location(
      file: name, start: lines.position(of: span.start), end: lines.position(of: span.end))
  }
}
