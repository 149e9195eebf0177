import ManifestModel
import ManifestSyntax

/// Flags ports that are taken on the node.
struct HostPort: PodAdvice {
  static let about = AdviceDescription(
    "PSB006", "host-port", .warning, .recommended, fix: .unsafe,
    "A container takes a port of its node.",
    why: """
      Each node has the port once: the scheduler places at most one such pod there, and whoever \
      reaches the node reaches the container, whatever the network policies say. The baseline Pod \
      Security Standard forbids host ports. A Service does the same without these limits.
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
          ports:
          - containerPort: 8080
            hostPort: 80 # want: container 'app' takes port 80 of its node
      """,
      """
      apiVersion: apps/v1
      kind: DaemonSet
      metadata: {name: log}
      spec:
        selector: {matchLabels: {app: log}}
        template:
          metadata: {labels: {app: log}}
          spec:
            initContainers:
            - name: relay
              image: relay:1.0
              restartPolicy: Always
              ports: [{containerPort: 514, protocol: UDP, hostPort: 514}] # want: takes port 514
            containers: [{name: app, image: "log:1.0"}]
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
          ports:
          - {containerPort: 8080, hostPort: 0}
          - {containerPort: 9090}
      """,
      """
      apiVersion: v1
      kind: Service
      metadata: {name: web}
      spec:
        type: NodePort
        selector: {app: web}
        ports: [{port: 80, nodePort: 30080}]
      """,
    ])

  static let needs = ["hostPort"]

  static func check(_ pod: AdvicePod, into report: inout AdviceReport) {
    for container in pod.containers {
      for port in container.node[.ports]?.items ?? NodeRef.value(.null).items {
        guard let value = port["hostPort"], let number = value.int64, number != 0 else { continue }
        report.flag(
          at: value, "\(container.title) takes port \(number) of its node",
          help: "remove hostPort and put a Service in front",
          fixes: [report.removing(value, title: "remove hostPort", safety: .changesBehavior)])
      }
    }
  }
}
