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
    var text = text
    let parts = text.withUTF8 { bytes in
      Parts(bytes).map { parts in
        (Self.string(parts.name), parts.tag.map(Self.string), parts.digest.map(Self.string))
      }
    }
    guard let parts else { return nil }
    (name, tag, digest) = parts
  }

  private static func string(_ bytes: Bytes) -> String { String(decoding: bytes, as: UTF8.self) }

  /// Whether `text` names an image by `latest`, in words or by leaving the tag out.
  static func isLatest(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let parts = Parts(text) else { return false }
    return parts.tag?.elementsEqual("latest".utf8) ?? (parts.digest == nil)
  }

  private typealias Bytes = Slice<UnsafeBufferPointer<UInt8>>

  /// The parts of a name, where they stand.
  private struct Parts {
    var name: Bytes
    var tag: Bytes?
    var digest: Bytes?

    init?(_ text: UnsafeBufferPointer<UInt8>) {
      var rest = text[...]
      if let at = rest.firstIndex(of: 0x40) {
        let digest = rest[(at + 1)...]
        guard isDigest(digest) else { return nil }
        self.digest = digest
        rest = rest[..<at]
      }
      // A colon behind the last slash begins the tag, one before it a registry's port.
      let slash = rest.lastIndex(of: 0x2F)
      if let colon = rest[(slash.map { $0 + 1 } ?? rest.startIndex)...].firstIndex(of: 0x3A) {
        let tag = rest[(colon + 1)...]
        guard isTag(tag) else { return nil }
        self.tag = tag
        rest = rest[..<colon]
      }
      guard isName(rest), !isIdentifier(text[...]) else { return nil }
      name = rest
    }
  }

  private static let nameLengthMax = 255
  private static let tagLengthMax = 128

  private static func isName(_ name: Bytes) -> Bool {
    var path = name
    var isOnHub = true
    if let slash = name.firstIndex(of: 0x2F) {
      let host = name[..<slash]
      if host.contains(where: { $0 == 0x2E || $0 == 0x3A || isCapital($0) })
        || host.elementsEqual("localhost".utf8)
      {
        guard isHost(host) else { return false }
        path = name[(slash + 1)...]
        isOnHub =
          host.elementsEqual("docker.io".utf8) || host.elementsEqual("index.docker.io".utf8)
      }
    }
    // A name without a team stands for `library/name` on the hub, and that is what is measured.
    let added = isOnHub && !path.contains(0x2F) ? "library/".utf8.count : 0
    guard path.count + added <= nameLengthMax else { return false }
    return allParts(of: path, endedBy: 0x2F, are: isPathPart)
  }

  /// Whether all parts between `separator` bytes, empty ones included, are as wanted.
  private static func allParts(
    of text: Bytes, endedBy separator: UInt8, are isFine: (Bytes) -> Bool
  ) -> Bool {
    var rest = text
    while let end = rest.firstIndex(of: separator) {
      guard isFine(rest[..<end]) else { return false }
      rest = rest[(end + 1)...]
    }
    return isFine(rest)
  }

  private static func isHost(_ host: Bytes) -> Bool {
    var host = host
    var isAddress = false
    if host.first == 0x5B, let close = host.lastIndex(of: 0x5D) {
      let inside = host.dropFirst().prefix { $0 != 0x5D }
      guard !inside.isEmpty, inside.allSatisfy({ isHex($0) || $0 == 0x3A }) else {
        return false
      }
      host = host[(close + 1)...]
      isAddress = true
      if host.isEmpty { return true }
    }
    if let colon = host.firstIndex(of: 0x3A) {
      let port = host[(colon + 1)...]
      guard !port.isEmpty, port.allSatisfy(isDigit) else { return false }
      host = host[..<colon]
    }
    if isAddress { return host.isEmpty }
    return allParts(of: host, endedBy: 0x2E) { part in
      guard let first = part.first, let last = part.last else { return false }
      return isWord(first) && isWord(last) && part.allSatisfy { isWord($0) || $0 == 0x2D }
    }
  }

  /// Lower-case words with `.`, `_`, `__` or any number of `-` between them.
  private static func isPathPart(_ part: Bytes) -> Bool {
    var separator: UInt8 = 0
    var separatorCount = 0
    var hasWord = false
    for byte in part {
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

  private static func isTag(_ tag: Bytes) -> Bool {
    guard let first = tag.first, tag.count <= tagLengthMax else { return false }
    return (isWord(first) || first == 0x5F)
      && tag.allSatisfy { isWord($0) || $0 == 0x5F || $0 == 0x2E || $0 == 0x2D }
  }

  private static func isDigest(_ digest: Bytes) -> Bool {
    let lengths = ["sha256": 64, "sha384": 96, "sha512": 128]
    guard let colon = digest.firstIndex(of: 0x3A), let length = lengths[string(digest[..<colon])]
    else { return false }
    let digits = digest[(colon + 1)...]
    return digits.count == length && digits.allSatisfy { isHex($0) && !isCapital($0) }
  }

  /// 64 digits are an image's own number, which is no name.
  private static func isIdentifier(_ text: Bytes) -> Bool {
    text.count == 64 && text.allSatisfy { isHex($0) && !isCapital($0) }
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
