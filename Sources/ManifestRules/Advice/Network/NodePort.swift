import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Flags Services that open a port on every node.
struct NodePort: ObjectAdvice {
  static let about = AdviceDescription(
    "NET001", "node-port", .note, .strict,
    "A Service opens a port on every node.",
    why: """
      Whoever reaches a node reaches the Service, past the load balancer and what is checked \
      there; and the number of such ports is small. An Ingress or a route needs no port of its own.
      """,
    bad: [
      """
      apiVersion: v1
      kind: Service
      metadata: {name: web}
      spec:
        type: NodePort # want: the Service opens a port on every node
        selector: {app: web}
        ports: [{port: 80}]
      """,
      """
      apiVersion: v1
      kind: Service
      metadata: {name: web}
      spec:
        selector: {app: web}
        ports: [{port: 80, nodePort: 30080}]
        externalTrafficPolicy: Local
        type: NodePort # want: the Service opens a port on every node
      """,
    ],
    good: [
      """
      apiVersion: v1
      kind: Service
      metadata: {name: web}
      spec:
        selector: {app: web}
        ports: [{port: 80}]
      """,
      """
      apiVersion: v1
      kind: Service
      metadata: {name: web}
      spec:
        type: LoadBalancer
        selector: {app: web}
        ports: [{port: 80, nodePort: 30080}]
      """,
    ])

  static let kinds = ["Service"]

  static func check(_ object: AdviceObject, into report: inout AdviceReport) {
    guard object.gvk.group.isEmpty, let type = object.node[.spec]?["type"],
      type.string == "NodePort"
    else { return }
    report.flag(
      at: type, "the Service opens a port on every node",
      help: "use ClusterIP behind an Ingress or a route, or a LoadBalancer")
  }
}
