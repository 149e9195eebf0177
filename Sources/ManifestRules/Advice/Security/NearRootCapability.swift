import ManifestModel
import ManifestSyntax

/// Flags capabilities that are as good as root on the node.
struct NearRootCapability: PodAdvice {
  static let about = AdviceDescription(
    "SEC008", "near-root-capability", .error, .recommended,
    "A container adds a capability that is nearly root.",
    why: """
      With one of these a process mounts disks, loads code into the kernel, reads the memory of \
      others, or reads any file: everything else that holds a container is for nothing then.
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
              add:
              - NET_BIND_SERVICE
              - SYS_ADMIN # want: container 'app' adds the capability 'SYS_ADMIN'
      """,
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        initContainers:
        - name: tune
          image: busybox:1.37
          securityContext: {capabilities: {add: [all]}} # want: container 'tune' adds
        containers:
        - name: app
          image: nginx:1.29.1
          securityContext: {capabilities: {drop: [ALL], add: [CAP_NET_ADMIN]}} # want: 'CAP_NET_ADMIN'
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
          securityContext: {capabilities: {drop: [SYS_ADMIN], add: [NET_RAW, SYS_TIME]}}
      """,
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers:
        - name: app
          image: nginx:1.29.1
          securityContext: {capabilities: {drop: [ALL], add: [NET_BIND_SERVICE]}}
      """,
    ])

  static let needs = ["capabilities"]

  private static let nearRoot: Set<String> = [
    "SYS_ADMIN", "SYS_MODULE", "SYS_PTRACE", "NET_ADMIN", "BPF", "DAC_READ_SEARCH", "ALL",
  ]

  static func check(_ pod: AdvicePod, into report: inout AdviceReport) {
    for scope in pod.containerScopes {
      for item in scope.addedCapabilities {
        guard let name = item.string else { continue }
        // Runtimes read the names in either case, some with the prefix of the C constants.
        let upper = name.uppercased()
        let plain = upper.hasPrefix("CAP_") ? String(upper.dropFirst(4)) : upper
        guard nearRoot.contains(plain) else { continue }
        report.flag(
          at: item, "\(scope.owner) adds the capability '\(name)', which is nearly root",
          help: "remove it, or leave the work to an agent of the node")
      }
    }
  }
}
