/// Where a cluster is kept, as `--cluster`, KMF_CLUSTER and kmf.yaml say it.
///
/// `file:PATH` is a file, `memory:` lasts as long as the process, and a bare word is the name of a
/// cluster that the configuration knows. Anything else with a colon is a scheme; later ones are
/// added here.
public enum StoreAddress: Hashable, Sendable, CustomStringConvertible {
  case file(path: String)
  case memory
  case named(String)

  /// Where a project's own cluster is.
  public static let projectDefault = StoreAddress.file(path: ".kmf/cluster.db")

  private static let schemes = ["file", "memory"]

  public init(parsing text: String) throws(StoreAddressError) {
    guard !text.isEmpty else { throw .empty }
    guard let colon = text.firstIndex(of: ":") else {
      self = try Self.name(text)
      return
    }
    let scheme = String(text[..<colon])
    let rest = String(text[text.index(after: colon)...])
    switch scheme {
    case "file":
      guard !rest.isEmpty else { throw .missingPath }
      guard !rest.utf8.contains(0) else { throw .badPath(rest) }
      self = .file(path: rest)
    case "memory":
      guard rest.isEmpty else { throw .memoryTakesNothing(rest) }
      self = .memory
    default:
      // A path may hold a colon too.
      if scheme.contains("/") || scheme.hasPrefix(".") { throw .path(text) }
      throw .unknownScheme(scheme, known: Self.schemes)
    }
  }

  private static func name(_ text: String) throws(StoreAddressError) -> StoreAddress {
    if text.contains("/") || text.hasPrefix(".") || text.hasSuffix(".db") { throw .path(text) }
    let isGood = text.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"),
        UInt8(ascii: "."):
        true
      default: false
      }
    }
    guard isGood, text.utf8.count <= 63 else { throw .badName(text) }
    return .named(text)
  }

  /// The address as `init(parsing:)` reads it.
  public var description: String {
    switch self {
    case .file(let path): "file:\(path)"
    case .memory: "memory:"
    case .named(let name): name
    }
  }
}

/// Why a text is no address; the message says what would be.
public enum StoreAddressError: Error, Hashable, Sendable {
  case empty
  case missingPath
  case badPath(String)
  case memoryTakesNothing(String)
  case unknownScheme(String, known: [String])
  /// A path without its scheme.
  case path(String)
  case badName(String)

  /// What is wrong and what would be right; lower case, no full stop.
  public var message: String {
    switch self {
    case .empty: "the cluster's address is empty; write 'file:PATH', 'memory:' or a name"
    case .missingPath: "'file:' needs a path, as in 'file:.kmf/cluster.db'"
    case .badPath: "the path of the cluster holds a zero byte"
    case .memoryTakesNothing(let rest): "'memory:' takes nothing behind it, not '\(rest)'"
    case .unknownScheme(let scheme, let known):
      "'\(scheme):' is no kind of cluster that kmf knows; it knows "
        + known.map { "'\($0):'" }.joined(separator: ", ") + " and names"
    case .path(let path): "'\(path)' looks like a path; write 'file:\(path)'"
    case .badName(let name):
      "'\(name)' is no name of a cluster: at most 63 letters, digits, '-', '_' and '.'"
    }
  }
}
