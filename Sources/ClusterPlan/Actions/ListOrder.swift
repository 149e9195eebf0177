import ManifestMerge
import ManifestSyntax

/// Puts the items of keyed lists and sets of a manifest in the order in which the cluster has them.
///
/// Their order means nothing, but the API server stores it: a manifest whose ports stand in another
/// order would roll every pod for nothing.
enum ListOrder {
  /// Keyed lists whose order means something after all: what runs first, what refers to what.
  private static let meaningful: Set<String> = ["initContainers", "env", "webhooks"]
  /// Longer lists stay as they are: comparing item by item would take too long.
  private static let itemsMax = 300

  /// - Parameter fields: What `config` sets.
  static func aligned(_ config: Value, like stored: Value, _ fields: FieldSet) -> Value {
    switch (config, stored) {
    case (.map(var map), .map(let known)):
      for child in fields.children {
        guard case .field(let name) = child.element, let inner = map[name], let old = known[name]
        else { continue }
        let isFixed = meaningful.contains(name)
        map[name] =
          isFixed
          ? aligned(items: inner, like: old, child.set) : aligned(inner, like: old, child.set)
      }
      // Sets are members of the set of fields, not ways to more.
      return .map(map)
    case (.list, .list):
      let ordered = permuted(config, like: stored, fields)
      return aligned(items: ordered, like: stored, fields)
    default: return config
    }
  }

  /// The items of a list, each with its own lists in order.
  private static func aligned(items config: Value, like stored: Value, _ fields: FieldSet) -> Value
  {
    guard case .list(var items) = config, items.count <= itemsMax else { return config }
    for child in fields.children {
      guard let item = config.part(at: [child.element]), let old = stored.part(at: [child.element]),
        let position = items.firstIndex(of: item)
      else { continue }
      items[position] = aligned(item, like: old, child.set)
    }
    return .list(items)
  }

  /// The list with those items that both have in the order of `stored`; new ones keep their places.
  private static func permuted(_ config: Value, like stored: Value, _ fields: FieldSet) -> Value {
    guard case .list(let items) = config, case .list(let known) = stored,
      items.count <= itemsMax, known.count <= itemsMax
    else { return config }
    var shared: [(place: Int, rank: Int)] = []
    for element in Set(fields.members + fields.children.map(\.element)) {
      if case .field = element { continue }
      guard let item = config.part(at: [element]), let old = stored.part(at: [element]),
        let place = items.firstIndex(of: item), let rank = known.firstIndex(of: old)
      else { continue }
      shared.append((place, rank))
    }
    let places = shared.map(\.place).sorted()
    let wanted = shared.sorted { $0.rank < $1.rank }.map(\.place)
    guard places != wanted, Set(places).count == places.count else { return config }
    var result = items
    for (place, source) in zip(places, wanted) { result[place] = items[source] }
    return .list(result)
  }
}
