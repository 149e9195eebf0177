import ManifestSchema
import ManifestSyntax

/// Objects as a server stores them.
struct StoredObjects {
  let defaulter: Defaulter
  let rendering: Rendering

  init(schema: Schema) {
    defaulter = Defaulter(schema: schema)
    rendering = Rendering(schema: schema)
  }

  func object(_ manifest: Value, _ kind: Kind) -> Value {
    let source = SourceText(name: "<object>", bytes: JSONWriter.bytes(manifest))
    guard let tree = JSONReader.read(source).tree else { return .null }
    defaulter.apply(to: tree, kind: kind)
    return rendering.asStored(tree, kind: kind, serverFields: Rendering.ServerFields())
  }
}
