import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Flags ports of Services that lead to a name which no pod gives to a port.
struct ServicePortUnresolved: UniverseAdvice {
  static let about = AdviceDescription(
    "REF002", "service-port-unresolved", .error, .recommended, fix: .hint,
    "A port of a Service leads to a name that none of its pods gives to a port.",
    why: """
      A named targetPort is looked up in every pod, by name and protocol. Where no container has a \
      port of that name the Service has no endpoints for it, and connections are refused.
      """,
    bad: [
      """
      apiVersion: v1
      kind: Service
      metadata: {name: web}
      spec:
        selector: {app: web}
        ports:
        - name: http
          port: 80
          targetPort: htpp # want: no pod of the Service has a TCP port named 'htpp'
        - name: metrics
          port: 9090
          targetPort: metrics # want: no pod of the Service has a TCP port named 'metrics'
      --- # file: web.yaml
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
              ports:
              - {name: http, containerPort: 8080}
              - {name: metrics, containerPort: 9090, protocol: UDP}
      """,
      """
      apiVersion: v1
      kind: Service
      metadata: {name: web}
      spec:
        selector: {app: web}
        ports:
        - {port: 80, targetPort: http} # want: no pod of the Service has a TCP port named 'http'
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: web, labels: {app: web}}
      spec:
        initContainers:
        - {name: setup, image: "busybox:1.37", ports: [{name: http, containerPort: 80}]}
        containers:
        - {name: app, image: "nginx:1.29.1"}
      """,
    ],
    good: [
      """
      apiVersion: v1
      kind: Service
      metadata: {name: web}
      spec:
        selector: {app: web}
        ports:
        - {name: http, port: 80, targetPort: http}
        - {name: proxy, port: 81, targetPort: proxy}
        - {name: other, port: 82, targetPort: 9999}
        - {name: implied, port: 83}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: web, labels: {app: web}}
      spec:
        initContainers:
        - name: proxy
          image: proxy:1.0
          restartPolicy: Always
          ports: [{name: proxy, containerPort: 81}]
        containers:
        - {name: app, image: "nginx:1.29.1", ports: [{name: http, containerPort: 80}]}
      """,
      """
      apiVersion: v1
      kind: Service
      metadata: {name: nothing}
      spec:
        selector: {app: nothing}
        ports: [{port: 80, targetPort: http}]
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: no-selector}
      spec:
        ports: [{port: 80, targetPort: http}]
      """,
    ])

  static let kinds = ["Service"]

  static func check(
    _ object: AdviceObject, in universe: Universe, into report: inout AdviceReport
  ) {
    guard let ports = object.node[.spec]?.list(.ports) else { return }
    var pods: [AdvicePod]?
    for port in ports {
      guard let node = port["targetPort"], let name = node.string, !name.isEmpty,
        !name.utf8.allSatisfy({ (0x30...0x39).contains($0) })
      else { continue }
      let selected = pods ?? universe.selectedPods(of: object)
      pods = selected
      if selected.isEmpty { return }
      let transport = port["protocol"]?.string ?? "TCP"
      let declared = selected.flatMap { pod in pod.longRunning.flatMap { Self.ports(of: $0) } }
      let fits = declared.contains { $0.name == name && $0.transport == transport }
      if fits || universe.mayBeUnread(name, near: object) { continue }
      let near = nearest(to: name, transport, port["port"]?.int64, declared)
      var related: [Diagnostic.Related] = []
      let tree = near?.node.treeNode?.tree
      if let near, let owner = selected.first(where: { $0.object.tree === tree }) {
        related = [report.related("the nearest port is here", at: near.node, of: owner.object)]
      }
      report.flag(
        at: node, "no pod of the Service has a \(transport) port named '\(name)'",
        help: near.map { port in
          port.transport == transport
            ? "did you mean '\(port.name)'?"
            : "the port '\(port.name)' is one for \(port.transport)"
        } ?? "give a port of a container that name, or write its number", related: related)
    }
  }

  private struct Port {
    var name: String
    var transport: String
    var number: Int64?
    var node: NodeRef
  }

  private static func ports(of container: AdviceContainer) -> [Port] {
    container.node.list(.ports).compactMap { port in
      guard let node = port[.name], let name = node.string else { return nil }
      return Port(
        name: name, transport: port["protocol"]?.string ?? "TCP",
        number: port["containerPort"]?.int64, node: node)
    }
  }

  private static func nearest(
    to name: String, _ transport: String, _ number: Int64?, _ ports: [Port]
  ) -> Port? {
    if let other = ports.first(where: { $0.name == name }) { return other }
    let fitting = ports.filter { $0.transport == transport }
    if let near = EditDistance.nearest(to: name, in: fitting.map(\.name)) {
      return fitting.first { $0.name == near }
    }
    return fitting.first { $0.number == number } ?? (fitting.count == 1 ? fitting.first : nil)
  }
}
