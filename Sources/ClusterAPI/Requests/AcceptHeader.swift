/// What a client is willing to read, best first.
public struct AcceptHeader: Sendable {
  /// One media type with its parameters.
  public struct Clause: Sendable {
    /// `application/json`, in lower case; `*/*` and `application/*` are possible.
    public var mediaType: String
    public var parameters: [(name: String, value: String)] = []
    /// From 0 to 1000.
    public var quality = 1000

    /// A parameter's value; nil where the client wrote none.
    public subscript(name: String) -> String? { parameters.first { $0.name == name }?.value }

    /// Whether `type` is what the clause asks for.
    public func covers(_ type: String) -> Bool {
      if mediaType == type || mediaType == "*/*" { return true }
      return mediaType.hasSuffix("/*") && type.hasPrefix(mediaType.dropLast())
    }
  }

  public private(set) var clauses: [Clause]

  /// Reads the header; a client that sent none reads everything.
  public init(_ text: String?) {
    let written = (text ?? "").split(separator: ",").compactMap { Clause($0) }
    let wanted = written.isEmpty ? [Clause(mediaType: "*/*")] : written.filter { $0.quality > 0 }
    // Equals keep the order in which they were written.
    clauses = wanted.enumerated().sorted {
      ($1.element.quality, $0.offset) < ($0.element.quality, $1.offset)
    }.map(\.element)
  }
}

extension AcceptHeader.Clause {
  fileprivate init?(_ text: Substring) {
    let parts = text.split(separator: ";").map { $0.trimmed }
    guard let type = parts.first, !type.isEmpty else { return nil }
    mediaType = type.lowercased()
    for part in parts.dropFirst() {
      guard let equals = part.firstIndex(of: "=") else { continue }
      let name = part[..<equals].trimmed.lowercased()
      let value = part[part.index(after: equals)...].trimmed
      if name == "q" {
        quality = Self.quality(value)
      } else {
        parameters.append((name, String(value)))
      }
    }
  }

  /// `1`, `0.5` and the like in thousandths; anything else counts as 1.
  private static func quality(_ text: Substring) -> Int {
    guard text.hasPrefix("0") else { return 1000 }
    let digits = text.dropFirst().drop { $0 == "." }.prefix(3)
    let padded = digits + String(repeating: "0", count: 3 - digits.count)
    return Int(padded) ?? 1000
  }
}

extension Substring {
  fileprivate var trimmed: Substring {
    let start = drop { $0 == " " || $0 == "\t" }
    guard let last = start.lastIndex(where: { $0 != " " && $0 != "\t" }) else { return start }
    return start[...last]
  }
}
