import ManifestSyntax

/// Something of which every cluster has only so many, and which one object holds at a time.
public enum AllocationKey: Hashable, Sendable {
  /// An address of a Service, in its canonical form.
  case address(String)
  /// A port that every node opens for a Service.
  case nodePort(Int)
  /// The range of a node's pods.
  case podCIDR(String)

  /// The key below `allocations/`: `ip/10.96.0.1`, `nodeport/30080`, `podcidr/10.244.0.0/24`.
  public var path: String {
    switch self {
    case .address(let text): "ip/\(text)"
    case .nodePort(let number): "nodeport/\(number)"
    case .podCIDR(let text): "podcidr/\(text)"
    }
  }

  /// Reads what `path` wrote; nil for anything else.
  public init?(path: some StringProtocol) {
    guard let slash = path.firstIndex(of: "/") else { return nil }
    let rest = path[path.index(after: slash)...]
    switch path[..<slash] {
    case "ip": self = .address(String(rest))
    case "podcidr": self = .podCIDR(String(rest))
    case "nodeport":
      guard let number = Int(rest) else { return nil }
      self = .nodePort(number)
    default: return nil
    }
  }
}

/// Who holds an allocation.
public struct AllocationOwner: Hashable, Sendable {
  public var key: ResourceKey
  public var uid: String

  public init(_ key: ResourceKey, uid: String) {
    self.key = key
    self.uid = uid
  }

  /// As it is stored: resource, namespace, name and uid.
  public var value: Value {
    var value: Value = ["resource": .string(key.resource.description)]
    if let namespace = key.namespace { value["namespace"] = .string(namespace) }
    value["name"] = .string(key.name)
    value["uid"] = .string(uid)
    return value
  }

  /// Reads what `value` wrote; nil for anything else.
  public init?(_ value: Value) {
    guard let resource = value["resource"]?.string, let name = value["name"]?.string,
      let uid = value["uid"]?.string
    else { return nil }
    let parts = resource.split(separator: ".", maxSplits: 1)
    guard let plural = parts.first else { return nil }
    let group = parts.count > 1 ? String(parts[1]) : ""
    self.init(
      ResourceKey(
        GroupResource(group: group, String(plural)), namespace: value["namespace"]?.string,
        name: name), uid: uid)
  }
}

/// What is taken, as one request sees it; changes belong to that request's batch.
public protocol AllocationTable: AnyObject {
  /// Who holds `key`; nil when it is free.
  ///
  /// - Throws: `AdmissionRefusal.init(store:)` when the store cannot be read.
  func owner(of key: AllocationKey) throws(AdmissionRefusal) -> AllocationOwner?
  /// Takes `key`, which is free, for `owner`.
  func take(_ key: AllocationKey, for owner: AllocationOwner) throws(AdmissionRefusal)
  /// Gives `key` back; one that is free stays free.
  func release(_ key: AllocationKey) throws(AdmissionRefusal)
}

extension AllocationTable {
  public func isTaken(_ key: AllocationKey) throws(AdmissionRefusal) -> Bool {
    try owner(of: key) != nil
  }
}

extension AllocationOwner: CustomStringConvertible {
  /// As messages call it: `services "shop/web"`.
  public var description: String {
    "\(key.resource) \"" + (key.namespace.map { "\($0)/" } ?? "") + "\(key.name)\""
  }
}
