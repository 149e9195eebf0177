import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Flags kernel settings that reach beyond the pod.
struct Sysctls: PodAdvice {
  static let about = AdviceDescription(
    "PSB011", "sysctls", .error, .recommended,
    "A pod sets a kernel parameter that is not known to be safe.",
    why: """
      Most kernel parameters hold for the whole node or can starve its other pods, so kubelets \
      refuse them unless they were told otherwise. The baseline Pod Security Standard takes a \
      short list, which grew with Kubernetes 1.27, 1.29 and 1.32.
      """,
    bad: [
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        securityContext:
          sysctls:
          - name: net.ipv4.tcp_syncookies
            value: "1"
          - name: net.core.somaxconn # want: 'net.core.somaxconn' is not among the safe
            value: "1024"
        containers: [{name: app, image: "nginx:1.29.1"}]
      """,
      AdviceExample(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          securityContext:
            sysctls:
            - {name: net.ipv4.tcp_keepalive_time, value: "60"} # want: safe from 1.29 on
            - {name: net.ipv4.ip_local_reserved_ports, value: "8080"}
          containers: [{name: app, image: "nginx:1.29.1"}]
        """, version: KubernetesVersion(minor: 28)),
    ],
    good: [
      AdviceExample(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          securityContext:
            sysctls:
            - {name: net.ipv4.tcp_rmem, value: "4096 87380 16777216"}
            - {name: net.ipv4.tcp_fin_timeout, value: "30"}
          containers: [{name: app, image: "nginx:1.29.1"}]
        """, version: KubernetesVersion(minor: 32)),
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        securityContext:
          sysctls:
          - {name: kernel.shm_rmid_forced, value: "1"}
          - {name: net.ipv4.ip_unprivileged_port_start, value: "0"}
          - {name: net.ipv4.ping_group_range, value: "0 2147483647"}
        containers: [{name: app, image: "nginx:1.29.1"}]
      """,
    ])

  static let needs = ["sysctls"]

  /// From which minor version on a parameter counts as safe.
  private static let safe = [
    "kernel.shm_rmid_forced": 0,
    "net.ipv4.ip_local_port_range": 0,
    "net.ipv4.tcp_syncookies": 0,
    "net.ipv4.ping_group_range": 0,
    "net.ipv4.ip_unprivileged_port_start": 0,
    "net.ipv4.ip_local_reserved_ports": 27,
    "net.ipv4.tcp_keepalive_time": 29,
    "net.ipv4.tcp_fin_timeout": 29,
    "net.ipv4.tcp_keepalive_intvl": 29,
    "net.ipv4.tcp_keepalive_probes": 29,
    "net.ipv4.tcp_rmem": 32,
    "net.ipv4.tcp_wmem": 32,
  ]

  static func check(_ pod: AdvicePod, into report: inout AdviceReport) {
    let items = pod.spec.node[.securityContext]?["sysctls"]?.items
    for item in items ?? NodeRef.value(.null).items {
      guard let value = item[.name], let name = value.string else { continue }
      let since = safe[name]
      if let since, since <= report.version.minor { continue }
      let help = since.map { "the parameter is safe from 1.\($0) on" }
      report.flag(
        at: value,
        "'\(name)' is not among the safe kernel parameters"
          + (since.map { " (safe from 1.\($0) on)" } ?? ""),
        help: help ?? "set it on the nodes that need it, or remove it")
    }
  }
}
