import ManifestModel
import ManifestSchema
import ManifestSyntax

/// What the server takes out of objects without a word.
enum DroppedFields: PodRules {
  static let title = "Fields that the server drops"

  /// What belongs to features that are off by default.
  private static let offByDefault = KeySketch(
    ofKeys: ["clusterTrustBundle", "podCertificate", "schedulingGroup", "stopSignal"])

  static func check(_ pod: PodSubject, into report: inout Report) {
    func dropped(_ code: String, _ node: NodeRef, _ part: FieldPath, _ report: inout Report) {
      report.warning(
        code, at: node, part,
        "the server will silently drop this: '\(part)' belongs to a feature that is off by default",
        help: "remove it, unless your cluster has switched the feature on")
    }
    let isAnyThere = pod.object.keys.mayMeet(offByDefault)
    for placed in pod.containers where isAnyThere {
      if let lifecycle = placed.container.lifecycle?.node, lifecycle["stopSignal"] != nil {
        dropped("DRP-01", lifecycle, "stopSignal", &report)
      }
    }
    for volume in pod.spec.volumes where isAnyThere {
      for source in volume.projected?.sources ?? .absent {
        if source.has("clusterTrustBundle") {
          dropped("DRP-02", source.node, "clusterTrustBundle", &report)
        }
        if source.has("podCertificate") {
          dropped("DRP-03", source.node, "podCertificate", &report)
        }
      }
    }
    if isAnyThere, pod.spec.has("schedulingGroup") {
      dropped("DRP-04", pod.spec.node, "schedulingGroup", &report)
    }
    guard pod.isTemplate, let metadata = pod.template.metadata?.node else { return }
    for key in [Key.name, Key.namespace] {
      guard let node = metadata[key], let text = node.string, !text.isEmpty else { continue }
      let name = key.text
      report.warning(
        "DRP-06", at: metadata, FieldPath([.field(name)]),
        """
        the \(name) '\(text)' of a template has no effect: pods get theirs from the \
        \(pod.object.gvk.kind)
        """,
        help: "remove it")
    }
  }

  static let rules: [RuleDescription] = [
    RuleDescription(
      "DRP-01", "A stop signal is dropped.",
      bad: "spec.os = {name: linux}\nspec.containers[0].lifecycle = {stopSignal: SIGUSR1}",
      good: "spec.containers[0].lifecycle = {preStop: {sleep: {seconds: 1}}}"),
    RuleDescription(
      "DRP-02", "A projected bundle of certificates is dropped.",
      bad:
        """
        spec.volumes = [{name: v, projected: {sources: [{clusterTrustBundle: {name: a, path: \
        b}}]}}]
        """,
      good: "spec.volumes = [{name: v, projected: {sources: [{configMap: {name: a}}]}}]"),
    RuleDescription(
      "DRP-03", "A projected certificate is dropped.",
      bad:
        """
        spec.volumes = [{name: v, projected: {sources: [{podCertificate: {signerName: a.b/c, \
        keyType: ED25519}}]}}]
        """,
      good: "spec.volumes = [{name: v, projected: {sources: [{configMap: {name: a}}]}}]"),
    RuleDescription(
      "DRP-04", "A scheduling group is dropped.", bad: "spec.schedulingGroup = {podGroupName: a}",
      good: "spec.schedulerName = a"),
    RuleDescription(
      "DRP-06", "Name and namespace of a template have no effect.", on: .deployment,
      bad: "spec.template.metadata.name = web", "spec.template.metadata.namespace = shop",
      good: "spec.template.metadata.annotations = {a: b}"),
  ]
}

/// What the server takes out of every object.
enum SystemOwnedFields: ObjectRules {
  static let title = "Fields that belong to the server"
  static let needs = ["creationTimestamp", "generation", "managedFields", "selfLink", "status"]

  private static let uid = Key("uid")
  private static let owned = [
    Key("generation"), uid, Key("creationTimestamp"), Key("selfLink"), Key("managedFields"),
  ]

  static func check(_ object: ObjectSubject, into report: inout Report) {
    // An object with a uid was read from a cluster, where all of this is as it should be.
    guard let metadata = object.node[.metadata], metadata[uid] == nil, !object.isUpdate else {
      return
    }
    for key in owned {
      guard let node = metadata[key], !node.isSynthetic,
        !(node.isSequence && node.count == 0)
      else { continue }
      let name = key.text
      report.warning(
        "DRP-07", at: metadata, FieldPath([.field(name)]),
        "the server will silently drop this: it writes '\(name)' itself", help: "remove it")
    }
    if let status = object.node[.status], status.isMapping, status.count > 0, !status.isSynthetic,
      object.workload != nil || ServiceRules.kinds.contains(object.gvk)
    {
      report.warning(
        "DRP-05", at: object.node, "status",
        "the server will silently drop this: controllers write the status", help: "remove it")
    }
  }

  static let rules: [RuleDescription] = [
    RuleDescription(
      "DRP-05", "A status is dropped.", bad: "status = {phase: Running}", good: "status = {}"),
    RuleDescription(
      "DRP-07", "Metadata that the server writes are dropped.", bad: "metadata.generation = 3",
      "metadata.selfLink = /a", good: "metadata.generation = null"),
  ]
}
