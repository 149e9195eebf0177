import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Flags capabilities that are not spelt as Kubernetes does.
struct CapabilitySpelling: PodAdvice {
  static let about = AdviceDescription(
    "COR010", "capability-spelling", .warning, .recommended, fix: .safe,
    "A capability is misspelt, or not written as Kubernetes does.",
    why: """
      Container runtimes read `all`, `cap_net_raw` and `CAP_NET_RAW`; Pod Security admission \
      compares the exact text and lets none of them pass for `ALL` or `NET_RAW`. What no kernel \
      knows keeps the container from starting.
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
          securityContext:
            capabilities:
              drop:
              - all # want: the capability 'all' is spelt 'ALL'
              add: [CAP_NET_BIND_SERVICE] # want: is spelt 'NET_BIND_SERVICE'
      """,
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        initContainers:
        - name: setup
          image: busybox:1.37
          securityContext: {capabilities: {add: [NET_ADMN]}} # want: there is no capability 'NET_ADMN'
        containers:
        - name: app
          image: nginx:1.29.1
          securityContext: {capabilities: {drop: [net_raw]}} # want: is spelt 'NET_RAW'
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
          securityContext: {capabilities: {drop: [ALL], add: [CHECKPOINT_RESTORE]}}
      """,
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers:
        - name: app
          image: nginx:1.29.1
          securityContext: {capabilities: {drop: [NET_RAW, SYS_ADMIN], add: []}}
      """,
    ])

  static let needs = ["capabilities"]

  private static let known: Set<String> = [
    "ALL", "AUDIT_CONTROL", "AUDIT_READ", "AUDIT_WRITE", "BLOCK_SUSPEND", "BPF",
    "CHECKPOINT_RESTORE", "CHOWN", "DAC_OVERRIDE", "DAC_READ_SEARCH", "FOWNER", "FSETID",
    "IPC_LOCK", "IPC_OWNER", "KILL", "LEASE", "LINUX_IMMUTABLE", "MAC_ADMIN", "MAC_OVERRIDE",
    "MKNOD", "NET_ADMIN", "NET_BIND_SERVICE", "NET_BROADCAST", "NET_RAW", "PERFMON", "SETFCAP",
    "SETGID", "SETPCAP", "SETUID", "SYS_ADMIN", "SYS_BOOT", "SYS_CHROOT", "SYS_MODULE", "SYS_NICE",
    "SYS_PACCT", "SYS_PTRACE", "SYS_RAWIO", "SYS_RESOURCE", "SYS_TIME", "SYS_TTY_CONFIG", "SYSLOG",
    "WAKE_ALARM",
  ]

  static func check(_ pod: AdvicePod, into report: inout AdviceReport) {
    for container in pod.containers {
      guard let lists = container.node[.securityContext]?["capabilities"] else { continue }
      for list in ["add", "drop"] {
        for item in lists.list(list) {
          guard let name = item.string, !known.contains(name) else { continue }
          let upper = name.uppercased()
          let plain = upper.hasPrefix("CAP_") ? String(upper.dropFirst(4)) : upper
          if known.contains(plain) {
            report.flag(
              at: item, "the capability '\(name)' is spelt '\(plain)'", help: "write \(plain)",
              fixes: [report.setting(item, to: plain, title: "write \(plain)", safety: .safe)])
          } else {
            let near = EditDistance.nearest(to: plain, in: known.sorted())
            report.flag(
              at: item, "there is no capability '\(name)'",
              help: near.map { "did you mean '\($0)'?" })
          }
        }
      }
    }
  }
}
