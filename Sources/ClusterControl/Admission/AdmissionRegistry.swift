/// Which steps there are, and in which order the server runs them.
enum AdmissionRegistry {
  static let standard: [any AdmissionStep] = [
    NamespaceLifecycle()
  ]

  /// Those that look at pods only.
  static let podPlugins: Set<String> = [
    "LimitRanger", "ServiceAccount", "PodSecurity", "Priority", "DefaultTolerationSeconds",
    "RuntimeClass", "PodTopologyLabels",
  ]
}
