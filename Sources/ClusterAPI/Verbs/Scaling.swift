import ClusterControl
import ManifestMerge
import ManifestSchema
import ManifestSyntax

/// The scale of a workload: an object of its own with one field of interest.
extension ClusterSession {
  private static let version = "autoscaling/v1"
  private static let plurals: Set<String> = [
    "deployments.apps", "replicasets.apps", "statefulsets.apps", "replicationcontrollers",
  ]

  /// The scale of the workload.
  public func scale(
    _ resource: ServedResource, namespace: String? = nil, name: String
  ) throws(StatusError) -> Value {
    let place = Place(resource, namespace, name)
    guard let existing = try existing(place) else { throw .notFound(resource.resource, name) }
    return try scale(of: existing)
  }

  /// Changes the scale of the workload: replaces, patches or applies it, as `change` says.
  ///
  /// - Returns: the scale afterwards, and whether the workload changed.
  func rescale(
    _ resource: ServedResource, namespace: String?, name: String, options: WriteOptions,
    _ change: (ScaleChange) throws(StatusError) -> Value
  ) throws(StatusError) -> Written {
    let place = Place(resource, namespace, name)
    guard let existing = try existing(place) else { throw .notFound(resource.resource, name) }
    let known =
      (try? ManagedFields(existing.object["metadata"]?["managedFields"])) ?? ManagedFields()
    let paths = try paths(resource)
    let ownership = ScaleOwnership(
      parent: known, apiVersion: resource.apiVersion,
      paths: [resource.apiVersion: paths.replicas.map(PathElement.field)])
    var old = try scale(of: existing)
    old.change("metadata") { $0["managedFields"] = ownership.scale().value }
    let fields = FieldManager(
      apiVersion: Self.version, kind: "Scale", subresource: "scale", empty: Self.empty,
      types: workshop.types)
    var new = try change(ScaleChange(old: old, fields: fields, time: time, workshop: workshop))
    let replicas = new["spec"]?["replicas"] ?? 0
    try check(new, replicas, existing)
    let scale = (try? ManagedFields(new["metadata"]?["managedFields"])) ?? ManagedFields()
    var parent = existing.object
    parent.set(replicas, at: paths.replicas[...])
    parent.change("metadata") {
      $0["managedFields"] = ownership.parent(after: scale).value
      $0["resourceVersion"] = nil
    }
    var main = options
    main.subresource = ""
    let incoming = try workshop.incoming(Self.document(parent), as: resource, .ignore)
    var written = try replace(existing, incoming, incoming.decoded, main)
    new = try self.scale(of: Existing(place: place, entry: existing.entry, object: written.object))
    written.object = new
    return written
  }

  private func check(
    _ new: Value, _ replicas: Value, _ existing: Existing
  ) throws(StatusError) {
    let place = existing.place
    let written = new.metadataText("name")
    guard written.isEmpty || written == place.name else {
      throw .badRequest(
        "the name of the object (\(written)) does not match the name on the URL (\(place.name))")
    }
    var causes: [StatusError.Cause] = []
    if let number = replicas.int64, number < 0 {
      causes.append(
        StatusError.Cause(
          reason: "FieldValueInvalid",
          message: "replicas is '\(number)'; it must be at least 0", field: "spec.replicas"))
    } else if replicas.int64.flatMap({ Int32(exactly: $0) }) == nil {
      throw .badRequest("replicas must be a whole number of 32 bits")
    }
    if !causes.isEmpty {
      throw .invalid(group: "autoscaling", kind: "Scale", place.name, causes)
    }
    try checkPreconditions(new, existing, isPatch: true)
  }

  private static let empty: Value = [
    "apiVersion": .string(version), "kind": "Scale", "metadata": .emptyMap, "spec": .emptyMap,
    "status": ["replicas": 0],
  ]

  private func scale(of existing: Existing) throws(StatusError) -> Value {
    let paths = try paths(existing.place.resource)
    let object = existing.object
    var metadata = ValueMap()
    for name in ["name", "namespace", "uid", "resourceVersion", "creationTimestamp"] {
      metadata[name] = object["metadata"]?[name]
    }
    var spec = ValueMap()
    if let replicas = object.part(paths.replicas), replicas != 0 { spec["replicas"] = replicas }
    var status = ValueMap()
    status["replicas"] = object.part(paths.status) ?? 0
    let selector = object.part(paths.selector)
    let text = selector?.string ?? Self.selectorText(selector)
    if !text.isEmpty { status["selector"] = .string(text) }
    return [
      "kind": "Scale", "apiVersion": .string(Self.version), "metadata": .map(metadata),
      "spec": .map(spec), "status": .map(status),
    ]
  }

  /// Where a resource keeps what its scale shows.
  private struct Paths {
    var replicas = ["spec", "replicas"]
    var status = ["status", "replicas"]
    var selector = ["spec", "selector"]
  }

  private func paths(_ resource: ServedResource) throws(StatusError) -> Paths {
    if Self.plurals.contains("\(resource.resource)") { return Paths() }
    let versions = definition(resource)?["spec"]?["versions"]?.list ?? []
    let version = versions.first { $0["name"]?.string == resource.version }
    guard let scale = version?["subresources"]?["scale"], scale != .null else {
      throw .noSuchPath()
    }
    func fields(_ name: String) -> [String] {
      (scale[name]?.string ?? "").split(separator: ".").map(String.init)
    }
    let paths = Paths(
      replicas: fields("specReplicasPath"), status: fields("statusReplicasPath"),
      selector: fields("labelSelectorPath"))
    guard paths.replicas.count > 1 else { throw .noSuchPath() }
    return paths
  }

  /// The text form of a workload's selector.
  private static func selectorText(_ selector: Value?) -> String {
    guard let selector else { return "" }
    let isPlain = selector["matchLabels"] == nil && selector["matchExpressions"] == nil
    let labels = isPlain ? selector : selector["matchLabels"] ?? .emptyMap
    var pairs: [String: String] = [:]
    for entry in labels.map?.entries ?? [] { pairs[entry.key] = entry.value.string }
    var requirements: [LabelSelector.Requirement] = []
    for item in isPlain ? [] : selector["matchExpressions"]?.list ?? [] {
      let operators: [String: LabelSelector.Operator] = [
        "In": .in, "NotIn": .notIn, "Exists": .exists, "DoesNotExist": .doesNotExist,
      ]
      guard let key = item["key"]?.string, let word = item["operator"]?.string,
        let known = operators[word]
      else { continue }
      requirements.append(
        LabelSelector.Requirement(key, known, item["values"]?.list?.compactMap(\.string) ?? []))
    }
    return LabelSelector(matchLabels: pairs, matchExpressions: requirements).description
  }
}

extension Value {
  /// The part at the end of a path of fields; nil where it leads nowhere or nowhere is meant.
  fileprivate func part(_ path: [String]) -> Value? {
    if path.isEmpty { return nil }
    var part: Value? = self
    for name in path { part = part?[name] }
    return part
  }

  fileprivate mutating func set(_ value: Value, at path: ArraySlice<String>) {
    guard let first = path.first else { return }
    if path.count == 1 {
      self[first] = value
    } else {
      change(first) { $0.set(value, at: path.dropFirst()) }
    }
  }
}

/// One change of a scale on its way.
struct ScaleChange {
  let old: Value
  let fields: FieldManager
  let time: String
  let workshop: Workshop

  func replaced(by new: Value, _ options: WriteOptions) -> Value {
    fields.update(new, over: old, manager: options.manager, time: time)
  }

  func patched(by patch: Patch, _ options: WriteOptions) throws(StatusError) -> Value {
    let new = try ClusterSession.patched(old, by: patch, workshop.types)
    return fields.update(new, over: old, manager: options.manager, time: time)
  }

  func applied(_ config: Value, _ options: WriteOptions) throws(StatusError) -> Value {
    do throws(ApplyRefusal) {
      return try fields.apply(
        config, to: old, manager: options.manager, force: options.force, time: time)
    } catch { throw StatusError(error) }
  }
}
