import ManifestSyntax

/// One demand of the Pod Security Standards.
struct PodSecurityCheck: Sendable {
  let id: String
  let level: PodSecurityPolicy.Level
  /// The minor version of Kubernetes that it came with.
  let since: Int
  /// The check that it takes the place of, being stricter.
  let replaces: String?
  /// What about the pod breaks it, lower case, no full stop; nil when nothing does.
  let trouble: @Sendable (SecuredPod) -> String?

  init(
    _ id: String, _ level: PodSecurityPolicy.Level, since: Int = 0, replaces: String? = nil,
    _ trouble: @escaping @Sendable (SecuredPod) -> String?
  ) {
    self.id = id
    self.level = level
    self.since = since
    self.replaces = replaces
    self.trouble = trouble
  }

  /// What about a pod breaks `policy`, in the order of the checks; empty for a pod that keeps it.
  static func troubles(
    of spec: Value, metadata: Value, _ policy: PodSecurityPolicy
  ) -> [String] {
    guard policy.level != .privileged else { return [] }
    let pod = SecuredPod(spec: spec, metadata: metadata, policy: policy)
    let checks = (PodSecurityBaseline.checks + PodSecurityRestricted.checks).filter {
      $0.level <= policy.level && policy.includes(since: $0.since)
    }
    let replaced = Set(checks.compactMap(\.replaces))
    return checks.filter { !replaced.contains($0.id) }.compactMap { $0.trouble(pod) }
  }
}

/// A pod as the checks see it.
struct SecuredPod {
  let spec: Value
  let metadata: Value
  let policy: PodSecurityPolicy
  /// Regular, init and ephemeral ones.
  let containers: [Value]

  init(spec: Value, metadata: Value, policy: PodSecurityPolicy) {
    self.spec = spec
    self.metadata = metadata
    self.policy = policy
    containers =
      spec.items("initContainers") + spec.items("containers") + spec.items("ephemeralContainers")
  }

  /// The pod's own security context.
  var context: Value { spec["securityContext"] ?? .null }

  static func context(_ container: Value) -> Value { container["securityContext"] ?? .null }

  /// Whether by its own word it runs on Windows, to a policy that knows of that.
  var isExemptByWindows: Bool {
    policy.includes(since: 25) && spec["os"]?["name"] == "windows"
  }

  /// Whether its users are not those of the node, to a policy that knows of that.
  var hasOwnUsers: Bool { policy.includes(since: 35) && spec["hostUsers"] == false }

  /// The containers of which `isBad` holds, as messages call them; nil when there are none.
  func containers(_ isBad: (Value) -> Bool) -> String? {
    let names = containers.filter(isBad).map { "'\($0["name"]?.string ?? "")'" }
    guard !names.isEmpty else { return nil }
    return (names.count == 1 ? "container " : "containers ") + names.joined(separator: ", ")
  }

  /// Who of pod and containers has a security context of which `isBad` holds; nil for nobody.
  func places(_ isBad: (Value) -> Bool) -> String? {
    let found = [isBad(context) ? "pod" : nil, containers { isBad(Self.context($0)) }]
      .compactMap { $0 }
    return found.isEmpty ? nil : found.joined(separator: " and ")
  }
}
