import ManifestSchema
import ManifestSyntax

/// Nodes, namespaces, events, limits, and what else belongs to the cluster as a whole.
enum ClusterLayouts {
  static let nodes: [TableColumn] = [
    .name, .text("Status", "Whether the node is ready, and takes pods.", nodeStatus),
    .text("Roles", "What the node is for.", nodeRoles), .age,
    .field("Version", ["status", "nodeInfo", "kubeletVersion"]),
    .text("Internal-IP", "The address within the cluster.", isWide: true) {
      address($0, "InternalIP")
    },
    .text("External-IP", "The address outside.", isWide: true) { address($0, "ExternalIP") },
    .field("OS-Image", ["status", "nodeInfo", "osImage"], isWide: true, absent: "<unknown>"),
    .field(
      "Kernel-Version", ["status", "nodeInfo", "kernelVersion"], isWide: true, absent: "<unknown>"),
    .field(
      "Container-Runtime", ["status", "nodeInfo", "containerRuntimeVersion"], isWide: true,
      absent: "<unknown>"),
  ]

  static let namespaces: [TableColumn] = [.name, .field("Status", ["status", "phase"]), .age]

  static let configMaps: [TableColumn] = [
    .name, .count("Data", "How many entries there are.", of: ["data"], ["binaryData"]), .age,
  ]

  /// Never what is in it.
  static let secrets: [TableColumn] = [
    .name, .field("Type", ["type"]), .count("Data", "How many entries there are.", of: ["data"]),
    .age,
  ]

  static let nameAndAge: [TableColumn] = [.name, .age]

  static let events: [TableColumn] = [
    .text("Last Seen", "How long ago it was seen last.", { EventTimes($0).last }),
    .field("Type", ["type"]), .field("Reason", ["reason"]),
    .text("Object", "What it is about.") {
      let object = $0.at(["involvedObject"]) ?? $0.at(["regarding"])
      let kind = (object?["kind"]?.string ?? "").lowercased()
      let name = object?["name"]?.string ?? ""
      return name.isEmpty ? kind : "\(kind)/\(name)"
    },
    .text("Subobject", "Which part of the object it is about.", isWide: true) {
      ($0.at(["involvedObject"]) ?? $0.at(["regarding"]))?["fieldPath"]?.string ?? ""
    }, .text("Source", "Who reports it.", isWide: true, eventSource),
    .text("Message", "What happened.") {
      let text = $0.at(["message"])?.string ?? $0.at(["note"])?.string ?? ""
      return text.trimmedOfSpace
    },
    .text("First Seen", "How long ago it was seen first.", isWide: true) { EventTimes($0).first },
    TableColumn(
      name: "Count", type: .integer, format: "", priority: 1,
      description: "How often it was seen."
    ) { .int(EventTimes($0).count) },
    TableColumn(
      name: "Name", type: .string, format: "name", priority: 1,
      description: "The name of the event itself."
    ) { .string($0.text(["metadata", "name"])) },
  ]

  static let quotas: [TableColumn] = [
    .name,
    .text("Request", "What is used of what may be requested or counted.") {
      quota($0) { !$0.hasPrefix("limits.") }
    },
    .text("Limit", "What is used of what may be set as limits.") {
      quota($0) { $0.hasPrefix("limits.") }
    }, .age,
  ]

  static let priorityClasses: [TableColumn] = [
    .name, .number("Value", ["value"]), .truth("Global-Default", ["globalDefault"]), .age,
    .field("PreemptionPolicy", ["preemptionPolicy"]),
  ]

  static let runtimeClasses: [TableColumn] = [.name, .field("Handler", ["handler"]), .age]

  static let leases: [TableColumn] = [.name, .field("Holder", ["spec", "holderIdentity"]), .age]

  static let leaseCandidates: [TableColumn] = [
    .name, .field("LeaseName", ["spec", "leaseName"]),
    .field("BinaryVersion", ["spec", "binaryVersion"]),
    .field("EmulationVersion", ["spec", "emulationVersion"]), .age,
  ]

  static let componentStatuses: [TableColumn] = [
    .name,
    .text("Status", "Whether the component is healthy.") {
      guard let healthy = $0.at(["conditions"])?.condition("Healthy") else { return "Unknown" }
      return healthy["status"]?.string == "True" ? "Healthy" : "Unhealthy"
    },
    .text("Message", "What the component says.") {
      $0.at(["conditions"])?.condition("Healthy")?["message"]?.string ?? ""
    },
    .text("Error", "What is wrong with it.") {
      $0.at(["conditions"])?.condition("Healthy")?["error"]?.string ?? ""
    },
  ]

  static let scales: [TableColumn] = [
    .name, .number("Desired", ["spec", "replicas"]), .number("Available", ["status", "replicas"]),
    .age,
  ]

  @Sendable private static func nodeStatus(_ node: TableSubject) -> String {
    var words: [String] = []
    if let ready = node.at(["status", "conditions"])?.condition("Ready") {
      words.append(ready["status"]?.string == "True" ? "Ready" : "NotReady")
    } else {
      words.append("Unknown")
    }
    if node.at(["spec", "unschedulable"])?.bool == true { words.append("SchedulingDisabled") }
    return words.joined(separator: ",")
  }

  @Sendable private static func nodeRoles(_ node: TableSubject) -> String {
    var roles: Set<String> = []
    let prefix = "node-role.kubernetes.io/"
    for label in node.at(["metadata", "labels"])?.map?.entries ?? [] {
      if label.key.hasPrefix(prefix) {
        roles.insert(String(label.key.dropFirst(prefix.count)))
      } else if label.key == "kubernetes.io/role" {
        roles.insert(label.value.cellText)
      }
    }
    roles.remove("")
    return roles.isEmpty ? "<none>" : roles.sorted().joined(separator: ",")
  }

  private static func address(_ node: TableSubject, _ type: String) -> String {
    node.list(["status", "addresses"]).first { $0["type"]?.string == type }?["address"]?.string
      ?? "<none>"
  }

  @Sendable private static func eventSource(_ event: TableSubject) -> String {
    let source = event.at(["source"]) ?? event.at(["deprecatedSource"])
    let parts = [("component", "reportingController"), ("host", "reportingInstance")].map {
      old, new in
      let text = source?[old]?.string ?? ""
      let other = new == "reportingController" ? event.text(["reportingComponent"]) : ""
      return [text, event.text([new]), other].first { !$0.isEmpty } ?? ""
    }
    return parts[1].isEmpty ? parts[0] : "\(parts[0]), \(parts[1])"
  }

  private static func quota(_ subject: TableSubject, where belongs: (String) -> Bool) -> String {
    let hard = subject.at(["status", "hard"])?.map?.entries ?? []
    let used = subject.at(["status", "used"])
    return hard.filter { belongs($0.key) }.sorted { $0.key < $1.key }
      .map { "\($0.key): \(used?[$0.key]?.cellText ?? "0")/\($0.value.cellText)" }
      .joined(separator: ", ")
  }
}

/// When an event was seen, in either of its two forms.
private struct EventTimes {
  var first: String
  var last: String
  var count: Int64

  init(_ event: TableSubject) {
    let age = { (names: [String]) -> String? in
      names.lazy.compactMap { event.at([$0])?.time }.first.map {
        HumanDuration.text(from: $0, to: event.now)
      }
    }
    first = age(["firstTimestamp", "deprecatedFirstTimestamp", "eventTime"]) ?? "<unknown>"
    last = age(["lastTimestamp", "deprecatedLastTimestamp"]) ?? first
    count = max(event.number(["count"]), event.number(["deprecatedCount"]))
    if let series = event.at(["series"]), series != .null {
      last = event.age(of: ["series", "lastObservedTime"])
      count = series["count"]?.int64 ?? 0
    } else if count == 0 {
      count = 1
    }
  }
}

extension String {
  /// Without spaces and line ends around it.
  var trimmedOfSpace: String {
    let start = drop(while: \.isWhitespace)
    guard let last = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
    return String(start[...last])
  }
}
