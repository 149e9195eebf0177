import ManifestModel
import ManifestSchema
import ManifestSyntax

/// References of variables to fields of their pod (ENV-06 … ENV-09).
enum FieldReferenceChecks {
  /// What the server can read from a pod at all, by the field's name.
  private static let readable: Set<String> = [
    "metadata.annotations", "metadata.labels", "metadata.name", "metadata.namespace",
    "metadata.uid", "spec.nodeName", "spec.restartPolicy", "spec.serviceAccountName",
    "spec.schedulerName", "status.phase", "status.hostIP", "status.hostIPs", "status.podIP",
    "status.podIPs",
  ]
  /// What of it a variable can hold.
  private static let variables = [
    "metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName",
    "spec.serviceAccountName", "status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs",
  ]

  static func check(_ reference: ObjectFieldSelector, into report: inout Report) {
    guard let path = reference.fieldPath, !path.isEmpty else {
      return PodFieldChecks.missing(
        "ENV-07", at: reference.node, "fieldPath", "it says which field of the pod is meant",
        help: "add something like 'fieldPath: metadata.name'", into: &report)
    }
    let version = reference.apiVersion ?? ""
    if !version.isEmpty, version != "v1" {
      return report.error(
        "ENV-06", .invalid, at: reference.node, "apiVersion",
        "\(PodFieldChecks.quoted(version)) is no version that fields of a pod are named in",
        help: "write 'v1', or leave it out", server: "fieldPath")
    }
    if let (map, key) = subscripted(path) {
      return checkSubscript(reference, map, key, into: &report)
    }
    // An old name of the node's name.
    let field = path == "spec.host" ? "spec.nodeName" : path
    guard readable.contains(field) else {
      return report.error(
        "ENV-08", .invalid, at: reference.node, "fieldPath",
        "\(PodFieldChecks.quoted(path)) is no field of a pod that can be referred to",
        help: "write \(PodFieldChecks.list(variables + ["metadata.labels['KEY']"]))")
    }
    if !variables.contains(field) {
      let isMap = field == "metadata.labels" || field == "metadata.annotations"
      report.error(
        "ENV-08", .notSupported, at: reference.node, "fieldPath",
        "a variable cannot hold '\(path)'",
        help: isMap
          ? "name one entry: \(path)['KEY']" : "write \(PodFieldChecks.list(variables))")
    }
  }

  private static func checkSubscript(
    _ reference: ObjectFieldSelector, _ map: Substring, _ key: Substring, into report: inout Report
  ) {
    let problems: [String]
    switch map {
    case "metadata.labels": problems = LabelFormat.key(key)
    case "metadata.annotations": problems = LabelFormat.annotationKey(key)
    default:
      return report.error(
        "ENV-08", .invalid, at: reference.node, "fieldPath",
        "\(PodFieldChecks.quoted(String(map))) has no entries to choose from by a key",
        help: "write metadata.labels['KEY'] or metadata.annotations['KEY']")
    }
    for problem in problems {
      report.error(
        "ENV-09", .invalid, at: reference.node, "fieldPath",
        "\(PodFieldChecks.quoted(String(key))) cannot be a key of '\(map)': \(problem)",
        server: .root)
    }
  }

  /// The parts of `map['key']`; nil for other texts.
  static func subscripted(_ path: String) -> (map: Substring, key: Substring)? {
    guard path.hasSuffix("']") else { return nil }
    let bytes = path.utf8.dropLast(2)
    guard
      let open = zip(bytes.indices, bytes.indices.dropFirst()).first(where: {
        bytes[$0] == UInt8(ascii: "[") && bytes[$1] == UInt8(ascii: "'")
      }), open.0 > bytes.startIndex
    else { return nil }
    let key = bytes[bytes.index(after: open.1)...]
    return (path[path.startIndex..<open.0], path[key.startIndex..<key.endIndex])
  }
}

/// The amounts of a container that can be referred to, and what they can be divided by.
enum ResourceFields {
  private static let known: Set<String> = [
    "limits.cpu", "limits.memory", "limits.ephemeral-storage", "requests.cpu", "requests.memory",
    "requests.ephemeral-storage",
  ]
  private static let byteDivisors: Set<String> = [
    "1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei",
  ]

  static func isKnown(_ resource: String) -> Bool {
    known.contains(resource) || isHugePages(resource)
  }

  /// Whether the server divides `resource` by `divisor`; zero stands for none.
  static func allows(_ divisor: Quantity, for resource: String) -> Bool {
    if divisor.isZero { return true }
    switch resource {
    case "limits.cpu", "requests.cpu": return ["1", "1m"].contains(divisor.description)
    case _ where isKnown(resource): return byteDivisors.contains(divisor.description)
    default: return true
    }
  }

  private static func isHugePages(_ resource: String) -> Bool {
    resource.hasPrefix("limits.hugepages-") || resource.hasPrefix("requests.hugepages-")
  }
}
