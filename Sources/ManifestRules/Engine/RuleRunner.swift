import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Runs the API server's own rules over an object that has its defaults.
public struct RuleRunner {
  let version: KubernetesVersion

  public init(version: KubernetesVersion) { self.version = version }

  /// What a create of the object would be refused or warned for.
  public func create(_ object: ObjectSubject, prefix: FieldPath = .root) -> [Diagnostic] {
    report(on: object, prefix: prefix).diagnostics
  }

  /// What a create of the object would be refused or warned for, and what could not be judged.
  func report(on object: ObjectSubject, prefix: FieldPath) -> Report {
    var report = Report(version: version, prefix: prefix)
    check(object, into: &report)
    return report
  }

  /// What replacing `old` by `new` would be refused for.
  public func update(_ old: ObjectSubject, _ new: ObjectSubject) -> [Diagnostic] {
    var report = Report(version: version)
    for group in RuleRegistry.update where group.kinds.isEmpty || group.kinds.contains(new.gvk) {
      group.check(old, new, into: &report)
    }
    return report.diagnostics
  }

  private func check(_ object: ObjectSubject, into report: inout Report) {
    let groups = RuleRegistry.groups(for: object.gvk)
    for group in groups where group.comesFirst { group.check(object, into: &report) }
    if report.hasErrors { return }
    for group in RuleRegistry.object { group.check(object, into: &report) }
    for group in groups where !group.comesFirst { group.check(object, into: &report) }
    guard let kind = object.workload else { return }
    let workload = WorkloadView(object.node, kind)
    guard let template = workload.template else { return }
    let pod = PodSubject(
      object: object, template: template, spec: template.spec ?? PodSpec(.value(.emptyMap)),
      isTemplate: workload.kind != .pod)
    // Without a usable selector the server does not come to the template.
    guard template.node[.spec] != nil, WorkloadSelector.isUsable(object) else { return }
    let first = report.diagnostics.count
    let keys = KeySketch(of: object.node)
    RuleRegistry.podByNeeds.withUnsafeBufferPointer { entries in
      for index in entries.indices where keys.mayMeet(entries[index].needs) {
        entries[index].group.check(pod, into: &report)
      }
    }
    if workload.kind == .statefulSet { report.soften(from: first, below: pod.spec.node.path) }
  }
}

/// Every rule group by what it looks at, summed up from the shelves in `Validity/`.
public enum RuleRegistry {
  static let object = metadataPodObject + containersObject + workloadsServiceObject
  static let pod = metadataPodPod + containersPod + workloadsServicePod
  static let kind = metadataPodKind + containersKind + workloadsServiceKind
  static let update = metadataPodUpdate + containersUpdate + workloadsServiceUpdate

  /// The groups about pods, with what they need to see.
  static let podByNeeds = pod.map { (group: $0, needs: KeySketch(ofKeys: $0.needs)) }

  private static let byKind: [GroupVersionKind: [any KindRules.Type]] = {
    var groups: [GroupVersionKind: [any KindRules.Type]] = [:]
    for group in kind {
      for gvk in group.kinds { groups[gvk, default: []].append(group) }
    }
    return groups
  }()

  /// The groups about one kind.
  static func groups(for gvk: GroupVersionKind) -> [any KindRules.Type] { byKind[gvk] ?? [] }

  /// Every group, for documentation and tests.
  public static var all: [any RuleGroup.Type] { object + pod + kind + update }
}
