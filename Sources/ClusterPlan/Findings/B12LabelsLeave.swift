import ClusterControl
import ManifestSchema
import ManifestSyntax

/// New pods that others no longer select.
enum B12LabelsLeave: FindingRule {
  static let code = "B12"
  static let title = "the new pods' labels no longer match"
  static let why = """
    Services, budgets and network policies find pods by their labels. Where the new template \
    lacks a label that they ask for, they lose a pod with every old one that stops: a Service \
    ends without endpoints although every pod is healthy.
    """
  private static let policies = GroupResource(group: "networking.k8s.io", "networkpolicies")

  static func find(_ scope: FindingScope) -> [Finding] {
    scope.workloads.filter(\.isRollout).flatMap { workload -> [Finding] in
      guard let old = workload.oldPodLabels, old != workload.podLabels else { return [] }
      let namespace = workload.object.namespace
      var findings: [Finding] = []
      for service in scope.state.objects(.services, in: namespace) {
        guard let labels = service.value["spec"]?["selector"]?.map, !labels.isEmpty else {
          continue
        }
        let selector = LabelSelector(matchLabels: labels.texts)
        guard selector.matches(old), !selector.matches(workload.podLabels) else { continue }
        findings.append(finding(workload, "service/\(service.name)", .disruption, selector))
      }
      for (resource, word, field) in [
        (GroupResource.podDisruptionBudgets, "poddisruptionbudget", "selector"),
        (policies, "networkpolicy", "podSelector"),
      ] {
        for object in scope.state.objects(resource, in: namespace) {
          let selector = FindingScope.selector(object.value["spec"]?[field] ?? .emptyMap)
          guard selector.matches(old), !selector.matches(workload.podLabels) else { continue }
          findings.append(finding(workload, "\(word)/\(object.name)", .risk, selector))
        }
      }
      return findings
    }
  }

  private static func finding(
    _ workload: WorkloadForecast, _ name: String, _ severity: Finding.Severity,
    _ selector: LabelSelector
  ) -> Finding {
    let step = workload.course.steps.firstIndex { $0.revision != .new && $0.to == 0 }
    let place = step.map { "; with write \($0 + 1) the last old pod goes" } ?? ""
    let missing = selector.requirements.first { !$0.matches(workload.podLabels) }
    let label = missing.map { "\($0.key)=\($0.values.joined(separator: "|"))" } ?? "a label"
    return Finding(
      code, severity, workload, "\(title) \(name)",
      proof: "\(name) asks for \(label), which the new template lacks\(place)",
      help: "keep the label until nothing selects by it")
  }
}
