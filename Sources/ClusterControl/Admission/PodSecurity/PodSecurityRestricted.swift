import ManifestSyntax

/// What the level `restricted` demands on top: what is known to harden a pod.
enum PodSecurityRestricted {
  static let checks: [PodSecurityCheck] = [
    PodSecurityCheck("restrictedVolumes", .restricted, replaces: "hostPathVolumes") { pod in
      let names = pod.spec.items("volumes").filter { volume in
        !(volume.map?.entries ?? []).contains {
          volumes.contains($0.key) && $0.value != .null
        }
      }.map { "'\($0["name"]?.string ?? "")'" }
      return names.isEmpty ? nil : "volumes of restricted types: " + names.joined(separator: ", ")
    },
    PodSecurityCheck("allowPrivilegeEscalation", .restricted, since: 8) { pod in
      if pod.isExemptByWindows { return nil }
      return pod.containers {
        SecuredPod.context($0)["allowPrivilegeEscalation"]?.bool != false
      }.map { "\($0) must set securityContext.allowPrivilegeEscalation to false" }
    },
    PodSecurityCheck("runAsNonRoot", .restricted, runAsNonRoot),
    PodSecurityCheck("runAsUser", .restricted, since: 23) { pod in
      if pod.hasOwnUsers { return nil }
      return pod.places { $0["runAsUser"]?.int64 == 0 }
        .map { "\($0) must not set securityContext.runAsUser to 0" }
    },
    PodSecurityCheck(
      "seccompProfile_restricted", .restricted, since: 19, replaces: "seccompProfile_baseline",
      seccomp),
    PodSecurityCheck(
      "capabilities_restricted", .restricted, since: 22, replaces: "capabilities_baseline"
    ) { pod in
      if pod.isExemptByWindows { return nil }
      return pod.containers { container in
        let capabilities = SecuredPod.context(container)["capabilities"] ?? .null
        return !capabilities.items("drop").contains("ALL")
          || capabilities.items("add").contains { $0 != "NET_BIND_SERVICE" }
      }.map { "\($0) must drop the capability ALL and add none but NET_BIND_SERVICE" }
    },
    PodSecurityCheck(
      "procMount_restricted", .restricted, since: 35, replaces: "procMount",
      PodSecurityBaseline.procMount),
  ]

  private static let volumes: Set<String> = [
    "configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "image",
    "persistentVolumeClaim", "projected", "secret",
  ]

  private static func runAsNonRoot(_ pod: SecuredPod) -> String? {
    if pod.hasOwnUsers { return nil }
    let own = pod.context["runAsNonRoot"]?.bool
    if own == false { return "pod must not set securityContext.runAsNonRoot to false" }
    return pod.containers { container in
      guard let said = SecuredPod.context(container)["runAsNonRoot"]?.bool else {
        return own != true
      }
      return !said
    }.map { "pod or \($0) must set securityContext.runAsNonRoot to true" }
  }

  private static func seccomp(_ pod: SecuredPod) -> String? {
    if pod.isExemptByWindows { return nil }
    func isGood(_ context: Value) -> Bool? {
      guard let type = context["seccompProfile"]?["type"]?.string else { return nil }
      return type == "RuntimeDefault" || type == "Localhost"
    }
    let own = isGood(pod.context)
    if own == false { return "pod must set seccompProfile.type to RuntimeDefault or Localhost" }
    return pod.containers { !(isGood(SecuredPod.context($0)) ?? own ?? false) }
      .map { "pod or \($0) must set seccompProfile.type to RuntimeDefault or Localhost" }
  }
}
