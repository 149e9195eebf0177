import ManifestSchema
import ManifestSyntax

/// Gives containers the resources that the namespace's limit ranges say, and keeps pods, containers
/// and claims within them.
struct LimitRanger: AdmissionStep {
  static let name = "LimitRanger"

  private static let annotation = "kubernetes.io/limit-ranger"

  func mutate(
    _ object: inout Value, old: Value?, _ request: AdmissionRequest, _ cluster: any ClusterReader
  ) throws(AdmissionRefusal) {
    guard request.isAbout(.pods, .create) else { return }
    var notes: [String] = []
    for item in try items(request, cluster) where item.type == "Container" {
      object.editSpec { spec in
        for (list, title) in [("containers", "container"), ("initContainers", "init container")] {
          spec.editItems(list) { Self.complete(&$0, with: item, title, &notes) }
        }
      }
    }
    guard !notes.isEmpty else { return }
    let text = "LimitRanger plugin set: " + notes.joined(separator: "; ")
    object.edit("metadata", in: FieldOrder.object) { metadata in
      metadata.edit("annotations", in: FieldOrder.metadata) { $0[Self.annotation] = .string(text) }
    }
  }

  /// Sets what a container does not say itself.
  private static func complete(
    _ container: inout Value, with item: LimitRangeItem, _ title: String, _ notes: inout [String]
  ) {
    var set: [(list: String, names: [String])] = []
    container.edit("resources", in: FieldOrder.container) { resources in
      for (list, amounts) in [("limits", item.defaults), ("requests", item.defaultRequests)] {
        var names: [String] = []
        resources.edit(list, in: ["limits", "requests", "claims"]) { known in
          for name in amounts.names where known[name] == nil {
            known[name] = .string((amounts[name] ?? .zero).description)
            names.append(name)
          }
        }
        set.append((list, names))
      }
    }
    let name = container["name"]?.string ?? ""
    for (list, word) in [("requests", "request"), ("limits", "limit")] {
      guard let names = set.first(where: { $0.list == list })?.names, !names.isEmpty else {
        continue
      }
      notes.append("\(names.joined(separator: ", ")) \(word) for \(title) \(name)")
    }
  }

  func validate(
    _ object: Value?, old: Value?, _ request: AdmissionRequest, _ cluster: any ClusterReader,
    into outcome: inout AdmissionOutcome
  ) throws(AdmissionRefusal) {
    guard let object, Self.concerns(request), old?["metadata"]?["deletionTimestamp"] == nil else {
      return
    }
    for item in try items(request, cluster) {
      let troubles = item.troubles(of: object, request.resource)
      guard troubles.isEmpty else {
        throw .forbidden(
          request, "limit range '\(item.owner)': " + troubles.joined(separator: "; "))
      }
    }
  }

  private static func concerns(_ request: AdmissionRequest) -> Bool {
    request.isAbout(.pods, .create)
      || request.isAbout(.persistentVolumeClaims, .create, .update)
      || request.resource == .pods && request.operation == .update
        && request.subresource == "resize"
  }

  private func items(
    _ request: AdmissionRequest, _ cluster: any ClusterReader
  ) throws(AdmissionRefusal) -> [LimitRangeItem] {
    try cluster.list(.limitRanges, namespace: request.namespace).flatMap { range in
      (range["spec"] ?? .null).items("limits").map {
        LimitRangeItem($0, owner: range.metadataName)
      }
    }
  }
}

/// What a limit range says about one kind of thing.
struct LimitRangeItem {
  var owner: String
  /// `Container`, `Pod` or `PersistentVolumeClaim`.
  var type: String
  var lowest: ResourceAmounts
  var highest: ResourceAmounts
  var ratios: ResourceAmounts
  /// The limits of containers that say none.
  var defaults = ResourceAmounts()
  /// The requests of containers that say none.
  var defaultRequests = ResourceAmounts()

  init(_ item: Value, owner: String) {
    self.owner = owner
    type = item["type"]?.string ?? ""
    lowest = ResourceAmounts(item["min"])
    highest = ResourceAmounts(item["max"])
    ratios = ResourceAmounts(item["maxLimitRequestRatio"])
    guard type == "Container" else { return }
    // What is not said follows: the limit from the highest, the request from the limit, else from
    // the lowest.
    defaults = ResourceAmounts(item["default"])
    defaults.amounts.merge(highest.amounts) { own, _ in own }
    defaultRequests = ResourceAmounts(item["defaultRequest"])
    defaultRequests.amounts.merge(defaults.amounts) { own, _ in own }
    defaultRequests.amounts.merge(lowest.amounts) { own, _ in own }
  }

  /// What about `object` is beyond the limits.
  func troubles(of object: Value, _ resource: GroupResource) -> [String] {
    let spec = object["spec"] ?? .emptyMap
    switch (type, resource) {
    case ("Container", .pods):
      return ["containers", "initContainers"].flatMap { list in
        spec.items(list).flatMap { container in
          troubles(
            ResourceAmounts(container["resources"]?["requests"]),
            ResourceAmounts(container["resources"]?["limits"]),
            of: "container '\(container["name"]?.string ?? "")'")
        }
      }
    case ("Pod", .pods):
      let demand = PodDemand(spec)
      return troubles(
        demand.requests(withOverhead: false), demand.limits(withOverhead: false), of: "the pod")
    case ("PersistentVolumeClaim", .persistentVolumeClaims):
      let requests = ResourceAmounts(spec["resources"]?["requests"])
      return lowest.names.compactMap { below(lowest, $0, requests, "the claim", "request") }
        + highest.names.compactMap { above(highest, $0, requests, "the claim", "request") }
    default: return []
    }
  }

  private func troubles(
    _ requests: ResourceAmounts, _ limits: ResourceAmounts, of thing: String
  ) -> [String] {
    var troubles: [String] = []
    for name in lowest.names {
      let one =
        below(lowest, name, requests, thing, "request")
        ?? (limits[name] == nil ? nil : below(lowest, name, limits, thing, "limit"))
      if let one { troubles.append(one) }
    }
    for name in highest.names {
      let one =
        above(highest, name, limits, thing, "limit")
        ?? (requests[name] == nil ? nil : above(highest, name, requests, thing, "request"))
      if let one { troubles.append(one) }
    }
    for name in ratios.names {
      if let one = ratioTrouble(name, requests, limits, thing) { troubles.append(one) }
    }
    return troubles
  }

  private func below(
    _ bounds: ResourceAmounts, _ name: String, _ amounts: ResourceAmounts, _ thing: String,
    _ word: String
  ) -> String? {
    guard let bound = bounds[name] else { return nil }
    guard let amount = amounts[name] else {
      return "\(thing) has no \(word) of \(name), which must be at least \(bound)"
    }
    return amount < bound
      ? "\(thing) has a \(word) of \(name) of \(amount); it must be at least \(bound)" : nil
  }

  private func above(
    _ bounds: ResourceAmounts, _ name: String, _ amounts: ResourceAmounts, _ thing: String,
    _ word: String
  ) -> String? {
    guard let bound = bounds[name] else { return nil }
    guard let amount = amounts[name] else {
      return "\(thing) has no \(word) of \(name), which must be at most \(bound)"
    }
    return bound < amount
      ? "\(thing) has a \(word) of \(name) of \(amount); it must be at most \(bound)" : nil
  }

  private func ratioTrouble(
    _ name: String, _ requests: ResourceAmounts, _ limits: ResourceAmounts, _ thing: String
  ) -> String? {
    guard let ratio = ratios[name] else { return nil }
    guard let request = requests[name], request.sign > 0, let limit = limits[name],
      limit.sign > 0
    else {
      return "\(thing) needs a request and a limit of \(name), since their ratio is limited"
    }
    let found = Self.number(limit) / Self.number(request)
    return found > Self.number(ratio)
      ? "\(thing) has a limit of \(name) that is more than \(ratio) times its request" : nil
  }

  /// Ratios are judged in floating point, as on the server.
  private static func number(_ quantity: Quantity) -> Double {
    if let thousandths = quantity.milliValue { return Double(thousandths) / 1000 }
    return quantity.value.map(Double.init) ?? .infinity
  }
}
