import ClusterControl
import ClusterStore
import ManifestMerge
import ManifestRules
import ManifestSchema
import ManifestSyntax

extension ClusterSession {
  /// Creates an object.
  ///
  /// - Parameters:
  ///   - resource: In the version that the object is written in.
  ///   - namespace: The namespace of the request, for namespaced resources.
  public func create(
    _ object: Value, in resource: ServedResource, namespace: String? = nil,
    options: WriteOptions = WriteOptions()
  ) throws(StatusError) -> Written {
    try create(Self.document(object), in: resource, namespace: namespace, options: options)
  }

  /// Creates the object in `document`, which nobody else has.
  public func create(
    _ document: ParsedDocument, in resource: ServedResource, namespace: String? = nil,
    options: WriteOptions = WriteOptions()
  ) throws(StatusError) -> Written {
    var incoming = try workshop.incoming(document, as: resource, options.fieldValidation)
    try settleNamespace(of: &incoming.decoded, resource, namespace)
    let fields = workshop.fieldManager(resource, subresource: "")
    let managed = fields.update(
      incoming.decoded, over: nil, manager: options.manager, time: time)
    return try insert(incoming, managed, resource, namespace, options)
  }

  /// An object as the text that it would be sent as.
  static func document(_ object: Value) -> ParsedDocument {
    JSONReader.read(SourceText(name: "<object>", bytes: JSONWriter.bytes(object)))
  }

  /// An object as validation looks at it, when it is no more as it came.
  static func tree(toJudge object: Value) -> Tree? {
    var object = object
    object.change("metadata") { $0["managedFields"] = nil }
    return document(object).tree
  }

  /// Gives the object the namespace of the request; refuses one that has another.
  func settleNamespace(
    of object: inout Value, _ resource: ServedResource, _ namespace: String?
  ) throws(StatusError) {
    let written = object.metadataText("namespace")
    let wanted = resource.isNamespaced ? namespace ?? "" : ""
    if written == wanted { return }
    if !written.isEmpty, !wanted.isEmpty {
      throw .badRequest(
        "the namespace of the provided object does not match the namespace sent on the request")
    }
    object.change("metadata") { $0["namespace"] = wanted.isEmpty ? Optional.none : .string(wanted) }
  }

  /// Stores a new object.
  ///
  /// - Parameter managed: What was decoded, with its managed fields.
  func insert(
    _ incoming: Incoming, _ managed: Value, _ resource: ServedResource, _ namespace: String?,
    _ options: WriteOptions
  ) throws(StatusError) -> Written {
    // What is no number is no version.
    let version = UInt64(incoming.decoded.metadataText("resourceVersion")) ?? 0
    if version > 0, !isDryRun {
      throw .internalError("resourceVersion should not be set on objects to be created")
    }
    let place = Place(
      resource, resource.isNamespaced ? namespace : nil, managed.metadataText("name"))
    var object = managed
    var request = admissionRequest(.create, place, options)
    request.hasEmptyOverhead = incoming.hasEmptyOverhead
    try admit(&object, old: nil, request, place)
    let tree = object == managed ? incoming.tree : Self.tree(toJudge: object)
    let allocations = PendingAllocations(access)
    let prefix = object.metadataText("generateName")
    let isGenerated = place.name.isEmpty && !prefix.isEmpty
    let uid = makeUID()
    var named = place
    if isGenerated { named.name = try freeName(prefix, place) }
    var warnings = incoming.warnings
    object.change("metadata") { if !named.name.isEmpty { $0["name"] = .string(named.name) } }
    var stored = preparedForCreate(object, resource)
    stored.change("metadata") { metadata in
      SystemMetadata.begin(&metadata, uid: uid, time: time, countsFrom: resource.countsGenerations)
      if resource.isNamespaced, let namespace { metadata["namespace"] = .string(namespace) }
      metadata["managedFields"] = object["metadata"]?["managedFields"]
    }
    if resource.resource == .jobs { JobSelector.generate(in: &stored, uid: uid) }
    let kept = AllocationOwner(resource.key(namespace: namespace, name: named.name), uid: uid)
    try allocate(&stored, old: nil, kept, allocations, place)
    warnings += try judgeCreate(tree, incoming.mistakes, named)
    var final = request
    final.key.name = named.name
    let outcome = try approve(stored, old: nil, final, named)
    warnings += outcome.warnings
    stored.restoreOrder()
    let commit = try store(stored, at: named, allocations, outcome, isNew: true)
    try afterCreate(stored, named)
    var written = Written(object: stored, isCreated: true, warnings: warnings)
    if !isDryRun { written.object.setResourceVersion(commit) }
    return written
  }

  /// A name that nobody has, made from a prefix.
  private func freeName(_ prefix: String, _ place: Place) throws(StatusError) -> String {
    // Room for the five characters that are added.
    let base = String(prefix.prefix(58))
    var name = ""
    for _ in 0..<8 {
      name = base + generator.suffix()
      if try entry(place.resource, place.namespace, name) == nil { return name }
    }
    return name
  }

  private func judgeCreate(
    _ tree: Tree?, _ mistakes: [Diagnostic], _ place: Place
  ) throws(StatusError) -> [String] {
    guard let tree else { throw .internalError("the object cannot be read again") }
    let gvk = place.resource.gvk
    let found = workshop.runner.create(ObjectSubject(gvk: gvk, node: .tree(tree, .root)))
    if let refusal = StatusError.invalid(place.resource, place.name, mistakes + found) {
      throw refusal
    }
    if place.name.isEmpty {
      throw .invalid(
        group: gvk.group, kind: gvk.kind, "",
        [
          StatusError.Cause(
            reason: "FieldValueRequired", message: "name or generateName is required",
            field: "metadata.name")
        ])
    }
    return found.filter(\.isServerWarning).map { Workshop.text($0, place.resource) }
  }

  /// What the cluster makes along with some objects.
  private func afterCreate(_ object: Value, _ place: Place) throws(StatusError) {
    switch place.resource.resource {
    case .namespaces:
      // A namespace without its account takes no pods.
      let accounts = try resource(.serviceAccounts)
      guard try entry(accounts, place.name, "default") == nil else { return }
      let account: Value = [
        "apiVersion": "v1", "kind": "ServiceAccount", "metadata": ["name": "default"],
      ]
      let options = WriteOptions(fieldManager: "kube-controller-manager")
      _ = try create(account, in: accounts, namespace: place.name, options: options)
    case .customResourceDefinitions: try refreshDefinitions()
    case .resourceQuotas: try countQuotas(place)
    default: break
    }
  }
}

/// Where one object is: the resource as requested, its namespace and name.
struct Place {
  var resource: ServedResource
  var namespace: String?
  var name: String

  init(_ resource: ServedResource, _ namespace: String?, _ name: String) {
    self.resource = resource
    self.namespace = resource.isNamespaced ? namespace : nil
    self.name = name
  }

  var key: ResourceKey { resource.key(namespace: namespace, name: name) }
}

/// The metadata that the system alone writes.
enum SystemMetadata {
  /// Makes an object's metadata that of a new one.
  static func begin(_ metadata: inout Value, uid: String, time: String, countsFrom counts: Bool) {
    for name in [
      "resourceVersion", "selfLink", "deletionTimestamp", "deletionGracePeriodSeconds",
    ] { metadata[name] = nil }
    metadata["uid"] = .string(uid)
    metadata["creationTimestamp"] = .string(time)
    if counts { metadata["generation"] = 1 }
    dropRepeatedOwners(&metadata)
  }

  /// Owners that are named twice in the same words are kept once.
  private static func dropRepeatedOwners(_ metadata: inout Value) {
    guard let owners = metadata["ownerReferences"]?.list, owners.count > 1 else { return }
    var seen: Set<Value> = []
    metadata["ownerReferences"] = .list(owners.filter { seen.insert($0).inserted })
  }

  /// Gives the metadata of a replacement what no replacement changes.
  static func carry(_ metadata: inout Value, from old: Value?) {
    for name in ["uid", "creationTimestamp", "generation", "deletionTimestamp"] {
      metadata[name] = old?[name] ?? metadata[name]
    }
    if let old = old?["deletionGracePeriodSeconds"],
      metadata["deletionGracePeriodSeconds"] == nil
    {
      metadata["deletionGracePeriodSeconds"] = old
    }
    metadata["generation"] = old?["generation"]
    metadata["selfLink"] = nil
    dropRepeatedOwners(&metadata)
  }
}

extension Value {
  mutating func setResourceVersion(_ revision: Revision) {
    change("metadata") { $0["resourceVersion"] = .string(String(revision)) }
    restoreOrder()
  }
}
