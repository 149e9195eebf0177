import ManifestSyntax
import Testing

@testable import ClusterControl

@Suite struct PodSecurityTests {
  private static let good =
    "securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}, "
    + "containers: [{name: c, securityContext: {allowPrivilegeEscalation: false, "
    + "capabilities: {drop: [ALL]}}}]"

  /// A pod, the policy, and parts of what is wrong with it.
  private static let cases: [(spec: String, level: String, version: String, says: [String])] = [
    (good, "restricted", "latest", []),
    ("containers: [{name: c}]", "baseline", "latest", []),
    (
      "containers: [{name: c}]", "restricted", "latest",
      ["allowPrivilegeEscalation", "runAsNonRoot", "seccompProfile", "capability ALL"]
    ),
    ("containers: [{name: c}]", "restricted", "v1.0", ["runAsNonRoot"]),
    ("os: {name: windows}, containers: [{name: c}]", "restricted", "v1.36", ["runAsNonRoot"]),
    ("hostNetwork: true, hostPID: true", "baseline", "latest", ["hostNetwork, hostPID"]),
    ("hostNetwork: true", "privileged", "latest", []),
    ("containers: [{name: c, securityContext: {privileged: true}}]", "baseline", "latest", ["'c'"]),
    (
      "ephemeralContainers: [{name: e, securityContext: {privileged: true}}]", "baseline",
      "latest", ["'e'"]
    ),
    (
      "containers: [{name: c, securityContext: {capabilities: {add: [CHOWN, NET_ADMIN]}}}]",
      "baseline", "latest", ["capabilities"]
    ),
    ("volumes: [{name: v, hostPath: {path: /}}]", "baseline", "latest", ["hostPath volumes 'v'"]),
    ("volumes: [{name: v, hostPath: {path: /}}]", "restricted", "v1.0", ["restricted types: 'v'"]),
    ("volumes: [{name: v, nfs: {}}]", "baseline", "latest", []),
    ("containers: [{name: c, ports: [{hostPort: 80}]}]", "baseline", "latest", ["host ports"]),
    ("securityContext: {appArmorProfile: {type: Unconfined}}", "baseline", "latest", ["AppArmor"]),
    ("securityContext: {seLinuxOptions: {type: container_engine_t}}", "baseline", "v1.31", []),
    (
      "securityContext: {seLinuxOptions: {type: container_engine_t}}", "baseline", "v1.30",
      ["seLinuxOptions"]
    ),
    ("securityContext: {seLinuxOptions: {user: u}}", "baseline", "latest", ["seLinuxOptions"]),
    (
      "containers: [{name: c, securityContext: {procMount: Unmasked}}]", "baseline", "latest",
      ["procMount"]
    ),
    (
      "hostUsers: false, containers: [{name: c, securityContext: {procMount: Unmasked}}]",
      "baseline", "v1.35", []
    ),
    (
      "hostUsers: false, containers: [{name: c, securityContext: {procMount: Unmasked}}]",
      "baseline", "v1.34", ["procMount"]
    ),
    (
      "securityContext: {seccompProfile: {type: Unconfined}}", "baseline", "latest",
      ["seccompProfile"]
    ),
    ("securityContext: {seccompProfile: {type: Unconfined}}", "baseline", "v1.18", []),
    ("securityContext: {sysctls: [{name: net.ipv4.tcp_rmem}]}", "baseline", "v1.32", []),
    (
      "securityContext: {sysctls: [{name: net.ipv4.tcp_rmem}]}", "baseline", "v1.31", ["tcp_rmem"]
    ),
    (
      "containers: [{name: c, livenessProbe: {httpGet: {host: h}}}]", "baseline", "v1.34",
      ["name a host"]
    ),
    ("containers: [{name: c, livenessProbe: {httpGet: {host: h}}}]", "baseline", "v1.33", []),
    (
      good.replacing("runAsNonRoot: true", with: "runAsNonRoot: true, runAsUser: 0"),
      "restricted", "latest", ["runAsUser"]
    ),
    (
      good.replacing("runAsNonRoot: true", with: "runAsNonRoot: true, runAsUser: 0"),
      "restricted", "v1.22", []
    ),
  ]

  @Test func podsAreKeptToTheStandard() {
    for (spec, level, version, says) in Self.cases {
      let namespace = Value(
        yaml: "{metadata: {labels: {pod-security.kubernetes.io/enforce: \(level), "
          + "pod-security.kubernetes.io/enforce-version: \(version)}}}")
      let policy = PodSecurityPolicy(.enforce, of: namespace)
      let troubles = PodSecurityCheck.troubles(
        of: Value(yaml: "{\(spec)}"), metadata: .emptyMap, policy)
      let all = troubles.joined(separator: ", ")
      #expect(troubles.count == says.count, "\(level) \(version) \(spec): \(all)")
      for part in says { #expect(all.contains(part), "\(level) \(version) \(spec): \(all)") }
    }
  }

  @Test func namespacesSayWhatIsEnforced() {
    func namespace(_ labels: String) -> String {
      "{kind: Namespace, metadata: {name: shop, labels: {\(labels)}}}"
    }
    let enforced = namespace("pod-security.kubernetes.io/enforce: baseline")
    let warned = namespace("pod-security.kubernetes.io/warn: baseline")
    let pod = "{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {hostNetwork: true}}"
    let deployment =
      "{apiVersion: apps/v1, kind: Deployment, metadata: {name: d}, spec: {template: {spec: "
      + "{hostNetwork: true}}}}"
    for one in [
      StepCase(
        name: "refused", cluster: enforced, object: pod,
        refusal: (403, "violates PodSecurity \"baseline:latest\"")),
      StepCase(name: "nothing said", object: pod),
      StepCase(name: "warned", cluster: warned, object: pod, warns: "would violate PodSecurity"),
      StepCase(name: "templates are not refused", cluster: enforced, object: deployment),
      StepCase(
        name: "templates are warned of", cluster: warned, object: deployment,
        warns: "would violate PodSecurity \"baseline:latest\""),
      StepCase(
        name: "a change of labels", cluster: enforced, object: pod, old: pod, operation: .update),
      StepCase(
        name: "an unknown level", object: namespace("pod-security.kubernetes.io/enforce: high"),
        refusal: (422, "'high' is none of")),
      StepCase(
        name: "an unknown version",
        object: namespace("pod-security.kubernetes.io/warn-version: '1.36'"),
        refusal: (422, "'1.36' is none of")),
      StepCase(
        name: "pods that are there", cluster: pod, object: enforced, old: namespace(""),
        operation: .update, warns: "a pod of namespace \"shop\" would violate"),
    ] { one.run(PodSecurityStep()) }
  }
}
