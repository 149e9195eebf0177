import ManifestSyntax

/// Tells pods the zone and the region of the node that they are bound to.
struct PodTopologyLabels: AdmissionStep {
  static let name = "PodTopologyLabels"

  private static let labels = ["topology.kubernetes.io/region", "topology.kubernetes.io/zone"]

  func mutate(
    _ object: inout Value, old: Value?, _ request: AdmissionRequest, _ cluster: any ClusterReader
  ) throws(AdmissionRefusal) {
    guard request.resource == .pods, request.operation == .create else { return }
    let node: String?
    switch request.subresource {
    case nil: node = object["spec"]?["nodeName"]?.string
    case "binding":
      let kind = object["target"]?["kind"]?.string ?? "Node"
      node = kind == "Node" ? object["target"]?["name"]?.string : nil
    default: return
    }
    guard let node, !node.isEmpty,
      let found = try cluster.object(ResourceKey(.nodes, name: node))
    else { return }
    let copied = Self.labels.compactMap { name in found.label(name).map { (name, $0) } }
    guard !copied.isEmpty else { return }
    object.edit("metadata", in: FieldOrder.object) { metadata in
      metadata.edit("labels", in: FieldOrder.metadata) { labels in
        for (name, text) in copied { labels[name] = .string(text) }
      }
    }
  }
}
