import ClusterPlan
import ManifestSyntax

extension String {
  /// The next version of the image.
  fileprivate var next: String { replacing("web:1", with: "web:2") }
}

/// One scenario for each finding, in which it is made, and a near miss in which it is not.
extension FindingScenario {
  static var all: [FindingScenario] { room + limits + pods + others }

  private static let cpu = "resources: {requests: {cpu: 1}}"
  private static let antiAffinity =
    "affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: "
    + "[{topologyKey: kubernetes.io/hostname, labelSelector: {matchLabels: {app: web}}}]}}"

  private static func other(_ text: String) -> String {
    text.replacing("name: web}", with: "name: other}").replacing("app: web", with: "app: other")
  }

  // MARK: - Room

  private static var room: [FindingScenario] {
    let full = deployment("replicas: 2", container: cpu)
    let loose = deployment("replicas: 2", 0, 1, container: cpu)
    let alone = deployment("replicas: 1", pod: antiAffinity)
    let pair = and(
      deployment("replicas: 1", container: cpu),
      other(deployment("replicas: 1", container: cpu)))
    let quota = """
      apiVersion: v1
      kind: ResourceQuota
      metadata: {name: pods}
      spec: {hard: {pods: "2"}}
      """
    return [
      FindingScenario(
        code: "B1", setup: full, nodes: [("2", ["a": "b"])], running: [("web", 2)],
        fires: full.next, misses: loose.next),
      FindingScenario(
        code: "B2", setup: alone, nodes: [("4", ["kubernetes.io/hostname": "n1"])],
        running: [("web", 1)], fires: alone.next,
        misses: deployment("replicas: 1", 0, 1, pod: antiAffinity).next),
      FindingScenario(
        code: "B5", setup: and(quota, full), nodes: [("8", ["a": "b"])], running: [("web", 2)],
        fires: full.next, misses: loose.next),
      FindingScenario(
        code: "B19", setup: pair, nodes: [("3", ["a": "b"])],
        running: [("web", 1), ("other", 1)], fires: pair.next,
        misses: deployment("replicas: 1", container: cpu).next),
      FindingScenario(
        code: "B20",
        setup: and(
          other(deployment("replicas: 1", container: cpu)),
          deployment("replicas: 1", pod: "priorityClassName: high", container: cpu), priority),
        nodes: [("2", ["a": "b"])], running: [("other", 1), ("web", 1)],
        fires: deployment("replicas: 1", pod: "priorityClassName: high", container: cpu).next,
        misses: other(deployment("replicas: 1", container: cpu)).next),
      FindingScenario(
        code: "B22", setup: full, nodes: [("8", ["disk": "ssd"]), ("8", ["disk": "hdd"])],
        fires: deployment("replicas: 2", pod: "nodeSelector: {disk: ssd}", container: cpu).next,
        misses: full.next),
      FindingScenario(
        code: "B23", setup: loose, nodes: [("3", ["a": "b"])], running: [("web", 2)],
        fires: loose.next.replacing("cpu: 1", with: "cpu: 2"), misses: loose.next),
    ]
  }

  private static let priority = """
    apiVersion: scheduling.k8s.io/v1
    kind: PriorityClass
    metadata: {name: high}
    value: 1000
    """

  // MARK: - Limits

  private static var limits: [FindingScenario] {
    let three = deployment("replicas: 3", 1, "25%")
    let four = deployment("replicas: 4", 1, "25%")
    let tight = and(budget("minAvailable: 3"), deployment("replicas: 3", 0, 1))
    let slow = deployment("replicas: 3\n  progressDeadlineSeconds: 60\n  minReadySeconds: 55")
    let quick = deployment("replicas: 3\n  progressDeadlineSeconds: 60\n  minReadySeconds: 45")
    let recreate = deployment("replicas: 2").replacing(
      "rollingUpdate: {maxSurge: 1, maxUnavailable: 0}", with: "type: Recreate")
    return [
      FindingScenario(code: "B3", setup: three, fires: three.next, misses: four.next),
      FindingScenario(
        code: "B4", setup: three, fires: deployment("replicas: 3", 0, "25%").next,
        misses: deployment("replicas: 4", 0, "25%").next),
      FindingScenario(
        code: "B6", setup: tight, fires: deployment("replicas: 3", 0, 1).next,
        misses: deployment("replicas: 3", 1, 0).next),
      FindingScenario(
        code: "B7", setup: budget("minAvailable: 1"), fires: deployment("replicas: 1"),
        misses: deployment("replicas: 2")),
      FindingScenario(code: "B8", setup: "", fires: slow, misses: quick),
      FindingScenario(
        code: "B10", setup: recreate, fires: recreate.next,
        misses: deployment("replicas: 2", 1, 1).next),
      FindingScenario(
        code: "B18", setup: three,
        fires: deployment("replicas: 3\n  revisionHistoryLimit: 0").next,
        misses: deployment("replicas: 3\n  revisionHistoryLimit: 1").next),
      FindingScenario(
        code: "B17", setup: three, fires: deployment("replicas: 3\n  paused: true").next,
        misses: deployment("replicas: 3\n  paused: true")),
    ]
  }

  // MARK: - Pods

  private static var pods: [FindingScenario] {
    let plain = deployment()
    let probe = "readinessProbe: {tcpSocket: {port: 80}}"
    let spread = { (rest: String) in
      deployment(
        pod: "topologySpreadConstraints: [{maxSkew: 1, topologyKey: zone, "
          + "whenUnsatisfiable: DoNotSchedule, labelSelector: {matchLabels: {app: web}}\(rest)}]")
    }
    let uses = "envFrom: [{configMapRef: {name: settings}}]"
    let optional = "envFrom: [{configMapRef: {name: settings, optional: true}}]"
    let port = deployment(container: "ports: [{containerPort: 80, hostPort: 8080}]")
    let unported = deployment(container: "ports: [{containerPort: 80}]")
    return [
      FindingScenario(
        code: "B9", setup: service, fires: plain, misses: deployment(container: probe)),
      FindingScenario(
        code: "B11", setup: and(service, plain),
        fires: deployment(pod: "terminationGracePeriodSeconds: 1").next,
        misses: deployment(pod: "terminationGracePeriodSeconds: 10").next),
      FindingScenario(
        code: "B12",
        setup: and(
          service.replacing("app: web", with: "tier: front"),
          deployment(labels: "app: web, tier: front")),
        fires: deployment(labels: "app: web").next,
        misses: deployment(labels: "app: web, tier: front, extra: label").next),
      FindingScenario(
        code: "B15", setup: "", fires: deployment(container: uses),
        misses: deployment(container: optional)),
      FindingScenario(
        code: "B21", setup: plain, fires: spread("").next,
        misses: spread(", matchLabelKeys: [pod-template-hash]").next),
      FindingScenario(code: "B24", setup: plain, fires: port.next, misses: unported.next),
    ]
  }

  // MARK: - Others

  private static var others: [FindingScenario] {
    let plain = deployment("replicas: 3")
    let scaler = """
      apiVersion: autoscaling/v2
      kind: HorizontalPodAutoscaler
      metadata: {name: web}
      spec:
        scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
        maxReplicas: 9
      """
    let floating = plain.replacing("web:1", with: "web")
    return [
      FindingScenario(
        code: "B13", setup: plain, fires: plain.replacing("app: web", with: "app: shop"),
        misses: plain.next),
      FindingScenario(
        code: "B14", setup: floating,
        fires: floating.replacing("replicas: 3", with: "replicas: 4"),
        misses: plain.replacing("replicas: 3", with: "replicas: 4")),
      FindingScenario(
        code: "B16", setup: and(scaler, plain),
        fires: plain.replacing("replicas: 3", with: "replicas: 5"), misses: plain.next),
    ]
  }
}
