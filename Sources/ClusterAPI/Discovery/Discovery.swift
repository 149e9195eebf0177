import ManifestSchema
import ManifestSyntax

/// Tells clients which groups, versions and resources there are.
///
/// A value made of the catalogue; every document is computed when it is asked for.
public struct Discovery {
  let version: KubernetesVersion
  /// The groups in the order of preference, each with its versions in theirs.
  let groups: [Group]

  struct Group {
    var name: String
    var versions: [Version]
  }

  struct Version {
    var name: String
    /// By plural.
    var resources: [ServedResource]
  }

  /// Discovery of everything in `catalog`, as the Kubernetes `version` says it.
  public init(_ catalog: ResourceCatalog, version: KubernetesVersion) {
    self.version = version
    groups = catalog.groups.map { group, versions in
      Group(
        name: group,
        versions: versions.map {
          Version(name: $0, resources: catalog.resources(group: group, version: $0))
        })
    }.sorted { (GroupOrder.rank($0.name), $0.name) < (GroupOrder.rank($1.name), $1.name) }
  }

  /// The answer to a GET of `path`; nil where the path is not discovery's or names no API.
  ///
  /// - Parameter accept: decides about the aggregated form of `/api` and `/apis`, which clients get
  ///   that ask for it before plain JSON.
  /// - Returns: the body and its content type.
  public func answer(path: String, accept: AcceptHeader) -> (contentType: String, body: Value)? {
    let parts = path.split(separator: "/").map(String.init)
    switch (parts.first, parts.count) {
    case ("api", 1), ("apis", 1):
      let isCore = parts[0] == "api"
      if let form = AggregatedForm.first(in: accept) {
        let chosen = groups.filter { $0.name.isEmpty == isCore }
        return (form.contentType, aggregated(chosen, form))
      }
      return ("application/json", isCore ? coreVersions() : groupList())
    case ("api", 2):
      return resourceList(group: "", version: parts[1]).map { ("application/json", $0) }
    case ("apis", 2):
      guard let group = groups.first(where: { $0.name == parts[1] }), !group.name.isEmpty else {
        return nil
      }
      let head: Value = ["kind": "APIGroup", "apiVersion": "v1"]
      return ("application/json", head.adding(describe(group)))
    case ("apis", 3):
      return resourceList(group: parts[1], version: parts[2]).map { ("application/json", $0) }
    default: return nil
    }
  }

  /// What `GET /version` says; `gitVersion` as in `v1.36.2`.
  public static func version(_ gitVersion: String) -> Value {
    let numbers = gitVersion.drop { $0 == "v" }.split { !$0.isNumber }
    let minor = numbers.count > 1 ? String(numbers[1]) : ""
    return [
      "major": .string(numbers.first.map(String.init) ?? ""), "minor": .string(minor),
      "gitVersion": .string(gitVersion), "gitCommit": "", "gitTreeState": "clean",
      "buildDate": "1970-01-01T00:00:00Z", "goVersion": "", "compiler": "swiftc",
      "platform": "linux/amd64",
    ]
  }
}

/// The older form: a document for each group and each version.
extension Discovery {
  private func coreVersions() -> Value {
    let versions = groups.first { $0.name.isEmpty }?.versions.map { Value.string($0.name) } ?? []
    return [
      "kind": "APIVersions", "versions": .list(versions), "serverAddressByClientCIDRs": [],
    ]
  }

  private func groupList() -> Value {
    let named = groups.filter { !$0.name.isEmpty }
    return [
      "kind": "APIGroupList", "apiVersion": "v1", "groups": .list(named.map { describe($0) }),
    ]
  }

  private func describe(_ group: Group) -> Value {
    let versions: [Value] = group.versions.map {
      ["groupVersion": .string("\(group.name)/\($0.name)"), "version": .string($0.name)]
    }
    return [
      "name": .string(group.name), "versions": .list(versions),
      "preferredVersion": versions.first ?? .emptyMap,
    ]
  }

  private func resourceList(group: String, version: String) -> Value? {
    guard let found = groups.first(where: { $0.name == group }),
      let version = found.versions.first(where: { $0.name == version })
    else { return nil }
    let groupVersion = group.isEmpty ? version.name : "\(group)/\(version.name)"
    var list: Value = ["kind": "APIResourceList"]
    if !group.isEmpty { list["apiVersion"] = "v1" }
    list["groupVersion"] = .string(groupVersion)
    list["resources"] = .list(version.resources.flatMap { describe($0) })
    return list
  }

  private func describe(_ resource: ServedResource) -> [Value] {
    var main: Value = [
      "name": .string(resource.plural), "singularName": .string(resource.singular),
      "namespaced": .bool(resource.isNamespaced), "kind": .string(resource.kind),
      "verbs": .strings(resource.verbs),
    ]
    if !resource.shortNames.isEmpty { main["shortNames"] = .strings(resource.shortNames) }
    if !resource.categories.isEmpty { main["categories"] = .strings(resource.categories) }
    return [main]
      + Subresource.all(of: resource, in: version).map { part in
        var value: Value = [
          "name": .string("\(resource.plural)/\(part.name)"), "singularName": "",
          "namespaced": .bool(resource.isNamespaced),
        ]
        if part.kind.group != resource.group || part.kind.version != resource.version {
          if !part.kind.group.isEmpty { value["group"] = .string(part.kind.group) }
          value["version"] = .string(part.kind.version)
        }
        value["kind"] = .string(part.kind.kind)
        value["verbs"] = .strings(part.verbs)
        return value
      }
  }
}

/// The newer form: everything in one document.
extension Discovery {
  private func aggregated(_ groups: [Group], _ form: AggregatedForm) -> Value {
    [
      "kind": "APIGroupDiscoveryList",
      "apiVersion": .string("apidiscovery.k8s.io/\(form.version)"), "metadata": .emptyMap,
      "items": .list(
        groups.map { group in
          [
            "metadata": group.name.isEmpty ? .emptyMap : ["name": .string(group.name)],
            "versions": .list(group.versions.map { describe($0) }),
          ]
        }),
    ]
  }

  private func describe(_ version: Version) -> Value {
    [
      "version": .string(version.name), "resources": .list(version.resources.map { aggregate($0) }),
      "freshness": "Current",
    ]
  }

  private func aggregate(_ resource: ServedResource) -> Value {
    var value: Value = [
      "resource": .string(resource.plural), "responseKind": resource.gvk.value,
      "scope": resource.isNamespaced ? "Namespaced" : "Cluster",
      "singularResource": .string(resource.singular), "verbs": .strings(resource.verbs),
    ]
    if !resource.shortNames.isEmpty { value["shortNames"] = .strings(resource.shortNames) }
    if !resource.categories.isEmpty { value["categories"] = .strings(resource.categories) }
    let parts = Subresource.all(of: resource, in: version)
    if !parts.isEmpty {
      value["subresources"] = .list(
        parts.map {
          [
            "subresource": .string($0.name), "responseKind": $0.kind.value,
            "verbs": .strings($0.verbs),
          ]
        })
    }
    return value
  }
}

/// A version of the aggregated form.
private struct AggregatedForm {
  var version: String

  /// Clients compare the whole text, so it is written as they ask.
  var contentType: String {
    "application/json;g=apidiscovery.k8s.io;v=\(version);as=APIGroupDiscoveryList"
  }

  /// The form that a client asks for; nil where it likes plain JSON as much.
  static func first(in accept: AcceptHeader) -> AggregatedForm? {
    for clause in accept.clauses where clause.covers("application/json") {
      guard clause["as"] != nil else { return nil }
      let version = clause["v"] ?? ""
      if clause["as"] == "APIGroupDiscoveryList", clause["g"] == "apidiscovery.k8s.io",
        ["v2", "v2beta1"].contains(version)
      {
        return AggregatedForm(version: version)
      }
    }
    return nil
  }
}

extension GroupVersionKind {
  /// The three names, as discovery and OpenAPI write them.
  var value: Value {
    ["group": .string(group), "version": .string(version), "kind": .string(kind)]
  }
}

extension Value {
  static func strings(_ texts: [String]) -> Value { .list(texts.map { .string($0) }) }

  /// This map with the entries of `other`, which win.
  func adding(_ other: Value) -> Value {
    var sum = self
    for entry in other.map?.entries ?? [] { sum[entry.key] = entry.value }
    return sum
  }
}
