import ClusterAPI
import ClusterControl
import ClusterPlan
import ManifestSyntax

/// Manifests that tests are made of.
enum SampleManifests {
  /// A Deployment `web` of image `web:1`.
  static func deployment(
    _ spec: String = "replicas: 3", _ surge: Any = 1, _ unavailable: Any = 0, pod: String = "",
    container: String = "", labels: String = "app: web"
  ) -> String {
    """
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: web}
    spec:
      \(spec)
      selector: {matchLabels: {app: web}}
      strategy: {rollingUpdate: {maxSurge: \(surge), maxUnavailable: \(unavailable)}}
      template:
        metadata: {labels: {\(labels)}}
        spec:
          \(pod.isEmpty ? "restartPolicy: Always" : pod)
          containers:
          - {name: web, image: "web:1"\(container.isEmpty ? "" : ", " + container)}
    """
  }

  static func and(_ texts: String...) -> String { texts.joined(separator: "\n---\n") }

  static let service = """
    apiVersion: v1
    kind: Service
    metadata: {name: web}
    spec: {selector: {app: web}, ports: [{port: 80}]}
    """
}

extension Bench {
  /// Nodes as kubelets report them: with room, and ready.
  func addNodes(_ nodes: [(cpu: String, labels: Value)]) throws {
    guard !nodes.isEmpty else { return }
    let changes = nodes.enumerated().map { number, node -> Change in
      let room: Value = [
        "cpu": .string(node.cpu), "memory": "16Gi", "pods": "110", "ephemeral-storage": "100Gi",
      ]
      let value: Value = [
        "apiVersion": "v1", "kind": "Node",
        "metadata": [
          "name": .string("n\(number + 1)"), "labels": node.labels,
          "uid": .string("8a5e3c52-0000-4000-8000-00000000010\(number)"),
          "creationTimestamp": "2025-12-31T00:00:00Z",
        ],
        "status": [
          "capacity": room, "allocatable": room,
          "conditions": [["type": "Ready", "status": "True"]],
        ],
      ]
      let key = ResourceKey(.nodes, name: "n\(number + 1)")
      return Change(key: key, old: nil, new: ClusterObject(key: key, value: value, revision: 0))
    }
    try cluster.transaction { (session) throws(StatusError) in try session.record(changes) }
  }

  /// Lets a Deployment have run: its ReplicaSet is there with its pods on the node.
  func start(_ name: String, pods: Int, on node: String) throws {
    guard let stored = try object("deployments", name) else { return }
    let uid = "8a5e3c52-0000-4000-8000-0000000002\(name.utf8.count)0"
    var spec = stored["spec"]?["template"]?["spec"] ?? .emptyMap
    spec["nodeName"] = .string(node)
    let labels = stored["spec"]?["template"]?["metadata"]?["labels"] ?? .emptyMap
    var setLabels = labels
    setLabels["pod-template-hash"] = "1"
    let setKey = ResourceKey(.replicaSets, namespace: "default", name: name + "-1")
    var template = stored["spec"]?["template"] ?? .emptyMap
    template.change("metadata") { $0["labels"] = setLabels }
    let set: Value = [
      "apiVersion": "apps/v1", "kind": "ReplicaSet",
      "metadata": [
        "name": .string(setKey.name), "namespace": "default", "uid": .string(uid),
        "creationTimestamp": "2025-12-31T00:00:00Z", "generation": 1, "labels": setLabels,
        "annotations": ["deployment.kubernetes.io/revision": "1"],
        "ownerReferences": [
          Self.owner("apps/v1", "Deployment", name, stored["metadata"]?["uid"] ?? "")
        ],
      ],
      "spec": [
        "replicas": .int(Int64(pods)), "selector": ["matchLabels": setLabels],
        "template": template,
      ],
    ]
    var changes = [
      Change(key: setKey, old: nil, new: ClusterObject(key: setKey, value: set, revision: 0))
    ]
    for number in 0..<pods {
      let key = ResourceKey(.pods, namespace: "default", name: "\(name)-1-\(number)")
      let pod: Value = [
        "apiVersion": "v1", "kind": "Pod",
        "metadata": [
          "name": .string(key.name), "namespace": "default",
          "uid": .string("8a5e3c52-0000-4000-8001-000000000\(name.utf8.count)0\(number)"),
          "creationTimestamp": "2025-12-31T00:00:00Z", "labels": setLabels,
          "ownerReferences": [Self.owner("apps/v1", "ReplicaSet", setKey.name, .string(uid))],
        ],
        "spec": spec,
        "status": [
          "phase": "Running", "conditions": [["type": "Ready", "status": "True"]],
        ],
      ]
      changes.append(
        Change(key: key, old: nil, new: ClusterObject(key: key, value: pod, revision: 0)))
    }
    let all = changes
    try cluster.transaction { (session) throws(StatusError) in try session.record(all) }
  }

  private static func owner(
    _ version: Value, _ kind: Value, _ name: String, _ uid: Value
  ) -> Value {
    [
      "apiVersion": version, "kind": kind, "name": .string(name), "uid": uid, "controller": true,
      "blockOwnerDeletion": true,
    ]
  }
}
