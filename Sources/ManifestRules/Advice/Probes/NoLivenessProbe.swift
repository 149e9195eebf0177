import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Flags pods that nobody restarts when they hang.
struct NoLivenessProbe: PodAdvice {
  static let about = AdviceDescription(
    "PRB002", "no-liveness-probe", .note, .optional,
    "A workload that runs for long has no liveness probe.",
    why: """
      A process that hangs still runs, and nothing restarts it. Programs that end by themselves \
      when they are in trouble need no such probe; and a probe that asks for too much makes things \
      worse.
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
            - name: app # want: no container of the pod has a livenessProbe
              image: nginx:1.29.1
      """,
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers:
        - name: app # want: no container of the pod has a livenessProbe
          image: nginx:1.29.1
          readinessProbe: {tcpSocket: {port: 80}}
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
            containers:
            - {name: app, image: "nginx:1.29.1", livenessProbe: {tcpSocket: {port: 80}}}
      """,
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        restartPolicy: Never
        containers: [{name: app, image: "app:1.0"}]
      ---
      apiVersion: batch/v1
      kind: Job
      metadata: {name: report}
      spec:
        template: {spec: {restartPolicy: OnFailure, containers: [{name: app, image: "app:1.0"}]}}
      """,
    ])

  static func check(_ pod: AdvicePod, into report: inout AdviceReport) {
    guard !pod.runsToCompletion,
      !pod.longRunning.contains(where: { $0.node[.livenessProbe] != nil }),
      let container = pod.containers.first(where: { $0.role == .regular }) ?? pod.longRunning.first
    else { return }
    report.missing(
      "livenessProbe", in: container.node, "no container of the pod has a livenessProbe",
      help: "add one that asks whether the process still works, and nothing else")
  }
}
