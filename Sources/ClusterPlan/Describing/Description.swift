import ClusterAPI
import ClusterControl
import ManifestRules
import ManifestSchema
import ManifestSyntax

/// All that a cluster knows of an object: itself, its owners, what it mentions and who mentions it,
/// and its events.
public struct Description: Sendable {
  /// One mention, seen from the described object.
  public struct Mention: Hashable, Sendable {
    public enum Kind: String, Sendable {
      case uses
      case usedBy
      case ownedBy
      case owns
    }

    public var kind: Kind
    /// `configmap/web`, or `pods with app=web` where no object is meant.
    public var label: String
    public var namespace: String?
    /// Where the mention stands: in the described object, or in the other one.
    public var paths: [String]
    /// Whether nothing of that name is there.
    public var isMissing = false
    public var isOptional = false
  }

  /// One event about the object.
  public struct Event: Sendable {
    public var time: String
    public var type: String
    public var reason: String
    public var message: String
    public var count: Int64
  }

  public var object: ObjectIdentity
  /// With its managed fields; not masked.
  public var value: Value
  public var mentions: [Mention]
  public var events: [Event]
  public var managers: [OwnedFields.Manager]

  /// Describes an object.
  public static func of(
    _ resource: ServedResource, namespace: String?, name: String, in cluster: LocalCluster
  ) throws(StatusError) -> Description {
    try cluster.read { (session) throws(StatusError) in
      let value = try session.get(resource, namespace: namespace, name: name)
      let object = ObjectIdentity(resource, namespace: namespace, name: name)
      let surroundings = try Surroundings(of: object, value, session)
      return Description(
        object: object, value: value, mentions: surroundings.mentions,
        events: try events(of: value, session),
        managers: OwnedFields(object, value, session).managers)
    }
  }

  private static func events(
    of object: Value, _ session: ClusterSession
  ) throws(StatusError) -> [Event] {
    let metadata = object["metadata"]
    guard let resource = session.catalog.resources(named: "events").first(where: { $0.group == "" })
    else { return [] }
    // What has no namespace has its events in the default one.
    let namespace = metadata?["namespace"]?.string ?? "default"
    let found = try session.list(ObjectListQuery(resource, namespace: namespace)).objects
    return found.filter { event in
      let about = event["involvedObject"]
      if let uid = about?["uid"]?.string, !uid.isEmpty { return uid == metadata?["uid"]?.string }
      return about?["kind"] == object["kind"] && about?["name"] == metadata?["name"]
    }.map { event in
      Event(
        time: event["lastTimestamp"]?.string ?? event["eventTime"]?.string
          ?? event["metadata"]?["creationTimestamp"]?.string ?? "",
        type: event["type"]?.string ?? "", reason: event["reason"]?.string ?? "",
        message: event["message"]?.string ?? "", count: event["count"]?.int64 ?? 1)
    }.sorted { $0.time < $1.time }
  }
}

/// Looks through a cluster for what an object mentions and who mentions it.
private struct Surroundings {
  private(set) var mentions: [Description.Mention] = []
  private let object: ObjectIdentity
  private let labels: [String: String]
  private let templateLabels: [String: String]?

  init(
    of object: ObjectIdentity, _ value: Value, _ session: ClusterSession
  ) throws(StatusError) {
    self.object = object
    labels = Self.labels(value["metadata"])
    templateLabels = Self.template(value).map(Self.labels)
    var own = References.all(in: .value(value), object.gvk, namespace: object.namespace)
    own.removeAll { $0.role == .home }
    var present: Set<ObjectName> = []
    for resource in Self.resources(session) {
      for other in try session.list(ObjectListQuery(resource)).objects {
        let metadata = other["metadata"]
        let identity = ObjectIdentity(
          resource, namespace: metadata?["namespace"]?.string,
          name: metadata?["name"]?.string ?? "")
        present.insert(identity.objectName)
        if identity.objectName == object.objectName { continue }
        look(at: other, identity, selectedBy: own)
      }
    }
    for reference in own {
      guard case .object(let name) = reference.target else { continue }
      let label = Self.label(name, session)
      add(
        Description.Mention(
          kind: reference.role == .owner ? .ownedBy : .uses, label: label,
          namespace: name.namespace == object.namespace ? nil : name.namespace,
          paths: [reference.path.description], isMissing: !present.contains(name),
          isOptional: reference.isOptional))
    }
    mentions.sort { ($0.kind.rawValue, $0.label) < ($1.kind.rawValue, $1.label) }
  }

  private static func resources(_ session: ClusterSession) -> [ServedResource] {
    var seen: Set<GroupResource> = []
    return session.catalog.resources.filter { resource in
      resource.allows("list") && resource.plural != "events"
        && session.catalog.preferred(resource.resource) == resource
        && seen.insert(resource.stored).inserted
    }
  }

  /// Whether `other` mentions the object, or is meant by one of the object's selectors.
  private mutating func look(
    at other: Value, _ identity: ObjectIdentity, selectedBy own: [Reference]
  ) {
    let namespace = identity.namespace == object.namespace ? nil : identity.namespace
    for reference in own {
      guard case .selection(_, "Pod", let place, let selector) = reference.target,
        place == nil || place == identity.namespace,
        let found = identity.kind == "Pod"
          ? Self.labels(other["metadata"]) : Self.template(other).map(Self.labels),
        selector.matches(found)
      else { continue }
      add(
        Description.Mention(
          kind: .uses, label: identity.label, namespace: namespace,
          paths: [reference.path.description]))
    }
    let references = References.all(
      in: .value(other), identity.gvk, namespace: identity.namespace)
    for reference in references where reference.role != .home {
      guard isMeant(by: reference.target) else { continue }
      add(
        Description.Mention(
          kind: reference.role == .owner ? .owns : .usedBy, label: identity.label,
          namespace: namespace, paths: [reference.path.description]))
    }
  }

  private func isMeant(by target: Reference.Target) -> Bool {
    switch target {
    case .object(let name): return name == object.objectName
    case .selection(_, let kind, let namespace, let selector):
      guard kind == "Pod", namespace == nil || namespace == object.namespace else { return false }
      if object.kind == "Pod" { return selector.matches(labels) }
      return templateLabels.map(selector.matches) ?? false
    case .definition(let group, let kind):
      return object.kind == "CustomResourceDefinition"
        && object.name.hasSuffix("." + group) && object.name.hasPrefix(kind.lowercased())
    }
  }

  private mutating func add(_ mention: Description.Mention) {
    let known = mentions.firstIndex {
      $0.kind == mention.kind && $0.label == mention.label && $0.namespace == mention.namespace
    }
    guard let known else { return mentions.append(mention) }
    mentions[known].paths += mention.paths.filter { !mentions[known].paths.contains($0) }
    mentions[known].isOptional = mentions[known].isOptional && mention.isOptional
  }

  private static func label(_ name: ObjectName, _ session: ClusterSession) -> String {
    let served = session.catalog.resources.first {
      $0.kind == name.kind && $0.group == name.group
    }
    guard let served else { return "\(name.kind.lowercased())/\(name.name)" }
    return ObjectIdentity(served, namespace: name.namespace, name: name.name).label
  }

  /// The metadata of the pods that an object makes.
  private static func template(_ object: Value) -> Value? {
    object["spec"]?["template"]?["metadata"]
      ?? object["spec"]?["jobTemplate"]?["spec"]?["template"]?["metadata"]
  }

  private static func labels(_ metadata: Value?) -> [String: String] {
    var labels: [String: String] = [:]
    for entry in metadata?["labels"]?.map?.entries ?? [] {
      labels[entry.key] = entry.value.string
    }
    return labels
  }
}
