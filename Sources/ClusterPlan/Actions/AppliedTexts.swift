import ClusterAPI
import ClusterControl
import ClusterStore
import ManifestSyntax

/// Which text was applied last to which object, and what revision the object had then.
///
/// Whoever applies the same text to an object that nobody has touched since changes nothing; so
/// most of a large set needs no more than a look. Kept beside the objects, one note for each.
public struct AppliedTexts: Sendable {
  private static let prefix = "applied/"
  /// The digest is cut to so many bytes.
  public static let digestLength = 16

  /// Digest and revision, by the place of the object.
  private var notes: [String: (digest: [UInt8], revision: Revision)] = [:]
  /// All digests: what a reader of manifests may leave unread.
  public private(set) var digests: Set<[UInt8]> = []
  private let manager: String

  /// What `manager` has applied to the cluster.
  public static func read(
    _ session: ClusterSession, manager: String
  ) throws(StatusError) -> AppliedTexts {
    var texts = AppliedTexts(manager: manager)
    let prefix = Self.prefix + manager + "/"
    for entry in try session.notes(below: prefix) {
      guard entry.value.count == digestLength + 8 else { continue }
      let digest = Array(entry.value.prefix(digestLength))
      let revision = entry.value.suffix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      texts.notes[String(entry.key.dropFirst(prefix.count))] = (
        digest, Revision(truncatingIfNeeded: revision)
      )
      texts.digests.insert(digest)
    }
    return texts
  }

  /// The digest of a manifest's text together with what else decides on its meaning.
  public static func digest(_ text: some Collection<UInt8>, salt: [UInt8]) -> [UInt8] {
    Array(SHA256.digest(salt + Array(text)).prefix(digestLength))
  }

  /// The revision at which the object had just this text applied; nil where it had not.
  func revision(of digest: [UInt8]?, _ object: ObjectIdentity) -> Revision? {
    guard let digest, let note = notes[object.place], note.digest == digest else { return nil }
    return note.revision
  }

  /// The note to keep for an object; nil where it is kept already.
  func note(
    _ digest: [UInt8], at revision: Revision, _ object: ObjectIdentity
  ) -> (key: String, bytes: [UInt8])? {
    if let known = notes[object.place], known.digest == digest, known.revision == revision {
      return nil
    }
    var bytes = digest
    let number = UInt64(truncatingIfNeeded: revision)
    for shift in stride(from: 56, through: 0, by: -8) {
      bytes.append(UInt8(truncatingIfNeeded: number >> UInt64(shift)))
    }
    return (Self.prefix + manager + "/" + object.place, bytes)
  }

  private init(manager: String) { self.manager = manager }
}

extension ObjectIdentity {
  /// What tells it from other objects, in one line: the version does not matter.
  fileprivate var place: String {
    [resource.group, resource.plural, namespace ?? "", name].joined(separator: "/")
  }
}
