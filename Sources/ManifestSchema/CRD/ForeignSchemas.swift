import ManifestSyntax

extension SchemaLocation {
  /// Where a kind's schema was found.
  public enum Found: Sendable {
    /// Kubernetes' own tables know the kind.
    case embedded
    /// A file does: its kind, and what was wrong with the file.
    case schema(CustomKinds, path: String, [Diagnostic])
    /// No location has it; the paths that were tried.
    case missing(tried: [String])
  }

  /// Looks the schema of `gvk` up; the first location that has one counts.
  ///
  /// - Parameters:
  ///   - isEmbedded: Whether the tables know the kind, for the location `default`.
  ///   - load: The text at a path; nil where there is no file.
  public static func find(
    _ gvk: GroupVersionKind, version: KubernetesVersion, in locations: [SchemaLocation],
    isEmbedded: Bool, load: (String) -> SourceText?
  ) -> Found {
    var tried: [String] = []
    for location in locations {
      if location == .embedded {
        if isEmbedded { return .embedded }
        continue
      }
      for path in location.paths(for: gvk, version: version) {
        guard let source = load(path) else {
          tried.append(path)
          continue
        }
        let (schema, diagnostics) = JSONSchema.read(source)
        let kinds = schema.map { CustomKinds([CustomKind(gvk: gvk, schema: $0)]) }
        return .schema(kinds ?? CustomKinds(), path: path, diagnostics)
      }
    }
    return .missing(tried: tried)
  }
}

extension JSONSchema {
  /// Reads a schema file, JSON or YAML; nil, and why, where it holds none.
  ///
  /// A file may also hold a CustomResourceDefinition's `openAPIV3Schema` as it stands there.
  public static func read(_ source: SourceText) -> (schema: JSONSchema?, diagnostics: [Diagnostic])
  {
    let isJSON = source.bytes.first { $0 != 0x20 && $0 != 0x0A && $0 != 0x0D && $0 != 0x09 } == 0x7B
    var document = isJSON ? JSONReader.read(source) : nil
    if document?.tree == nil {
      var reader = DocumentReader(source)
      while let next = reader.next() {
        guard next.isEmpty, next.diagnostics.isEmpty else {
          document = document ?? next
          break
        }
      }
    }
    guard let tree = document?.tree else { return (nil, document?.diagnostics ?? [empty]) }
    guard tree.kind(.root) == .mapping else {
      return (
        nil, [Diagnostic("CRD-27", .error, .invalid, at: .root, "this file holds no JSON schema")]
      )
    }
    var reader = JSONSchemaReader(tree: tree, dialect: .foreign, base: .root)
    let schema = reader.schema(at: .root)
    return (schema, (document?.diagnostics ?? []) + reader.diagnostics)
  }

  private static var empty: Diagnostic {
    Diagnostic(
      "CRD-27", .error, .invalid, at: .root, "this file is empty: it should hold a JSON schema")
  }
}
