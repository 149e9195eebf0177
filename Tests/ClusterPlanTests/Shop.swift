import ClusterAPI
import ClusterPlan
import ClusterStore
import ManifestRules
import ManifestSyntax

/// A small cluster in memory, and manifests for it.
struct Bench {
  let store = MemoryStore()
  let cluster: LocalCluster

  init() throws {
    cluster = try LocalCluster(store: store, clock: ManualClock(), seed: 7)
  }

  func difference(_ text: String, _ change: (inout PlanOptions) -> Void = { _ in }) throws
    -> ChangeSet
  {
    try planner(change).difference(Self.manifests(text))
  }

  @discardableResult
  func apply(
    _ text: String, _ change: (inout PlanOptions) -> Void = { _ in }
  ) throws -> Planner.Applied {
    try planner(change).apply(Self.manifests(text))
  }

  private func planner(_ change: (inout PlanOptions) -> Void) -> Planner {
    var options = PlanOptions()
    change(&options)
    return Planner(cluster, options: options)
  }

  /// The object of a kind, as it is stored.
  func object(_ kind: String, _ name: String, namespace: String? = "default") throws -> Value? {
    try cluster.read { (session) throws(StatusError) in
      guard let resource = session.catalog.resources(named: kind).first else { return nil }
      return try? session.get(resource, namespace: namespace, name: name)
    }
  }

  /// The objects of a YAML text.
  static func manifests(_ text: String) -> [Manifest] {
    let validator = Validator(ValidationContext())
    let reading = validator.read(
      SourceText(name: "test.yaml", bytes: Array(text.utf8)), isExplicit: true)
    return reading.objects.compactMap { object in
      object.value.map {
        Manifest($0, source: ManifestSource(file: "test.yaml", line: object.line))
      }
    }
  }
}

/// Manifests that tests change.
enum Sample {
  static let deployment = """
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: web}
    spec:
      replicas: 3
      selector: {matchLabels: {app: web}}
      template:
        metadata: {labels: {app: web}}
        spec:
          containers:
          - name: web
            image: nginx:1
            envFrom: [{configMapRef: {name: web}}]
            ports: [{containerPort: 80}, {containerPort: 53, protocol: UDP}]
            resources: {limits: {cpu: 1000m, memory: 1Gi}}
    """
  static let config = """
    apiVersion: v1
    kind: ConfigMap
    metadata: {name: web}
    data: {mode: fast}
    """
  static let service = """
    apiVersion: v1
    kind: Service
    metadata: {name: web}
    spec:
      type: NodePort
      selector: {app: web}
      ports: [{port: 80}]
    """
  static let secret = """
    apiVersion: v1
    kind: Secret
    metadata: {name: web}
    stringData: {password: canary-one}
    """
  static var all: String { [deployment, config, service, secret].joined(separator: "\n---\n") }
}
