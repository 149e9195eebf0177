import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Amounts of resources by name.
struct ResourceAmounts {
  var amounts: [String: Quantity]

  init(_ amounts: [String: Quantity] = [:]) { self.amounts = amounts }

  /// What a map of an object says; entries that are no quantities are left out.
  init(_ value: Value?) {
    amounts = [:]
    for entry in value?.map?.entries ?? [] {
      if let amount = Quantity(NodeRef.value(entry.value)) { amounts[entry.key] = amount }
    }
  }

  var isEmpty: Bool { amounts.isEmpty }
  /// The names in the order in which messages and objects list them.
  var names: [String] { amounts.keys.sorted() }

  subscript(name: String) -> Quantity? {
    get { amounts[name] }
    set { amounts[name] = newValue }
  }

  mutating func add(_ other: ResourceAmounts) { amounts.merge(other.amounts, uniquingKeysWith: +) }

  func adding(_ other: ResourceAmounts) -> ResourceAmounts {
    ResourceAmounts(amounts.merging(other.amounts, uniquingKeysWith: +))
  }

  func subtracting(_ other: ResourceAmounts) -> ResourceAmounts {
    adding(ResourceAmounts(other.amounts.mapValues { -$0 }))
  }

  /// The greater of both, resource by resource.
  func maximum(_ other: ResourceAmounts) -> ResourceAmounts {
    ResourceAmounts(amounts.merging(other.amounts, uniquingKeysWith: Swift.max))
  }

  func filter(_ isWanted: (String) -> Bool) -> ResourceAmounts {
    ResourceAmounts(amounts.filter { isWanted($0.key) })
  }

  /// `cpu=1,memory=2Gi`, as refusals list amounts.
  var text: String { names.map { "\($0)=\(amounts[$0] ?? .zero)" }.joined(separator: ",") }

  /// As objects hold it.
  var value: Value {
    .map(ValueMap(names.map { (key: $0, value: .string((amounts[$0] ?? .zero).description)) }))
  }
}

/// What a pod asks for as a whole.
///
/// Containers add up; init containers run one after the other, beside the sidecars that started
/// before them, so of those the greatest counts. What the pod says for itself comes before that.
struct PodDemand {
  let spec: Value

  init(_ spec: Value) { self.spec = spec }

  func requests(withOverhead: Bool = true) -> ResourceAmounts { total("requests", withOverhead) }

  /// Overhead counts where there is a limit at all.
  func limits(withOverhead: Bool = true) -> ResourceAmounts { total("limits", withOverhead) }

  private func total(_ list: String, _ withOverhead: Bool) -> ResourceAmounts {
    var total = containers(list)
    let own = ResourceAmounts(spec["resources"]?[list])
    total.amounts.merge(own.amounts) { _, own in own }
    guard withOverhead else { return total }
    for (name, amount) in ResourceAmounts(spec["overhead"]).amounts {
      if let known = total[name] {
        total[name] = known + amount
      } else if list == "requests" {
        total[name] = amount
      }
    }
    return total
  }

  private func containers(_ list: String) -> ResourceAmounts {
    var total = ResourceAmounts()
    for container in spec.items("containers") {
      total.add(ResourceAmounts(container["resources"]?[list]))
    }
    var sidecars = ResourceAmounts()
    var greatest = ResourceAmounts()
    for container in spec.items("initContainers") {
      let own = ResourceAmounts(container["resources"]?[list])
      var atOnce = own.adding(sidecars)
      if container["restartPolicy"] == "Always" {
        total.add(own)
        sidecars.add(own)
        atOnce = sidecars
      }
      greatest = greatest.maximum(atOnce)
    }
    return total.maximum(greatest)
  }

  /// Whether nothing of it is promised cpu or memory.
  var isBestEffort: Bool {
    let parts = spec.items("containers") + spec.items("initContainers") + [spec]
    return parts.allSatisfy { part in
      ["requests", "limits"].allSatisfy { list in
        let amounts = ResourceAmounts(part["resources"]?[list])
        return ["cpu", "memory"].allSatisfy { amounts[$0].map { $0.sign <= 0 } ?? true }
      }
    }
  }
}
