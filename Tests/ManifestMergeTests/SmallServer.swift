import ManifestMerge
import ManifestSchema
import ManifestSyntax

/// The least of an API server: one object that is applied to.
final class SmallServer {
  private let kind: Kind
  private let fields: FieldManager
  private let defaulter: Defaulter
  private let rendering: Rendering
  private(set) var object: Value?
  private var clock = 10

  init(schema: Schema, types: MergeTypes, kind: Kind) {
    self.kind = kind
    defaulter = Defaulter(schema: schema)
    rendering = Rendering(schema: schema)
    fields = FieldManager(
      apiVersion: kind.gvk.apiVersion, kind: kind.gvk.kind, empty: rendering.empty(kind),
      filters: [kind.gvk.apiVersion: .excluding("status")], types: types)
  }

  /// Applies `config` by force; whether that changed the object.
  func apply(_ config: Value, by manager: String) throws -> Bool {
    clock += 1
    let before = object
    let time = "2026-01-01T00:\(clock):00Z"
    let applied = try fields.apply(config, to: object, manager: manager, force: true, time: time)
    var stored = asStored(complete(applied))
    stored["metadata"]?["managedFields"] = applied["metadata"]?["managedFields"]
    if let before { stored = FieldManager.keepingTimes(of: stored, from: before) }
    object = stored
    return stored != before
  }

  private func complete(_ body: Value) -> Value {
    guard let tree = tree(body) else { return body }
    defaulter.apply(to: tree, kind: kind, dropsAnnotations: false)
    return rendering.decoded(tree, kind: kind)
  }

  private func asStored(_ completed: Value) -> Value {
    guard let tree = tree(completed) else { return completed }
    return rendering.asStored(
      tree, kind: kind, serverFields: Rendering.ServerFields(namespace: "n"))
  }

  private func tree(_ value: Value) -> Tree? {
    JSONReader.read(SourceText(JSONWriter.string(value))).tree
  }
}
