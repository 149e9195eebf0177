/// A request to the API, with nothing of its transport.
public struct APIRequest: Hashable, Sendable {
  /// One `name=value` of the query, decoded.
  public struct QueryItem: Hashable, Sendable {
    public var name: String
    public var value: String

    public init(name: String, value: String) {
      self.name = name
      self.value = value
    }
  }

  /// In upper case: `GET`, `PATCH`.
  public var method: String
  /// Without the query, as it was sent.
  public let path: String
  /// The parts of the path, decoded; empty ones are left out.
  let segments: [String]
  public var query: [QueryItem]
  public var contentType: String?
  public var accept: String?
  public var body: [UInt8]
  /// Who asks; nil where nobody said.
  public var user: String?
  /// What the client calls itself; the part before the first slash is the default field manager.
  public var userAgent: String?

  /// - Parameter target: The path with its query: `/api/v1/pods?limit=500`.
  public init(
    method: String, target: String, contentType: String? = nil, accept: String? = nil,
    body: [UInt8] = []
  ) {
    self.method = method.uppercased()
    let bytes = target.utf8
    let target = target[..<(bytes.firstIndex(of: UInt8(ascii: "#")) ?? target.endIndex)]
    let end = target.utf8.firstIndex(of: UInt8(ascii: "?"))
    path = String(target[..<(end ?? target.endIndex)])
    segments = Self.segments(of: path)
    query = end.map { Self.items(of: target[target.utf8.index(after: $0)...]) } ?? []
    self.contentType = contentType
    self.accept = accept
    self.body = body
  }

  static func segments(of path: String) -> [String] {
    let parts = path.utf8.split(separator: 0x2F).map { Substring($0) }
    return path.utf8.contains(0x25)
      ? parts.map { PercentCoding.decoded($0) } : parts.map { String($0) }
  }

  /// The first value of `name`; nil where there is none.
  public func queryValue(_ name: String) -> String? {
    query.first { $0.name == name }?.value
  }

  /// All values of `name`.
  public func queryValues(_ name: String) -> [String] {
    query.lazy.filter { $0.name == name }.map(\.value)
  }

  private static func items(of text: Substring) -> [QueryItem] {
    text.split(separator: "&").map { item in
      let parts = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      return QueryItem(
        name: PercentCoding.decoded(parts[0], isQuery: true),
        value: parts.count > 1 ? PercentCoding.decoded(parts[1], isQuery: true) : "")
    }
  }
}

/// Percent escapes in paths and queries.
enum PercentCoding {
  /// The text with its escapes resolved; what is no escape stays as it is.
  static func decoded(_ text: some StringProtocol, isQuery: Bool = false) -> String {
    if !text.utf8.contains(where: { $0 == 0x25 || isQuery && $0 == 0x2B }) { return String(text) }
    var bytes: [UInt8] = []
    let source = Array(text.utf8)
    var at = 0
    while at < source.count {
      if source[at] == 0x25, at + 2 < source.count, let high = digit(source[at + 1]),
        let low = digit(source[at + 2])
      {
        bytes.append(high << 4 | low)
        at += 3
        continue
      }
      bytes.append(isQuery && source[at] == 0x2B ? 0x20 : source[at])
      at += 1
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 48...57: byte - 48
    case 65...70: byte - 55
    case 97...102: byte - 87
    default: nil
    }
  }
}
