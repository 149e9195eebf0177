import ManifestSyntax

/// Completes objects as the API server does before it looks at them.
///
/// The tables say what is added: constants in the line of the field, everything else by the name
/// of a computation (see ``ComputedDefault``). An object's own fields are completed before those of
/// its parts, so computations see what the user wrote below them. Every addition is a synthetic
/// node of the tree; doing it twice adds nothing.
///
/// Like its schema, a defaulter belongs to one thread.
public final class Defaulter {
  private let schema: Schema
  // Nothing of ours runs within an access: checking that accesses do not overlap would only cost.
  @exclusivity(unchecked) private var plans = DefaultPlans()
  /// The way to the object at hand, kept for its memory.
  @exclusivity(unchecked) private var trail: [DefaultScope.Step] = []

  public init(schema: Schema) { self.schema = schema }

  deinit { plans.deallocate() }

  /// Completes the object of `kind` at `node` in place. The caller must own the tree alone.
  ///
  /// - Parameter dropsAnnotations: Also remove what the server never stores; for whole documents.
  public func apply(
    to tree: Tree, at node: NodeID = .root, kind: Kind, dropsAnnotations: Bool = true
  ) {
    apply(to: tree, at: node, gvk: kind.gvk, type: kind.type)
    if dropsAnnotations, tree.kind(node) == .mapping {
      StoredAnnotations.drop(from: tree, kind: kind)
    }
  }

  /// Completes the object of a kind and its type at `node` in place, and takes nothing out.
  public func apply(to tree: Tree, at node: NodeID, gvk: GroupVersionKind, type: TypeID) {
    guard tree.kind(node) == .mapping else { return }
    var visit = Visit(root: node, isPod: gvk.group.isEmpty && gvk.kind == "Pod")
    swap(&visit.trail, &trail)
    complete(node, as: type, tree, &visit)
    swap(&visit.trail, &trail)
  }

  /// What is the same for every node of one object.
  private struct Visit {
    let root: NodeID
    let isPod: Bool
    var trail: [DefaultScope.Step] = []
  }

  // MARK: - Plans

  private func plan(for type: TypeID) -> DefaultPlans.Plan {
    let index = Int(type.index)
    if let plan = plans[index] { return plan }
    makePlan(for: type, index)
    return plans[index] ?? plan(for: type)
  }

  private func makePlan(for type: TypeID, _ number: Int) {
    plans.begin(number)
    for field in schema.type(type).fields
    where field.defaultWord != nil && field.availability.contains(schema.version) {
      guard let index = schema.field(of: type, named: field.name) else { continue }
      switch field.defaultWord {
      case .constant(let text):
        plans.add(
          Self.constant(text, field.type), for: index, isZeroUnset: field.isZeroUnset, to: number)
      case .computed(let name):
        guard let computed = ComputedDefault.named[name] else {
          preconditionFailure("the tables name the computed default '\(name)', which there is not")
        }
        plans.add(computed, to: number)
      case nil: break
      }
    }
  }

  private static func constant(_ text: String, _ type: FieldType) -> Value {
    if text == "{}" { return .emptyMap }
    switch type.shape {
    case .scalar(.int32), .scalar(.int64): return Int64(text).map(Value.int) ?? .string(text)
    case .scalar(.bool): return .bool(text == "true")
    case .scalar(.intOrString): return Int64(text).map(Value.int) ?? .string(text)
    case .scalar(.double): return Double(text).map(Value.double) ?? .string(text)
    default: return json(text) ?? .string(text)
    }
  }

  /// The defaults of custom kinds are written as JSON.
  private static func json(_ text: String) -> Value? {
    guard let first = text.utf8.first, "\"[{".utf8.contains(first) else { return nil }
    return JSONReader.read(SourceText(text)).tree?.value()
  }

  // MARK: - Walking

  private func complete(_ node: NodeID, as type: TypeID, _ tree: Tree, _ visit: inout Visit) {
    guard tree.kind(node) == .mapping else { return }
    let plan = plan(for: type)
    if !plan.computed.isEmpty {
      let scope = DefaultScope(
        tree: tree, root: visit.root, object: node, trail: visit.trail, isPod: visit.isPod)
      for index in plan.computed { plans.computed[index].apply(scope) }
    }
    for index in plan.constants { complete(node, with: index, tree) }
    tree.forEachEntry(of: node) { key, value in
      if tree.kind(value).isScalar { return }
      let hash = tree.keyHash(key)
      guard let index = schema.field(of: type, hash: hash, name: tree.bytes(key)) else { return }
      let row = schema.row(index)
      guard row.isAvailable, row.type.objectType != nil else { return }
      descend(into: value, row.type, name: row.nameBytes, tree, &visit)
    }
  }

  private func complete(_ node: NodeID, with index: Int, _ tree: Tree) {
    let constant = plans.constant(index)
    let name = schema.row(constant.field)
    if let known = tree.entry(node, hash: name.nameHash, name: name.nameBytes) {
      guard isUnset(known.value, tree, orZero: constant.isZeroUnset) else { return }
      tree.replace(known.value, with: plans.values[index])
    } else if constant.kind.isScalar {
      tree.add(
        name.nameBytes, hash: name.nameHash, to: node, constant.kind, text: constant.text)
    } else {
      tree.add(name.nameBytes, hash: name.nameHash, to: node, plans.values[index])
    }
  }

  private func descend(
    into node: NodeID, _ type: FieldType, name: UnsafeRawBufferPointer, _ tree: Tree,
    _ visit: inout Visit
  ) {
    switch type.shape {
    case .object(let id):
      visit.trail.append(DefaultScope.Step(name: name, node: node))
      complete(node, as: id, tree, &visit)
      visit.trail.removeLast()
    case .list(let element):
      for item in tree.items(node) {
        // A null item is an object without fields.
        if tree.kind(item) == .null, case .object = element.shape {
          tree.replace(item, with: .emptyMap)
        }
        descend(into: item, element, name: name, tree, &visit)
      }
    case .map(let element):
      tree.forEachEntry(of: node) { _, item in
        descend(into: item, element, name: name, tree, &visit)
      }
    case .scalar, .objectOr: break
    }
  }

  private func isUnset(_ node: NodeID, _ tree: Tree, orZero: Bool) -> Bool {
    switch tree.kind(node) {
    case .null: true
    case .string: orZero && tree.bytes(node).isEmpty
    case .int: orZero && tree.int64(node) == 0
    default: false
    }
  }
}
