import ManifestModel
import ManifestSchema
import ManifestSyntax

/// What may come into being without standing in the repository: operators make pods, Services and
/// Secrets for their custom objects, and programs make Secrets that their arguments name.
extension Universe {
  /// Custom kinds that make nothing, or nothing that others refer to.
  private static let passiveKinds: Set<String> = [
    "AppProject", "AuthorizationPolicy", "CiliumNetworkPolicy", "ClusterIssuer",
    "ClusterPolicy", "DestinationRule", "EnvoyFilter", "Gateway", "GRPCRoute", "HTTPRoute",
    "IngressRoute", "Issuer", "Kustomization", "Middleware", "PeerAuthentication", "PodMonitor",
    "Policy", "Probe", "PrometheusRule", "Rollout", "ScaledJob", "ScaledObject", "ServiceEntry",
    "ServiceMonitor", "ServiceProfile", "TLSRoute", "TCPRoute", "TriggerAuthentication",
    "UDPRoute", "VirtualService", "Component",
  ]

  /// Whether an operator or a chart may make other objects for `object`.
  static func isMaker(_ object: AdviceObject) -> Bool {
    let group = object.gvk.group
    guard group.contains("."), !group.hasSuffix(".k8s.io") || group.hasSuffix(".x-k8s.io") else {
      return false
    }
    return !passiveKinds.contains(object.kind)
  }

  /// Whether an object of a kind and a name is likely to be made at run time.
  func mayBeMade(_ kind: String, _ name: String, near object: AdviceObject) -> Bool {
    guard ["ConfigMap", "Secret", "Service", "ServiceAccount"].contains(kind) else { return false }
    let isOfMaker = makers.contains { maker in
      guard shareNamespace(maker, object), !maker.name.isEmpty else { return false }
      return name == maker.name || name.hasPrefix(maker.name + "-")
        || name.hasSuffix("-" + maker.name)
    }
    if isOfMaker { return true }
    // `--secret-name=web-certificate`: that program writes it, or waits for it.
    return (kind == "Secret" || kind == "ConfigMap") && argumentWords.contains(name)
  }

  /// What the commands and arguments of pods name: whole items, and what is behind an `=`.
  static func argumentWords(of pods: [AdvicePod]) -> Set<String> {
    var words: Set<String> = []
    for pod in pods {
      for container in pod.containers {
        for field in [Key.command, .args] {
          for item in container.node.list(field) {
            // Longer ones are no names.
            guard let text = item.string, text.utf8.count <= 300 else { continue }
            if let mark = text.utf8.lastIndex(of: UInt8(ascii: "=")) {
              words.insert(String(text[text.utf8.index(after: mark)...]))
            } else {
              words.insert(text)
            }
          }
        }
      }
    }
    return words
  }

  /// Whether pods that fit `selector` may be in something that could not be read, or be made by an
  /// operator.
  func mayHoldPods(of selector: LabelSelector, near object: AdviceObject) -> Bool {
    let words = selector.requirements.flatMap { $0.values.isEmpty ? [$0.key] : $0.values }
    if isIncomplete, words.contains(where: { mayBeUnread($0, near: object) }) { return true }
    return makers.contains { maker in
      guard shareNamespace(maker, object) else { return false }
      return words.contains { word in
        word == maker.name || word.lowercased() == maker.kind.lowercased()
          || maker.labels.values.contains(word)
      }
    }
  }
}
