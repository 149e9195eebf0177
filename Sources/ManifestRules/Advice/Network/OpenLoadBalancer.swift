import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Flags load balancers that the whole internet may use.
struct OpenLoadBalancer: ObjectAdvice {
  static let about = AdviceDescription(
    "NET002", "open-load-balancer", .warning, .strict,
    "A load balancer takes connections from anywhere.",
    why: """
      Most providers give a LoadBalancer a public address. Without source ranges, or an annotation \
      that keeps it inside of the network, anybody can connect.
      """,
    bad: [
      """
      apiVersion: v1
      kind: Service
      metadata: {name: web}
      spec:
        type: LoadBalancer # want: the load balancer takes connections from anywhere
        selector: {app: web}
        ports: [{port: 80}]
      """,
      """
      apiVersion: v1
      kind: Service
      metadata:
        name: web
        annotations: {service.beta.kubernetes.io/aws-load-balancer-internal: "false"}
      spec:
        type: LoadBalancer
        loadBalancerSourceRanges: [] # want: the load balancer takes connections from anywhere
        selector: {app: web}
        ports: [{port: 80}]
      """,
      """
      apiVersion: v1
      kind: Service
      metadata: {name: web}
      spec:
        type: LoadBalancer
        loadBalancerSourceRanges:
        - 10.0.0.0/8
        - 0.0.0.0/0 # want: the load balancer takes connections from anywhere
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
        type: LoadBalancer
        loadBalancerSourceRanges: [10.0.0.0/8]
        selector: {app: web}
        ports: [{port: 80}]
      """,
      """
      apiVersion: v1
      kind: Service
      metadata:
        name: web
        annotations: {networking.gke.io/load-balancer-type: Internal}
      spec:
        type: LoadBalancer
        selector: {app: web}
        ports: [{port: 80}]
      """,
    ])

  static let kinds = ["Service"]

  /// Annotations of providers with the values that keep a load balancer inside; nil: any but false.
  private static let inside: [String: Set<String>?] = [
    "service.beta.kubernetes.io/aws-load-balancer-internal": nil,
    "service.beta.kubernetes.io/aws-load-balancer-scheme": ["internal"],
    "service.beta.kubernetes.io/azure-load-balancer-internal": nil,
    "networking.gke.io/load-balancer-type": ["internal"],
    "cloud.google.com/load-balancer-type": ["internal"],
    "service.beta.kubernetes.io/openstack-internal-load-balancer": nil,
    "service.beta.kubernetes.io/oci-load-balancer-internal": nil,
    "oci-network-load-balancer.oraclecloud.com/internal": nil,
    "service.beta.kubernetes.io/alibaba-cloud-loadbalancer-address-type": ["intranet"],
    "service.kubernetes.io/ibm-load-balancer-cloud-provider-ip-type": ["private"],
    "service.kubernetes.io/qcloud-loadbalancer-internal-subnetid": nil,
    "service.beta.kubernetes.io/scw-loadbalancer-private": nil,
    "load-balancer.hetzner.cloud/disable-public-network": nil,
    "service.beta.kubernetes.io/cce-load-balancer-internal-vpc": nil,
  ]

  static func check(_ object: AdviceObject, into report: inout AdviceReport) {
    guard object.gvk.group.isEmpty, let spec = object.node[.spec], let type = spec["type"],
      type.string == "LoadBalancer", !isInside(object), !hasRanges(object, spec)
    else { return }
    let message = "the load balancer takes connections from anywhere"
    let help = "set loadBalancerSourceRanges, or the annotation that keeps it inside"
    if let open = spec.list("loadBalancerSourceRanges").first(where: isOpen) {
      report.flag(at: open, message, help: help)
    } else if let ranges = spec["loadBalancerSourceRanges"] {
      report.flag(
        at: ranges, message, help: help, anchor: .key,
        related: [report.related("the type", at: type, of: object)])
    } else {
      report.flag(at: type, message, help: help)
    }
  }

  private static func isInside(_ object: AdviceObject) -> Bool {
    if object.node[.spec]?["loadBalancerClass"]?.string == "tailscale" { return true }
    return object.annotations.contains { key, value in
      guard let values = inside[key] else { return false }
      let value = value.lowercased()
      return values?.contains(value) ?? (value != "false" && !value.isEmpty)
    }
  }

  private static func isOpen(_ range: NodeRef) -> Bool { range.string?.hasSuffix("/0") == true }

  private static func hasRanges(_ object: AdviceObject, _ spec: NodeRef) -> Bool {
    let annotation = object.annotations["service.beta.kubernetes.io/load-balancer-source-ranges"]
    let written = spec.list("loadBalancerSourceRanges").compactMap(\.string)
    let ranges =
      written.isEmpty ? annotation?.split(separator: ",").map(String.init) ?? [] : written
    return !ranges.isEmpty && !ranges.contains { $0.hasSuffix("/0") }
  }
}
