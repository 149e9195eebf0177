import ManifestMerge
import ManifestSyntax

/// Compares an object as it is with what it will be, and says of each field why it changes.
struct FieldComparison {
  let types: MergeTypes
  let options: PlanOptions

  /// What the manifest sets.
  func fields(of config: Value) -> FieldSet {
    (try? TypedObject(config, types: types).fields()) ?? FieldSet()
  }

  /// The fields that change.
  ///
  /// - Parameter configured: What the manifest sets.
  func changes(
    from before: Value, to after: Value, config: Value, _ configured: FieldSet,
    _ ownership: Ownership, immutable causes: [Replacement.Cause] = []
  ) -> [FieldChange] {
    let difference = ObjectDiff(
      from: comparable(before),
      to: comparable(foreseeable(after, config: config, before: before)), types: types)
    var changes: [FieldChange] = []
    for change in difference.changes where !Self.isNoise(change) {
      let reason: FieldChange.Reason =
        configured.touches(change.path)
        ? .manifest : ownership.own.touches(change.path) ? .abandoned : .server
      let text = change.fieldPath.description
      changes.append(
        FieldChange(
          change, reason: reason, owners: ownership.owners(of: change.path),
          isOwned: ownership.own.touches(change.path),
          isImmutable: causes.contains { Self.concerns($0.field, text) }))
    }
    return changes
  }

  /// Stands for what the cluster decides when it is applied.
  static let unforeseen = "(known after apply)"

  /// What comparing looks at: neither status nor what every write changes.
  func comparable(_ object: Value) -> Value {
    var object = object
    object["status"] = nil
    guard var metadata = object["metadata"] else { return object }
    for field in [
      "resourceVersion", "uid", "creationTimestamp", "generation", "selfLink", "deletionTimestamp",
      "deletionGracePeriodSeconds",
    ] { metadata[field] = nil }
    if !options.showsManagedFields { metadata["managedFields"] = nil }
    object["metadata"] = metadata
    return object
  }

  /// The object as it will be, without what the cluster decides only when it is applied.
  func foreseeable(_ object: Value, config: Value, before: Value? = nil) -> Value {
    guard object["kind"]?.string == "Service", object["apiVersion"]?.string == "v1",
      var spec = object["spec"]
    else { return object }
    let known = before?["spec"]
    for field in ["clusterIP", "clusterIPs", "healthCheckNodePort"] {
      guard let value = spec[field], config["spec"]?[field] == nil, known?[field] != value,
        value != "None", value != ["None"]
      else { continue }
      spec[field] = .string(Self.unforeseen)
    }
    if case .list(var ports)? = spec["ports"] {
      let given = [config["spec"], known].flatMap { $0?["ports"]?.list ?? [] }
        .compactMap { $0["nodePort"]?.int64 }
      for index in ports.indices {
        guard let number = ports[index]["nodePort"]?.int64, !given.contains(number) else {
          continue
        }
        ports[index]["nodePort"] = .string(Self.unforeseen)
      }
      spec["ports"] = .list(ports)
    }
    var object = object
    object["spec"] = spec
    return object
  }

  /// A new object as it is shown: without its identity and what is not known yet.
  func shown(_ object: Value, config: Value) -> Value {
    comparable(foreseeable(object, config: config))
  }

  /// What an atomic change of another field brings with it, and nobody reads.
  private static func isNoise(_ change: ObjectDiff.Change) -> Bool {
    change.path == [
      .field("metadata"), .field("annotations"), .field("deprecated.daemonset.template.generation"),
    ]
  }

  /// Whether a cause that names `field` is about the field at `path` or something around it.
  private static func concerns(_ field: String, _ path: String) -> Bool {
    guard !field.isEmpty else { return false }
    return path == field || path.hasPrefix(field + ".") || path.hasPrefix(field + "[")
  }
}
