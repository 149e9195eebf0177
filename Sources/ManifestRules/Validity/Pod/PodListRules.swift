import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Gates, claims and overhead of pods (POD-20 … POD-23, POD-32 … POD-40).
enum PodListRules: PodRules {
  static let title = "Gates, claims and overhead of pods"
  static let needs = ["readinessGates", "schedulingGates", "resourceClaims", "overhead"]

  static func check(_ pod: PodSubject, into report: inout Report) {
    let spec = pod.spec
    for (index, gate) in spec.readinessGates.enumerated() {
      let name = gate.conditionType ?? ""
      LabelChecks.refuse(
        "POD-20", LabelFormat.key(name), of: name, as: "the type of a condition", at: spec.node,
        FieldPath([.field("readinessGates"), .index(index), .field("conditionType")]),
        into: &report)
    }
    // Fields whose feature is off the server drops before it looks at them.
    if report.version.minor >= 27 { checkSchedulingGates(spec, into: &report) }
    if report.version.minor >= 34 { checkClaims(pod, into: &report) }
    if !spec.overhead.isEmpty {
      ResourceChecks(overhead: spec.overhead, at: spec.node, code: "POD-23").check(into: &report)
    }
  }

  private static func checkSchedulingGates(_ spec: PodSpec, into report: inout Report) {
    var seen: Set<String> = []
    for (index, gate) in spec.schedulingGates.enumerated() {
      let name = gate.name ?? ""
      let item = FieldPath([.field("schedulingGates"), .index(index)])
      LabelChecks.refuse(
        "POD-21", LabelFormat.key(name), of: name, as: "the name of a scheduling gate",
        at: spec.node, item.field("name"), server: item, into: &report)
      if !seen.insert(name).inserted {
        report.error(
          "POD-22", .duplicate, at: spec.node, item.field("name"),
          "scheduling gate \(PodFieldChecks.quoted(name)) stands in the list already",
          help: "remove one of the two", server: item)
      }
    }
  }

  // MARK: - Resource claims

  private static func checkClaims(_ pod: PodSubject, into report: inout Report) {
    let isMirror = !pod.isTemplate && pod.metadata.annotations[PodAnnotations.mirrorKey] != nil
    var seen: Set<String> = []
    for (index, claim) in pod.spec.resourceClaims.enumerated() {
      if isMirror, index == 0 {
        report.error(
          "POD-40", .forbidden, at: pod.spec.node, "resourceClaims",
          "a static pod cannot use resource claims", help: "remove 'resourceClaims'",
          serverField: "[]")
      }
      checkName(claim, &seen, into: &report)
      checkSource(claim, into: &report)
    }
  }

  private static func checkName(
    _ claim: PodResourceClaim, _ seen: inout Set<String>, into report: inout Report
  ) {
    guard let name = claim.name, !name.isEmpty else {
      return report.error(
        "POD-33", .required, at: claim.node, "name",
        "the claim has no name by which containers could use it", help: "add 'name'")
    }
    guard seen.insert(name).inserted else {
      return report.error(
        "POD-35", .duplicate, at: claim.node, "name",
        "another claim of the pod is called \(PodFieldChecks.quoted(name)) already",
        help: "give it another name")
    }
    LabelChecks.refuse(
      "POD-34", NameFormat.dnsLabel(name), of: name, as: "the name of a claim", at: claim.node,
      "name", into: &report)
  }

  private static func checkSource(_ claim: PodResourceClaim, into report: inout Report) {
    switch (claim.resourceClaimName, claim.resourceClaimTemplateName) {
    case (nil, nil):
      report.error(
        "POD-37", .invalid, at: claim.node, .root,
        "the claim names neither an existing ResourceClaim nor a template for a new one",
        help: "add 'resourceClaimName' or 'resourceClaimTemplateName'")
    case (.some, .some):
      report.error(
        "POD-36", .invalid, at: claim.node, .root,
        "the claim names both an existing ResourceClaim and a template for a new one",
        help: "remove one of the two")
    default: break
    }
    if let name = claim.resourceClaimName {
      LabelChecks.refuse(
        "POD-38", NameFormat.dnsSubdomain(name), of: name, as: "the name of a ResourceClaim",
        at: claim.node, "resourceClaimName", into: &report)
    }
    if let name = claim.resourceClaimTemplateName {
      LabelChecks.refuse(
        "POD-39", NameFormat.dnsSubdomain(name), of: name,
        as: "the name of a ResourceClaimTemplate", at: claim.node, "resourceClaimTemplateName",
        into: &report)
    }
  }

  static let rules: [RuleDescription] = [
    RuleDescription(
      "POD-20", "a readiness gate's condition is formed like a label's key",
      bad: "spec.readinessGates = [{conditionType: 'a b'}]", "spec.readinessGates = [{}]",
      good: "spec.readinessGates = [{conditionType: example.com/ready}]"),
    RuleDescription(
      "POD-21", "a scheduling gate's name is formed like a label's key",
      bad: "spec.schedulingGates = [{name: a/b/c}]", "spec.schedulingGates = [{}]",
      good: "spec.schedulingGates = [{name: example.com/a}]"),
    RuleDescription(
      "POD-22", "scheduling gates have different names",
      bad: "spec.schedulingGates = [{name: a}, {name: a}]",
      good: "spec.schedulingGates = [{name: a}, {name: b}]"),
    RuleDescription(
      "POD-23", "overhead obeys the rules of limits",
      bad: "spec.overhead = {gpu: 1}", "spec.overhead = {cpu: -1}",
      "spec.overhead = {hugepages-2Mi: 2Mi}",
      good: "spec.overhead = {cpu: 100m, memory: 64Mi, hugepages-2Mi: 4Mi}"),
    .untestable(
      "POD-32", "a scheduling group names a pod group",
      because: "the feature is off by default, and the server drops the field"),
    RuleDescription(
      "POD-33", "a claim has a name", bad: claims("{resourceClaimName: c}"),
      good: claims("{name: a, resourceClaimName: c}")),
    RuleDescription(
      "POD-34", "a claim's name is a DNS label", bad: claims("{name: a.b, resourceClaimName: c}"),
      good: claims("{name: a-b, resourceClaimName: c}")),
    RuleDescription(
      "POD-35", "claims have different names",
      bad: claims("{name: a, resourceClaimName: c}, {name: a, resourceClaimName: d}"),
      good: claims("{name: a, resourceClaimName: c}, {name: b, resourceClaimName: c}")),
    RuleDescription(
      "POD-36", "a claim has one source at most",
      bad: claims("{name: a, resourceClaimName: c, resourceClaimTemplateName: d}"),
      good: claims("{name: a, resourceClaimName: c}")),
    RuleDescription(
      "POD-37", "a claim has a source", bad: claims("{name: a}"),
      good: claims("{name: a, resourceClaimTemplateName: d}")),
    RuleDescription(
      "POD-38", "resourceClaimName is a DNS name",
      bad: claims("{name: a, resourceClaimName: C}"), claims("{name: a, resourceClaimName: ''}"),
      good: claims("{name: a, resourceClaimName: c.d}")),
    RuleDescription(
      "POD-39", "resourceClaimTemplateName is a DNS name",
      bad: claims("{name: a, resourceClaimTemplateName: C}"),
      good: claims("{name: a, resourceClaimTemplateName: c.d}")),
    RuleDescription(
      "POD-40", "a static pod has no claims",
      bad: """
        metadata.annotations = {\(PodAnnotations.mirrorKey): x}
        spec.resourceClaims = [{name: a, resourceClaimName: c}]
        """,
      good: claims("{name: a, resourceClaimName: c}")),
  ]

  private static func claims(_ list: String) -> RuleExample {
    "spec.resourceClaims = [\(list)]"
  }
}
