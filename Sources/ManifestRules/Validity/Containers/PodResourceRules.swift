import ManifestModel
import ManifestSchema
import ManifestSyntax

/// The limits and requests of a pod as a whole.
///
/// They bound what its containers have together, and limit each of them.
enum PodResourceRules: PodRules {
  static let title = "Resources of a pod as a whole"
  static let needs = ["resources"]

  static func check(_ pod: PodSubject, into report: inout Report) {
    guard report.version.minor >= 34, let resources = pod.spec.resources else { return }
    let node = pod.spec.node
    if pod.spec.isWindows {
      return report.error(
        "PRES-01", .forbidden, at: node, "resources",
        "a Windows pod has no resources as a whole, only its containers have",
        help: "move the limits and requests to the containers")
    }
    if resources.claims.isPresent {
      report.error(
        "PRES-02", .forbidden, at: node, "resources.claims",
        "a pod as a whole cannot use claims, only its containers can",
        help: "move 'claims' to the containers that use them")
    }
    ResourceChecks(resources, of: .pod, at: node).check(into: &report)
    ResourceClaimChecks.check(
      resources.claims, among: ResourceClaimChecks.names(of: pod), into: &report)
    checkTotals(pod, resources, into: &report)
    checkContainerLimits(pod, resources, into: &report)
  }

  private static func checkTotals(
    _ pod: PodSubject, _ resources: ResourceRequirements, into report: inout Report
  ) {
    let requests = resources.requests.dictionary
    if !requests.isEmpty {
      for (name, total) in totals(pod, \.requests).sorted(by: { $0.key < $1.key }) {
        guard let whole = requests[name], total > whole.roundedUp(to: .milli) else { continue }
        report.error(
          "PRES-05", .invalid, at: pod.spec.node, FieldPath("resources.requests").key(name),
          "the pod requests '\(whole)' of '\(name)', but its containers "
            + "request '\(total)' together",
          help: "request at least '\(total)' for the pod")
      }
    }
    let limits = resources.limits.dictionary
    guard limits.keys.contains(where: ResourceName.isHugePages) else { return }
    for (name, total) in totals(pod, \.limits).sorted(by: { $0.key < $1.key }) {
      guard ResourceName.isHugePages(name), let whole = limits[name],
        total > whole.roundedUp(to: .milli)
      else { continue }
      report.error(
        "PRES-06", .invalid, at: pod.spec.node, FieldPath("resources.limits").key(name),
        "the pod is limited to '\(whole)' of '\(name)', but its containers "
          + "have '\(total)' together",
        help: "raise the pod's limit to '\(total)'")
    }
  }

  private static func checkContainerLimits(
    _ pod: PodSubject, _ resources: ResourceRequirements, into report: inout Report
  ) {
    let limits = resources.limits.dictionary
    guard !limits.isEmpty else { return }
    for placed in pod.containers where placed.role == .regular {
      guard let own = placed.container.resources?.limits else { continue }
      for (name, limit) in own {
        guard let whole = limits[name]?.roundedUp(to: .milli), limit.roundedUp(to: .milli) > whole
        else { continue }
        report.error(
          "PRES-07", .invalid, at: pod.spec.node,
          placed.path + FieldPath("resources.limits").key(name),
          "the container is limited to '\(limit)' of '\(name)', more than the "
            + "'\(whole)' of the whole pod",
          help: "lower it to '\(whole)', or raise the pod's limit",
          server: ("resources" + placed.path).key(name).field("limits"))
      }
    }
  }

  /// What the containers have together at the most: regular ones and sidecars run together; before
  /// them each other init container runs beside the sidecars that started earlier.
  private static func totals(
    _ pod: PodSubject, _ amounts: KeyPath<ResourceRequirements, ViewMap<Quantity>>
  ) -> [String: Quantity] {
    var together: [String: Quantity] = [:]
    var sidecars: [String: Quantity] = [:]
    var peaks: [String: Quantity] = [:]
    for placed in pod.containers where placed.role != .ephemeral {
      guard let own = placed.container.resources?[keyPath: amounts] else { continue }
      for (name, amount) in own {
        let amount = amount.roundedUp(to: .milli)
        if placed.role == .regular {
          together[name, default: .zero] += amount
        } else if placed.container.isSidecar {
          together[name, default: .zero] += amount
          sidecars[name, default: .zero] += amount
        } else {
          let peak = amount + sidecars[name, default: .zero]
          peaks[name] = max(peaks[name] ?? peak, peak)
        }
      }
    }
    return together.merging(peaks) { max($0, $1) }
  }

  static let rules: [RuleDescription] = [
    RuleDescription(
      "PRES-01", "a Windows pod has no resources as a whole",
      bad: "spec.os = {name: windows}\nspec.resources = {limits: {cpu: 1}}",
      good: "spec.os = {name: linux}\nspec.resources = {limits: {cpu: 1}}"),
    RuleDescription(
      "PRES-02", "a pod as a whole uses no claims", bad: "spec.resources = {claims: []}",
      good: "spec.resources = {limits: {cpu: 1}}"),
    RuleDescription(
      "PRES-03", "a pod as a whole has CPU, memory and huge pages",
      bad: "spec.resources = {limits: {ephemeral-storage: 1Gi}}",
      "spec.resources = {limits: {example.com/gpu: 1}}",
      good: "spec.resources = {limits: {memory: 1Gi, hugepages-2Mi: 2Mi}}"),
    .untestable(
      "PRES-04", "a pod's amounts keep the rules of a container's",
      because: "findings carry the codes RES-04 to RES-10"),
    RuleDescription(
      "PRES-05", "a pod requests as much as its containers together",
      bad: """
        spec.resources = {requests: {cpu: 1}}
        spec.containers[0].resources = {requests: {cpu: 2}}
        """,
      good: """
        spec.resources = {requests: {cpu: 2}}
        spec.containers[0].resources = {requests: {cpu: 2}}
        """),
    RuleDescription(
      "PRES-06", "a pod's limit of huge pages covers those of its containers together",
      bad: """
        spec.resources = {limits: {cpu: 1, hugepages-2Mi: 2Mi}}
        spec.containers[0].resources = {limits: {cpu: 1, hugepages-2Mi: 4Mi}}
        """,
      good: """
        spec.resources = {limits: {cpu: 1, hugepages-2Mi: 4Mi}}
        spec.containers[0].resources = {limits: {cpu: 1, hugepages-2Mi: 4Mi}}
        """),
    RuleDescription(
      "PRES-07", "no container's limit exceeds the pod's",
      bad: """
        spec.resources = {limits: {cpu: 1}}
        spec.containers[0].resources = {limits: {cpu: 2}, requests: {cpu: 1}}
        """,
      good: """
        spec.resources = {limits: {cpu: 2}}
        spec.containers[0].resources = {limits: {cpu: 2}, requests: {cpu: 1}}
        """),
  ]
}
