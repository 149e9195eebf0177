import ManifestSyntax

/// The answer to a request, with nothing of its transport.
public struct APIResponse: Hashable, Sendable {
  /// The HTTP status code.
  public var code: Int
  public var contentType: String
  public var body: [UInt8]
  /// Texts for `Warning: 299` headers.
  public var warnings: [String]

  public static let json = "application/json"
  /// The events of a watch, one a line.
  public static let jsonLines = "application/json;stream=watch"

  public init(
    code: Int, contentType: String = APIResponse.json, body: [UInt8], warnings: [String] = []
  ) {
    self.code = code
    self.contentType = contentType
    self.body = body
    self.warnings = warnings
  }

  /// An answer that is an object.
  public init(code: Int, _ value: Value, warnings: [String] = []) {
    self.init(code: code, body: JSONWriter.bytes(value), warnings: warnings)
  }

  /// A refusal.
  public init(_ error: StatusError, warnings: [String] = []) {
    self.init(code: error.code, error.value, warnings: warnings)
  }

  /// An answer in plain words.
  public init(code: Int, text: String) {
    self.init(code: code, contentType: "text/plain; charset=utf-8", body: Array(text.utf8))
  }
}
