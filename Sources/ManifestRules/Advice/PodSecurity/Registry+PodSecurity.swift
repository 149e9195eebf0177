extension AdviceRegistry {
  /// The rules of this topic, sorted by code.
  static let podSecurity: [any AdviceRule.Type] = [
    HostProcess.self,
    HostNamespaces.self,
    Privileged.self,
    BaselineCapabilities.self,
    HostPath.self,
    HostPort.self,
    AppArmor.self,
    SELinuxLabels.self,
    ProcMount.self,
    SeccompUnconfined.self,
    Sysctls.self,
    ProbeHost.self,
    VolumeTypes.self,
    PrivilegeEscalation.self,
    RunAsNonRoot.self,
    RunAsUserZero.self,
    SeccompRequired.self,
    RestrictedCapabilities.self,
    RestrictedProcMount.self,
  ]
}
