import ManifestSyntax

/// What the level `baseline` demands: nothing that is known to lead out of the pod.
enum PodSecurityBaseline {
  static let checks: [PodSecurityCheck] = [
    PodSecurityCheck("windowsHostProcess", .baseline) { pod in
      pod.places { $0["windowsOptions"]?["hostProcess"] == true }
        .map { "\($0) must not set securityContext.windowsOptions.hostProcess" }
    },
    PodSecurityCheck("hostNamespaces", .baseline) { pod in
      let set = ["hostNetwork", "hostPID", "hostIPC"].filter { pod.spec[$0] == true }
      return set.isEmpty ? nil : "pod must not set " + set.joined(separator: ", ")
    },
    PodSecurityCheck("privileged", .baseline) { pod in
      pod.containers { SecuredPod.context($0)["privileged"] == true }
        .map { "\($0) must not set securityContext.privileged" }
    },
    PodSecurityCheck("capabilities_baseline", .baseline) { pod in
      pod.containers { container in
        let added = (SecuredPod.context(container)["capabilities"] ?? .null).items("add")
        return added.contains { !capabilities.contains($0.string ?? "") }
      }.map { "\($0) must not add capabilities beyond the usual ones" }
    },
    PodSecurityCheck("hostPathVolumes", .baseline) { pod in
      let names = pod.spec.items("volumes").filter { $0["hostPath"]?.map != nil }
        .map { "'\($0["name"]?.string ?? "")'" }
      return names.isEmpty ? nil : "hostPath volumes \(names.joined(separator: ", "))"
    },
    PodSecurityCheck("hostPorts", .baseline) { pod in
      pod.containers { $0.items("ports").contains { ($0["hostPort"]?.int64 ?? 0) != 0 } }
        .map { "\($0) must not use host ports" }
    },
    PodSecurityCheck("appArmorProfile", .baseline, appArmor),
    PodSecurityCheck("seLinuxOptions", .baseline, seLinux),
    PodSecurityCheck("procMount", .baseline) { pod in
      if pod.hasOwnUsers { return nil }
      return procMount(pod)
    },
    PodSecurityCheck("seccompProfile_baseline", .baseline, seccomp),
    PodSecurityCheck("sysctls", .baseline) { pod in
      let names = pod.context.items("sysctls").compactMap { $0["name"]?.string }
        .filter { !isSafeSysctl($0, pod.policy) }
      return names.isEmpty ? nil : "sysctls " + names.joined(separator: ", ")
    },
    PodSecurityCheck("hostProbesAndHostLifecycle", .baseline, since: 34) { pod in
      pod.containers(namesHost).map { "\($0) must not name a host in probes and hooks" }
    },
  ]

  private static let capabilities: Set<String> = [
    "AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD",
    "NET_BIND_SERVICE", "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT",
  ]

  private static func appArmor(_ pod: SecuredPod) -> String? {
    let prefix = "container.apparmor.security.beta.kubernetes.io/"
    let named = pod.metadata.texts("annotations").filter { key, profile in
      key.hasPrefix(prefix) && !profile.isEmpty && profile != "runtime/default"
        && !profile.hasPrefix("localhost/")
    }
    if let key = named.keys.min() {
      return "annotation \(key) must be empty, runtime/default or localhost/*"
    }
    return pod.places { context in
      guard let type = context["appArmorProfile"]?["type"]?.string else { return false }
      return type != "RuntimeDefault" && type != "Localhost"
    }.map { "\($0) must not set AppArmor profile type 'Unconfined'" }
  }

  private static func seLinux(_ pod: SecuredPod) -> String? {
    var types: Set<String> = ["", "container_t", "container_init_t", "container_kvm_t"]
    if pod.policy.includes(since: 31) { types.insert("container_engine_t") }
    return pod.places { context in
      guard let options = context["seLinuxOptions"] else { return false }
      return !types.contains(options["type"]?.string ?? "") || options.has("user")
        || options.has("role")
    }.map { "\($0) must not set seLinuxOptions beyond the usual types" }
  }

  static func procMount(_ pod: SecuredPod) -> String? {
    pod.containers { container in
      let mount = SecuredPod.context(container)["procMount"]?.string ?? ""
      return !mount.isEmpty && mount != "Default"
    }.map { "\($0) must not set securityContext.procMount" }
  }

  private static func seccomp(_ pod: SecuredPod) -> String? {
    guard pod.policy.includes(since: 19) else { return seccompAnnotations(pod) }
    return pod.places { context in
      guard let type = context["seccompProfile"]?["type"]?.string else { return false }
      return type != "RuntimeDefault" && type != "Localhost"
    }.map { "\($0) must not set seccompProfile.type to 'Unconfined'" }
  }

  /// Before 1.19 there were annotations only.
  private static func seccompAnnotations(_ pod: SecuredPod) -> String? {
    let bad = pod.metadata.texts("annotations").filter { key, profile in
      let isOurs =
        key == "seccomp.security.alpha.kubernetes.io/pod"
        || key.hasPrefix("container.seccomp.security.alpha.kubernetes.io/")
      return isOurs && profile != "runtime/default" && profile != "docker/default"
        && !profile.hasPrefix("localhost/")
    }
    return bad.keys.min().map { "annotation \($0) must not be 'unconfined'" }
  }

  /// Since which version a sysctl counts as safe.
  private static let sysctls: [String: Int] = [
    "kernel.shm_rmid_forced": 0, "net.ipv4.ip_local_port_range": 0,
    "net.ipv4.tcp_syncookies": 0, "net.ipv4.ping_group_range": 0,
    "net.ipv4.ip_unprivileged_port_start": 0, "net.ipv4.ip_local_reserved_ports": 27,
    "net.ipv4.tcp_keepalive_time": 29, "net.ipv4.tcp_fin_timeout": 29,
    "net.ipv4.tcp_keepalive_intvl": 29, "net.ipv4.tcp_keepalive_probes": 29,
    "net.ipv4.tcp_rmem": 32, "net.ipv4.tcp_wmem": 32,
  ]

  private static func isSafeSysctl(_ name: String, _ policy: PodSecurityPolicy) -> Bool {
    sysctls[name].map { policy.includes(since: $0) } ?? false
  }

  private static func namesHost(_ container: Value) -> Bool {
    let handlers =
      ["livenessProbe", "readinessProbe", "startupProbe"].map { container[$0] }
      + ["postStart", "preStop"].map { container["lifecycle"]?[$0] }
    return handlers.contains { handler in
      ["httpGet", "tcpSocket"].contains { handler?[$0]?.has("host") ?? false }
    }
  }
}
