import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Flags requests of memory that are far from the limit.
struct MemoryOvercommit: PodAdvice {
  static let about = AdviceDescription(
    "RES005", "memory-overcommit", .note, .optional,
    "A container may take more memory than it requests.",
    why: """
      Nodes are filled by requests. Where containers may take more, all of them may do so at once, \
      and the kernel then kills some. A limit implies an equal request where none is written.
      """,
    parameters: [
      AdviceParameter(
        "memory-ratio", .number(1), "how many times the request the limit may be")
    ],
    bad: [
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers:
        - name: app
          image: nginx:1.29.1
          resources:
            requests:
              memory: 64Mi # want: container 'app' requests 64Mi and may take 128Mi
            limits: {memory: 128Mi}
      """,
      AdviceExample(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers:
          - name: app
            image: nginx:1.29.1
            resources: {requests: {memory: 100M}, limits: {memory: 0.3G}} # want: container 'app' requests 100M
        """, set: ["memory-ratio": "2"]),
    ],
    good: [
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers:
        - {name: app, image: "nginx:1.29.1", resources: {limits: {memory: 64Mi}}}
        - name: other
          image: nginx:1.29.1
          resources: {requests: {memory: 1Gi}, limits: {memory: 1024Mi}}
      """,
      AdviceExample(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers:
          - name: app
            image: nginx:1.29.1
            resources: {requests: {memory: 64Mi}, limits: {memory: 128Mi}}
        """, set: ["memory-ratio": "2"]),
    ])

  static let needs = ["limits"]

  static func check(_ pod: AdvicePod, into report: inout AdviceReport) {
    let ratio = max(report.number("memory-ratio"), 1)
    for container in pod.containers {
      guard let request = container.resource("requests", "memory"),
        let limit = container.resource("limits", "memory"),
        let low = Quantity.read(request), let high = Quantity.read(limit),
        let wanted = low.milliValue, let most = high.milliValue,
        Double(most) > Double(wanted) * ratio
      else { continue }
      report.flag(
        at: request, "\(container.title) requests \(low) and may take \(high)",
        help: "request as much as it may take",
        related: [report.related("the limit", at: limit, of: pod.object)])
    }
  }
}
