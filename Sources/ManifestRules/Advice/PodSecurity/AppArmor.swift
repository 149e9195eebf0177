import ManifestModel
import ManifestSyntax

/// Flags AppArmor profiles that switch the protection off.
struct AppArmor: PodAdvice {
  static let about = AdviceDescription(
    "PSB007", "apparmor", .error, .recommended,
    "AppArmor is switched off, or its profile is of no known type.",
    why: """
      On nodes with AppArmor every container is held by the profile of the runtime, unless \
      somebody asks for none. The baseline Pod Security Standard takes RuntimeDefault and \
      Localhost, as a field or in the older annotation.
      """,
    bad: [
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        securityContext:
          appArmorProfile:
            type: Unconfined # want: the AppArmor profile of the pod is 'Unconfined'
        containers: [{name: app, image: "nginx:1.29.1"}]
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
              container.apparmor.security.beta.kubernetes.io/app: unconfined # want: 'unconfined'
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
          container.apparmor.security.beta.kubernetes.io/app: runtime/default
          container.apparmor.security.beta.kubernetes.io/proxy: localhost/proxy
          container.apparmor.security.beta.kubernetes.io/other: ""
      spec:
        containers: [{name: app, image: "nginx:1.29.1"}]
      """,
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        securityContext: {appArmorProfile: {type: RuntimeDefault}}
        containers:
        - name: app
          image: nginx:1.29.1
          securityContext: {appArmorProfile: {type: Localhost, localhostProfile: web}}
      """,
    ])

  static let needs = ["appArmorProfile", "annotations"]

  private static let prefix = "container.apparmor.security.beta.kubernetes.io/"

  static func check(_ pod: AdvicePod, into report: inout AdviceReport) {
    for scope in pod.securityScopes {
      guard let value = scope.text("appArmorProfile", "type"), let type = value.string,
        type != "RuntimeDefault", type != "Localhost"
      else { continue }
      report.flag(
        at: value, "the AppArmor profile of \(scope.owner) is '\(type)'",
        help: "write RuntimeDefault, or Localhost with the name of a profile")
    }
    guard pod.annotations.keys.contains(where: { $0.hasPrefix(prefix) }),
      let annotations = pod.template[.metadata]?[.annotations]
    else { return }
    for (key, value) in annotations.entries where key.keyText.hasPrefix(prefix) {
      guard let profile = value.string, !profile.isEmpty, profile != "runtime/default",
        !profile.hasPrefix("localhost/")
      else { continue }
      let name = key.keyText.dropFirst(prefix.count)
      report.flag(
        at: value, "the AppArmor profile of container '\(name)' is '\(profile)'",
        help: "write runtime/default, or use the field securityContext.appArmorProfile")
    }
  }
}
