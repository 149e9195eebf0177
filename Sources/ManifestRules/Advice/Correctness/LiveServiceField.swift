import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Flags what a cluster allocated for a Service, committed to a repository.
struct LiveServiceField: ObjectAdvice {
  static let about = AdviceDescription(
    "COR008", "live-service-field", .warning, .recommended, fix: .unsafe,
    "A Service carries what a cluster allocated for it.",
    why: """
      Addresses and ports of nodes are given out by the cluster. Written down they fit that one \
      cluster only: in another the address is outside of its range or taken, and the Service is \
      refused.
      """,
    bad: [
      """
      apiVersion: v1
      kind: Service
      metadata: {name: web}
      spec:
        clusterIP: 10.96.12.34 # want: 'clusterIP' was allocated by a cluster
        clusterIPs: [10.96.12.34] # want: 'clusterIPs' was allocated by a cluster
        ipFamilies: [IPv4] # want: 'ipFamilies' was allocated by a cluster
        selector: {app: web}
        ports: [{port: 80}]
      """,
      """
      apiVersion: v1
      kind: Service
      metadata: {name: web}
      spec:
        type: LoadBalancer
        externalTrafficPolicy: Local
        healthCheckNodePort: 31234 # want: 'healthCheckNodePort' was allocated by a cluster
        selector: {app: web}
        ports:
        - port: 80
          nodePort: 30123 # want: 'nodePort' was allocated by a cluster
      """,
    ],
    good: [
      """
      apiVersion: v1
      kind: Service
      metadata: {name: web}
      spec:
        clusterIP: None
        ipFamilyPolicy: PreferDualStack
        ipFamilies: [IPv6, IPv4]
        selector: {app: web}
        ports: [{port: 80}]
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

  static let needs = ["clusterIP", "clusterIPs", "healthCheckNodePort", "nodePort"]

  static let kinds = ["Service"]

  static func check(_ object: AdviceObject, into report: inout AdviceReport) {
    guard object.gvk.group.isEmpty, let spec = object.node[.spec] else { return }
    var isCopied = object.node[.metadata]?["resourceVersion"] != nil
    if let node = spec["clusterIP"], let text = node.string, !text.isEmpty, text != "None" {
      isCopied = true
      flag("clusterIP", node, into: &report)
    }
    if let node = spec["clusterIPs"], node.items.contains(where: { $0.string != "None" }) {
      isCopied = true
      flag("clusterIPs", node, into: &report)
    }
    if isCopied, let node = spec["ipFamilies"] { flag("ipFamilies", node, into: &report) }
    if let node = spec["healthCheckNodePort"], node.int64 != 0 {
      flag("healthCheckNodePort", node, into: &report)
    }
    // The ports of a NodePort are chosen as often as not.
    guard isCopied || spec["type"]?.string == "LoadBalancer" else { return }
    for port in spec.list(.ports) {
      guard let node = port["nodePort"], node.int64 != 0 else { continue }
      flag("nodePort", node, into: &report)
    }
  }

  private static func flag(_ name: String, _ node: NodeRef, into report: inout AdviceReport) {
    report.flag(
      at: node, "'\(name)' was allocated by a cluster", help: "remove it",
      anchor: node.kind.isScalar ? .value : .key,
      fixes: [report.removing(node, title: "remove \(name)", safety: .changesBehavior)])
  }
}
