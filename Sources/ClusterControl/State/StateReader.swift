import ManifestSyntax

/// A state as admission and quotas read it.
public struct StateReader: ClusterReader {
  private let state: ClusterState

  public init(state: ClusterState) { self.state = state }

  public func object(_ key: ResourceKey) throws(AdmissionRefusal) -> Value? {
    state.object(key)?.value
  }

  public func list(
    _ resource: GroupResource, namespace: String?
  ) throws(AdmissionRefusal) -> [Value] {
    state.objects(resource, in: namespace).sorted {
      ($0.namespace ?? "", $0.name) < ($1.namespace ?? "", $1.name)
    }.map(\.value)
  }
}
