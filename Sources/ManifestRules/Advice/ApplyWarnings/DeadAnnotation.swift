import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Flags annotations whose place a field has taken.
struct DeadAnnotation: PodAdvice {
  static let about = AdviceDescription(
    "APW006", "dead-annotation", .warning, .recommended, fix: .safe,
    "An annotation of a pod has no effect any more, or soon will not.",
    why: """
      What began as an annotation is a field by now. The annotations for seccomp, for critical \
      pods and for kernel parameters are read by nobody, so a pod lacks the protection that it \
      seems to have; those for AppArmor are deprecated.
      """,
    supersedes: ["WRN-06", "WRN-07", "WRN-35", "WRN-37"],
    bad: [
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          seccomp.security.alpha.kubernetes.io/pod: runtime/default # want: has no effect
          scheduler.alpha.kubernetes.io/critical-pod: "" # want: has no effect
      spec: {containers: [{name: app, image: "nginx:1.29.1"}]}
      """,
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec:
        selector: {matchLabels: {app: web}}
        template:
          metadata:
            labels: {app: web}
            annotations:
              container.apparmor.security.beta.kubernetes.io/app: runtime/default # want: is deprecated
          spec: {containers: [{name: app, image: "nginx:1.29.1"}]}
      """,
    ],
    good: [
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          seccomp.security.alpha.kubernetes.io/pod: runtime/default
          container.apparmor.security.beta.kubernetes.io/app: runtime/default
          container.apparmor.security.beta.kubernetes.io/other: runtime/default
      spec:
        securityContext: {seccompProfile: {type: RuntimeDefault}}
        containers:
        - name: app
          image: nginx:1.29.1
          securityContext: {appArmorProfile: {type: RuntimeDefault}}
      """,
      AdviceExample(
        """
        apiVersion: v1
        kind: Pod
        metadata:
          name: web
          annotations:
            container.apparmor.security.beta.kubernetes.io/app: runtime/default
            example.com/critical-pod: ""
        spec: {containers: [{name: app, image: "nginx:1.29.1"}]}
        """, version: KubernetesVersion(minor: 29)),
    ])

  static let needs = ["annotations"]

  private static let podSeccomp = "seccomp.security.alpha.kubernetes.io/pod"
  private static let seccomp = "container.seccomp.security.alpha.kubernetes.io/"
  private static let appArmor = "container.apparmor.security.beta.kubernetes.io/"
  private static let lost = [
    "scheduler.alpha.kubernetes.io/critical-pod": "set priorityClassName",
    "security.alpha.kubernetes.io/sysctls": "set securityContext.sysctls",
    "security.alpha.kubernetes.io/unsafe-sysctls": "set securityContext.sysctls",
  ]

  static func check(_ pod: AdvicePod, into report: inout AdviceReport) {
    guard !pod.annotations.isEmpty,
      let annotations = pod.template[.metadata]?[.annotations]
    else { return }
    for (keyNode, value) in annotations.entries {
      let key = keyNode.keyText
      if let help = lost[key] {
        flag(key, value, help, into: &report)
      } else if key == podSeccomp {
        guard report.version.minor >= 27, pod.security("seccompProfile") == nil else { continue }
        flag(key, value, "set securityContext.seccompProfile", into: &report)
      } else if key.hasPrefix(seccomp) {
        let name = String(key.dropFirst(seccomp.count))
        guard report.version.minor >= 27,
          let container = pod.containers.first(where: { $0.name == name }),
          container.ownSecurity("seccompProfile") == nil
        else { continue }
        flag(key, value, "set securityContext.seccompProfile of the container", into: &report)
      } else if key.hasPrefix(appArmor) {
        let name = String(key.dropFirst(appArmor.count))
        guard report.version.minor >= 30,
          let container = pod.containers.first(where: { $0.name == name }),
          container.ownSecurity("appArmorProfile") == nil
        else { continue }
        flagAppArmor(key, value, container, into: &report)
      }
    }
  }

  private static func flag(
    _ key: String, _ value: NodeRef, _ help: String, into report: inout AdviceReport
  ) {
    report.flag(
      at: value, "the annotation '\(key)' has no effect", help: help + ", and remove it",
      fixes: [report.removing(value, title: "remove the annotation", safety: .safe)])
  }

  /// The field says the same; both together are what the server itself stores.
  private static func flagAppArmor(
    _ key: String, _ value: NodeRef, _ container: AdviceContainer, into report: inout AdviceReport
  ) {
    let profile = value.string ?? ""
    let path = container.node.path + "securityContext.appArmorProfile"
    var edits: [FixIt.Edit] = []
    switch profile {
    case "runtime/default": edits = [.set(path.field("type"), to: "RuntimeDefault")]
    case "unconfined": edits = [.set(path.field("type"), to: "Unconfined")]
    case _ where profile.hasPrefix("localhost/"):
      edits = [
        .set(path.field("type"), to: "Localhost"),
        .set(path.field("localhostProfile"), to: String(profile.dropFirst(10))),
      ]
    default: break
    }
    let fix = FixIt("use securityContext.appArmorProfile", safety: .safe, edits: edits)
    report.flag(
      at: value, "the annotation '\(key)' is deprecated",
      help: "set securityContext.appArmorProfile of \(container.title)",
      fixes: edits.isEmpty ? [] : [fix])
  }
}
