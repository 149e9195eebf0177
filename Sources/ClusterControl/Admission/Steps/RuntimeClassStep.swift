import ManifestSchema
import ManifestSyntax

/// Gives pods the overhead and the nodes of their runtime class, which must be there.
struct RuntimeClassStep: AdmissionStep {
  static let name = "RuntimeClass"

  func mutate(
    _ object: inout Value, old: Value?, _ request: AdmissionRequest, _ cluster: any ClusterReader
  ) throws(AdmissionRefusal) {
    guard request.isAbout(.pods, .create),
      let runtimeClass = try runtimeClass(of: object, request, cluster)
    else { return }
    try object.editSpec { (spec) throws(AdmissionRefusal) in
      if let overhead = Self.overhead(runtimeClass) {
        if let own = spec["overhead"], own != .null, !Self.isSame(own, overhead) {
          throw .forbidden(request, "spec.overhead is not what the RuntimeClass says")
        }
        spec.set("overhead", to: overhead, in: FieldOrder.podSpec)
      }
      guard let scheduling = runtimeClass["scheduling"], scheduling.map != nil else { return }
      try Self.select(scheduling, &spec, request)
      let tolerations = scheduling.items("tolerations")
      if !tolerations.isEmpty {
        let all = Toleration.merge(spec.items("tolerations") + tolerations)
        spec.set("tolerations", to: .list(all), in: FieldOrder.podSpec)
      }
    }
  }

  func validate(
    _ object: Value?, old: Value?, _ request: AdmissionRequest, _ cluster: any ClusterReader,
    into outcome: inout AdmissionOutcome
  ) throws(AdmissionRefusal) {
    guard request.isAbout(.pods, .create), let object else { return }
    let written = object["spec"]?["overhead"] ?? (request.hasEmptyOverhead ? .emptyMap : .null)
    let runtimeClass = try runtimeClass(of: object, request, cluster)
    guard let overhead = runtimeClass.flatMap(Self.overhead) else {
      if written == .null { return }
      throw .forbidden(request, "spec.overhead needs a RuntimeClass that says the same")
    }
    if written == .null || !Self.isSame(written, overhead) {
      throw .forbidden(request, "spec.overhead is not what the RuntimeClass says")
    }
  }

  private func runtimeClass(
    of pod: Value, _ request: AdmissionRequest, _ cluster: any ClusterReader
  ) throws(AdmissionRefusal) -> Value? {
    guard let name = pod["spec"]?["runtimeClassName"]?.string else { return nil }
    // As on the server, where an object without a name cannot even be asked for.
    if name.isEmpty { throw .internal("spec.runtimeClassName is empty") }
    if let known = try cluster.object(ResourceKey(.runtimeClasses, name: name)) { return known }
    throw .forbidden(request, "there is no RuntimeClass '\(name)'")
  }

  private static func overhead(_ runtimeClass: Value) -> Value? {
    guard let fixed = runtimeClass["overhead"]?["podFixed"], fixed.map != nil else { return nil }
    return fixed
  }

  /// Whether both say the same amounts, however they are written.
  private static func isSame(_ left: Value, _ right: Value) -> Bool {
    ResourceAmounts(left).amounts == ResourceAmounts(right).amounts
  }

  private static func select(
    _ scheduling: Value, _ spec: inout Value, _ request: AdmissionRequest
  ) throws(AdmissionRefusal) {
    let wanted = scheduling["nodeSelector"]?.map?.entries ?? []
    guard !wanted.isEmpty else { return }
    try spec.edit("nodeSelector", in: FieldOrder.podSpec) { (selector) throws(AdmissionRefusal) in
      for entry in wanted {
        if let own = selector[entry.key], own != entry.value {
          throw .forbidden(
            request,
            "spec.nodeSelector[\(entry.key)] is '\(own.string ?? "")', and the RuntimeClass says "
              + "'\(entry.value.string ?? "")'")
        }
        selector[entry.key] = entry.value
      }
    }
  }
}

/// How tolerations stand to each other.
enum Toleration {
  /// The tolerations without those that another one makes needless; of equal ones the first stays.
  static func merge(_ all: [Value]) -> [Value] {
    var merged: [Value] = []
    for (index, one) in all.enumerated() {
      if merged.contains(where: { covers($0, one) }) { continue }
      if all[(index + 1)...].contains(where: { $0 != one && covers($0, one) }) { continue }
      merged.append(one)
    }
    return merged
  }

  /// Whether what tolerates `other` is tolerated by `whole` as well.
  static func covers(_ whole: Value, _ other: Value) -> Bool {
    if whole == other { return true }
    let (key, effect) = (text(whole, "key"), text(whole, "effect"))
    let exists = text(whole, "operator") == "Exists"
    if key != text(other, "key"), !key.isEmpty || !exists { return false }
    if effect != text(other, "effect"), !effect.isEmpty { return false }
    if effect == "NoExecute", let seconds = whole["tolerationSeconds"]?.int64 {
      guard let others = other["tolerationSeconds"]?.int64, others <= seconds else { return false }
    }
    switch text(whole, "operator") {
    case "Exists": return true
    case "Equal", "":
      return text(other, "operator") == "Equal" && text(whole, "value") == text(other, "value")
    default: return false
    }
  }

  private static func text(_ toleration: Value, _ name: String) -> String {
    toleration[name]?.string ?? ""
  }
}
