import ManifestModel
import ManifestSchema
import ManifestSyntax

/// What matters of a PersistentVolume.
struct VolumeFacts: Sendable {
  /// A volume as its driver knows it.
  struct Handle: Hashable, Sendable {
    var driver: String
    var name: String
  }

  let name: String
  let capacity: Quantity
  let handle: Handle?
  private let labels: [String: String]
  /// nil where it can be reached from everywhere.
  private let terms: [NodeTerm]?
  private let spec: Value
  private let isFree: Bool

  init(_ volume: ClusterObject) {
    name = volume.name
    labels = volume.labelTexts
    spec = volume.value["spec"] ?? .emptyMap
    capacity = ResourceAmounts(spec["capacity"])["storage"] ?? .zero
    terms = spec["nodeAffinity"]?["required"]?["nodeSelectorTerms"]?.list?.map { NodeTerm($0) }
    handle = spec["csi"].map {
      Handle(driver: $0["driver"]?.string ?? "", name: $0["volumeHandle"]?.string ?? "")
    }
    let phase = volume.value["status"]?["phase"]?.string ?? "Available"
    isFree = !volume.isTerminating && (phase == "Available" || phase == "Pending")
  }

  func isReachable(from node: NodeFacts) -> Bool {
    terms.map { $0.contains { $0.matches(node) } } ?? true
  }

  /// Whether it lies where the node is; the labels of volumes list zones as `a__b`.
  func isInZone(of node: NodeFacts) -> Bool {
    let keys = [
      NodeFacts.zoneLabel, NodeFacts.regionLabel, "failure-domain.beta.kubernetes.io/zone",
      "failure-domain.beta.kubernetes.io/region",
    ]
    return keys.allSatisfy { key in
      guard let zones = labels[key] else { return true }
      let newer = key.replacingPrefix("failure-domain.beta.", with: "topology.")
      // Nodes that tell nothing of zones are in all of them.
      guard let zone = node.labels[key] ?? node.labels[newer] else { return !node.hasZoneLabels }
      return zones.separated(by: "__").contains(zone)
    }
  }

  /// Whether a claim could be bound to it.
  func canServe(_ claim: ClusterObject) -> Bool {
    let wanted = claim.value["spec"]
    if let holder = spec["claimRef"], holder != .null {
      return holder["name"]?.string == claim.name
        && holder["namespace"]?.string == claim.namespace
        && [nil, "", claim.uid].contains(holder["uid"]?.string)
    }
    let modes = spec["accessModes"]?.list ?? []
    let size =
      ResourceAmounts(wanted?["resources"]?["requests"])["storage"] ?? .zero
    let selector = wanted?["selector"].flatMap { LabelSelectorView(.value($0)).selector }
    return isFree && capacity >= size
      && spec["storageClassName"]?.string ?? "" == wanted?["storageClassName"]?.string ?? ""
      && (wanted?["accessModes"]?.list ?? []).allSatisfy(modes.contains)
      && spec["volumeMode"]?.string ?? "Filesystem" == wanted?["volumeMode"]?.string
        ?? "Filesystem"
      && selector?.matches(labels) ?? true
  }
}

extension NodeFacts {
  fileprivate var hasZoneLabels: Bool {
    labels.keys.contains {
      $0 == Self.zoneLabel || $0 == Self.regionLabel
        || $0.hasPrefix("failure-domain.beta.kubernetes.io/")
    }
  }
}

extension String {
  fileprivate func replacingPrefix(_ prefix: String, with other: String) -> String {
    hasPrefix(prefix) ? other + dropFirst(prefix.count) : self
  }

  /// The parts between occurrences of a separator of two equal characters.
  fileprivate func separated(by separator: String) -> [String] {
    var parts: [String] = []
    var rest = Substring(self)
    while let place = rest.indices.first(where: { rest[$0...].hasPrefix(separator) }) {
      parts.append(String(rest[..<place]))
      rest = rest[rest.index(place, offsetBy: separator.count)...]
    }
    return parts + [String(rest)]
  }
}
