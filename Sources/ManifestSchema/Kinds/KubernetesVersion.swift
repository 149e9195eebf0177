/// A minor version of Kubernetes: 1.31 is `minor` 31.
public struct KubernetesVersion: Comparable, Hashable, Sendable, CustomStringConvertible {
  /// The number after `1.`, from 0 to 255.
  public let minor: Int

  /// Reads `1.31`, `v1.31`, `1.31.2`, or `latest`; nil for anything else.
  ///
  /// Versions that the tables do not cover are read too: ask ``isCovered``.
  public init?(_ text: String) {
    guard text != "latest" else {
      self = .latest
      return
    }
    let digits = text.hasPrefix("v") ? text.dropFirst() : text[...]
    let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 2 || parts.count == 3, parts[0] == "1",
      parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }),
      let minor = UInt8(parts[1])
    else { return nil }
    self.minor = Int(minor)
  }

  /// The version 1.`minor`, which is held within 0...255.
  public init(minor: Int) {
    self.minor = min(max(minor, 0), 255)
  }

  /// The oldest version whose fields the tables know.
  public static let oldest = KubernetesVersion(minor: 25)
  /// The newest version whose fields the tables know.
  public static let latest = KubernetesVersion(minor: 37)
  /// Every version whose fields the tables know, oldest first.
  public static let all = (oldest.minor...latest.minor).map(KubernetesVersion.init(minor:))

  /// Whether the tables know the fields of this version.
  public var isCovered: Bool { self >= .oldest && self <= .latest }

  public var description: String { "1.\(minor)" }

  public static func < (left: KubernetesVersion, right: KubernetesVersion) -> Bool {
    left.minor < right.minor
  }
}

/// One Kubernetes version or a run of them, both ends included.
public struct VersionRange: Hashable, Sendable, CustomStringConvertible {
  public let first: KubernetesVersion
  public let last: KubernetesVersion

  /// The versions from `first` to `last`.
  ///
  /// - Precondition: `first <= last`.
  public init(_ first: KubernetesVersion, _ last: KubernetesVersion) {
    precondition(first <= last, "a version range runs from old to new")
    self.first = first
    self.last = last
  }

  /// Reads `1.31`, `latest`, or `1.30..1.33`; nil for anything else and for a range that runs
  /// backwards.
  public init?(_ text: String) {
    guard let dots = Self.dots(in: text) else {
      guard let version = KubernetesVersion(text) else { return nil }
      self.init(version, version)
      return
    }
    guard let first = KubernetesVersion(String(text[..<dots.lowerBound])),
      let last = KubernetesVersion(String(text[dots.upperBound...])), first <= last
    else { return nil }
    self.init(first, last)
  }

  /// Every version of the range, oldest first.
  public var versions: [KubernetesVersion] {
    (first.minor...last.minor).map(KubernetesVersion.init(minor:))
  }

  public var description: String { first == last ? "\(first)" : "\(first)..\(last)" }

  private static func dots(in text: String) -> Range<String.Index>? {
    var index = text.startIndex
    while let dot = text[index...].firstIndex(of: ".") {
      let next = text.index(after: dot)
      if next < text.endIndex, text[next] == "." { return dot..<text.index(after: next) }
      index = next
    }
    return nil
  }
}

/// When something exists: from `since` to `until`, both included; nil where the tables see no end.
public struct Availability: Hashable, Sendable {
  /// The first version that has it; nil when 1.25 or an older version already had it.
  public var since: KubernetesVersion?
  /// The last version that has it; nil when the newest known version still has it.
  public var until: KubernetesVersion?

  public init(since: KubernetesVersion? = nil, until: KubernetesVersion? = nil) {
    self.since = since
    self.until = until
  }

  /// Whether `version` has it.
  public func contains(_ version: KubernetesVersion) -> Bool {
    (since.map { version >= $0 } ?? true) && (until.map { version <= $0 } ?? true)
  }
}
