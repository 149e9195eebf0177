import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Flags ports of a pod that are at odds.
struct PortCollision: PodAdvice {
  static let about = AdviceDescription(
    "APW003", "port-collision", .warning, .recommended,
    "Ports of a pod are listed twice, overlap, or share a name.",
    why: """
      The containers of a pod share one network, so two cannot listen at one port. `kubectl apply` \
      merges ports by number, and a Service that asks for a name finds the first one only.
      """,
    supersedes: ["WRN-32", "WRN-33", "WRN-34", "WRN-36"],
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
        - name: proxy
          image: proxy:1.0
          ports:
          - name: http # want: container 'app' calls a port 'http' as well
            containerPort: 8080
          - containerPort: 80 # want: port 80/TCP is listed before
      """,
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers:
        - name: app
          image: nginx:1.29.1
          ports:
          - {containerPort: 80, hostPort: 80}
          - {containerPort: 80, hostPort: 80, hostIP: 192.0.2.1} # want: port 80/TCP is bound to port 80
      """,
    ],
    good: [
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        initContainers:
        - {name: setup, image: "busybox:1.37", ports: [{name: http, containerPort: 80}]}
        containers:
        - name: app
          image: nginx:1.29.1
          ports: [{name: http, containerPort: 80}, {name: quic, containerPort: 80, protocol: UDP}]
      """,
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers:
        - name: app
          image: nginx:1.29.1
          ports:
          - {containerPort: 80, hostPort: 80, hostIP: 192.0.2.1}
          - {containerPort: 80, hostPort: 80, hostIP: 192.0.2.2}
      """,
    ])

  static let needs = ["ports"]

  private struct Port: Hashable {
    var number: Int64
    var transport: String
  }

  private struct Binding: Hashable {
    var host: Int64
    var ip: String
  }

  static func check(_ pod: AdvicePod, into report: inout AdviceReport) {
    let count = pod.containers.reduce(0) { $0 + ($1.node[.ports]?.count ?? 0) }
    // A port alone can be at odds with no other one.
    if count < 2 { return }
    var bindings: [Port: [(binding: Binding, node: NodeRef)]] = [:]
    var names: [String: (container: Int, node: NodeRef)] = [:]
    let isOnHost = pod.spec.node["hostNetwork"]?.bool == true
    for (number, container) in pod.containers.enumerated() where container.isLongRunning {
      for port in container.node.list(.ports) {
        if let node = port[.name], let name = node.string, !name.isEmpty {
          if let first = names[name], first.container != number {
            let title = pod.containers[first.container].title
            report.flag(
              at: node, "\(title) calls a port '\(name)' as well; a Service finds one of them only",
              help: "give the ports different names",
              related: [report.related("the other port", at: first.node, of: pod.object)])
          } else {
            names[name] = (number, node)
          }
        }
        guard let node = port["containerPort"], let written = node.int64 else { continue }
        let key = Port(number: written, transport: port["protocol"]?.string ?? "TCP")
        let own = Binding(
          host: port["hostPort"]?.int64 ?? (isOnHost ? written : 0),
          ip: port["hostIP"]?.string ?? "")
        check(key, own, node, bindings[key] ?? [], pod, into: &report)
        bindings[key, default: []].append((own, node))
      }
    }
  }

  private static func check(
    _ port: Port, _ own: Binding, _ node: NodeRef,
    _ known: [(binding: Binding, node: NodeRef)], _ pod: AdvicePod, into report: inout AdviceReport
  ) {
    // A list of many thousand equal ports is not compared to its end.
    let known = known.prefix(100)
    guard !known.isEmpty else { return }
    let what = "port \(port.number)/\(port.transport)"
    var message: (text: String, help: String, other: NodeRef)?
    if let same = known.first(where: { $0.binding == own }) {
      message = ("\(what) is listed before", "remove one of the two", same.node)
    } else if let plain = known.first(where: { $0.binding.host == 0 || own.host == 0 }) {
      message = (
        "\(what) is listed before, once with and once without a port of the node",
        "keep the entry that has hostPort", plain.node
      )
    } else if let wide = known.first(where: {
      $0.binding.host == own.host && ($0.binding.ip.isEmpty || own.ip.isEmpty)
    }) {
      message = (
        "\(what) is bound to port \(own.host) of all addresses of the node and of one of them",
        "keep one of the two", wide.node
      )
    }
    guard let message else { return }
    report.flag(
      at: node, message.text, help: message.help,
      related: [report.related("the other entry", at: message.other, of: pod.object)])
  }
}
