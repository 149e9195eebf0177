import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Keeps pods to the Pod Security Standard that their namespace is labelled with.
struct PodSecurityStep: AdmissionStep {
  static let name = "PodSecurity"

  func validate(
    _ object: Value?, old: Value?, _ request: AdmissionRequest, _ cluster: any ClusterReader,
    into outcome: inout AdmissionOutcome
  ) throws(AdmissionRefusal) {
    guard let object else { return }
    if request.isAbout(.namespaces, .create, .update) {
      return try judgeNamespace(object, old, request, cluster, &outcome)
    }
    guard let name = request.namespace else { return }
    let isPod = request.resource == .pods
    if isPod {
      guard Self.concerns(object, old, request) else { return }
    } else {
      guard request.isAbout(request.resource, .create, .update),
        WorkloadView.WorkloadKind(request.kind) != nil
      else { return }
    }
    guard let namespace = try cluster.object(ResourceKey(.namespaces, name: name)) else { return }
    let warned = PodSecurityPolicy(.warn, of: namespace)
    if isPod {
      let enforced = PodSecurityPolicy(.enforce, of: namespace)
      let troubles = Self.troubles(of: object, enforced)
      guard troubles.isEmpty else {
        throw .forbidden(
          request, "violates PodSecurity \"\(enforced)\": \(troubles.joined(separator: ", "))")
      }
      if warned == enforced { return }
      warn(Self.troubles(of: object, warned), warned, &outcome)
    } else if warned.level != .privileged {
      let view = WorkloadView(.value(object), kind: request.kind)
      guard let template = view?.template?.nodeValue else { return }
      warn(Self.troubles(of: template, warned), warned, &outcome)
    }
  }

  private func warn(
    _ troubles: [String], _ policy: PodSecurityPolicy, _ outcome: inout AdmissionOutcome
  ) {
    guard !troubles.isEmpty else { return }
    outcome.warnings.append(
      "would violate PodSecurity \"\(policy)\": \(troubles.joined(separator: ", "))")
  }

  private static func troubles(of pod: Value, _ policy: PodSecurityPolicy) -> [String] {
    PodSecurityCheck.troubles(
      of: pod["spec"] ?? .emptyMap, metadata: pod["metadata"] ?? .emptyMap, policy)
  }

  /// Whether the request makes a pod, or changes one in what a standard looks at.
  private static func concerns(_ pod: Value, _ old: Value?, _ request: AdmissionRequest) -> Bool {
    switch (request.operation, request.subresource) {
    case (.create, nil): return true
    case (.update, "ephemeralcontainers"): return true
    case (.update, nil):
      guard let old else { return true }
      func images(_ pod: Value) -> [Value?] {
        ["initContainers", "containers", "ephemeralContainers"].flatMap { list in
          (pod["spec"] ?? .null).items(list).map { $0["image"] }
        }
      }
      func profiles(_ pod: Value) -> [String: String] {
        (pod["metadata"] ?? .null).texts("annotations").filter { key, _ in
          key.contains("seccomp.security.alpha.kubernetes.io")
            || key.contains("apparmor.security.beta.kubernetes.io")
        }
      }
      return images(pod) != images(old) || profiles(pod) != profiles(old)
    default: return false
    }
  }

  // MARK: - Namespaces

  /// Refuses labels that mean nothing; warns of pods that the new labels would keep out.
  private func judgeNamespace(
    _ namespace: Value, _ old: Value?, _ request: AdmissionRequest,
    _ cluster: any ClusterReader, _ outcome: inout AdmissionOutcome
  ) throws(AdmissionRefusal) {
    let unreadable = PodSecurityPolicy.unreadableLabels(of: namespace)
    let wasUnreadable = old.map { !PodSecurityPolicy.unreadableLabels(of: $0).isEmpty } ?? false
    if !unreadable.isEmpty, !wasUnreadable {
      let causes = unreadable.map { label, value in
        AdmissionRefusal.Cause(
          reason: "FieldValueInvalid",
          message: "'\(value)' is none of "
            + (label.hasSuffix("-version")
              ? "'latest', 'v1.N'" : "'privileged', 'baseline', 'restricted'"),
          field: "metadata.labels[\(label)]")
      }
      throw AdmissionRefusal(
        code: 422, reason: "Invalid",
        message: "Namespace \"\(request.key.name)\" is invalid: "
          + causes.map { "\($0.field): \($0.message)" }.joined(separator: ", "),
        causes: causes)
    }
    guard let old, unreadable.isEmpty else { return }
    let policy = PodSecurityPolicy(.enforce, of: namespace)
    let before = PodSecurityPolicy(.enforce, of: old)
    guard policy != before, policy.level != .privileged,
      before.level < policy.level || before.minor != policy.minor
    else { return }
    let violating = try cluster.list(.pods, namespace: request.key.name)
      .filter { !Self.troubles(of: $0, policy).isEmpty }
    guard let first = violating.first else { return }
    let others = violating.count - 1
    outcome.warnings.append(
      "\(violating.count == 1 ? "a pod" : "\(violating.count) pods") of namespace "
        + "\"\(request.key.name)\" would violate the new PodSecurity enforce level \"\(policy)\": "
        + "\(first.metadataName)" + (others > 0 ? " and \(others) more" : "") + ": "
        + Self.troubles(of: first, policy).joined(separator: ", "))
  }
}
