import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Flags pods behind a Service that never say when they are ready.
struct NoReadinessProbe: PodUniverseAdvice {
  static let about = AdviceDescription(
    "PRB001", "no-readiness-probe", .warning, .recommended,
    "A pod behind a Service has no readiness probe.",
    why: """
      Without a readiness probe a pod gets requests as soon as its processes run, long before the \
      program listens, and goes on getting them when it no longer answers. Pods that no Service \
      selects need none.
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
            - name: app # want: no container of the pod has a readinessProbe, and Service web sends it requests
              image: nginx:1.29.1
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: web}
      spec: {selector: {app: web}, ports: [{port: 80}]}
      """,
      """
      apiVersion: v1
      kind: Service
      metadata: {name: front, namespace: shop}
      spec: {selector: {tier: front}, ports: [{port: 80}]}
      --- # file: web.yaml
      apiVersion: apps/v1
      kind: StatefulSet
      metadata: {name: web, namespace: shop}
      spec:
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web, tier: front}}
          spec:
            initContainers: [{name: setup, image: "busybox:1.37"}]
            containers:
            - name: app # want: no container of the pod has a readinessProbe
              image: nginx:1.29.1
              livenessProbe: {tcpSocket: {port: 80}}
      """,
    ],
    good: [
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec:
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec:
            initContainers:
            - name: proxy
              image: proxy:1.0
              restartPolicy: Always
              readinessProbe: {tcpSocket: {port: 80}}
            containers: [{name: app, image: "nginx:1.29.1"}]
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: web}
      spec: {selector: {app: web}, ports: [{port: 80}]}
      """,
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec:
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec:
            containers: [{name: worker, image: "worker:1.0"}]
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: web, namespace: other}
      spec: {selector: {app: other}, ports: [{port: 80}]}
      """,
    ])

  static func check(
    _ pod: AdvicePod, in universe: Universe, into report: inout AdviceReport
  ) {
    guard !pod.runsToCompletion,
      !pod.longRunning.contains(where: { $0.node[.readinessProbe] != nil }),
      let container = pod.containers.first(where: { $0.role == .regular }) ?? pod.longRunning.first
    else { return }
    let services = universe.objects(ofKind: "Service", selectingPodsOf: pod.object)
    // Some Services lead to pods that are not ready on purpose.
    let asking = services.first { $0.node[.spec]?["publishNotReadyAddresses"]?.bool != true }
    guard let asking else { return }
    report.missing(
      "readinessProbe", in: container.node,
      "no container of the pod has a readinessProbe, and \(asking.title) sends it requests",
      help: "add a readinessProbe that asks whether it can serve",
      related: [report.related("the Service", at: asking.place, of: asking)])
  }
}
