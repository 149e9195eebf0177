import ClusterControl
import ManifestSchema

/// Every resource that a cluster serves, found by the names that requests and people use.
public struct ResourceCatalog: Sendable {
  /// By group, the core group first, then by version, the preferred first, then by plural.
  public let resources: [ServedResource]
  private let byPath: [Path: Int]
  private let byKind: [GroupVersionKind: Int]
  private let preferred: [GroupResource: Int]

  private struct Path: Hashable {
    var group: String
    var version: String
    var plural: String
  }

  /// What `schema`'s version serves unless it is told otherwise, and the custom kinds in it.
  ///
  /// - Parameter storageVersions: The version that the objects of a custom resource are kept in.
  public init(schema: Schema, storageVersions: [GroupResource: String] = [:]) {
    self.init(Self.served(by: schema, storageVersions))
  }

  init(_ unsorted: [ServedResource]) {
    resources = unsorted.sorted { Self.stands($0, before: $1) }
    var byPath: [Path: Int] = [:]
    var byKind: [GroupVersionKind: Int] = [:]
    var preferred: [GroupResource: Int] = [:]
    for (index, resource) in resources.enumerated() {
      let path = Path(group: resource.group, version: resource.version, plural: resource.plural)
      byPath[path] = index
      byKind[resource.gvk] = index
      if preferred[resource.resource] == nil { preferred[resource.resource] = index }
    }
    self.byPath = byPath
    self.byKind = byKind
    self.preferred = preferred
  }

  /// The resource at `/apis/GROUP/VERSION/PLURAL`.
  public func resource(group: String, version: String, plural: String) -> ServedResource? {
    byPath[Path(group: group, version: version, plural: plural)].map { resources[$0] }
  }

  /// The resource of the objects that call themselves so.
  public func resource(apiVersion: String, kind: String) -> ServedResource? {
    resource(of: GroupVersionKind(apiVersion: apiVersion, kind: kind))
  }

  /// The resource whose objects are of this kind.
  public func resource(of gvk: GroupVersionKind) -> ServedResource? {
    byKind[gvk].map { resources[$0] }
  }

  /// The resource in the version that the cluster prefers.
  public func preferred(_ resource: GroupResource) -> ServedResource? {
    preferred[resource].map { resources[$0] }
  }

  /// The resource in its storage version.
  public func storage(of resource: ServedResource) -> ServedResource {
    self.resource(of: resource.storage) ?? resource
  }

  /// The API groups with their versions, the core group first, preferred versions first.
  public var groups: [(group: String, versions: [String])] {
    var groups: [(group: String, versions: [String])] = []
    for resource in resources {
      if groups.last?.group != resource.group {
        groups.append((resource.group, [resource.version]))
      } else if groups[groups.count - 1].versions.last != resource.version {
        groups[groups.count - 1].versions.append(resource.version)
      }
    }
    return groups
  }

  /// The resources of one version of a group, by plural.
  public func resources(group: String, version: String) -> [ServedResource] {
    resources.filter { $0.group == group && $0.version == version }
  }

  /// The resources that people mean by `word`: a plural, singular, kind or short name, maybe with
  /// the group, or version and group behind it: `deploy`, `deployments.apps`,
  /// `deployments.v1.apps`.
  ///
  /// Each in its preferred version, unless the word names one; the core group first.
  public func resources(named word: String) -> [ServedResource] {
    let parts = word.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    let name = parts[0].lowercased()
    let rest = parts.count > 1 ? String(parts[1]) : nil
    var found: [ServedResource] = []
    for resource in resources where resource.answers(to: name) {
      let qualified = "\(resource.version).\(resource.group)"
      if let rest, rest != resource.group, rest != qualified { continue }
      if rest == qualified || preferred(resource.resource) == resource { found.append(resource) }
    }
    // A name of its own goes before a short name of another resource.
    let exact = found.filter { $0.plural == name || $0.singular == name }
    return exact.isEmpty ? found : exact
  }

  /// The resources of a category, each in its preferred version.
  public func resources(inCategory category: String) -> [ServedResource] {
    resources.filter { $0.categories.contains(category) && preferred($0.resource) == $0 }
  }
}

// MARK: - What is served

extension ResourceCatalog {
  private static func served(
    by schema: Schema, _ storageVersions: [GroupResource: String]
  ) -> [ServedResource] {
    let kinds = schema.kinds()
    let known = Set(kinds.lazy.map(\.gvk))
    var result: [ServedResource] = []
    for kind in kinds where !kind.plural.isEmpty && kind.scope != nil {
      let custom = schema.customKind(kind.gvk)
      guard custom != nil || isServed(kind.gvk) else { continue }
      let resource = GroupResource(group: kind.gvk.group, kind.plural)
      var storage = kind.gvk
      if let version = storageVersions[resource] {
        storage.version = version
      } else if let version = storageVersion(of: kind.gvk), known.contains(version) {
        storage = version
      }
      result.append(
        ServedResource(
          group: kind.gvk.group, version: kind.gvk.version, kind: kind.gvk.kind,
          listKind: custom?.listKind ?? kind.gvk.kind + "List", plural: kind.plural,
          singular: kind.singular, shortNames: kind.shortNames, isNamespaced: kind.isNamespaced,
          categories: kind.categories, verbs: kind.verbs, subresources: kind.subresources,
          isCustom: custom != nil, storage: storage))
    }
    return result
  }

  /// Alpha and beta versions are off unless they were on before that rule was made (1.24).
  private static func isServed(_ gvk: GroupVersionKind) -> Bool {
    let isStable = !gvk.version.contains("alpha") && !gvk.version.contains("beta")
    switch (gvk.group, gvk.version) {
    case ("flowcontrol.apiserver.k8s.io", _), ("autoscaling", "v2beta2"): return true
    case ("storage.k8s.io", "v1beta1"): return gvk.kind == "CSIStorageCapacity"
    default: return isStable
    }
  }

  /// The version in which objects are kept where several are served.
  private static func storageVersion(of gvk: GroupVersionKind) -> GroupVersionKind? {
    switch (gvk.group, gvk.kind) {
    case ("autoscaling", "HorizontalPodAutoscaler"):
      GroupVersionKind(group: gvk.group, version: "v2", kind: gvk.kind)
    case ("events.k8s.io", "Event"): GroupVersionKind(group: "", version: "v1", kind: gvk.kind)
    case ("flowcontrol.apiserver.k8s.io", _):
      GroupVersionKind(group: gvk.group, version: "v1", kind: gvk.kind)
    default: nil
    }
  }

  private static func stands(_ left: ServedResource, before right: ServedResource) -> Bool {
    if left.group != right.group { return left.group < right.group }
    if left.version != right.version {
      return VersionPriority(left.version) > VersionPriority(right.version)
    }
    return left.plural < right.plural
  }
}

/// How versions of a group are preferred: stable over beta over alpha, then the greater number;
/// anything else comes last, by name.
struct VersionPriority: Comparable {
  private var key: (Int, Int, Int)
  private var name: String

  init(_ version: String) {
    name = version
    let parts = version.dropFirst().split { !$0.isNumber }.compactMap { Int($0) }
    let letters = version.dropFirst().filter { !$0.isNumber }
    guard version.hasPrefix("v"), ["", "beta", "alpha"].contains(letters), !parts.isEmpty else {
      key = (0, 0, 0)
      return
    }
    let level = letters.isEmpty ? 3 : letters == "beta" ? 2 : 1
    key = (level, parts[0], parts.count > 1 ? parts[1] : 0)
  }

  static func == (left: VersionPriority, right: VersionPriority) -> Bool {
    left.name == right.name
  }

  static func < (left: VersionPriority, right: VersionPriority) -> Bool {
    if left.key != right.key { return left.key < right.key }
    return left.name > right.name
  }
}

extension ServedResource {
  fileprivate func answers(to name: String) -> Bool {
    plural == name || singular == name || kind.lowercased() == name || shortNames.contains(name)
  }
}
