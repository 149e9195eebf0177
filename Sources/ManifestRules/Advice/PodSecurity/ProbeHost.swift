import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Flags probes that the kubelet sends to other hosts.
struct ProbeHost: PodAdvice {
  static let about = AdviceDescription(
    "PSB012", "probe-host", .error, .recommended, fix: .unsafe,
    "A probe or a lifecycle handler names a host.",
    why: """
      The kubelet sends these requests from the node. With a host they go wherever the manifest \
      says: a way to reach what pods cannot. Without one they go to the pod, which is what a probe \
      is for. The baseline Pod Security Standard forbids the field from 1.34 on.
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
          livenessProbe:
            httpGet:
              host: 169.254.169.254 # want: the livenessProbe of container 'app' goes to '169.254.169.254'
              path: /
              port: 80
      """,
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        initContainers:
        - name: proxy
          image: proxy:1.0
          restartPolicy: Always
          startupProbe:
            tcpSocket: {host: localhost, port: 80} # want: the startupProbe of container 'proxy'
        containers:
        - name: app
          image: nginx:1.29.1
          lifecycle:
            preStop:
              httpGet:
                port: 8080
                host: db.example.com # want: the preStop handler of container 'app'
      """,
    ],
    good: [
      AdviceExample(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers:
          - name: app
            image: nginx:1.29.1
            livenessProbe: {httpGet: {host: 10.0.0.1, path: /, port: 80}}
        """, version: KubernetesVersion(minor: 33)),
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers:
        - name: app
          image: nginx:1.29.1
          readinessProbe:
            httpGet:
              host: ""
              path: /
              port: 80
              httpHeaders: [{name: Host, value: shop.example.com}]
      """,
    ])

  static let needs = ["host"]

  static func check(_ pod: AdvicePod, into report: inout AdviceReport) {
    guard report.version.minor >= 34 else { return }
    for container in pod.containers {
      for probe in ["livenessProbe", "readinessProbe", "startupProbe"] {
        flag(container.node[probe], "\(probe)", container, into: &report)
      }
      guard let lifecycle = container.node[.lifecycle] else { continue }
      for handler in ["postStart", "preStop"] {
        flag(lifecycle[handler], "\(handler) handler", container, into: &report)
      }
    }
  }

  private static func flag(
    _ handler: NodeRef?, _ title: String, _ container: AdviceContainer,
    into report: inout AdviceReport
  ) {
    guard let handler else { return }
    for action in ["httpGet", "tcpSocket"] {
      guard let value = handler[action]?["host"], let host = value.string, !host.isEmpty else {
        continue
      }
      report.flag(
        at: value, "the \(title) of \(container.title) goes to '\(host)'",
        help: "remove the host, so that it goes to the pod; for a virtual host set a Host header",
        fixes: [report.removing(value, title: "remove the host", safety: .changesBehavior)])
    }
  }
}
