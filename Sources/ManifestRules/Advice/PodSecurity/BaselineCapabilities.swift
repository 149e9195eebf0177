import ManifestModel
import ManifestSyntax

/// Flags capabilities that containers do not have by default.
struct BaselineCapabilities: PodAdvice {
  static let about = AdviceDescription(
    "PSB004", "capabilities-baseline", .error, .recommended,
    "A container adds a capability beyond the usual ones.",
    why: """
      Thirteen capabilities are what container runtimes give anyway; every other one is a piece of \
      root's power. The baseline Pod Security Standard lets only those thirteen be added, and \
      compares the names letter by letter.
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
              - NET_RAW # want: container 'app' adds the capability 'NET_RAW'
      """,
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        initContainers:
        - name: tune
          image: busybox:1.37
          securityContext: {capabilities: {drop: [ALL], add: [SYS_RESOURCE]}} # want: container 'tune' adds
        containers:
        - name: app
          image: nginx:1.29.1
          securityContext:
            capabilities:
              add: [chown] # want: 'chown'
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
          securityContext:
            capabilities:
              add: [AUDIT_WRITE, CHOWN, DAC_OVERRIDE, FOWNER, FSETID, KILL, MKNOD, SETFCAP]
        - name: other
          image: nginx:1.29.1
          securityContext:
            capabilities: {add: [NET_BIND_SERVICE, SETGID, SETPCAP, SETUID, SYS_CHROOT]}
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

  private static let usual: Set<String> = [
    "AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD",
    "NET_BIND_SERVICE", "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT",
  ]

  static func check(_ pod: AdvicePod, into report: inout AdviceReport) {
    for scope in pod.containerScopes {
      for item in scope.addedCapabilities {
        guard let name = item.string, !usual.contains(name) else { continue }
        report.flag(
          at: item, "\(scope.owner) adds the capability '\(name)'",
          help: "remove it; the baseline Pod Security Standard has no place for it")
      }
    }
  }
}

extension SecurityScope {
  /// What is listed under `capabilities.add`.
  var addedCapabilities: [NodeRef] {
    (node["capabilities"]?["add"]?.items).map(Array.init) ?? []
  }
}
