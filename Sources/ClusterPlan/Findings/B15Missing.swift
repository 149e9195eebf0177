import ClusterControl
import ManifestRules
import ManifestSchema
import ManifestSyntax

/// Pods that wait for something that is not there.
enum B15Missing: FindingRule {
  static let code = "B15"
  static let title = "the new pods need something that does not exist"
  static let why = """
    A pod whose ConfigMap, Secret, ServiceAccount, volume claim or priority class is missing is \
    not made, not placed or not started. The rollout stops where the first new pods should \
    become ready. What is in the same set of manifests counts as there.
    """
  private static let kinds: [String: GroupResource] = [
    "ConfigMap": .configMaps, "Secret": .secrets, "ServiceAccount": .serviceAccounts,
    "PersistentVolumeClaim": .persistentVolumeClaims, "PriorityClass": .priorityClasses,
  ]

  static func find(_ scope: FindingScope) -> [Finding] {
    scope.workloads.compactMap { workload in
      guard workload.course.steps.contains(where: { $0.revision == .new && $0.to > $0.from }) else {
        return nil
      }
      let missing = names(workload, scope)
      guard !missing.isEmpty else { return nil }
      let failure = workload.failure
      return Finding(
        code, scope.isStandIn ? .risk : .blocked, workload,
        "the new pods never become ready: \(title)",
        proof: "\(missing.joined(separator: ", ")): not in the cluster, nor in these manifests; "
          + "\(failure.finalAvailable) of \(workload.replicas) pods stay available",
        help: "create it before, or add it to the manifests")
    }
  }

  private static func names(_ workload: WorkloadForecast, _ scope: FindingScope) -> [String] {
    let references = References.all(
      in: .value(workload.after), workload.object.gvk, namespace: workload.object.namespace)
    var missing: [String] = []
    for reference in references where !reference.isOptional {
      guard case .object(let name) = reference.target, name.group == kinds[name.kind]?.group,
        let resource = kinds[name.kind]
      else { continue }
      // Secrets for pulling images may be missing, and every namespace has this account.
      if reference.path.description.contains("imagePullSecrets") { continue }
      if name.kind == "ServiceAccount", name.name == "default" { continue }
      let namespace = name.kind == "PriorityClass" ? nil : name.namespace
      if scope.state.object(ResourceKey(resource, namespace: namespace, name: name.name)) == nil {
        let text = "\(name.kind.lowercased())/\(name.name)"
        if !missing.contains(text) { missing.append(text) }
      }
    }
    return missing
  }
}
