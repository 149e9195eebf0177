import ManifestMerge
import ManifestSyntax

/// The types that bodies of requests have.
enum MediaType {
  static let json = "application/json"
  static let yaml = "application/yaml"
  static let jsonPatch = "application/json-patch+json"
  static let mergePatch = "application/merge-patch+json"
  static let strategicPatch = "application/strategic-merge-patch+json"
  static let applyPatch = "application/apply-patch+yaml"

  /// The type without its parameters, in lower case.
  static func plain(_ text: String) -> String {
    let type = text.split(separator: ";", maxSplits: 1, omittingEmptySubsequences: false)[0]
    return String(type.filter { $0 != " " && $0 != "\t" }).lowercased()
  }
}

/// Reads the bodies of requests.
enum RequestBody {
  /// The most that one body may hold.
  static let sizeMax = 3 * 1024 * 1024

  /// The object of a POST or PUT: JSON, unless the type says otherwise.
  static func object(_ request: APIRequest) throws(StatusError) -> ParsedDocument {
    try checkSize(request)
    switch MediaType.plain(request.contentType ?? MediaType.json) {
    case MediaType.json, "": return try json(request.body)
    case MediaType.yaml, "application/x-yaml", "text/yaml": return yaml(request.body)
    case "*/*": return yaml(request.body)
    default: throw .unsupportedMediaType([MediaType.json, MediaType.yaml])
    }
  }

  /// The value of a body that is JSON; `null` for an empty one.
  static func value(_ request: APIRequest) throws(StatusError) -> Value {
    if request.body.isEmpty { return .null }
    let document = try object(request)
    return try Self.value(of: document)
  }

  static func value(of document: ParsedDocument) throws(StatusError) -> Value {
    guard let tree = document.tree else {
      let first = document.diagnostics.first { $0.severity == .error }
      throw .badRequest("error decoding the body: \(first?.message ?? "it is empty")")
    }
    return tree.value()
  }

  /// What is applied: YAML, of which JSON is a part.
  static func configuration(_ request: APIRequest) throws(StatusError) -> ParsedDocument {
    try checkSize(request)
    let first = request.body.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
    // The faster reader, which also says more about what is wrong.
    if first == 0x7B {
      let document = try json(request.body)
      if document.tree != nil { return document }
    }
    let document = yaml(request.body)
    guard let tree = document.tree, tree.kind(.root) == .mapping else {
      let message = document.diagnostics.first { $0.severity == .error }?.message
      throw .badRequest("error decoding YAML: \(message ?? "it is no object")")
    }
    return document
  }

  static func patch(_ request: APIRequest, _ type: String) throws(StatusError) -> Patch {
    try checkSize(request)
    let value = try value(of: json(request.body))
    switch type {
    case MediaType.jsonPatch: return .json(value)
    case MediaType.mergePatch: return .merge(value)
    default: return .strategic(value)
    }
  }

  private static func json(_ bytes: [UInt8]) throws(StatusError) -> ParsedDocument {
    JSONReader.read(SourceText(name: "<body>", bytes: bytes))
  }

  /// Only the first document counts.
  private static func yaml(_ bytes: [UInt8]) -> ParsedDocument {
    var reader = DocumentReader(SourceText(name: "<body>", bytes: bytes))
    if let document = reader.next(), !document.isEmpty { return document }
    // An empty text is an object with nothing in it, whose kind the path names.
    return JSONReader.read(SourceText("{}"))
  }

  private static func checkSize(_ request: APIRequest) throws(StatusError) {
    if request.body.count > sizeMax {
      throw StatusError(
        413, .requestEntityTooLarge, "the body holds more than \(sizeMax) bytes")
    }
  }
}
