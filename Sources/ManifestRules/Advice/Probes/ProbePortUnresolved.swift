import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Flags probes of ports that the container does not name.
struct ProbePortUnresolved: PodAdvice {
  static let about = AdviceDescription(
    "PRB004", "probe-port-unresolved", .error, .recommended, fix: .hint,
    "A probe names a port that its container does not declare.",
    why: """
      The kubelet looks a named port up among the ports of the same container. Where it finds none \
      the probe fails every time: the container is killed again and again, or never ready. Numbers \
      need not be declared.
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
          ports: [{name: http, containerPort: 80}]
          livenessProbe:
            httpGet:
              path: /
              port: htpp # want: container 'app' has no port named 'htpp'
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
            containers:
            - name: app
              image: nginx:1.29.1
              ports: [{name: http, containerPort: 80}]
            - name: metrics
              image: exporter:1.0
              readinessProbe: {tcpSocket: {port: http}} # want: container 'metrics' has no port named 'http'
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
          ports: [{name: http, containerPort: 80}]
          livenessProbe: {httpGet: {path: /, port: http}}
          readinessProbe: {tcpSocket: {port: 8081}}
      """,
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers:
        - name: app
          image: nginx:1.29.1
          livenessProbe: {httpGet: {path: /, port: 80}}
          readinessProbe: {exec: {command: [nginx, -t]}}
          startupProbe: {grpc: {port: 9000}}
      """,
    ])

  static let needs = ["livenessProbe", "readinessProbe", "startupProbe", "lifecycle"]

  static func check(_ pod: AdvicePod, into report: inout AdviceReport) {
    for container in pod.containers {
      var handlers: [NodeRef?] = [Key.livenessProbe, .readinessProbe, .startupProbe].map {
        container.node[$0]
      }
      if let lifecycle = container.node[.lifecycle] {
        handlers += [lifecycle["postStart"], lifecycle["preStop"]]
      }
      for case let handler? in handlers {
        check(handler[.httpGet]?["port"] ?? handler[.tcpSocket]?["port"], container, &report)
      }
    }
  }

  private static func check(
    _ node: NodeRef?, _ container: AdviceContainer, _ report: inout AdviceReport
  ) {
    // Text made of digits is read as a number in the end.
    guard let node, let name = node.string, !name.isEmpty, Int(name) == nil else { return }
    let names = container.node.list(.ports).compactMap { $0[.name]?.string }
    guard !names.contains(name) else { return }
    let near = EditDistance.nearest(to: name, in: names)
    report.flag(
      at: node, "\(container.title) has no port named '\(name)'",
      help: near.map { "did you mean '\($0)'?" }
        ?? (names.isEmpty
          ? "declare it, or write its number" : "it has \(names.joined(separator: ", "))"))
  }
}
