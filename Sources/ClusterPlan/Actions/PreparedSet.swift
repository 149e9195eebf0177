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
  /// Manifests that cannot be applied at all, or are left out.
  private(set) var failed: [ObjectChange] = []
  /// Objects that are just as this text left them.
  private(set) var untouched: [(object: ObjectIdentity, manifest: Manifest)] = []

  /// - Parameter isUntouched: Whether a manifest's text was applied and its object not touched
  ///   since.
  init(
    _ manifests: [Manifest], _ catalog: ResourceCatalog, _ options: PlanOptions,
    isUntouched: (Manifest, ObjectIdentity) -> Bool
  ) {
    let kinds = KindDirectory(catalog, definitions: manifests)
    var seen: [ObjectIdentity.Key: Item] = [:]
    var settled: Set<ObjectIdentity.Key> = []
    for manifest in manifests {
      let gvk = GroupVersionKind(apiVersion: manifest.apiVersion, kind: manifest.kind)
      let entry = kinds[gvk]
      let object = Self.identity(manifest, gvk, entry, options)
      if entry == nil, options.skipsUnknownKinds, manifest.problem == nil {
        var change = ObjectChange(object, .skipped, source: manifest.source)
        change.notes = ["left out: the cluster knows no \(gvk.kind) in \(gvk.apiVersion)"]
        failed.append(change)
        continue
      }
      if let error = manifest.problem ?? Self.obstacle(manifest, gvk, entry) {
        fail(object, manifest, error)
        continue
      }
      if isUntouched(manifest, object), seen[object.identityKey] == nil {
        if settled.insert(object.identityKey).inserted { untouched.append((object, manifest)) }
        continue
      }
      let config = Self.config(of: manifest.value, object.namespace)
      if let first = seen[object.identityKey] {
        // Folders often hold the same object twice; only two that differ are a question.
        if first.config != config { fail(object, manifest, Self.twice(first)) }
        continue
      }
      let references = References.all(
        in: .value(config), gvk, namespace: object.namespace, isCustom: entry?.isCustom ?? false)
      let item = Item(
        object: object, manifest: manifest, config: config, references: references)
      items.append(item)
      seen[object.identityKey] = item
    }
    // The same object twice, once as it is and once otherwise: that is a question after all.
    let settledOnce = untouched
    untouched = []
    for first in settledOnce {
      guard let other = seen[first.object.identityKey] else {
        untouched.append(first)
        continue
      }
      let config = Self.config(of: first.manifest.value, first.object.namespace)
      if config != other.config { fail(first.object, first.manifest, Self.twice(other)) }
    }
    let order = DependencyOrder(
      items.map {
        DependencyOrder.Item(
          name: $0.object.objectName, references: $0.references,
          defines: KindDirectory.definition($0.config))
      })
    items = order.positions.map { items[$0] }
  }

  /// Every object of the set with what it mentions; reads the manifests that were not needed yet.
  var all: [Item] {
    items
      + untouched.map { object, manifest in
        let config = Self.config(of: manifest.value, object.namespace)
        return Item(
          object: object, manifest: manifest, config: config,
          references: References.all(
            in: .value(config), object.gvk, namespace: object.namespace))
      }
  }

  private static func twice(_ first: Item) -> ChangeError {
    let source = first.manifest.source
    return ChangeError(
      reason: "AlreadyExists",
      message: "it is given twice, and not alike: also at \(source.file):\(source.line)",
      help: "keep one of the two")
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
    let written = manifest.namespace.flatMap { $0.isEmpty ? nil : $0 }
    let isNamespaced = entry?.isNamespaced ?? (written != nil)
    var name = manifest.name ?? ""
    if name.isEmpty, let prefix = manifest.value["metadata"]?["generateName"]?.string {
      name = prefix + "*"
    }
    return ObjectIdentity(
      apiVersion: gvk.apiVersion, kind: gvk.kind,
      resource: entry?.resource ?? .init(group: gvk.group, gvk.kind.lowercased()),
      singular: entry?.singular ?? gvk.kind.lowercased(),
      namespace: isNamespaced ? written ?? options.namespace : nil,
      name: name)
  }

  /// Why a manifest cannot be applied, whatever is in the cluster.
  private static func obstacle(
    _ manifest: Manifest, _ gvk: GroupVersionKind, _ entry: KindDirectory.Entry?
  ) -> ChangeError? {
    if entry == nil {
      return ChangeError(
        reason: "NotFound", message: "the cluster knows no \(gvk.kind) in \(gvk.apiVersion)",
        help: "apply its CustomResourceDefinition first, or in the same set; or leave such objects "
          + "out with --unknown-kinds skip")
    }
    guard manifest.name ?? "" == "" else { return nil }
    return manifest.value["metadata"]?["generateName"] == nil
      ? ChangeError(reason: "Invalid", message: "it has no metadata.name")
      : ChangeError(
        reason: "Invalid", message: "a generated name cannot be applied: it is new every time",
        help: "give it a name, or create it with 'kmf create'")
  }

  static func config(of value: Value, _ namespace: String?) -> Value {
    var config = value
    config["status"] = nil
    if config["kind"] == "Secret", config["apiVersion"] == "v1" { joinTexts(&config) }
    guard var metadata = config["metadata"], metadata.map != nil else { return config }
    for field in Manifest.serverFields where metadata[field] != nil { metadata[field] = nil }
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
