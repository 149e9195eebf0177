import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Flags probes whose times are at odds.
struct ProbeTiming: PodAdvice {
  static let about = AdviceDescription(
    "PRB005", "probe-timing", .warning, .recommended,
    "The times of a probe are at odds with each other.",
    why: """
      A probe that may take longer than the time between two probes delays them all. A container \
      that the liveness probe can kill before it could be ready for the first time may never get \
      there; a startup probe holds the others back until it has started.
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
          readinessProbe:
            tcpSocket: {port: 80}
            periodSeconds: 5
            timeoutSeconds: 6 # want: the readinessProbe may take 6 s, and the next one begins after 5 s
      """,
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers:
        - name: app
          image: nginx:1.29.1
          livenessProbe:
            tcpSocket: {port: 80}
            initialDelaySeconds: 5 # want: can kill container 'app' after 25 s, before it can be ready
          readinessProbe: {tcpSocket: {port: 80}, initialDelaySeconds: 60}
        - name: other
          image: nginx:1.29.1
          livenessProbe: {tcpSocket: {port: 80}, timeoutSeconds: 30} # want: the livenessProbe may take 30 s
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
          livenessProbe: {tcpSocket: {port: 80}, timeoutSeconds: 10}
          readinessProbe: {tcpSocket: {port: 80}, initialDelaySeconds: 20}
      """,
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers:
        - name: app
          image: nginx:1.29.1
          startupProbe: {tcpSocket: {port: 80}, failureThreshold: 30}
          livenessProbe: {tcpSocket: {port: 80}, failureThreshold: 1}
          readinessProbe: {tcpSocket: {port: 80}, initialDelaySeconds: 60}
      """,
    ])

  static let needs = ["livenessProbe", "readinessProbe", "startupProbe"]

  static func check(_ pod: AdvicePod, into report: inout AdviceReport) {
    for container in pod.containers {
      for name in [Key.livenessProbe, .readinessProbe, .startupProbe] {
        guard let probe = container.node[name], let node = probe["timeoutSeconds"],
          let times = ProbeTimes(probe), times.timeout > times.period
        else { continue }
        report.flag(
          at: node,
          "the \(name.text) may take \(times.timeout) s, and the next one begins after \(times.period) s",
          help: "lower timeoutSeconds, or raise periodSeconds")
      }
      checkOrder(container, pod, into: &report)
    }
  }

  /// Whether the container can be killed before it can be ready.
  private static func checkOrder(
    _ container: AdviceContainer, _ pod: AdvicePod, into report: inout AdviceReport
  ) {
    guard container.node[.startupProbe] == nil, let live = container.node[.livenessProbe],
      let ready = container.node[.readinessProbe],
      let killing = ProbeTimes(live),
      let serving = ProbeTimes(ready),
      killing.firstKill < serving.firstSuccess
    else { return }
    let message = """
      the livenessProbe can kill \(container.title) after \(Int(killing.firstKill)) s, before it \
      can be ready after \(Int(serving.firstSuccess)) s
      """
    let help = "add a startupProbe, or let the livenessProbe begin later"
    let related = [
      report.related(
        "ready from here on", at: ready["initialDelaySeconds"] ?? ready, of: pod.object)
    ]
    if let node = live["initialDelaySeconds"] {
      report.flag(at: node, message, help: help, related: related)
    } else {
      report.flag(at: live, message, help: help, anchor: .key, related: related)
    }
  }
}
