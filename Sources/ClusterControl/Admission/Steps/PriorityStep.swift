import ManifestSyntax

/// Gives pods the priority of their class, and keeps the default class the only one.
struct PriorityStep: AdmissionStep {
  static let name = "Priority"

  func mutate(
    _ object: inout Value, old: Value?, _ request: AdmissionRequest, _ cluster: any ClusterReader
  ) throws(AdmissionRefusal) {
    guard request.isAbout(.pods, .create, .update) else { return }
    guard request.operation == .create else {
      // Whoever writes the manifest does not know what the class gave.
      object.editSpec { spec in
        for name in ["priority", "preemptionPolicy"] where !spec.has(name) {
          if let known = old?["spec"]?[name] { spec.set(name, to: known, in: FieldOrder.podSpec) }
        }
      }
      return
    }
    let written = object["spec"]?["priorityClassName"]?.string ?? ""
    let priorityClass = try self.priorityClass(written, request, cluster)
    let priority = priorityClass?["value"]?.int64 ?? 0
    let policy = priorityClass?["preemptionPolicy"]?.string ?? "PreemptLowerPriority"
    try object.editSpec { (spec) throws(AdmissionRefusal) in
      if spec.has("priority"), spec["priority"] != .int(priority) {
        throw .forbidden(
          request, "spec.priority follows from the priority class, which gives \(priority)")
      }
      // Even an empty text is a policy that differs.
      if let own = spec["preemptionPolicy"], own != .null, own != .string(policy) {
        throw .forbidden(
          request, "spec.preemptionPolicy follows from the priority class, which gives \(policy)")
      }
      if let name = priorityClass?.metadataName, written.isEmpty {
        spec.set("priorityClassName", to: .string(name), in: FieldOrder.podSpec)
      }
      spec.set("priority", to: .int(priority), in: FieldOrder.podSpec)
      spec.set("preemptionPolicy", to: .string(policy), in: FieldOrder.podSpec)
    }
  }

  func validate(
    _ object: Value?, old: Value?, _ request: AdmissionRequest, _ cluster: any ClusterReader,
    into outcome: inout AdmissionOutcome
  ) throws(AdmissionRefusal) {
    guard request.isAbout(.priorityClasses, .create, .update), object?["globalDefault"] == true,
      let standing = try Self.defaultClass(cluster),
      request.operation == .create || standing.metadataName != request.key.name
    else { return }
    throw .forbidden(
      request,
      "PriorityClass '\(standing.metadataName)' is the default already, and there can be one only")
  }

  /// The class called `name`, or the default one; nil when there is no default.
  private func priorityClass(
    _ name: String, _ request: AdmissionRequest, _ cluster: any ClusterReader
  ) throws(AdmissionRefusal) -> Value? {
    if name.isEmpty { return try Self.defaultClass(cluster) }
    if let known = try cluster.object(ResourceKey(.priorityClasses, name: name)) { return known }
    throw .forbidden(request, "there is no PriorityClass '\(name)'")
  }

  /// Should there be several, because two were made at once, the lowest counts.
  private static func defaultClass(_ cluster: any ClusterReader) throws(AdmissionRefusal) -> Value?
  {
    try cluster.list(.priorityClasses, namespace: nil).filter { $0["globalDefault"] == true }
      .min { ($0["value"]?.int64 ?? 0) < ($1["value"]?.int64 ?? 0) }
  }
}
