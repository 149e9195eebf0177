import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Annotations that mean something to pods (ANN-01 … ANN-08).
enum PodAnnotations: PodRules {
  static let title = "Annotations of pods"
  static let needs = ["annotations"]

  static let mirrorKey = "kubernetes.io/config.mirror"
  static let seccompKey = "seccomp.security.alpha.kubernetes.io/pod"
  static let seccompPrefix = "container.seccomp.security.alpha.kubernetes.io/"
  static let appArmorPrefix = "container.apparmor.security.beta.kubernetes.io/"
  private static let deletionCostKey = "controller.kubernetes.io/pod-deletion-cost"
  private static let tolerationsKey = "scheduler.alpha.kubernetes.io/tolerations"

  /// One annotation on its way through the checks.
  private struct Place {
    let pod: PodSubject
    let key: String
    let value: String

    var path: FieldPath { FieldPath([.field("metadata"), .field("annotations"), .key(key)]) }
    /// The map as the server names it; in templates it leaves 'metadata' out.
    var map: FieldPath {
      pod.isTemplate ? "annotations" : FieldPath([.field("metadata"), .field("annotations")])
    }

    func error(
      _ code: String, _ message: String, help: String, server: FieldPath,
      _ reason: Diagnostic.Reason = .invalid, into report: inout Report
    ) {
      report.error(
        code, reason, at: pod.template.node, path, message, help: help, server: server)
    }
  }

  static func check(_ pod: PodSubject, into report: inout Report) {
    var containers: Set<String>?
    for (key, value) in pod.metadata.annotations {
      let place = Place(pod: pod, key: key, value: value)
      switch key {
      case mirrorKey: checkMirror(place, into: &report)
      case tolerationsKey: checkTolerations(place, into: &report)
      case deletionCostKey: checkDeletionCost(place, into: &report)
      case seccompKey: checkSeccomp(place, "ANN-05", into: &report)
      case _ where key.hasPrefix(seccompPrefix): checkSeccomp(place, "ANN-06", into: &report)
      case _ where key.hasPrefix(appArmorPrefix):
        let names = containers ?? Set(pod.containers.map { $0.container.name ?? "" })
        containers = names
        checkAppArmor(place, names, into: &report)
      default: break
      }
    }
  }

  private static func checkMirror(_ place: Place, into report: inout Report) {
    guard (place.pod.spec.nodeName ?? "").isEmpty else { return }
    place.error(
      "ANN-01", "a mirror of a static pod belongs to a node, and 'nodeName' is not set",
      help: "remove the annotation; the kubelet writes it", server: place.map.key(place.key),
      into: &report)
  }

  private static func checkDeletionCost(_ place: Place, into report: inout Report) {
    let value = place.value
    guard let first = value.utf8.first else { return refuseDeletionCost(place, into: &report) }
    let digits = UInt8(ascii: "1")...UInt8(ascii: "9")
    let startsWell = first == UInt8(ascii: "-") || value == "0" || digits.contains(first)
    if !startsWell || Int32(value) == nil { refuseDeletionCost(place, into: &report) }
  }

  private static func refuseDeletionCost(_ place: Place, into report: inout Report) {
    place.error(
      "ANN-04",
      "\(PodFieldChecks.quoted(place.value)) is no deletion cost: it must be a whole number "
        + "of 32 bits without '+' and leading zeros", help: "write a number like '-5' or '100'",
      server: place.map.key(place.key), into: &report)
  }

  private static func checkSeccomp(_ place: Place, _ code: String, into report: inout Report) {
    let value = place.value
    if ["runtime/default", "docker/default", "unconfined"].contains(value) { return }
    let prefix = "localhost/"
    guard value.hasPrefix(prefix) else {
      return place.error(
        code, "\(PodFieldChecks.quoted(value)) is no seccomp profile",
        help: "remove the annotation and set 'securityContext.seccompProfile'",
        server: place.map.field(place.key), into: &report)
    }
    let problems = FileFormat.localPath(value.dropFirst(prefix.count))
    guard !problems.isEmpty else { return }
    place.error(
      code,
      "the profile in \(PodFieldChecks.quoted(value)) is no path below the node's profiles: "
        + problems.joined(separator: ", and "), help: "write 'localhost/' and a relative path",
      server: place.map.field(place.key), into: &report)
  }

  private static func checkAppArmor(
    _ place: Place, _ containers: Set<String>, into report: inout Report
  ) {
    let name = String(place.key.dropFirst(appArmorPrefix.count))
    if !containers.contains(name) {
      place.error(
        "ANN-07",
        "the annotation is for container \(PodFieldChecks.quoted(name)), which the pod does "
          + "not have", help: "end the key with the name of one of the pod's containers",
        server: place.map.key(place.key), into: &report)
    }
    let value = place.value
    let isFine = ["", "runtime/default", "unconfined"].contains(value)
    guard !isFine, !value.hasPrefix("localhost/") else { return }
    place.error(
      "ANN-08", "\(PodFieldChecks.quoted(value)) is no AppArmor profile",
      help: "write 'runtime/default', 'unconfined' or 'localhost/NAME', or better remove the "
        + "annotation and set 'securityContext.appArmorProfile'",
      server: place.map.key(place.key), into: &report)
  }
}

// MARK: - Tolerations

extension PodAnnotations {
  /// Tolerations in an annotation are JSON, read with names in any case, as the server reads it.
  private static func checkTolerations(_ place: Place, into report: inout Report) {
    guard !place.value.isEmpty else { return }
    let source = SourceText(name: "annotation.json", place.value)
    guard let tree = JSONReader.read(source).tree, let tolerations = tolerations(in: tree.node)
    else {
      return place.error(
        "ANN-02", "the annotation's value is no JSON list of tolerations",
        help: "remove the annotation and set 'tolerations'", server: place.map, into: &report)
    }
    for (index, toleration) in tolerations.enumerated() {
      for (field, reason, message) in problems(of: toleration) {
        place.error(
          "ANN-03", "toleration \(index) in the annotation is wrong: \(message)",
          help: "remove the annotation and set 'tolerations'",
          server: place.map.field(place.key).index(index).field(field), reason, into: &report)
      }
    }
  }

  private struct AnnotatedToleration {
    var texts: [String: String] = [:]
    var hasSeconds = false
  }

  /// Nil where the server could not decode the value.
  private static func tolerations(in node: NodeRef) -> [AnnotatedToleration]? {
    if node.isNull { return [] }
    guard node.isSequence else { return nil }
    var all: [AnnotatedToleration] = []
    for item in node.items {
      var toleration = AnnotatedToleration()
      guard item.isMapping || item.isNull else { return nil }
      for (key, value) in item.entries where !value.isNull {
        switch key.keyText.lowercased() {
        case "tolerationseconds":
          guard value.int64 != nil else { return nil }
          toleration.hasSeconds = true
        case let name where ["key", "operator", "value", "effect"].contains(name):
          guard let text = value.string else { return nil }
          toleration.texts[name] = text
        default: break
        }
      }
      all.append(toleration)
    }
    return all
  }

  private static func problems(
    of toleration: AnnotatedToleration
  ) -> [(field: String, reason: Diagnostic.Reason, message: String)] {
    let (key, name) = (toleration.texts["key"] ?? "", toleration.texts["operator"] ?? "")
    let (value, effect) = (toleration.texts["value"] ?? "", toleration.texts["effect"] ?? "")
    var problems: [(field: String, reason: Diagnostic.Reason, message: String)] = []
    if !key.isEmpty, !LabelFormat.key(key).isEmpty {
      problems.append(("key", .invalid, "\(PodFieldChecks.quoted(key)) is no label's key"))
    }
    if key.isEmpty, name != "Exists" {
      problems.append(("operator", .invalid, "without a key it must be 'Exists'"))
    }
    if toleration.hasSeconds, effect != "NoExecute" {
      problems.append(("effect", .invalid, "with tolerationSeconds it must be 'NoExecute'"))
    }
    switch name {
    case "", "Equal":
      if !LabelFormat.value(value).isEmpty {
        problems.append(
          ("operator", .invalid, "\(PodFieldChecks.quoted(value)) is no label's value"))
      }
    case "Exists":
      if !value.isEmpty { problems.append(("operator", .invalid, "'Exists' takes no value")) }
    default: problems.append(("operator", .notSupported, "it is neither 'Exists' nor 'Equal'"))
    }
    if !["", "NoSchedule", "PreferNoSchedule", "NoExecute"].contains(effect) {
      problems.append(("effect", .notSupported, "\(PodFieldChecks.quoted(effect)) is no effect"))
    }
    return problems
  }
}
