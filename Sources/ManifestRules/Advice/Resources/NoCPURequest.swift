import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Flags containers that run for long without asking for processor time.
struct NoCPURequest: PodAdvice {
  static let about = AdviceDescription(
    "RES002", "no-cpu-request", .warning, .recommended,
    "A container that runs for long requests no processor time.",
    why: """
      The scheduler places pods by their requests, and a busy node shares its processors by them. \
      A container without a request gets the least when others are busy.
      """,
    bad: [
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers:
        - name: app # want: container 'app' requests no cpu
          image: nginx:1.29.1
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
            initContainers:
            - name: proxy
              image: proxy:1.0
              restartPolicy: Always
              resources: # want: container 'proxy' requests no cpu
                limits: {memory: 64Mi}
            containers:
            - name: app
              image: nginx:1.29.1
              resources: {requests: {cpu: 100m}}
      """,
    ],
    good: [
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        initContainers:
        - {name: setup, image: "busybox:1.37"}
        containers:
        - {name: app, image: "nginx:1.29.1", resources: {limits: {cpu: 1}}}
      """,
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        resources: {requests: {cpu: 1}}
        containers:
        - {name: app, image: "nginx:1.29.1"}
      """,
    ])

  static func check(_ pod: AdvicePod, into report: inout AdviceReport) {
    for container in pod.longRunning where pod.request("cpu", of: container) == nil {
      report.missing(
        "resources.requests.cpu", in: container.node, "\(container.title) requests no cpu",
        help: "set resources.requests.cpu to what it needs when it works")
    }
  }
}
