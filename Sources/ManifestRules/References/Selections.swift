import ManifestModel
import ManifestSchema
import ManifestSyntax

/// What objects mention by labels.
enum Selections {
  static func collect(
    _ object: NodeRef, _ gvk: GroupVersionKind, into collector: inout ReferenceCollector
  ) {
    let spec = object["spec"]
    switch (gvk.group, gvk.kind) {
    case ("", "Service"):
      guard let labels = spec?["selector"], labels.count > 0 else { return }
      addPods(LabelSelector(matchLabels: strings(labels)), "spec.selector", to: &collector)
    case ("", "ReplicationController"):
      guard let labels = spec?["selector"], labels.count > 0 else { return }
      addPods(LabelSelector(matchLabels: strings(labels)), "spec.selector", to: &collector)
    case ("policy", "PodDisruptionBudget"):
      guard let selector = spec?["selector"].flatMap(read) else { return }
      addPods(selector, "spec.selector", to: &collector)
    case ("apps", "Deployment"), ("apps", "ReplicaSet"), ("apps", "StatefulSet"),
      ("apps", "DaemonSet"), ("batch", "Job"):
      guard let selector = spec?["selector"].flatMap(read) else { return }
      addPods(selector, "spec.selector", to: &collector)
    case ("networking.k8s.io", "NetworkPolicy"): collectPolicy(spec, into: &collector)
    case ("discovery.k8s.io", "EndpointSlice"):
      guard let name = object["metadata"]?["labels"]?["kubernetes.io/service-name"]?.string else {
        return
      }
      let service = ObjectName(kind: "Service", namespace: collector.namespace, name: name)
      collector.add(
        Reference(
          path: FieldPath([
            .field("metadata"), .field("labels"), .key("kubernetes.io/service-name"),
          ]), target: .object(service), role: .owner))
    default: return
    }
  }

  private static func collectPolicy(
    _ spec: NodeRef?, into collector: inout ReferenceCollector
  ) {
    guard let spec else { return }
    if let selector = spec["podSelector"].flatMap(read) {
      addPods(selector, "spec.podSelector", to: &collector)
    }
    for (list, side) in [("ingress", "from"), ("egress", "to")] {
      for (rule, item) in (spec[list] ?? .value(.null)).items.enumerated() {
        for (peer, node) in (item[side] ?? .value(.null)).items.enumerated() {
          // Peers of other namespaces are found by labels of those: nobody here knows them.
          guard node["namespaceSelector"] == nil, let selector = node["podSelector"].flatMap(read)
          else { continue }
          let path = FieldPath([
            .field("spec"), .field(list), .index(rule), .field(side), .index(peer),
            .field("podSelector"),
          ])
          addPods(selector, path, to: &collector)
        }
      }
    }
  }

  private static func addPods(
    _ selector: LabelSelector, _ path: FieldPath, to collector: inout ReferenceCollector
  ) {
    collector.add(
      Reference(
        path: path,
        target: .selection(
          group: "", kind: "Pod", namespace: collector.namespace, selector),
        role: .action, isOptional: true))
  }

  /// A selector as objects write it; nil where it makes no sense.
  static func read(_ node: NodeRef) -> LabelSelector? {
    guard node.isMapping else { return nil }
    var requirements: [LabelSelector.Requirement] = []
    for item in (node["matchExpressions"] ?? .value(.null)).items {
      guard let key = item["key"]?.string,
        let word = item["operator"]?.string.flatMap(LabelSelector.Operator.init(rawValue:))
      else { return nil }
      let values = (item["values"] ?? .value(.null)).items.compactMap(\.string)
      requirements.append(LabelSelector.Requirement(key, word, values))
    }
    return LabelSelector(
      matchLabels: strings(node["matchLabels"] ?? .value(.null)), matchExpressions: requirements)
  }

  private static func strings(_ node: NodeRef) -> [String: String] { AdviceObject.texts(node) }
}
