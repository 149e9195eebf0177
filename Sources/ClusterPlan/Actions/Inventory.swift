import ClusterAPI
import ClusterStore
import ManifestSyntax

/// The objects that one set of manifests made, by uid: what may be pruned, and what belongs to
/// whom.
///
/// Kept in the cluster's store beside the objects, written in the same batch as they are.
public struct Inventory: Sendable {
  /// One object of the set.
  public struct Member: Hashable, Sendable {
    public var object: ObjectIdentity
    public var uid: String

    public init(_ object: ObjectIdentity, uid: String) {
      self.object = object
      self.uid = uid
    }
  }

  /// Where inventories are kept.
  public static let prefix = "sets/"

  public var name: String
  public var members: [Member]

  public init(name: String, members: [Member] = []) {
    self.name = name
    self.members = members
  }

  /// The inventory of a set; empty when there is none yet.
  public static func read(_ name: String, _ session: ClusterSession) throws(StatusError)
    -> Inventory
  {
    guard let entry = try session.note(at: prefix + name) else { return Inventory(name: name) }
    return Inventory(name: name, entry)
  }

  /// All inventories, by name.
  public static func all(_ session: ClusterSession) throws(StatusError) -> [Inventory] {
    try session.notes(below: prefix).map {
      Inventory(name: String($0.key.dropFirst(prefix.count)), $0)
    }
  }

  /// Writes the inventory, unless nothing in it changed; an empty one goes away.
  public func write(_ session: ClusterSession) throws(StatusError) {
    let key = Self.prefix + name
    try session.setNote(members.isEmpty ? nil : JSONWriter.bytes(value), at: key)
  }

  private var value: Value {
    let sorted = members.sorted { $0.object.objectName < $1.object.objectName }
    return ["members": .list(sorted.map(\.value))]
  }

  private init(name: String, _ entry: Entry) {
    self.name = name
    let text = SourceText(name: "<inventory>", bytes: entry.value)
    members = (JSONReader.read(text).tree?.value()["members"]?.list ?? []).compactMap(Member.init)
  }

  /// Whether a name can be a set's: it becomes part of a key.
  public static func isName(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.count <= 253
      && text.utf8.allSatisfy {
        $0 == 0x2D || $0 == 0x2E || $0 == 0x5F || 0x30...0x39 ~= $0 || 0x41...0x5A ~= $0
          || 0x61...0x7A ~= $0
      }
  }
}

extension Inventory.Member {
  var value: Value {
    var value = object.value
    value["uid"] = .string(uid)
    return value
  }

  init?(_ value: Value) {
    guard let object = ObjectIdentity(value: value), let uid = value["uid"]?.string else {
      return nil
    }
    self.init(object, uid: uid)
  }
}
