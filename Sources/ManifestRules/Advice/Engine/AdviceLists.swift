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
    for (rule, prepared) in rules { add(rule, prepared) }
  }

  private func add(_ rule: any AdviceRule.Type, _ prepared: PreparedRule) {
    let needs = KeySketch(ofKeys: rule.needs)
    for subject in rule.subjects {
      switch subject {
      case .source(let rule):
        source.append(AdviceEntry(rule: rule, prepared: prepared, needs: needs))
      case .pod(let rule): pod.append(AdviceEntry(rule: rule, prepared: prepared, needs: needs))
      case .podUniverse(let rule):
        podUniverse.append(AdviceEntry(rule: rule, prepared: prepared, needs: needs))
      case .object(let rule):
        let entry = AdviceEntry(rule: rule, prepared: prepared, needs: needs)
        if rule.kinds.isEmpty { anyKind.object.append(entry) }
        for kind in rule.kinds { byKind[kind, default: OfKind()].object.append(entry) }
      case .universe(let rule):
        let entry = AdviceEntry(rule: rule, prepared: prepared, needs: needs)
        if rule.kinds.isEmpty { anyKind.universe.append(entry) }
        for kind in rule.kinds { byKind[kind, default: OfKind()].universe.append(entry) }
      }
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
