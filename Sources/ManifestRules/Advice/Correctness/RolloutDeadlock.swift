import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Flags rollouts whose new pods wait for the old ones, and the old for the new.
struct RolloutDeadlock: PodUniverseAdvice {
  static let about = AdviceDescription(
    "COR013", "rollout-deadlock", .warning, .recommended, fix: .hint,
    "A rolling update starts a new pod that needs what the old one holds.",
    why: """
      With maxSurge a new pod starts before an old one stops. Where pods hold something that only \
      one can have (a port of the node, a claim for a single pod, a node of its own when there is \
      no other), the new pod waits for ever, and the update with it.
      """,
    bad: [
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec:
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec:
            containers:
            - name: app
              image: nginx:1.29.1
              ports:
              - containerPort: 80
                hostPort: 80 # want: a new pod waits for port 80 of the node, which the old one holds
      """,
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: db}
      spec:
        replicas: 1
        strategy: {type: RollingUpdate, rollingUpdate: {maxSurge: 1, maxUnavailable: 0}}
        selector: {matchLabels: {app: db}}
        template:
          metadata: {labels: {app: db}}
          spec:
            containers: [{name: app, image: "postgres:17.6"}]
            volumes:
            - name: data
              persistentVolumeClaim:
                claimName: data # want: a new pod waits for the claim 'data'
      --- # file: claim.yaml
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: {name: data}
      spec: {accessModes: [ReadWriteOncePod], resources: {requests: {storage: 1Gi}}}
      """,
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec:
        replicas: 1
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec:
            nodeSelector: {kubernetes.io/hostname: node-1}
            affinity:
              podAntiAffinity:
                requiredDuringSchedulingIgnoredDuringExecution:
                - topologyKey: kubernetes.io/hostname # want: a new pod waits for a node of its own
                  labelSelector: {matchLabels: {app: web}}
            containers: [{name: app, image: "nginx:1.29.1"}]
      """,
    ],
    good: [
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec:
        strategy: {type: Recreate}
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec:
            containers:
            - {name: app, image: "nginx:1.29.1", ports: [{containerPort: 80, hostPort: 80}]}
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: api}
      spec:
        strategy: {rollingUpdate: {maxSurge: 0, maxUnavailable: 1}}
        selector: {matchLabels: {app: api}}
        template:
          metadata: {labels: {app: api}}
          spec:
            containers:
            - {name: app, image: "nginx:1.29.1", ports: [{containerPort: 80, hostPort: 81}]}
      """,
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: db}
      spec:
        selector: {matchLabels: {app: db}}
        template:
          metadata: {labels: {app: db}}
          spec:
            affinity:
              podAntiAffinity:
                requiredDuringSchedulingIgnoredDuringExecution:
                - {topologyKey: kubernetes.io/hostname, labelSelector: {matchLabels: {app: db}}}
            containers: [{name: app, image: "postgres:17.6", ports: [{containerPort: 5432}]}]
            volumes:
            - {name: data, persistentVolumeClaim: {claimName: data}}
      ---
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: {name: data}
      spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
      """,
    ])

  static let needs = ["hostPort", "hostNetwork", "persistentVolumeClaim", "podAntiAffinity"]

  static func check(
    _ pod: AdvicePod, in universe: Universe, into report: inout AdviceReport
  ) {
    guard pod.workload == .deployment, let spec = pod.object.node[.spec],
      let count = universe.replicasMin(of: pod), count > 0,
      startsBeforeStopping(spec["strategy"], count)
    else { return }
    let help = "use the strategy Recreate, or maxSurge: 0 with maxUnavailable: 1"
    if let (node, number) = hostPort(of: pod) {
      report.flag(
        at: node, "a new pod waits for port \(number) of the node, which the old one holds",
        help: help)
    }
    for volume in pod.spec.node.list(.volumes) {
      guard let node = volume["persistentVolumeClaim"]?["claimName"], let name = node.string,
        case .objects(let claims) = universe.find("PersistentVolumeClaim", name, for: pod.object),
        let claim = claims.first, isForOnePod(claim)
      else { continue }
      report.flag(
        at: node, "a new pod waits for the claim '\(name)', which is for one pod only", help: help,
        related: [report.related("the claim", at: claim.place, of: claim)])
    }
    checkAffinity(pod, count, help, into: &report)
  }

  /// The first port of the node that the pods take; one is enough.
  private static func hostPort(of pod: AdvicePod) -> (NodeRef, Int64)? {
    let isOnHost = pod.spec.node["hostNetwork"]?.bool == true
    for container in pod.longRunning {
      for port in container.node.list(.ports) {
        let node = port["hostPort"] ?? (isOnHost ? port["containerPort"] : nil)
        if let node, let number = node.int64, number != 0 { return (node, number) }
      }
    }
    return nil
  }

  /// Whether an update starts a pod while all old ones still run.
  private static func startsBeforeStopping(_ strategy: NodeRef?, _ count: Int) -> Bool {
    if strategy?["type"]?.string == "Recreate" { return false }
    let rolling = strategy?["rollingUpdate"]
    let missing = rolling?["maxUnavailable"].map(IntOrString.read) ?? .string("25%")
    let extra = rolling?["maxSurge"].map(IntOrString.read) ?? .string("25%")
    guard let missing = missing?.count(of: count, rounding: .down),
      let extra = extra?.count(of: count, rounding: .up)
    else { return false }
    return missing <= 0 && extra > 0
  }

  private static func isForOnePod(_ claim: AdviceObject) -> Bool {
    let modes = claim.node[.spec]?.list("accessModes").compactMap(\.string) ?? []
    return !modes.isEmpty && modes.allSatisfy { $0 == "ReadWriteOncePod" }
  }

  /// Pods that keep apart, on nodes that are named one by one.
  private static func checkAffinity(
    _ pod: AdvicePod, _ count: Int, _ help: String, into report: inout AdviceReport
  ) {
    let host = "kubernetes.io/hostname"
    var nodes: Int?
    if pod.spec.node["nodeSelector"]?[host] != nil || pod.spec.node["nodeName"] != nil {
      nodes = 1
    } else if let required = pod.spec.node["affinity"]?["nodeAffinity"]?[
      "requiredDuringSchedulingIgnoredDuringExecution"]
    {
      let terms = Array(required.list("nodeSelectorTerms"))
      let named = terms.flatMap { $0.list("matchExpressions") }.filter {
        $0["key"]?.string == host && $0["operator"]?.string == "In"
      }
      if terms.count == 1, let first = named.first { nodes = first["values"]?.count }
    }
    guard let nodes, count >= nodes,
      let terms = pod.spec.node["affinity"]?["podAntiAffinity"]?.list(
        "requiredDuringSchedulingIgnoredDuringExecution")
    else { return }
    for term in terms {
      guard let key = term["topologyKey"], key.string == host,
        let selector = term["labelSelector"].flatMap(Selections.read), selector.matches(pod.labels)
      else { continue }
      report.flag(
        at: key, "a new pod waits for a node of its own, and old ones hold all that are allowed",
        help: help)
    }
  }
}
