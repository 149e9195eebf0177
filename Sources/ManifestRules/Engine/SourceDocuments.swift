import ManifestSyntax

/// The documents of a source, read as what they are: YAML or JSON.
public enum SourceDocuments {
  /// Hands every document to `body`, in order.
  ///
  /// - Parameters:
  ///   - range: a part of `source` made by ``SourceText/chunks(_:)``.
  ///   - memory: what the reading of another source left, and where this one leaves it.
  public static func forEach(
    in source: SourceText, range: Range<Int>? = nil, memory: ReadingMemory? = nil,
    _ body: (ParsedDocument) -> Void
  ) {
    if source.firstContentByte == UInt8(ascii: "{"), range?.lowerBound ?? 0 == 0 {
      let isJSON = source.name.hasSuffix(".json")
      let parsed = JSONReader.readAll(source)
      // A YAML file may begin with a flow mapping that is no JSON.
      if isJSON || parsed.allSatisfy({ $0.tree != nil || $0.isEmpty }) {
        for document in parsed where !document.isEmpty || !document.diagnostics.isEmpty {
          body(document)
        }
        return
      }
    }
    var reader = DocumentReader(source, range: range, memory: memory)
    while let document = reader.next() {
      if !document.isEmpty || !document.diagnostics.isEmpty { body(document) }
    }
  }
}
