import ManifestModel
import ManifestSchema
import ManifestSyntax

/// What is left of a pod's spec once everything that may change is set aside: it stays as it is.
enum PodSpecChanges: UpdateRules {
  static let title = "Changes of a pod's spec"
  static let kinds = PodUpdateRules.kinds
  /// More would not help the reader.
  private static let shownMax = 10

  static func check(_ old: ObjectSubject, _ new: ObjectSubject, into report: inout Report) {
    guard PodUpdateRules.isComparable(old, new),
      let before = spec(old, version: report.version, isReplacement: isLive(old)),
      var after = spec(new, version: report.version, isReplacement: true),
      let node = new.node[.spec], before != after
    else { return }
    setAsideFree(before, &after)
    if !(before["schedulingGates"]?.list ?? []).isEmpty {
      settleGated(before, &after, at: node, into: &report)
    }
    guard before != after else { return }
    let changes = ValueChanges.paths(before, after, max: shownMax)
    for path in changes {
      let last = path.steps.compactMap { if case .field(let name) = $0 { name } else { nil } }.last
      report.error(
        code(of: path, after), .forbidden, at: node, path,
        "\(last ?? "the spec") cannot change once the pod exists",
        help: last == "matchExpressions"
          ? "repeat the expressions that the cluster made of 'matchLabelKeys'"
          : "leave it as it was, or delete the pod and create it anew",
        notes: ["only images, activeDeadlineSeconds, added tolerations and fewer gates are taken"],
        serverField: "spec")
    }
  }

  private static func code(of path: FieldPath, _ after: Value) -> String {
    let names = path.steps.compactMap { if case .field(let name) = $0 { name } else { nil } }
    if names.first == "nodeName" { return "PODU-20" }
    if names.first == "ephemeralContainers" { return "PODU-19" }
    if names.first == "terminationGracePeriodSeconds" { return "PODU-09" }
    if names.first == "containers" || names.first == "initContainers",
      names.dropFirst().first == "resources"
    {
      return "PODU-18"
    }
    return "PODU-14"
  }

  /// The spec as the server stores it, or would.
  private static func spec(
    _ object: ObjectSubject, version: KubernetesVersion, isReplacement: Bool
  ) -> Value? {
    guard let (tree, _) = object.node.treeNode else { return nil }
    let schema = Schema(version: version)
    guard let kind = schema.kind(apiVersion: object.gvk.apiVersion, kind: object.gvk.kind) else {
      return nil
    }
    let stored = Rendering(schema: schema).asStored(
      tree, kind: kind, serverFields: nil, isReplacement: isReplacement)
    return stored["spec"] ?? .emptyMap
  }

  /// Whether the object was read from a cluster, where creating it has had its effects.
  private static func isLive(_ object: ObjectSubject) -> Bool { object.metadata.uid != nil }

  /// Takes over from the old spec what may change or was judged already.
  private static func setAsideFree(_ before: Value, _ after: inout Value) {
    for field in ["containers", "initContainers"] {
      guard var items = after[field]?.list, let known = before[field]?.list else { continue }
      for index in items.indices where index < known.count {
        items[index]["image"] = known[index]["image"]
      }
      after[field] = .list(items)
    }
    for field in ["activeDeadlineSeconds", "schedulingGates", "tolerations"] {
      after[field] = before[field]
    }
    let seconds = "terminationGracePeriodSeconds"
    if let known = before[seconds]?.int64, known < 0, after[seconds]?.int64 == 1 {
      after[seconds] = before[seconds]
    }
  }

  // MARK: - Pods that wait at a gate

  /// A pod that nobody has scheduled yet may become choosier about its node.
  private static func settleGated(
    _ before: Value, _ after: inout Value, at node: NodeRef, into report: inout Report
  ) {
    let known = before["nodeSelector"]?.map ?? ValueMap()
    if before["nodeSelector"] != after["nodeSelector"] {
      if known.entries.contains(where: { after["nodeSelector"]?[$0.key] != $0.value }) {
        report.error(
          "PODU-10", .invalid, at: node, "nodeSelector",
          "labels of the node selector are gone or changed; a gated pod can only ask for more",
          help: "keep the old labels")
      }
      after["nodeSelector"] = before["nodeSelector"]
    }
    let wanted = after["affinity"]?["nodeAffinity"]
    let old = before["affinity"]?["nodeAffinity"]
    guard wanted != old else { return }
    checkNodeAffinity(old, wanted, at: node, into: &report)
    if after["affinity"] == nil {
      after["affinity"] = ["nodeAffinity": old ?? .null]
    } else if before["affinity"] == nil, after["affinity"]?["podAffinity"] == nil,
      after["affinity"]?["podAntiAffinity"] == nil
    {
      after["affinity"] = nil
    } else {
      var affinity = after["affinity"] ?? .emptyMap
      affinity["nodeAffinity"] = old
      after["affinity"] = affinity
    }
  }

  private static let required = "requiredDuringSchedulingIgnoredDuringExecution"

  private static func checkNodeAffinity(
    _ old: Value?, _ new: Value?, at node: NodeRef, into report: inout Report
  ) {
    let known = old?[required]?["nodeSelectorTerms"]?.list ?? []
    guard !known.isEmpty else { return }
    let wanted = new?[required]?["nodeSelectorTerms"]?.list ?? []
    let path = FieldPath("affinity.nodeAffinity").field(required).field("nodeSelectorTerms")
    guard known.count == wanted.count else {
      report.error(
        "PODU-11", .invalid, at: node, path,
        """
        there are \(wanted.count) terms and were \(known.count); terms are alternatives, and a \
        gated pod can only ask for more
        """,
        help: "keep the terms and add to them")
      return
    }
    for (index, (before, after)) in zip(known, wanted).enumerated()
    where !onlyAdds(before, after) {
      report.error(
        "PODU-12", .invalid, at: node, path.index(index),
        "requirements of the term are gone or changed; a gated pod can only ask for more",
        help: "keep the old requirements in their order and add new ones after them")
    }
  }

  private static func onlyAdds(_ before: Value, _ after: Value) -> Bool {
    func parts(_ term: Value, _ name: String) -> [Value] { term[name]?.list ?? [] }
    let names = ["matchExpressions", "matchFields"]
    if names.allSatisfy({ parts(before, $0).isEmpty }) {
      return names.allSatisfy { parts(after, $0).isEmpty }
    }
    return names.allSatisfy { parts(after, $0).starts(with: parts(before, $0)) }
  }

  static let rules: [RuleDescription] = [
    RuleDescription(
      "PODU-09", "The grace period stays as it is.", on: .podUpdate,
      bad: "spec.terminationGracePeriodSeconds = 31",
      good: "spec.terminationGracePeriodSeconds = 30"),
    RuleDescription(
      "PODU-10", "A gated pod keeps the labels of its node selector.", on: .podUpdate,
      bad:
        """
        spec.schedulingGates = [{name: a}]\nspec.nodeSelector = {a: b}\n---\nspec.nodeSelector \
        = {a: c}
        """,
      good:
        """
        spec.schedulingGates = [{name: a}]\nspec.nodeSelector = {a: b}\n---\nspec.nodeSelector \
        = {a: b, c: d}
        """
    ),
    RuleDescription(
      "PODU-11", "A gated pod keeps the number of its required node terms.", on: .podUpdate,
      bad:
        """
        spec.schedulingGates = [{name: a}]\nspec.affinity = {nodeAffinity: \
        {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: \
        [{matchExpressions: [{key: a, operator: Exists}]}]}}}\n---\nmetadata.labels = {a: b}
        """,
      good:
        """
        spec.schedulingGates = [{name: a}]\n---\nspec.affinity = {nodeAffinity: \
        {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: \
        [{matchExpressions: [{key: a, operator: Exists}]}]}}}
        """
    ),
    RuleDescription(
      "PODU-12", "A gated pod keeps the requirements of its node terms.", on: .podUpdate,
      bad:
        """
        spec.schedulingGates = [{name: a}]\nspec.affinity = {nodeAffinity: \
        {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: \
        [{matchExpressions: [{key: a, operator: Exists}]}]}}}\n---\nspec.affinity = \
        {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: \
        [{matchExpressions: [{key: b, operator: Exists}]}]}}}
        """,
      good:
        """
        spec.schedulingGates = [{name: a}]\nspec.affinity = {nodeAffinity: \
        {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: \
        [{matchExpressions: [{key: a, operator: Exists}]}]}}}\n---\nspec.affinity = \
        {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: \
        [{matchExpressions: [{key: a, operator: Exists}, {key: b, operator: Exists}]}]}}}
        """
    ),
    .untestable(
      "PODU-13", "Preferences of a gated pod about nodes may change.",
      because: "nothing is refused"),
    RuleDescription(
      "PODU-14", "Everything else in a pod's spec stays as it is.", on: .podUpdate,
      bad: "spec.hostname = web", "spec.containers[0].command = [sh]",
      "spec.containers[0].image = nginx", good: "spec.containers[0].image = nginx:1.30",
      "spec.dnsPolicy = ClusterFirst"),
    RuleDescription(
      "PODU-18", "The resources of a container change through the pod's 'resize' only.",
      on: .podUpdate, bad: "spec.containers[0].resources = {limits: {cpu: 1}}",
      good: "spec.containers[0].resources = {}"),
    RuleDescription(
      "PODU-19", "Ephemeral containers are added through 'kubectl debug' only.", on: .podUpdate,
      bad: "spec.ephemeralContainers = [{name: d, image: a:1}]",
      good: "spec.ephemeralContainers = []"
    ),
    RuleDescription(
      "PODU-20", "The scheduler names the node.", on: .podUpdate, bad: "spec.nodeName = node-1",
      good: "spec.nodeName = ''"),
  ]
}

/// Where two values differ.
enum ValueChanges {
  /// The paths of at most `max` differences, each as deep as both sides have the same shape.
  static func paths(_ old: Value, _ new: Value, max: Int) -> [FieldPath] {
    var found: [FieldPath] = []
    collect(old, new, .root, &found, max)
    return found
  }

  private static func collect(
    _ old: Value?, _ new: Value?, _ path: FieldPath, _ found: inout [FieldPath], _ max: Int
  ) {
    guard found.count < max, old != new else { return }
    switch (old, new) {
    case (.map(let before)?, .map(let after)?):
      let known = Dictionary(before.entries.map { ($0.key, $0.value) }) { first, _ in first }
      let wanted = Dictionary(after.entries.map { ($0.key, $0.value) }) { first, _ in first }
      for entry in after.entries {
        collect(known[entry.key], entry.value, path.field(entry.key), &found, max)
      }
      for entry in before.entries where wanted[entry.key] == nil {
        collect(entry.value, nil, path.field(entry.key), &found, max)
      }
    case (.list(let before)?, .list(let after)?) where before.count == after.count:
      for (index, pair) in zip(before, after).enumerated() {
        collect(pair.0, pair.1, path.index(index), &found, max)
      }
    default: found.append(path)
    }
  }
}
