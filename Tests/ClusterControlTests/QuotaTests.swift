import ManifestSchema
import ManifestSyntax
import Testing

@testable import ClusterControl

@Suite struct QuotaTests {
  private static func quota(_ hard: String, more: String = "") -> String {
    "{kind: ResourceQuota, metadata: {name: q}, spec: {hard: {\(hard)}\(more)}}"
  }
  private static func pod(_ name: String, _ requests: String, more: String = "") -> String {
    "{kind: Pod, metadata: {name: \(name)}, spec: {containers: [{name: c, resources: "
      + "{requests: {\(requests)}}}]\(more)}}"
  }

  @Test func namespacesStayWithinTheirQuotas() {
    let two = Self.pod("a", "cpu: 1") + "\n---\n" + Self.pod("b", "cpu: 1") + "\n---\n"
    func service(_ spec: String) -> String {
      "{kind: Service, metadata: {name: s}, spec: {\(spec)}}"
    }
    let urgent =
      ", scopeSelector: {matchExpressions: [{scopeName: PriorityClass, operator: In, "
      + "values: [urgent]}]}"
    for one in [
      StepCase(name: "free", cluster: two + Self.quota("pods: 3"), object: Self.pod("c", "")),
      StepCase(
        name: "full", cluster: two + Self.quota("pods: 2"), object: Self.pod("c", ""),
        refusal: (403, "exceeded quota: q, requested: pods=1, used: pods=2, limited: pods=2")),
      StepCase(
        name: "by count", cluster: two + Self.quota("count/pods: 2"), object: Self.pod("c", ""),
        refusal: (403, "count/pods=1")),
      StepCase(
        name: "cpu", cluster: two + Self.quota("requests.cpu: 2500m"),
        object: Self.pod("c", "cpu: 1"), refusal: (403, "used: requests.cpu=2")),
      StepCase(
        name: "done pods hold nothing",
        cluster: "{kind: Pod, metadata: {name: a}, status: {phase: Succeeded}}\n---\n"
          + Self.quota("pods: 1"), object: Self.pod("c", "")),
      StepCase(
        name: "says nothing", cluster: Self.quota("cpu: 2"), object: Self.pod("c", ""),
        refusal: (403, "must specify cpu for: c")),
      StepCase(
        name: "another scope",
        cluster: two + Self.quota("pods: 0", more: ", scopes: [Terminating]"),
        object: Self.pod("c", "")),
      StepCase(
        name: "the scope",
        cluster: two + Self.quota("pods: 0", more: ", scopes: [NotTerminating, NotBestEffort]"),
        object: Self.pod("c", "cpu: 1"), refusal: (403, "exceeded quota")),
      StepCase(
        name: "urgent", cluster: Self.quota("pods: 0", more: urgent),
        object: Self.pod("c", "", more: ", priorityClassName: urgent"),
        refusal: (403, "exceeded quota")),
      StepCase(
        name: "not urgent", cluster: Self.quota("pods: 0", more: urgent),
        object: Self.pod("c", "")),
      StepCase(
        name: "node ports", cluster: Self.quota("services.nodeports: 1"),
        object: service("type: NodePort, ports: [{port: 1}, {port: 2}]"),
        refusal: (403, "services.nodeports=2")),
      StepCase(
        name: "more ports than before",
        cluster: service("type: NodePort, ports: [{port: 1}]") + "\n---\n"
          + Self.quota("services.nodeports: 1"),
        object: service("type: NodePort, ports: [{port: 1}, {port: 2}]"),
        old: service("type: NodePort, ports: [{port: 1}]"), operation: .update,
        refusal: (403, "requested: services.nodeports=1, used: services.nodeports=1")),
      StepCase(
        name: "storage",
        cluster: Self.quota("fast.storageclass.storage.k8s.io/requests.storage: 1Gi"),
        object: "{kind: PersistentVolumeClaim, metadata: {name: c}, spec: {storageClassName: fast, "
          + "resources: {requests: {storage: 2Gi}}}}", refusal: (403, "=2Gi")),
      StepCase(
        name: "secrets", cluster: Self.quota("secrets: 0"),
        object: "{kind: Secret, metadata: {name: s}, data: {}}", refusal: (403, "secrets=1")),
      StepCase(
        name: "another namespace",
        cluster:
          "{kind: ResourceQuota, metadata: {name: q, namespace: x}, spec: {hard: {pods: 0}}}",
        object: Self.pod("c", "")),
    ] { one.run(ResourceQuotaStep()) }
  }

  @Test func quotasNoteWhatIsInUse() throws {
    let cluster = TestCluster(Self.quota("pods: 2, requests.memory: 3Gi"))
    let kind = GroupVersionKind(apiVersion: "v1", kind: "Pod")
    func create(_ name: String) throws {
      let pod = Value(yaml: Self.pod(name, "memory: 1Gi"))
      let request = AdmissionRequest(.create, TestCluster.key(of: pod), kind: kind, seed: 1)
      let outcome = try AdmissionChain([ResourceQuotaStep()])
        .validate(pod, old: nil, request, cluster)
      cluster.add(pod)
      for update in outcome.updates { cluster.add(update.object) }
    }
    func used() throws -> Value? {
      try cluster.list(.resourceQuotas, namespace: "shop").first?["status"]?["used"]
    }
    try create("a")
    #expect(try used() == ["pods": "1", "requests.memory": "1Gi"])
    try create("b")
    #expect(try used() == ["pods": "2", "requests.memory": "2Gi"])
    #expect(throws: AdmissionRefusal.self) { try create("c") }
    // What is gone makes room, even before anybody counted again.
    cluster.remove("a")
    try create("d")
    #expect(try used() == ["pods": "2", "requests.memory": "2Gi"])
    cluster.remove("b")
    for update in try QuotaStatus.updates(namespace: "shop", cluster) { cluster.add(update.object) }
    #expect(try used() == ["pods": "1", "requests.memory": "1Gi"])
    #expect(try QuotaStatus.updates(namespace: "shop", cluster).isEmpty)
  }
}
