import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Fields of the pod spec that stand for themselves (POD-01 … POD-19, POD-30, POD-31).
enum PodGeneralRules: PodRules {
  static let title = "Pods in general"

  private static let restartPolicies = ["Always", "OnFailure", "Never"]
  private static let dnsPolicies = ["ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"]
  private static let preemptionPolicies = ["PreemptLowerPriority", "Never"]

  private static let words = KeySketch(
    ofKeys: ["dnsPolicy", "os", "preemptionPolicy", "restartPolicy"])
  private static let names = KeySketch(
    ofKeys: [
      "hostname", "nodeName", "priorityClassName", "runtimeClassName", "serviceAccount",
      "serviceAccountName", "subdomain",
    ])
  private static let others = KeySketch(ofKeys: ["activeDeadlineSeconds", "nodeSelector"])

  static func check(_ pod: PodSubject, into report: inout Report) {
    let spec = pod.spec
    if spec.containers.isEmpty {
      report.error(
        "POD-01", .required, at: spec.node, "containers",
        "the pod has no containers, so there is nothing to run",
        help: "add a container with 'name' and 'image'")
    }
    let keys = pod.object.keys
    if keys.mayMeet(words) { checkWords(spec, into: &report) }
    if keys.mayMeet(names) { checkNames(spec, into: &report) }
    guard keys.mayMeet(others) else { return }
    LabelChecks.labels(
      spec.nodeSelector, at: spec.node, "nodeSelector", codes: ("POD-06", "POD-07"), into: &report)
    if let seconds = spec.activeDeadlineSeconds, !(1...Int64(Int32.max)).contains(seconds) {
      report.error(
        "POD-05", .invalid, at: spec.node, "activeDeadlineSeconds",
        "'\(seconds)' is no time to run: it must be between 1 and \(Int32.max) seconds",
        help: "leave it out for a pod that may run for ever")
    }
  }

  private static func checkWords(_ spec: PodSpec, into report: inout Report) {
    PodFieldChecks.choice(
      "POD-03", spec.restartPolicy, among: restartPolicies, absence: .isDefaulted, at: spec.node,
      "restartPolicy", into: &report)
    PodFieldChecks.choice(
      "POD-04", spec.dnsPolicy, among: dnsPolicies, absence: .isDefaulted, at: spec.node,
      "dnsPolicy", into: &report)
    if spec.has("preemptionPolicy") {
      PodFieldChecks.choice(
        "POD-18", spec.preemptionPolicy, among: preemptionPolicies, absence: .isRequired,
        at: spec.node, "preemptionPolicy", into: &report)
    }
    guard let system = spec.os else { return }
    PodFieldChecks.choice(
      system.name?.isEmpty ?? true ? "POD-30" : "POD-31", system.name,
      among: ["linux", "windows"], absence: .isRequired, at: spec.node, "os.name",
      server: system.name?.isEmpty ?? true ? nil : "os", into: &report)
  }

  private static func checkNames(_ spec: PodSpec, into report: inout Report) {
    let names = [
      ("POD-08", "serviceAccountName", spec.serviceAccountName, "the name of a service account"),
      ("POD-09", "nodeName", spec.nodeName, "the name of a node"),
      ("POD-16", "priorityClassName", spec.priorityClassName, "the name of a priority class"),
    ]
    for (code, field, value, what) in names {
      guard let value, !value.isEmpty else { continue }
      LabelChecks.refuse(
        code, NameFormat.dnsSubdomain(value), of: value, as: what, at: spec.node,
        FieldPath([.field(field)]), into: &report)
    }
    for (code, field, value) in [
      ("POD-10", "hostname", spec.hostname), ("POD-11", "subdomain", spec.subdomain),
    ] {
      guard let value, !value.isEmpty else { continue }
      LabelChecks.refuse(
        code, NameFormat.dnsLabel(value), of: value, as: "a \(field)", at: spec.node,
        FieldPath([.field(field)]), into: &report)
    }
    // Empty text is a name here, and a wrong one.
    if let name = spec.runtimeClassName {
      LabelChecks.refuse(
        "POD-17", NameFormat.dnsSubdomain(name), of: name, as: "the name of a runtime class",
        at: spec.node, "runtimeClassName",
        help: name.isEmpty ? "remove 'runtimeClassName'" : nil, into: &report)
    }
  }
}
