/// The name of an image, taken apart as container runtimes do:
/// `registry:5000/team/web:1.2@sha256:…`.
public struct ImageReference: Hashable, Sendable {
  /// Registry and path as written.
  public var name: String
  public var tag: String?
  /// Algorithm and digits: `sha256:…`.
  public var digest: String?

  /// The tag; `latest` where neither a tag nor a digest is written; empty with a digest only.
  public var tagOrLatest: String { tag ?? (digest == nil ? "latest" : "") }

  /// Nil where no runtime could read it: capitals in the path, odd characters, a bad digest.
  public init?(_ text: String) {
    var rest = Substring(text)
    if let at = rest.utf8.firstIndex(of: 0x40) {
      let digest = rest[rest.utf8.index(after: at)...]
      guard Self.isDigest(digest) else { return nil }
      self.digest = String(digest)
      rest = rest[..<at]
    }
    // A colon behind the last slash begins the tag, one before it a registry's port.
    let slash = rest.utf8.lastIndex(of: 0x2F)
    let lastPart = slash.map { rest.utf8.index(after: $0) } ?? rest.startIndex
    if let colon = rest[lastPart...].utf8.firstIndex(of: 0x3A) {
      let tag = rest[rest.utf8.index(after: colon)...]
      guard Self.isTag(tag) else { return nil }
      self.tag = String(tag)
      rest = rest[..<colon]
    }
    guard Self.isName(rest), !Self.isIdentifier(Substring(text)) else { return nil }
    name = String(rest)
  }

  private static let nameLengthMax = 255
  private static let tagLengthMax = 128

  private static func isName(_ name: Substring) -> Bool {
    var path = name
    var isOnHub = true
    if let slash = name.utf8.firstIndex(of: 0x2F) {
      let host = name[..<slash]
      if host.utf8.contains(where: { $0 == 0x2E || $0 == 0x3A }) || host == "localhost"
        || host.utf8.contains(where: isCapital)
      {
        guard isHost(host) else { return false }
        path = name[name.utf8.index(after: slash)...]
        isOnHub = host == "docker.io" || host == "index.docker.io"
      }
    }
    // A name without a team stands for `library/name` on the hub, and that is what is measured.
    let added = isOnHub && !path.utf8.contains(0x2F) ? "library/".utf8.count : 0
    guard path.utf8.count + added <= nameLengthMax else { return false }
    return allParts(of: path, endedBy: 0x2F, are: isPathPart)
  }

  /// Whether all parts between `separator` bytes, empty ones included, are as wanted.
  private static func allParts(
    of text: Substring, endedBy separator: UInt8, are isFine: (Substring) -> Bool
  ) -> Bool {
    var rest = text
    while let end = rest.utf8.firstIndex(of: separator) {
      guard isFine(rest[..<end]) else { return false }
      rest = rest[rest.utf8.index(after: end)...]
    }
    return isFine(rest)
  }

  private static func isHost(_ host: Substring) -> Bool {
    var host = host
    var isAddress = false
    if host.first == "[", let close = host.lastIndex(of: "]") {
      let inside = host.dropFirst().prefix { $0 != "]" }
      guard !inside.isEmpty, inside.utf8.allSatisfy({ isHex($0) || $0 == 0x3A }) else {
        return false
      }
      host = host[host.index(after: close)...]
      isAddress = true
      if host.isEmpty { return true }
    }
    if let colon = host.utf8.firstIndex(of: 0x3A) {
      let port = host[host.utf8.index(after: colon)...]
      guard !port.isEmpty, port.utf8.allSatisfy(isDigit) else { return false }
      host = host[..<colon]
    }
    if isAddress { return host.isEmpty }
    return allParts(of: host, endedBy: 0x2E) { part in
      guard let first = part.utf8.first, let last = part.utf8.last else { return false }
      return isWord(first) && isWord(last) && part.utf8.allSatisfy { isWord($0) || $0 == 0x2D }
    }
  }

  /// Lower-case words with `.`, `_`, `__` or any number of `-` between them.
  private static func isPathPart(_ part: Substring) -> Bool {
    var separator: UInt8 = 0
    var separatorCount = 0
    var hasWord = false
    for byte in part.utf8 {
      if isDigit(byte) || (0x61...0x7A).contains(byte) {
        guard separatorCount == 0 || hasWord && isSeparator(separator, separatorCount) else {
          return false
        }
        separatorCount = 0
        hasWord = true
      } else {
        guard separatorCount == 0 || byte == separator else { return false }
        separator = byte
        separatorCount += 1
      }
    }
    return hasWord && separatorCount == 0
  }

  private static func isSeparator(_ byte: UInt8, _ count: Int) -> Bool {
    switch byte {
    case 0x2D: true
    case 0x2E: count == 1
    case 0x5F: count <= 2
    default: false
    }
  }

  private static func isTag(_ tag: Substring) -> Bool {
    guard let first = tag.utf8.first, tag.utf8.count <= tagLengthMax else { return false }
    return (isWord(first) || first == 0x5F)
      && tag.utf8.allSatisfy { isWord($0) || $0 == 0x5F || $0 == 0x2E || $0 == 0x2D }
  }

  private static func isDigest(_ digest: Substring) -> Bool {
    let parts = digest.split(separator: ":", omittingEmptySubsequences: false)
    let lengths = ["sha256": 64, "sha384": 96, "sha512": 128]
    guard parts.count == 2, let length = lengths[String(parts[0])] else { return false }
    return parts[1].utf8.count == length
      && parts[1].utf8.allSatisfy { isHex($0) && !isCapital($0) }
  }

  /// 64 digits are an image's own number, which is no name.
  private static func isIdentifier(_ text: Substring) -> Bool {
    text.utf8.count == 64 && text.utf8.allSatisfy { isHex($0) && !isCapital($0) }
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
  private static func isCapital(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte) }
  private static func isWord(_ byte: UInt8) -> Bool {
    isDigit(byte) || (0x61...0x7A).contains(byte | 0x20)
  }
  private static func isHex(_ byte: UInt8) -> Bool {
    isDigit(byte) || (0x61...0x66).contains(byte | 0x20)
  }
}
