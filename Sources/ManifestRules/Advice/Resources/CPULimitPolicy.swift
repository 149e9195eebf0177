import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Holds limits of processor time to what a team has agreed on.
struct CPULimitPolicy: PodAdvice {
  static let about = AdviceDescription(
    "RES004", "cpu-limit-policy", .note, .optional,
    "A limit of processor time is missing, or is there, against what was agreed.",
    why: """
      There are three schools. A limit keeps a container from disturbing others; it also throttles \
      it while processors are idle. Say with cpu-limits whether limits are required, forbidden, or \
      left to each team, which is the default.
      """,
    parameters: [
      AdviceParameter(
        "cpu-limits", .choice(["require", "forbid", "ignore"], "ignore"),
        "what was agreed on limits of processor time")
    ],
    bad: [
      AdviceExample(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers:
          - name: app
            image: nginx:1.29.1
            resources: # want: container 'app' has no cpu limit
              requests: {cpu: 1}
        """, set: ["cpu-limits": "require"]),
      AdviceExample(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers:
          - name: app
            image: nginx:1.29.1
            resources:
              limits:
                cpu: 1 # want: container 'app' has a cpu limit
        """, set: ["cpu-limits": "forbid"]),
    ],
    good: [
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers:
        - {name: app, image: "nginx:1.29.1", resources: {limits: {cpu: 1}}}
        - {name: other, image: "nginx:1.29.1"}
      """,
      AdviceExample(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          initContainers:
          - {name: setup, image: "busybox:1.37"}
          containers:
          - {name: app, image: "nginx:1.29.1", resources: {limits: {cpu: 1}}}
        """, set: ["cpu-limits": "require"]),
    ])

  static func check(_ pod: AdvicePod, into report: inout AdviceReport) {
    switch report.text("cpu-limits") {
    case "require":
      for container in pod.longRunning where pod.limit("cpu", of: container) == nil {
        report.missing(
          "resources.limits.cpu", in: container.node, "\(container.title) has no cpu limit",
          help: "set resources.limits.cpu")
      }
    case "forbid":
      for container in pod.containers {
        guard let limit = container.resource("limits", "cpu") else { continue }
        report.flag(
          at: limit, "\(container.title) has a cpu limit", help: "remove it; the request stays")
      }
    default: return
    }
  }
}
