import ManifestModel
import ManifestSchema
import ManifestSyntax

/// The limits, requests and claims of containers.
enum ResourceRules: PodRules {
  static let title = "Resources of containers"
  static let needs = ["resources"]

  static func check(_ pod: PodSubject, into report: inout Report) {
    var claims: Set<String>?
    for placed in pod.containers {
      guard let resources = placed.container.resources else { continue }
      ResourceChecks(resources, of: .container, at: placed.container.node).check(into: &report)
      guard !resources.claims.isEmpty, report.version.hasResourceClaims else { continue }
      let names = claims ?? ResourceClaimChecks.names(of: pod)
      claims = names
      ResourceClaimChecks.check(resources.claims, among: names, into: &report)
    }
  }
}

/// References to the resource claims of a pod.
enum ResourceClaimChecks {
  /// The names of the pod's claims.
  static func names(of pod: PodSubject) -> Set<String> {
    Set(pod.spec.resourceClaims.compactMap(\.name).filter { !$0.isEmpty })
  }

  static func check(
    _ claims: ViewList<ResourceClaim>, among names: Set<String>, into report: inout Report
  ) {
    var taken = Taken()
    for claim in claims {
      guard let name = claim.name, !name.isEmpty else {
        PodFieldChecks.missing(
          "RES-11", at: claim.node, "name", "it says which claim is meant", server: .root,
          into: &report)
        continue
      }
      let request = claim.request ?? ""
      if !taken.names.contains(name), !request.isEmpty {
        PodFieldChecks.format(
          "RES-14", NameFormat.dnsLabel(request), of: request, as: "a request of a claim",
          at: claim.node, "request", into: &report)
      }
      if !taken.take(name, request) {
        report.error(
          "RES-13", .duplicate, at: claim.node, .root,
          "the claim \(PodFieldChecks.quoted(name)) is used more than once here",
          help: "name it once, or name different requests of it")
      }
      if !names.contains(name) {
        report.error(
          "RES-12", .notFound, at: claim.node, "name",
          "the pod has no resource claim \(PodFieldChecks.quoted(name))",
          help: "add it to the pod's 'resourceClaims'", server: .root)
      }
    }
  }

  /// The claims and single requests used so far.
  private struct Taken {
    var names: Set<String> = []
    /// Claims of which single requests are used.
    var parted: Set<Substring> = []

    /// Notes the use; false where it overlaps with one before.
    mutating func take(_ name: String, _ request: String) -> Bool {
      if names.contains(name) { return false }
      let key = request.isEmpty ? name : name + "/" + request
      let isNew = !names.contains(key) && !(request.isEmpty && parted.contains(name[...]))
      names.insert(key)
      if let slash = key.firstIndex(of: "/") { parted.insert(key[..<slash]) }
      return isNew
    }
  }
}

extension KubernetesVersion {
  /// Whether pods can claim devices.
  var hasResourceClaims: Bool { minor >= 34 }
}

extension ResourceRules {
  static let rules: [RuleDescription] = amounts + balance + claims

  private static let amounts: [RuleDescription] = [
    RuleDescription(
      "RES-01", "a resource's name is a qualified name",
      bad: "spec.containers[0].resources = {limits: {'cpu ': 1}}",
      "spec.containers[0].resources = {limits: {EX.com/a: 1}}",
      good: "spec.containers[0].resources = {limits: {example.com/a: 1}}"),
    RuleDescription(
      "RES-02", "a resource without a domain is cpu, memory, ephemeral-storage or huge pages",
      bad: "spec.containers[0].resources = {limits: {gpu: 1}}",
      "spec.containers[0].resources = {limits: {CPU: 1}}",
      "spec.containers[0].resources = {limits: {storage: 1}}",
      good: "spec.containers[0].resources = {limits: {ephemeral-storage: 1Gi}}"),
    RuleDescription(
      "RES-03", "a resource with a domain stays a valid name with 'requests.' in front",
      bad: "spec.containers[0].resources = {limits: {requests.example.com/gpu: 1}}",
      good: "spec.containers[0].resources = {limits: {kubernetes.io/anything: 1}}"),
    RuleDescription(
      "RES-04", "an amount is not below zero",
      bad: "spec.containers[0].resources = {limits: {cpu: -1}}",
      good: "spec.containers[0].resources = {limits: {cpu: 0}}"),
    RuleDescription(
      "RES-05", "extended resources come in whole numbers",
      bad: "spec.containers[0].resources = {limits: {example.com/gpu: 500m}}",
      good: "spec.containers[0].resources = {limits: {example.com/gpu: 2000m}}"),
    RuleDescription(
      "RES-09", "an amount of huge pages is a multiple of their size",
      bad: "spec.containers[0].resources = {limits: {hugepages-2Mi: 3Mi, memory: 1Gi}}",
      "spec.containers[0].resources = {limits: {hugepages-abc: 2Mi, memory: 1Gi}}",
      good: "spec.containers[0].resources = {limits: {hugepages-2Mi: 4Mi, memory: 1Gi}}"),
    RuleDescription(
      "RES-10", "huge pages come with CPU or memory",
      bad: "spec.containers[0].resources = {limits: {hugepages-2Mi: 4Mi}}",
      good:
        """
        spec.containers[0].resources = {limits: {hugepages-2Mi: 4Mi, cpu: 1}, \
        requests: {hugepages-2Mi: 4Mi}}
        """
    ),
    .untestable(
      "RES-15", "fractions of bytes make no sense", because: "the server warns only (WRN-29)"),
  ]

  private static let balance: [RuleDescription] = [
    RuleDescription(
      "RES-06", "what is requested does not exceed the limit",
      bad: "spec.containers[0].resources = {limits: {cpu: 1}, requests: {cpu: 1001m}}",
      good: "spec.containers[0].resources = {limits: {cpu: 1}, requests: {cpu: 1000m}}"),
    RuleDescription(
      "RES-07", "what cannot be shared is requested as its limit says",
      bad:
        """
        spec.containers[0].resources = {limits: {example.com/gpu: 2}, \
        requests: {example.com/gpu: 1}}
        """,
      good:
        """
        spec.containers[0].resources = {limits: {example.com/gpu: 2}, \
        requests: {example.com/gpu: 2}}
        """
    ),
    RuleDescription(
      "RES-08", "what cannot be shared is requested with a limit",
      bad: "spec.containers[0].resources = {requests: {example.com/gpu: 1}}",
      good: "spec.containers[0].resources = {requests: {memory: 1Gi}}"),
  ]

  private static let claims: [RuleDescription] = [
    RuleDescription(
      "RES-11", "a used claim is named", bad: "spec.containers[0].resources = {claims: [{}]}",
      good: """
        spec.resourceClaims = [{name: gpu, resourceClaimName: g}]
        spec.containers[0].resources = {claims: [{name: gpu}]}
        """),
    RuleDescription(
      "RES-12", "a used claim is one of the pod's",
      bad: "spec.containers[0].resources = {claims: [{name: gpu}]}",
      good: """
        spec.resourceClaims = [{name: gpu, resourceClaimName: g}]
        spec.containers[0].resources = {claims: [{name: gpu}]}
        """),
    RuleDescription(
      "RES-13", "a claim, or a request of it, is used once",
      bad: """
        spec.resourceClaims = [{name: gpu, resourceClaimName: g}]
        spec.containers[0].resources = {claims: [{name: gpu}, {name: gpu}]}
        """,
      """
      spec.resourceClaims = [{name: gpu, resourceClaimName: g}]
      spec.containers[0].resources = {claims: [{name: gpu, request: a}, {name: gpu}]}
      """,
      good: """
        spec.resourceClaims = [{name: gpu, resourceClaimName: g}]
        spec.containers[0].resources = {claims: [{name: gpu, request: a}, {name: gpu, request: b}]}
        """),
    RuleDescription(
      "RES-14", "a request of a claim is a DNS label",
      bad: """
        spec.resourceClaims = [{name: gpu, resourceClaimName: g}]
        spec.containers[0].resources = {claims: [{name: gpu, request: a_b}]}
        """,
      good: """
        spec.resourceClaims = [{name: gpu, resourceClaimName: g}]
        spec.containers[0].resources = {claims: [{name: gpu, request: a-b}]}
        """),
  ]
}
