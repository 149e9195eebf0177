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
    guard kind == "Secret" || kind == "ConfigMap" else { return false }
    // `--secret-name=web-certificate`: that program writes it, or waits for it.
    return pods.contains { pod in
      shareNamespace(pod.object, object)
        && pod.containers.contains { container in
          (Array(container.node.list("args")) + Array(container.node.list("command"))).contains {
            $0.string.map { $0 == name || $0.hasSuffix("=" + name) } ?? false
          }
        }
    }
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
