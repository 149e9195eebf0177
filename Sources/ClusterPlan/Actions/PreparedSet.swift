import ClusterAPI
import ClusterControl
import ManifestRules
import ManifestSchema
import ManifestSyntax

/// The manifests of a set, each with its identity, in the order in which they are written.
struct PreparedSet {
  struct Item {
    var object: ObjectIdentity
    var manifest: Manifest
    /// What is applied: without what only the server writes.
    var config: Value
    var references: [Reference]
  }

  private(set) var items: [Item] = []
  /// Manifests that cannot be applied at all.
  private(set) var failed: [ObjectChange] = []

  init(_ manifests: [Manifest], _ catalog: ResourceCatalog, _ options: PlanOptions) {
    let kinds = KindDirectory(catalog, definitions: manifests)
    var seen: [ObjectIdentity.Key: ManifestSource] = [:]
    for manifest in manifests {
      let gvk = GroupVersionKind(
        apiVersion: manifest.value["apiVersion"]?.string ?? "",
        kind: manifest.value["kind"]?.string ?? "")
      let entry = kinds[gvk]
      let object = Self.identity(manifest, gvk, entry, options)
      if let error = manifest.problem ?? Self.obstacle(manifest, gvk, entry) {
        fail(object, manifest, error)
        continue
      }
      if let first = seen.updateValue(manifest.source, forKey: object.identityKey) {
        fail(
          object, manifest,
          ChangeError(
            reason: "AlreadyExists",
            message: "it is given twice: also at \(first.file):\(first.line)",
            help: "keep one of the two"))
        continue
      }
      let config = Self.config(of: manifest.value, object.namespace)
      let references = References.all(
        in: .value(config), gvk, namespace: object.namespace, isCustom: entry?.isCustom ?? false)
      items.append(
        Item(object: object, manifest: manifest, config: config, references: references))
    }
    let order = DependencyOrder(
      items.map {
        DependencyOrder.Item(
          name: $0.object.objectName, references: $0.references,
          defines: KindDirectory.definition($0.config))
      })
    items = order.positions.map { items[$0] }
  }

  private mutating func fail(
    _ object: ObjectIdentity, _ manifest: Manifest, _ error: ChangeError
  ) {
    var change = ObjectChange(object, .failed, source: manifest.source)
    change.error = error
    failed.append(change)
  }

  private static func identity(
    _ manifest: Manifest, _ gvk: GroupVersionKind, _ entry: KindDirectory.Entry?,
    _ options: PlanOptions
  ) -> ObjectIdentity {
    let metadata = manifest.value["metadata"]
    let written = metadata?["namespace"]?.string.flatMap { $0.isEmpty ? nil : $0 }
    let isNamespaced = entry?.isNamespaced ?? (written != nil)
    let generated = metadata?["generateName"]?.string.map { $0 + "*" }
    return ObjectIdentity(
      apiVersion: gvk.apiVersion, kind: gvk.kind,
      resource: entry?.resource ?? .init(group: gvk.group, gvk.kind.lowercased()),
      singular: entry?.singular ?? gvk.kind.lowercased(),
      namespace: isNamespaced ? written ?? options.namespace : nil,
      name: metadata?["name"]?.string ?? generated ?? "")
  }

  /// Why a manifest cannot be applied, whatever is in the cluster.
  private static func obstacle(
    _ manifest: Manifest, _ gvk: GroupVersionKind, _ entry: KindDirectory.Entry?
  ) -> ChangeError? {
    if entry == nil {
      return ChangeError(
        reason: "NotFound", message: "the cluster knows no \(gvk.kind) in \(gvk.apiVersion)",
        help: "apply its CustomResourceDefinition first, or in the same set")
    }
    guard manifest.value["metadata"]?["name"]?.string ?? "" == "" else { return nil }
    return manifest.value["metadata"]?["generateName"] == nil
      ? ChangeError(reason: "Invalid", message: "it has no metadata.name")
      : ChangeError(
        reason: "Invalid", message: "a generated name cannot be applied: it is new every time",
        help: "give it a name, or create it with 'kmf create'")
  }

  /// What the server alone writes: an export that comes back is no reason to refuse it.
  private static let serverFields = [
    "managedFields", "resourceVersion", "uid", "creationTimestamp", "generation", "selfLink",
    "deletionTimestamp", "deletionGracePeriodSeconds",
  ]

  static func config(of value: Value, _ namespace: String?) -> Value {
    var config = value
    config["status"] = nil
    if config["kind"] == "Secret", config["apiVersion"] == "v1" { joinTexts(&config) }
    guard var metadata = config["metadata"], metadata.map != nil else { return config }
    for field in serverFields where metadata[field] != nil { metadata[field] = nil }
    metadata["namespace"] = namespace.map { .string($0) }
    config["metadata"] = metadata
    return config
  }
}

extension PreparedSet {
  /// Brings the texts of a Secret to the form in which it is stored: a text that is only written
  /// could neither be compared nor given up.
  fileprivate static func joinTexts(_ secret: inout Value) {
    guard case .map(let texts)? = secret["stringData"],
      texts.entries.allSatisfy({ $0.value.string != nil })
    else { return }
    var data = secret["data"]?.map ?? ValueMap()
    for entry in texts.entries {
      data[entry.key] = .string(Base64.encode(Array((entry.value.string ?? "").utf8)))
    }
    secret["stringData"] = nil
    if !data.isEmpty { secret["data"] = .map(data) }
  }
}

extension ObjectIdentity {
  /// What makes two manifests mean the same object, whatever version they are written in.
  struct Key: Hashable {
    var group: String
    var plural: String
    var namespace: String?
    var name: String
  }

  var identityKey: Key {
    Key(group: resource.group, plural: resource.plural, namespace: namespace, name: name)
  }
}
