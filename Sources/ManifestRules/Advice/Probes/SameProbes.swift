import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Flags probes for two purposes that are one and the same.
struct SameProbes: PodAdvice {
  static let about = AdviceDescription(
    "PRB003", "same-probes", .warning, .recommended,
    "The liveness probe of a container equals its readiness probe.",
    why: """
      When the check fails, the readiness probe takes the pod out of its Services so that it can \
      recover; the liveness probe kills it at the same moment. Under load all pods may be killed \
      in turn. Let the liveness probe ask for less, or be more patient.
      """,
    bad: [
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers:
        - name: app
          image: nginx:1.29.1
          livenessProbe: # want: the livenessProbe of container 'app' equals its readinessProbe
            httpGet: {path: /health, port: 80}
          readinessProbe:
            httpGet: {path: /health, port: 80}
      """,
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers:
        - name: app
          image: nginx:1.29.1
          ports: [{name: http, containerPort: 80}]
          readinessProbe:
            httpGet: {port: http, scheme: HTTP, path: /}
            periodSeconds: 10
          livenessProbe: # want: the livenessProbe of container 'app' equals its readinessProbe
            httpGet: {port: 80}
            timeoutSeconds: 1
      """,
    ],
    good: [
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers:
        - name: app
          image: nginx:1.29.1
          livenessProbe: {httpGet: {path: /health, port: 80}, failureThreshold: 10}
          readinessProbe: {httpGet: {path: /health, port: 80}}
      """,
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers:
        - name: app
          image: nginx:1.29.1
          livenessProbe: {httpGet: {path: /live, port: 80}}
          readinessProbe: {httpGet: {path: /ready, port: 80}}
        - name: other
          image: nginx:1.29.1
          livenessProbe: {httpGet: {path: /ready, port: 80}}
      """,
    ])

  static let needs = ["readinessProbe"]

  static func check(_ pod: AdvicePod, into report: inout AdviceReport) {
    for container in pod.containers {
      guard let live = container.node[.livenessProbe],
        let ready = container.node[.readinessProbe],
        let times = ProbeTimes(live), times == ProbeTimes(ready),
        ProbeAction(live, in: container) == ProbeAction(ready, in: container)
      else { continue }
      report.flag(
        at: live, "the livenessProbe of \(container.title) equals its readinessProbe",
        help: "ask for less, or raise failureThreshold", anchor: .key,
        related: [report.related("the other probe", at: ready, of: pod.object, anchor: .key)])
    }
  }
}
