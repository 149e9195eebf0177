import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Turns manifests into the objects that they mean: normalised, or as the server would store them.
///
/// Belongs to one thread, like the validator that it has.
public final class ManifestRenderer {
  /// How objects are rendered.
  public struct Options: Sendable {
    /// Complete objects with the server's defaults.
    public var defaults = false
    /// Add what the server writes itself: status, generation, the request's namespace.
    public var serverFields = false
    /// The namespace of the request, for objects that name none; nil where nobody said.
    public var namespace: String?

    public init() {}
  }

  /// What became of one input.
  public struct Rendered: Sendable {
    /// What keeps the input from being rendered, and warnings.
    public var report: FileResult
    public var objects: [Value] = []
    /// Documents that are no objects, and what they are: "a patch".
    public var passedOver: [String] = []

    public init(report: FileResult) { self.report = report }
  }

  private let context: ValidationContext
  private let options: Options
  private let validator: Validator
  private let schema: Schema
  private let defaulter: Defaulter
  private let rendering: Rendering

  /// - Parameter context: names one version; of several, the last is rendered for.
  public init(_ context: ValidationContext, _ options: Options) {
    var context = context
    context.options.rules = false
    context.options.warnings = false
    context.options.versions = [context.options.versions.last ?? .latest]
    self.context = context
    self.options = options
    validator = Validator(context)
    schema = Schema(version: context.options.versions.last ?? .latest)
    context.customKinds.install(into: schema)
    defaulter = Defaulter(schema: schema)
    rendering = Rendering(schema: schema)
  }

  /// Renders all objects of `source`; none where its syntax or a field is wrong.
  ///
  /// - Parameter isExplicit: The input was given by name; what is no manifest is an error then.
  public func render(_ source: SourceText, isExplicit: Bool) -> Rendered {
    var rendered = Rendered(report: validator.validate(source, isExplicit: isExplicit))
    guard !rendered.report.documents.contains(where: { $0.status == .invalid }) else {
      return rendered
    }
    let isPatch = context.kustomizations.role(of: source.name) != nil
    SourceDocuments.forEach(in: source) { document in
      guard let tree = document.tree else { return }
      if context.options.allowsPlaceholders, source.contains("${") {
        tree.fillPlaceholders(context.options.substitutions)
      }
      for object in ObjectInDocument.objects(in: tree) {
        if isPatch {
          rendered.passedOver.append("a patch")
        } else if case .other(let what) = ManifestShape(tree, object.node, file: source.name),
          object.impliedKind == nil
        {
          rendered.passedOver.append(what)
        } else {
          rendered.objects.append(render(object, of: tree))
        }
      }
    }
    return rendered
  }

  private func render(_ object: ObjectInDocument, of document: Tree) -> Value {
    let tree = object.standingAlone(in: document)
    let gvk = tree.writtenKind
    guard let kind = schema.kind(apiVersion: gvk.apiVersion, kind: gvk.kind) else {
      return rendering.normalizedUnknown(tree)
    }
    if let namespace = options.namespace, kind.isNamespaced { tree.complete(namespace) }
    guard options.defaults || options.serverFields else {
      return rendering.normalized(tree, kind: kind)
    }
    defaulter.apply(to: tree, kind: kind)
    // What a custom kind's objects keep besides its fields, only its definition knows.
    guard schema.customKind(kind.gvk) == nil else {
      return rendering.normalized(tree, kind: kind)
    }
    let fields = Rendering.ServerFields(namespace: options.namespace ?? "default")
    return rendering.asStored(
      tree, kind: kind, serverFields: options.serverFields ? fields : nil)
  }
}

extension ObjectInDocument {
  /// The object as the root of a tree that nobody else has.
  fileprivate func standingAlone(in document: Tree) -> Tree {
    if node == .root { return document }
    var value = document.value(node)
    if let impliedKind {
      value["apiVersion"] = .string(impliedKind.apiVersion)
      value["kind"] = .string(impliedKind.kind)
    }
    return Tree(value)
  }
}

extension Tree {
  /// Gives the object the namespace of the request, if it names none.
  fileprivate func complete(_ namespace: String) {
    let metadata = value(.root, "metadata") ?? set("metadata", in: .root, to: .emptyMap)
    if kind(metadata) == .null { replace(metadata, with: .emptyMap) }
    guard kind(metadata) == .mapping else { return }
    if let known = value(metadata, "namespace"), kind(known) != .null, !bytes(known).isEmpty {
      return
    }
    set("namespace", in: metadata, to: .string(namespace))
  }
}
