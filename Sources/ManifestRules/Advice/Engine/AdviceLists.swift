import ManifestModel
import ManifestSchema
import ManifestSyntax

/// A rule that is on, with what the linter has to know of it.
struct AdviceEntry<Rule> {
  let rule: Rule
  let prepared: PreparedRule
  /// What an object must have one of.
  let needs: KeySketch
}

/// The rules that are on anywhere, by what they look at. Belongs to one thread.
final class AdviceLists {
  /// The rules for objects of one kind.
  struct OfKind {
    var object: [AdviceEntry<any ObjectAdvice.Type>] = []
    var universe: [AdviceEntry<any UniverseAdvice.Type>] = []
  }

  private(set) var source: [AdviceEntry<any SourceAdvice.Type>] = []
  private(set) var pod: [AdviceEntry<any PodAdvice.Type>] = []
  private(set) var podUniverse: [AdviceEntry<any PodUniverseAdvice.Type>] = []
  /// Any of them; nil where all are off.
  private(set) var first: PreparedRule?
  private var byKind: [String: OfKind] = [:]
  private var anyKind = OfKind()
  /// The answers of ``kind(_:)``.
  private var merged: [String: OfKind] = [:]

  init(_ selection: AdviceSelection) {
    var rules: [(rule: any AdviceRule.Type, prepared: PreparedRule)] = []
    for rule in AdviceRegistry.all {
      let about = rule.about
      let isWanted =
        selection.isOn(about)
        || selection.overrides.contains { AdviceSelection.matches(about, $0.select) }
      if isWanted { rules.append((rule, PreparedRule(about, selection))) }
    }
    first = rules.first?.prepared
    for (rule, prepared) in rules {
      for kind in Self.kinds(of: rule) where byKind[kind] == nil { byKind[kind] = OfKind() }
      add(rule, prepared)
    }
  }

  private static func kinds(of rule: any AdviceRule.Type) -> [String] {
    let object = (rule as? any ObjectAdvice.Type)?.kinds ?? []
    return object + ((rule as? any UniverseAdvice.Type)?.kinds ?? [])
  }

  private func add(_ rule: any AdviceRule.Type, _ prepared: PreparedRule) {
    let needs = KeySketch(ofKeys: rule.needs)
    if let rule = rule as? any SourceAdvice.Type {
      source.append(AdviceEntry(rule: rule, prepared: prepared, needs: needs))
    }
    if let rule = rule as? any PodAdvice.Type {
      pod.append(AdviceEntry(rule: rule, prepared: prepared, needs: needs))
    }
    if let rule = rule as? any PodUniverseAdvice.Type {
      podUniverse.append(AdviceEntry(rule: rule, prepared: prepared, needs: needs))
    }
    if let rule = rule as? any ObjectAdvice.Type {
      let entry = AdviceEntry<any ObjectAdvice.Type>(rule: rule, prepared: prepared, needs: needs)
      if rule.kinds.isEmpty { anyKind.object.append(entry) }
      for kind in rule.kinds { byKind[kind, default: OfKind()].object.append(entry) }
    }
    if let rule = rule as? any UniverseAdvice.Type {
      let entry = AdviceEntry<any UniverseAdvice.Type>(rule: rule, prepared: prepared, needs: needs)
      if rule.kinds.isEmpty { anyKind.universe.append(entry) }
      for kind in rule.kinds { byKind[kind, default: OfKind()].universe.append(entry) }
    }
  }

  /// The rules for objects of a kind, those for all kinds included.
  func kind(_ name: String) -> OfKind {
    if let known = merged[name] { return known }
    guard var own = byKind[name] else { return anyKind }
    own.object = anyKind.object + own.object
    own.universe = anyKind.universe + own.universe
    merged[name] = own
    return own
  }
}

/// Which keys occur anywhere in an object, roughly: a key that is not in the sketch is not there.
struct KeySketch: Hashable {
  private var words = SIMD4<UInt64>()

  /// The sketch of some keys; of none it is met by everything.
  init(ofKeys keys: [String]) {
    for var key in keys {
      key.withUTF8 { insert(KeyHash.of(UnsafeRawBufferPointer($0))) }
    }
  }

  /// The sketch of all keys in an object.
  init(of object: AdviceObject) {
    guard let (tree, node) = object.node.treeNode else {
      words = SIMD4(repeating: .max)
      return
    }
    visit(node, of: tree)
  }

  private mutating func visit(_ node: NodeID, of tree: Tree) {
    switch tree.kind(node) {
    case .mapping:
      for (key, value) in tree.entries(node) {
        insert(tree.keyHash(key))
        visitInside(value, of: tree)
      }
    case .sequence:
      for item in tree.items(node) { visitInside(item, of: tree) }
    default: return
    }
  }

  private mutating func visitInside(_ node: NodeID, of tree: Tree) {
    // Aliases of aliases may lead through the same mappings again and again.
    if tree.isAlias(node) {
      if !tree.kind(node).isScalar { words = SIMD4(repeating: .max) }
      return
    }
    visit(node, of: tree)
  }

  private mutating func insert(_ hash: UInt32) {
    words[Int(hash >> 6 & 3)] |= 1 << UInt64(hash & 63)
  }

  /// Whether one of the keys of `needs` may be among those of this sketch.
  func mayMeet(_ needs: KeySketch) -> Bool {
    needs.words == SIMD4() || (words & needs.words) != SIMD4()
  }
}
