import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Flags fields of Services that do nothing.
struct IgnoredServiceField: ObjectAdvice {
  static let about = AdviceDescription(
    "APW008", "ignored-service-field", .warning, .recommended, fix: .unsafe,
    "A field of a Service has no effect, or is deprecated.",
    why: """
      A headless Service has no address that anything could be done with, and a name for another \
      host stands with the type ExternalName only. Any user of a cluster could claim any address \
      by externalIPs, so these are going away.
      """,
    supersedes: ["WRN-50", "WRN-52", "WRN-53", "WRN-54", "WRN-57"],
    bad: [
      """
      apiVersion: v1
      kind: Service
      metadata: {name: web}
      spec:
        clusterIP: None
        sessionAffinity: ClientIP # want: sessionAffinity has no effect: the Service is headless
        selector: {app: web}
        ports: [{port: 80}]
      """,
      """
      apiVersion: v1
      kind: Service
      metadata:
        name: web
        annotations:
          service.kubernetes.io/topology-aware-hints: auto # want: is deprecated
      spec:
        externalName: db.example.com # want: externalName has no effect: the type is 'ClusterIP'
        trafficDistribution: PreferClose # want: 'PreferClose' is deprecated
        selector: {app: web}
        ports: [{port: 80}]
      """,
      """
      apiVersion: v1
      kind: Service
      metadata: {name: web}
      spec:
        externalIPs: [192.0.2.1] # want: externalIPs is deprecated
        selector: {app: web}
        ports: [{port: 80}]
      """,
    ],
    good: [
      """
      apiVersion: v1
      kind: Service
      metadata: {name: web}
      spec:
        type: ExternalName
        externalName: db.example.com
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: db}
      spec:
        clusterIP: None
        sessionAffinity: None
        selector: {app: db}
        ports: [{port: 5432}]
      """,
      AdviceExample(
        """
        apiVersion: v1
        kind: Service
        metadata: {name: web}
        spec:
          type: LoadBalancer
          loadBalancerIP: 192.0.2.1
          sessionAffinity: ClientIP
          trafficDistribution: PreferClose
          selector: {app: web}
          ports: [{port: 80}]
        """, version: KubernetesVersion(minor: 33)),
    ])

  static let needs = [
    "clusterIP", "clusterIPs", "externalName", "externalIPs", "trafficDistribution", "annotations",
  ]

  static let kinds = ["Service"]

  private static let hints = "service.kubernetes.io/topology-aware-hints"
  private static let mode = "service.kubernetes.io/topology-mode"

  static func check(_ object: AdviceObject, into report: inout AdviceReport) {
    guard object.gvk.group.isEmpty, let spec = object.node[.spec] else { return }
    if object.annotations[hints] != nil, report.version.minor >= 27,
      let node = object.node[.metadata]?[.annotations]?[hints]
    {
      let isThere = object.annotations[mode] != nil
      report.flag(
        at: node, "the annotation '\(hints)' is deprecated", help: "use '\(mode)'",
        fixes: [
          FixIt(
            isThere ? "remove the annotation" : "use \(mode)", safety: .changesBehavior,
            edits: [isThere ? .remove(node.path) : .rename(node.path, to: mode)])
        ])
    }
    if let node = spec["trafficDistribution"], node.string == "PreferClose",
      report.version.minor >= 34
    {
      report.flag(
        at: node, "'PreferClose' is deprecated", help: "write PreferSameZone, which means the same",
        fixes: [
          report.setting(node, to: "PreferSameZone", title: "write PreferSameZone", safety: .safe)
        ])
    }
    checkIgnored(spec, into: &report)
  }

  private static func checkIgnored(_ spec: NodeRef, into report: inout AdviceReport) {
    let type = spec["type"]?.string ?? "ClusterIP"
    let isHeadless =
      type == "ClusterIP"
      && (spec["clusterIP"]?.string == "None"
        || spec.list("clusterIPs").contains { $0.string == "None" })
    if isHeadless {
      let why = "the Service is headless"
      ignored(spec, "loadBalancerIP", why, into: &report)
      ignored(spec, "externalIPs", why, into: &report)
      if spec["sessionAffinity"]?.string == "ClientIP" {
        ignored(spec, "sessionAffinity", why, into: &report)
      }
    }
    if type == "ExternalName" {
      ignored(spec, "externalIPs", "the Service is a name for another host", into: &report)
    } else {
      ignored(spec, "externalName", "the type is '\(type)', not 'ExternalName'", into: &report)
      if !isHeadless, report.version.minor >= 36, let node = spec["externalIPs"], node.count > 0 {
        report.flag(
          at: node, "externalIPs is deprecated", help: "use a load balancer or a Gateway",
          anchor: .key,
          fixes: [report.removing(node, title: "remove externalIPs", safety: .changesBehavior)])
      }
    }
  }

  private static func ignored(
    _ spec: NodeRef, _ name: String, _ why: String, into report: inout AdviceReport
  ) {
    guard let node = spec[name], node.string != "", node.kind.isScalar || node.count > 0 else {
      return
    }
    report.flag(
      at: node, "\(name) has no effect: \(why)", help: "remove it",
      fixes: [report.removing(node, title: "remove \(name)", safety: .changesBehavior)])
  }
}
