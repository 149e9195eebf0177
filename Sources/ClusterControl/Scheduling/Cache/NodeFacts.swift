import ManifestSchema
import ManifestSyntax

/// What the scheduler asks of a node, read once for each change of it.
struct NodeFacts: Hashable, Sendable {
  struct Taint: Hashable, Sendable {
    var key: String
    var value: String
    var effect: String

    /// Whether it keeps pods away, rather than being a matter of taste.
    var isHard: Bool { effect == "NoSchedule" || effect == "NoExecute" }
  }

  let name: String
  let labels: [String: String]
  let taints: [Taint]
  let isUnschedulable: Bool
  let allocatable: ResourceVector
  let podsMax: Int64
  /// Sizes in bytes of the images that the node has, by each of their names.
  let images: [String: Int64]

  init(_ node: ClusterObject) {
    name = node.name
    labels = node.labelTexts
    let spec = node.value["spec"]
    let status = node.value["status"]
    taints = (spec?["taints"]?.list ?? []).map {
      Taint(
        key: $0["key"]?.string ?? "", value: $0["value"]?.string ?? "",
        effect: $0["effect"]?.string ?? "")
    }
    isUnschedulable = spec?["unschedulable"]?.bool ?? false
    let amounts = ResourceAmounts(status?["allocatable"] ?? status?["capacity"])
    allocatable = ResourceVector(amounts)
    podsMax = amounts["pods"].map { ResourceVector.bounded($0.value, $0) } ?? 0
    var images: [String: Int64] = [:]
    for image in status?["images"]?.list ?? [] {
      for name in image["names"]?.list ?? [] {
        if let name = name.string { images[name] = image["sizeBytes"]?.int64 ?? 0 }
      }
    }
    self.images = images
  }

  static let zoneLabel = "topology.kubernetes.io/zone"
  static let regionLabel = "topology.kubernetes.io/region"
  static let hostnameLabel = "kubernetes.io/hostname"

  /// What nodes of one failure domain share.
  var zone: String { (labels[Self.regionLabel] ?? "") + "\0" + (labels[Self.zoneLabel] ?? "") }
}

/// What a pod puts up with.
struct PodToleration: Hashable, Sendable {
  var key: String
  var `operator`: String
  var value: String
  var effect: String

  init(_ toleration: Value) {
    key = toleration["key"]?.string ?? ""
    `operator` = toleration["operator"]?.string ?? ""
    value = toleration["value"]?.string ?? ""
    effect = toleration["effect"]?.string ?? ""
  }

  func tolerates(_ taint: NodeFacts.Taint) -> Bool {
    if !effect.isEmpty, effect != taint.effect { return false }
    if !key.isEmpty, key != taint.key { return false }
    switch `operator` {
    case "", "Equal": return value == taint.value
    case "Exists": return true
    case "Lt", "Gt":
      guard let limit = Int64(value), let number = Int64(taint.value) else { return false }
      return `operator` == "Lt" ? number < limit : number > limit
    default: return false
    }
  }
}
