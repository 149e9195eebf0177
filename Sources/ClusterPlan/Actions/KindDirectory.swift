import ClusterAPI
import ClusterControl
import ManifestSchema
import ManifestSyntax

/// The kinds that a set of manifests can be of: those of the cluster, and those that definitions in
/// the set itself will make known.
struct KindDirectory {
  /// What identity and order need to know of a kind.
  struct Entry {
    var resource: GroupResource
    var singular: String
    var isNamespaced: Bool
    var isCustom: Bool
  }

  private let catalog: ResourceCatalog
  private var defined: [GroupVersionKind: Entry] = [:]

  init(_ catalog: ResourceCatalog, definitions manifests: [Manifest]) {
    self.catalog = catalog
    for manifest in manifests where manifest.kind == "CustomResourceDefinition" {
      note(manifest.value)
    }
  }

  subscript(gvk: GroupVersionKind) -> Entry? {
    if let served = catalog.resource(of: gvk) {
      return Entry(
        resource: served.resource, singular: served.singular, isNamespaced: served.isNamespaced,
        isCustom: served.isCustom)
    }
    return defined[gvk]
  }

  /// The group and kind that a definition makes known; nil for other objects.
  static func definition(_ object: Value) -> (group: String, kind: String)? {
    guard object["kind"]?.string == "CustomResourceDefinition", let spec = object["spec"],
      let group = spec["group"]?.string, let kind = spec["names"]?["kind"]?.string
    else { return nil }
    return (group, kind)
  }

  private mutating func note(_ object: Value) {
    guard let (group, kind) = Self.definition(object), let spec = object["spec"],
      let plural = spec["names"]?["plural"]?.string
    else { return }
    let entry = Entry(
      resource: GroupResource(group: group, plural),
      singular: spec["names"]?["singular"]?.string ?? kind.lowercased(),
      isNamespaced: spec["scope"]?.string != "Cluster", isCustom: true)
    for version in spec["versions"]?.list ?? [] where version["served"]?.bool != false {
      guard let name = version["name"]?.string else { continue }
      defined[GroupVersionKind(group: group, version: name, kind: kind)] = entry
    }
  }
}
