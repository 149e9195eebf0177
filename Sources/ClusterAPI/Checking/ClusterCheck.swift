import ClusterControl
import ClusterStore
import ManifestSyntax

/// Something wrong with a stored cluster.
public enum ClusterProblem: Hashable, Sendable {
  /// The store itself.
  case store(StoreProblem)
  /// What is stored at `key` is not what belongs there.
  case object(key: String, String)
  case allocation(AllocationProblem)
  /// The allocation at `key` cannot be read.
  case unreadableAllocation(key: String)
  /// Two objects have one uid.
  case sharedUID(key: String, other: String)

  /// What is wrong; lower case, no full stop, and never a value.
  public var message: String {
    switch self {
    case .store(let problem): problem.message
    case .object(let key, let text): "'\(key)': \(text)"
    case .allocation(let problem): problem.message
    case .unreadableAllocation(let key): "the allocation at '\(key)' cannot be read"
    case .sharedUID(let key, let other): "'\(key)' has the uid of '\(other)'"
    }
  }
}

/// Looks at everything that a store holds of a cluster: checksums and history, objects at their
/// keys, allocations.
public struct ClusterCheck: Sendable {
  public private(set) var problems: [ClusterProblem] = []
  public private(set) var objectCount = 0
  public private(set) var allocationCount = 0

  private var services: [Value] = []
  private var nodes: [Value] = []
  private var keysByUID: [String: String] = [:]
  private var namespaces: Set<String> = []
  private var usedNamespaces: [String: String] = [:]

  /// Looks at `store`, all of it as of one moment.
  public init(_ store: any Store) throws(StoreError) {
    problems = try store.check().map(ClusterProblem.store)
    do throws(StoreError) {
      try look(through: store)
    } catch {
      // What is damaged cannot be read either; that has been told then.
      if problems.isEmpty { throw error }
    }
  }

  private mutating func look(through store: any Store) throws(StoreError) {
    let revision = try store.currentRevision()
    try Self.forEach(StoreKeys.objects, at: revision, in: store) { look(at: $0) }
    for (namespace, key) in usedNamespaces.sorted(by: { $0.key < $1.key })
    where !namespaces.contains(namespace) {
      problems.append(.object(key: key, "its namespace '\(namespace)' is not there"))
    }
    var taken: [(key: AllocationKey, owner: AllocationOwner)] = []
    try Self.forEach(StoreKeys.allocations, at: revision, in: store) { entry in
      allocationCount += 1
      let path = entry.key.dropFirst(StoreKeys.allocations.count)
      guard let key = AllocationKey(path: path), let value = ObjectCodec.plainValue(entry.value),
        let owner = AllocationOwner(value)
      else {
        problems.append(.unreadableAllocation(key: entry.key))
        return
      }
      taken.append((key, owner))
    }
    problems += AllocationCheck.problems(services: services, nodes: nodes, taken: taken)
      .map(ClusterProblem.allocation)
  }

  private static func forEach(
    _ prefix: String, at revision: Revision, in store: any Store, _ visit: (Entry) -> Void
  ) throws(StoreError) {
    var query: ListQuery? = ListQuery(prefix: prefix, at: revision, limit: 500)
    while let asked = query {
      let page = try store.list(asked)
      for entry in page.entries { visit(entry) }
      query = page.next(of: asked)
    }
  }

  private mutating func look(at entry: Entry) {
    objectCount += 1
    guard let key = StoreKeys.resourceKey(of: entry.key) else {
      return problems.append(.object(key: entry.key, "this is no key of an object"))
    }
    guard let object = ObjectCodec.plainValue(entry.value), object.map != nil else {
      return problems.append(.object(key: entry.key, "what is stored is no object"))
    }
    let metadata = object["metadata"]
    for (field, wanted) in [("name", key.name), ("namespace", key.namespace)] {
      if metadata?[field]?.string != wanted {
        problems.append(.object(key: entry.key, "its metadata.\(field) is another one"))
      }
    }
    if object["kind"]?.string?.isEmpty != false || object["apiVersion"]?.string?.isEmpty != false {
      problems.append(.object(key: entry.key, "it has no kind or no apiVersion"))
    }
    if metadata?["resourceVersion"] != nil {
      problems.append(.object(key: entry.key, "a resourceVersion is stored in it"))
    }
    if let uid = metadata?["uid"]?.string, !uid.isEmpty {
      if let other = keysByUID.updateValue(entry.key, forKey: uid) {
        problems.append(.sharedUID(key: entry.key, other: other))
      }
    } else {
      problems.append(.object(key: entry.key, "it has no uid"))
    }
    if let namespace = key.namespace { usedNamespaces[namespace] = entry.key }
    switch key.resource {
    case .namespaces: namespaces.insert(key.name)
    case .services: services.append(object)
    case .nodes: nodes.append(object)
    default: break
    }
  }
}

extension ObjectCodec {
  /// What the bytes of a stored value say, without a revision; nil where they say nothing.
  static func plainValue(_ bytes: [UInt8]) -> Value? { tree(bytes)?.value() }
}
