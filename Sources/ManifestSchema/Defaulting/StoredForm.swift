import ManifestSyntax

/// Prints objects as the API server would: typed, in the order of the API, with canonical scalars.
///
/// Belongs to one thread, like its schema.
public struct Rendering {
  /// What the server adds to what it was sent, as far as a manifest alone can tell.
  public struct ServerFields: Hashable, Sendable {
    /// The namespace of the request, for objects that name none.
    public var namespace: String

    public init(namespace: String = "default") { self.namespace = namespace }
  }

  /// Stands for a name that the server would make up.
  public static let generated = "<generated>"

  let schema: Schema
  private let plans: EncodingPlans

  public init(schema: Schema) {
    self.schema = schema
    plans = EncodingPlans(schema)
  }

  /// The object as the server would store it when it is created from `tree`, which is defaulted.
  ///
  /// Unknown fields, nulls and what the server drops are left out. Cluster IPs and node ports,
  /// which only a cluster can allocate, stay absent. Without `serverFields`, so does what is no
  /// part of a manifest: status, generation, the namespace of the request.
  ///
  /// - Parameter isReplacement: The object replaces a stored one: what only a create does is left
  ///   out.
  public func asStored(
    _ tree: Tree, kind: Kind, serverFields: ServerFields?, isReplacement: Bool = false
  ) -> Value {
    guard tree.kind(.root) == .mapping else { return tree.value() }
    return asStored(
      decoded(tree, kind: kind), kind: kind, serverFields: serverFields,
      isReplacement: isReplacement)
  }

  /// The object as the server would store it, from one that is ``decoded(_:kind:)``.
  public func asStored(
    _ decoded: Value, kind: Kind, serverFields: ServerFields?, isReplacement: Bool = false
  ) -> Value {
    var object = decoded
    StoredFields.drop(from: &object, kind: kind)
    switch (kind.gvk.group, kind.gvk.kind) {
    case ("", "Pod"): StoredPod.complete(&object, isReplacement: isReplacement)
    case ("", "Service"): StoredService.complete(&object, isReplacement: isReplacement)
    case ("apps", "Deployment"): StoredDeployment.complete(&object)
    default: break
    }
    StoredFields.setMetadata(of: &object, kind: kind, serverFields: serverFields)
    if serverFields == nil {
      object["status"] = nil
    } else {
      StoredStatus.set(in: &object, kind: kind)
    }
    return object
  }

  /// The object as the server holds it once it is decoded: typed, so without unknown fields, nulls
  /// and values that its types leave out, but with the structures that every object has. What the
  /// server makes of it before storing it is not done.
  public func decoded(_ tree: Tree, kind: Kind) -> Value {
    guard tree.kind(.root) == .mapping else { return tree.value() }
    var object = encode(.root, of: tree, as: kind.type)
    object["apiVersion"] = .string(kind.gvk.apiVersion)
    object["kind"] = .string(kind.gvk.kind)
    StoredFields.complete(&object, kind: kind)
    return object
  }

  /// An object of the kind in which nothing is set, not even defaults: the structures that every
  /// decoded object has. Creations are compared with it to tell what their writer set.
  public func empty(_ kind: Kind) -> Value {
    let tree = JSONReader.read(SourceText("{}")).tree
    var object = tree.map { encode(.root, of: $0, as: kind.type) } ?? .emptyMap
    object["apiVersion"] = .string(kind.gvk.apiVersion)
    object["kind"] = .string(kind.gvk.kind)
    // A pod's security context is no structure of its own, only an empty default.
    if let path = StoredFields.podSpecPath(of: kind) {
      object.update(path) { $0["securityContext"] = nil }
    }
    return object
  }

  /// The status of an object of the kind of which nothing is known yet; nil for kinds without one.
  public func emptyStatus(_ kind: Kind) -> Value? {
    let field = schema.type(kind.type).field(named: "status", in: schema.version)
    guard case .object(let type)? = field?.type.shape else { return nil }
    return encode(nil, of: Tree(.emptyMap), as: type)
  }

  /// The object with canonical scalars and fields in the order of the API; nothing else is changed
  /// but nulls, which are left out. Unknown fields stay, at the end.
  public func normalized(_ tree: Tree, kind: Kind) -> Value {
    guard tree.kind(.root) == .mapping else { return tree.value() }
    return normalize(.root, of: tree, as: kind.type)
  }

  /// An object of a kind of which nothing is known but what all objects have: that comes first and
  /// in the order of the API, everything else as it is.
  public func normalizedUnknown(_ tree: Tree) -> Value {
    guard tree.kind(.root) == .mapping else { return tree.value() }
    var map = ValueMap()
    for name in ["apiVersion", "kind"] {
      map[name] = tree.value(.root, name).map { tree.value($0) }
    }
    if let metadata = tree.value(.root, "metadata") {
      map["metadata"] =
        schema.typeID(named: "ObjectMeta").map { normalize(metadata, of: tree, as: $0) }
        ?? tree.value(metadata)
    }
    for (key, value) in tree.entries(.root) where map[tree.string(key)] == nil {
      map[tree.string(key)] = tree.value(value)
    }
    return .map(map)
  }
}

// MARK: - As the server stores it

extension Rendering {
  private func encode(_ node: NodeID?, of tree: Tree, as type: TypeID) -> Value {
    let plan = plans.plan(type)
    guard node != nil || plan.hasMore else { return .emptyMap }
    var entries: [ValueMap.Entry] = []
    entries.reserveCapacity((node.map { tree.count($0) } ?? 0) + 2)
    for (index, field) in plan.fields.enumerated() {
      var value = node.flatMap { tree.entry($0, hash: field.hash, name: field.name)?.value }
      if let found = value, tree.kind(found) == .null { value = nil }
      if value == nil, !field.isAlways, !field.isObjectByDefault { continue }
      if let encoded = encode(value, of: tree, field, keepsZero: plan.keepsZero) {
        entries.append(ValueMap.Entry(key: plan.names[index], value: encoded))
      }
    }
    return .map(ValueMap(unique: entries))
  }

  /// `.none` is spelt out here, since a bare nil beside a `Value` would mean `.null`.
  private func encode(
    _ node: NodeID?, of tree: Tree, _ field: EncodingPlan.Field, keepsZero: Bool
  ) -> Value? {
    let isAlways = field.isAlways
    switch field.type.shape {
    case .scalar(let scalar):
      guard let node else { return isAlways ? zero(of: scalar, isPointer: field.isPointer) : .none }
      let value = encode(node, of: tree, as: scalar)
      let isKept = isAlways || field.isPointer || keepsZero || !isZero(value, scalar)
      return isKept ? value : .none
    case .object(let type):
      if node != nil { return encode(node, of: tree, as: type) }
      if isAlways, field.isPointer { return .null }
      let isThere = isAlways || field.isObjectByDefault
      return isThere ? encode(nil, of: tree, as: type) : .none
    case .list, .map:
      guard let node, tree.count(node) > 0 else { return isAlways ? Value.null : .none }
      return encode(node, of: tree, as: field.type)
    case .objectOr: return node.map { tree.value($0) }
    }
  }

  /// A value inside of a list or map, where null is the zero value.
  private func encode(_ node: NodeID, of tree: Tree, as type: FieldType) -> Value {
    switch type.shape {
    case .scalar(let scalar):
      return tree.kind(node) == .null
        ? zero(of: scalar, isPointer: false) : encode(node, of: tree, as: scalar)
    case .object(let id): return encode(node, of: tree, as: id)
    case .list(let element):
      return .list(tree.items(node).map { encode($0, of: tree, as: element) })
    case .map(let element):
      var entries = tree.entries(node).map { key, value in
        ValueMap.Entry(key: tree.string(key), value: encode(value, of: tree, as: element))
      }
      entries.sort { $0.key < $1.key }
      if element.shape == .scalar(.quantity) {
        for index in entries.indices {
          entries[index].value = Self.roundedUp(entries[index].value)
        }
      }
      let isUnique = zip(entries, entries.dropFirst()).allSatisfy { $0.key != $1.key }
      return .map(
        isUnique
          ? ValueMap(unique: entries) : ValueMap(entries.map { (key: $0.key, value: $0.value) }))
    case .objectOr: return tree.value(node)
    }
  }

  /// Amounts of resources have no digits finer than a thousandth.
  private static func roundedUp(_ value: Value) -> Value {
    guard let text = value.string, !text.withBytes(Quantity.isPlainAndCanonical),
      let quantity = Quantity(decoding: text)
    else { return value }
    return .string(quantity.roundedUp(to: .milli).description)
  }

  private func zero(of scalar: Scalar, isPointer: Bool) -> Value {
    if isPointer { return .null }
    switch scalar {
    case .string: return ""
    case .int32, .int64, .intOrString: return 0
    case .double: return .double(0)
    case .bool: return false
    case .quantity: return "0"
    case .any, .object, .bytes, .time, .microTime: return .null
    }
  }

  private func isZero(_ value: Value, _ scalar: Scalar) -> Bool {
    switch (value, scalar) {
    // The types of these print themselves, so that they are never left out.
    case (_, .intOrString), (_, .quantity): false
    case (.string(let text), _): text.isEmpty
    case (.int(let number), _): number == 0
    case (.double(let number), _): number == 0
    case (.bool(let truth), _): !truth
    default: false
    }
  }
}

// MARK: - Scalars and normal form

extension Rendering {
  /// A scalar in its canonical form; what is of the wrong type stays as it is.
  private func encode(_ node: NodeID, of tree: Tree, as scalar: Scalar) -> Value {
    switch scalar {
    case .quantity:
      if tree.kind(node).isScalar, Quantity.isPlainAndCanonical(tree.bytes(node)) {
        return .string(tree.string(node))
      }
      // An empty text is no amount; zero is written instead.
      return Quantity(NodeRef.tree(tree, node)).map { .string($0.description) } ?? tree.value(node)
    case .time:
      return Self.text(node, of: tree).flatMap { Time($0) }.map { .string($0.description) }
        ?? tree.value(node)
    case .microTime:
      return Self.text(node, of: tree).flatMap { MicroTime($0) }.map { .string($0.description) }
        ?? tree.value(node)
    case .bytes:
      return Self.text(node, of: tree).flatMap { Base64.decode($0) }
        .map { .string(Base64.encode($0)) }
        ?? tree.value(node)
    case .any, .object, .string, .int32, .int64, .bool, .double, .intOrString:
      return tree.value(node)
    }
  }

  private static func text(_ node: NodeID, of tree: Tree) -> String? {
    tree.kind(node) == .string ? tree.string(node) : nil
  }

  private func normalize(_ node: NodeID, of tree: Tree, as type: TypeID) -> Value {
    guard tree.kind(node) == .mapping else { return tree.value(node) }
    let object = schema.type(type)
    var map = ValueMap()
    for field in object.fields where field.availability.contains(schema.version) {
      guard let value = tree.value(node, field.name), tree.kind(value) != .null else { continue }
      map[field.name] = normalize(value, of: tree, as: field.type)
    }
    let known = Set(object.fields(in: schema.version).map(\.name))
    for (key, value) in tree.entries(node) where !known.contains(tree.string(key)) {
      map[tree.string(key)] = tree.value(value)
    }
    return .map(map)
  }

  private func normalize(_ node: NodeID, of tree: Tree, as type: FieldType) -> Value {
    switch type.shape {
    case .scalar(let scalar):
      return tree.kind(node).isScalar ? encode(node, of: tree, as: scalar) : tree.value(node)
    case .object(let id): return normalize(node, of: tree, as: id)
    case .list(let element):
      guard tree.kind(node) == .sequence else { return tree.value(node) }
      return .list(tree.items(node).map { normalize($0, of: tree, as: element) })
    case .map(let element):
      guard tree.kind(node) == .mapping else { return tree.value(node) }
      return .map(
        ValueMap(
          tree.entries(node).map { key, value in
            (key: tree.string(key), value: normalize(value, of: tree, as: element))
          }))
    case .objectOr: return tree.value(node)
    }
  }
}
