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

  /// A group with the keys that it needs to see.
  struct Entry<Group: Sendable>: Sendable {
    let group: Group
    let needs: KeySketch

    init(_ group: Group, _ needs: [String]) {
      self.group = group
      self.needs = KeySketch(ofKeys: needs)
    }
  }

  /// The rules about one kind, as they are run.
  struct Selection: Sendable {
    /// Those after which nothing else is looked at where one is broken.
    let first: [Entry<any KindRules.Type>]
    let rest: [Entry<any KindRules.Type>]

    init(_ groups: [any KindRules.Type]) {
      first = groups.filter { $0.comesFirst }.map { Entry($0, $0.needs) }
      rest = groups.filter { !$0.comesFirst }.map { Entry($0, $0.needs) }
    }
  }

  /// What a create of the object would be refused or warned for, and what could not be judged.
  ///
  /// - Parameter selection: The rules about the object's kind, where the caller has them.
  func report(
    on object: ObjectSubject, prefix: FieldPath, _ selection: Selection? = nil
  ) -> Report {
    var report = Report(version: version, prefix: prefix)
    check(object, selection ?? RuleRegistry.selection(for: object.gvk), into: &report)
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

  private func check(_ object: ObjectSubject, _ selection: Selection, into report: inout Report) {
    Self.run(selection.first, on: object) { $0.check(object, into: &report) }
    if report.hasErrors { return }
    Self.run(RuleRegistry.objectEntries, on: object) { $0.check(object, into: &report) }
    Self.run(selection.rest, on: object) { $0.check(object, into: &report) }
    guard let kind = object.workload else { return }
    let workload = WorkloadView(object.node, kind)
    guard let template = workload.template else { return }
    // Without a usable selector the server does not come to the template.
    guard template.node[.spec] != nil, WorkloadSelector.isUsable(object) else { return }
    let pod = PodSubject(
      object: object, template: template, spec: template.spec ?? PodSpec(.value(.emptyMap)),
      isTemplate: workload.kind != .pod)
    let first = report.diagnostics.count
    Self.run(RuleRegistry.podEntries, on: object) { $0.check(pod, into: &report) }
    if workload.kind == .statefulSet { report.soften(from: first, below: pod.spec.node.path) }
  }

  /// Runs those of `entries` that may have something to say about `object`.
  @inline(__always)
  private static func run<Group: Sendable>(
    _ entries: [Entry<Group>], on object: ObjectSubject, _ check: (Group) -> Void
  ) {
    // In a loop over the array, references would be counted for every group.
    entries.withUnsafeBufferPointer { entries in
      for index in entries.indices where object.keys.mayMeet(entries[index].needs) {
        check(entries[index].group)
      }
    }
  }
}

/// Every rule group by what it looks at, summed up from the shelves in `Validity/`.
public enum RuleRegistry {
  static let object = metadataPodObject + containersObject + workloadsServiceObject
  static let pod = metadataPodPod + containersPod + workloadsServicePod
  static let kind = metadataPodKind + containersKind + workloadsServiceKind
  static let update = metadataPodUpdate + containersUpdate + workloadsServiceUpdate

  static let objectEntries = object.map { RuleRunner.Entry($0, $0.needs) }
  static let podEntries = pod.map { RuleRunner.Entry($0, $0.needs) }

  private static let byKind: [GroupVersionKind: RuleRunner.Selection] = {
    var groups: [GroupVersionKind: [any KindRules.Type]] = [:]
    for group in kind {
      for gvk in group.kinds { groups[gvk, default: []].append(group) }
    }
    return groups.mapValues { RuleRunner.Selection($0) }
  }()

  /// The groups about one kind.
  static func selection(for gvk: GroupVersionKind) -> RuleRunner.Selection {
    byKind[gvk] ?? RuleRunner.Selection([])
  }

  /// Every group, for documentation and tests.
  public static var all: [any RuleGroup.Type] { object + pod + kind + update }
}
