import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Flags SELinux labels that let containers out.
struct SELinuxLabels: PodAdvice {
  static let about = AdviceDescription(
    "PSB008", "selinux", .error, .recommended,
    "An SELinux label goes beyond those for containers.",
    why: """
      The type of the label says what the process may touch: some types, such as spc_t, may touch \
      everything. The baseline Pod Security Standard takes the types container_t, container_init_t \
      and container_kvm_t, from 1.31 on container_engine_t too, and neither user nor role.
      """,
    bad: [
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        securityContext:
          seLinuxOptions:
            type: spc_t # want: the SELinux type of the pod is 'spc_t'
        containers:
        - name: app
          image: nginx:1.29.1
          securityContext:
            seLinuxOptions:
              user: system_u # want: container 'app' sets the SELinux user 'system_u'
              role: sysadm_r # want: container 'app' sets the SELinux role
              type: container_t
      """,
      AdviceExample(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers:
          - name: app
            image: nginx:1.29.1
            securityContext: {seLinuxOptions: {type: container_engine_t}} # want: 'container_engine_t'
        """, version: KubernetesVersion(minor: 30)),
    ],
    good: [
      AdviceExample(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers:
          - name: app
            image: nginx:1.29.1
            securityContext: {seLinuxOptions: {type: container_engine_t, user: ""}}
        """, version: KubernetesVersion(minor: 31)),
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        securityContext: {seLinuxOptions: {type: container_kvm_t, level: "s0:c123,c456"}}
        containers:
        - name: app
          image: nginx:1.29.1
          securityContext: {seLinuxOptions: {type: container_init_t}}
      """,
    ])

  static let needs = ["seLinuxOptions"]

  static func check(_ pod: AdvicePod, into report: inout AdviceReport) {
    for scope in pod.securityScopes where scope.node["seLinuxOptions"] != nil {
      if let value = scope.text("seLinuxOptions", "type"), let type = value.string,
        !isForContainers(type, report.version)
      {
        report.flag(
          at: value, "the SELinux type of \(scope.owner) is '\(type)'",
          help: "write container_t, or leave the choice to the runtime")
      }
      for field in ["user", "role"] {
        guard let value = scope.text("seLinuxOptions", field) else { continue }
        report.flag(
          at: value, "\(scope.owner) sets the SELinux \(field) '\(value.string ?? "")'",
          help: "remove it")
      }
    }
  }

  private static func isForContainers(_ type: String, _ version: KubernetesVersion) -> Bool {
    switch type {
    case "container_t", "container_init_t", "container_kvm_t": true
    case "container_engine_t": version.minor >= 31
    default: false
    }
  }
}
