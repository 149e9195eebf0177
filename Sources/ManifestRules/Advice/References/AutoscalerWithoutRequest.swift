import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Flags containers without the request that an autoscaler measures by.
struct AutoscalerWithoutRequest: PodUniverseAdvice {
  static let about = AdviceDescription(
    "REF012", "autoscaler-without-request", .warning, .recommended,
    "An autoscaler measures the use of a resource that a container does not request.",
    why: """
      Utilization is use as a share of what is requested. Where one container requests nothing the \
      autoscaler has no number for the pod at all, and never scales. A limit implies the request; \
      so does a LimitRange.
      """,
    bad: [
      """
      apiVersion: autoscaling/v2
      kind: HorizontalPodAutoscaler
      metadata: {name: web}
      spec:
        scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
        maxReplicas: 5
        metrics:
        - type: Resource
          resource:
            name: cpu
            target: {type: Utilization, averageUtilization: 70}
      --- # file: web.yaml
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
              resources: {requests: {cpu: 100m}}
            - name: sidecar # want: container 'sidecar' requests no cpu
              image: proxy:1.0
      """,
      """
      apiVersion: autoscaling/v1
      kind: HorizontalPodAutoscaler
      metadata: {name: web}
      spec:
        scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
        maxReplicas: 5
      ---
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
              resources:
                requests: # want: container 'app' requests no cpu
                  memory: 64Mi
      """,
    ],
    good: [
      """
      apiVersion: autoscaling/v2
      kind: HorizontalPodAutoscaler
      metadata: {name: web}
      spec:
        scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
        maxReplicas: 5
        metrics:
        - type: Resource
          resource: {name: cpu, target: {type: Utilization, averageUtilization: 70}}
        - type: Resource
          resource: {name: memory, target: {type: AverageValue, averageValue: 100Mi}}
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec:
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec:
            initContainers: [{name: setup, image: "busybox:1.37"}]
            containers:
            - {name: app, image: "nginx:1.29.1", resources: {limits: {cpu: 1}}}
      """,
      """
      apiVersion: autoscaling/v2
      kind: HorizontalPodAutoscaler
      metadata: {name: web}
      spec:
        scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
        maxReplicas: 5
        metrics:
        - type: ContainerResource
          containerResource:
            {name: cpu, container: app, target: {type: Utilization, averageUtilization: 70}}
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec:
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec:
            containers:
            - {name: app, image: "nginx:1.29.1", resources: {requests: {cpu: 1}}}
            - {name: sidecar, image: "proxy:1.0"}
      """,
    ])

  static func check(
    _ pod: AdvicePod, in universe: Universe, into report: inout AdviceReport
  ) {
    var seen: Set<String> = []
    for scaler in universe.autoscalers(of: pod.object) {
      for metric in metrics(of: scaler) {
        for container in pod.longRunning
        where metric.container == nil || metric.container == container.name {
          guard pod.request(metric.resource, of: container) == nil,
            seen.insert("\(container.path) \(metric.resource)").inserted
          else { continue }
          report.missing(
            FieldPath("resources.requests").key(metric.resource), in: container.node,
            """
            \(container.title) requests no \(metric.resource), by which \(scaler.title) measures
            """,
            help: "set resources.requests.\(metric.resource)",
            related: [report.related("the measure", at: metric.node, of: scaler)])
        }
      }
    }
  }

  private struct Metric {
    var resource: String
    /// The one container that is measured; nil for all.
    var container: String?
    var node: NodeRef
  }

  /// The metrics that measure shares of requests.
  private static func metrics(of scaler: AdviceObject) -> [Metric] {
    guard let spec = scaler.node[.spec] else { return [] }
    if scaler.kind == "ScaledObject" { return scaled(spec) }
    if let node = spec["targetCPUUtilizationPercentage"] {
      return [Metric(resource: "cpu", node: node)]
    }
    var found: [Metric] = []
    for metric in spec.list("metrics") {
      let part = metric["resource"] ?? metric["containerResource"]
      guard let part, let name = part[.name]?.string,
        let share = part["target"]?["averageUtilization"] ?? part["targetAverageUtilization"]
      else { continue }
      found.append(Metric(resource: name, container: part["container"]?.string, node: share))
    }
    // Without any metric the server takes the use of cpu.
    if spec.list("metrics").first(where: { _ in true }) == nil {
      found.append(Metric(resource: "cpu", node: scaler.place))
    }
    return found
  }

  private static func scaled(_ spec: NodeRef) -> [Metric] {
    spec.list("triggers").compactMap { trigger in
      guard let type = trigger["type"]?.string, type == "cpu" || type == "memory",
        (trigger["metricType"] ?? trigger[.metadata]?["type"])?.string == "Utilization"
      else { return nil }
      return Metric(
        resource: type, container: trigger[.metadata]?["containerName"]?.string, node: trigger)
    }
  }
}
