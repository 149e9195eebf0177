import ManifestSchema
import ManifestSyntax

/// One version of one object, with what controllers ask of it again and again.
///
/// It never changes: a write makes a new one. Objects are shared by every copy of a
/// ``ClusterState``, and their values share what they have in common (all pods of a template have
/// the template's containers).
public final class ClusterObject: Sendable {
  /// A reference to an owner.
  public struct Owner: Hashable, Sendable {
    public var uid: String
    public var kind: String
    public var name: String
    public var isController: Bool
    public var blocksDeletion: Bool
  }

  public let key: ResourceKey
  /// The whole object, in its storage version; without metadata.resourceVersion.
  public let value: Value
  /// The state's revision when this version was written.
  public let revision: Int64
  public let uid: String
  public let generation: Int64
  /// Whether metadata.deletionTimestamp is set.
  public let isTerminating: Bool
  public let labels: ValueMap
  public let annotations: ValueMap
  public let owners: [Owner]
  /// The owner that manages the object.
  public let controller: Owner?
  /// When it was created; the start of 1970 where that is not written.
  public let created: Time
  /// What is asked of pods; nil for all other kinds.
  public let pod: PodFacts?

  public init(key: ResourceKey, value: Value, revision: Int64) {
    self.key = key
    self.value = value
    self.revision = revision
    var metadata = Metadata()
    if let map = value["metadata"]?.map { metadata.read(map) }
    uid = metadata.uid
    generation = metadata.generation
    isTerminating = metadata.isTerminating
    labels = metadata.labels
    annotations = metadata.annotations
    owners = metadata.owners
    controller = owners.first { $0.isController }
    created = metadata.created
    pod = key.resource == .pods ? PodFacts(value) : nil
  }

  public var name: String { key.name }
  public var namespace: String? { key.namespace }
  public var finalizers: [String] {
    value["metadata"]?["finalizers"]?.list?.compactMap(\.string) ?? []
  }
  public var deletion: Time? {
    value["metadata"]?["deletionTimestamp"]?.string.flatMap { Time($0) }
  }

  public func annotation(_ key: String) -> String? { annotations[key]?.string }

  /// The labels, for selectors.
  public var labelTexts: [String: String] { labels.texts }

  /// What one pass over the metadata finds.
  private struct Metadata {
    var uid = ""
    var generation: Int64 = 0
    var isTerminating = false
    var labels = ValueMap()
    var annotations = ValueMap()
    var owners: [Owner] = []
    var created = Time(seconds: 0)

    mutating func read(_ map: ValueMap) {
      for entry in map.entries {
        switch entry.key {
        case "uid": uid = entry.value.string ?? ""
        case "generation": generation = entry.value.int64 ?? 0
        case "creationTimestamp": created = entry.value.string.flatMap { Time($0) } ?? created
        case "deletionTimestamp": isTerminating = entry.value != .null
        case "annotations": annotations = entry.value.map ?? ValueMap()
        case "labels": labels = entry.value.map ?? ValueMap()
        case "ownerReferences": owners = (entry.value.list ?? []).map(Owner.init)
        default: break
        }
      }
    }
  }
}

extension ClusterObject.Owner {
  init(_ reference: Value) {
    self.init(
      uid: reference["uid"]?.string ?? "", kind: reference["kind"]?.string ?? "",
      name: reference["name"]?.string ?? "", isController: reference["controller"] == true,
      blocksDeletion: reference["blockOwnerDeletion"] == true)
  }
}

extension ClusterObject: CustomStringConvertible {
  public var description: String { "\(key.plural) \"\(key.name)\"" }
}

extension ValueMap {
  /// The entries whose values are text.
  public var texts: [String: String] {
    var texts: [String: String] = [:]
    texts.reserveCapacity(count)
    for entry in entries { texts[entry.key] = entry.value.string }
    return texts
  }

  /// Whether every entry of `other` is also here.
  public func contains(_ other: ValueMap) -> Bool {
    other.entries.allSatisfy { self[$0.key] == $0.value }
  }
}
