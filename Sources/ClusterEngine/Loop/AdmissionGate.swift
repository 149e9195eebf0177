import ClusterControl
import ManifestSchema
import ManifestSyntax

/// Sends what controllers create through the same admission as everybody's requests.
public struct AdmissionGate: EngineGate {
  private let chain: AdmissionChain
  /// The kinds that go through it, with their names; others are written as they are.
  private let kinds: [GroupResource: GroupVersionKind]

  public init(
    _ chain: AdmissionChain = .standard,
    kinds: [GroupResource: GroupVersionKind] = [
      .pods: GroupVersionKind(group: "", version: "v1", kind: "Pod")
    ]
  ) {
    self.chain = chain
    self.kinds = kinds
  }

  public func admit(
    _ object: inout Value, _ resource: GroupResource, namespace: String?, seed: UInt64,
    in state: ClusterState
  ) throws(WriteRefusal) {
    guard let kind = kinds[resource] else { return }
    let key = ResourceKey(
      resource, namespace: namespace, name: object["metadata"]?["name"]?.string ?? "")
    let request = AdmissionRequest(.create, key, kind: kind, seed: seed)
    do throws(AdmissionRefusal) {
      let reader = StateReader(state: state)
      try chain.mutate(&object, request, reader)
      _ = try chain.validate(object, old: nil, request, reader)
    } catch {
      let isLeaving = error.causes.contains { $0.reason == "NamespaceTerminating" }
      let reason = WriteRefusal.Reason(rawValue: error.reason) ?? .internal
      throw WriteRefusal(isLeaving ? .namespaceTerminating : reason, error.message)
    }
  }
}
