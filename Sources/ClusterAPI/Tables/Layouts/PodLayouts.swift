import ManifestSchema
import ManifestSyntax

/// Pods, and what makes pods.
enum PodLayouts {
  static let pods: [TableColumn] = [
    .name,
    .text("Ready", "Containers that are ready, of all that run.") {
      let standing = PodStanding($0.object)
      return "\(standing.ready)/\(standing.total)"
    },
    .text("Status", "How the pod is doing.") { PodStanding($0.object).word },
    .text("Restarts", "How often containers were started again, and when last.") {
      let standing = PodStanding($0.object)
      guard standing.restarts != 0, let last = standing.lastRestart else {
        return String(standing.restarts)
      }
      return "\(standing.restarts) (\(HumanDuration.text(from: last, to: $0.now)) ago)"
    },
    .age,
    .text("IP", "The first address of the pod.", isWide: true) {
      $0.list(["status", "podIPs"]).first?["ip"]?.string.map { $0.isEmpty ? "<none>" : $0 }
        ?? "<none>"
    },
    .field("Node", ["spec", "nodeName"], isWide: true, absent: "<none>"),
    .field("Nominated Node", ["status", "nominatedNodeName"], isWide: true, absent: "<none>"),
    .text("Readiness Gates", "Gates that are open, of all.", isWide: true) { subject in
      let gates = subject.list(["spec", "readinessGates"]).compactMap {
        $0["conditionType"]?.string
      }
      let conditions = subject.at(["status", "conditions"])
      let open = gates.count { conditions?.condition($0)?["status"]?.string == "True" }
      return gates.isEmpty ? "<none>" : "\(open)/\(gates.count)"
    },
  ]

  static let podTemplates: [TableColumn] =
    [.name] + TableColumn.containers(at: ["template"], isWide: false) + [
      .text("Pod Labels", "The labels that its pods get.") {
        LabelText.labels($0.at(["template", "metadata", "labels"]))
      }
    ]

  static let deployments: [TableColumn] =
    [
      .name, readyOfWanted,
      .number("Up-to-date", ["status", "updatedReplicas"]),
      .number("Available", ["status", "availableReplicas"]), .age,
    ] + TableColumn.containers(at: template) + [.selector(at: ["spec", "selector"], empty: "")]

  static let replicaSets: [TableColumn] =
    replicas + [.age] + TableColumn.containers(at: template) + [
      .selector(at: ["spec", "selector"])
    ]

  static let replicationControllers: [TableColumn] =
    replicas + [.age] + TableColumn.containers(at: template) + [
      .text("Selector", "Labels of its pods.", isWide: true) {
        LabelText.labels($0.at(["spec", "selector"]))
      }
    ]

  static let statefulSets: [TableColumn] =
    [.name, readyOfWanted, .age] + TableColumn.containers(at: template)

  static let daemonSets: [TableColumn] =
    [
      .name, .number("Desired", ["status", "desiredNumberScheduled"]),
      .number("Current", ["status", "currentNumberScheduled"]),
      .number("Ready", ["status", "numberReady"]),
      .number("Up-to-date", ["status", "updatedNumberScheduled"]),
      .number("Available", ["status", "numberAvailable"]),
      .text("Node Selector", "Labels of the nodes that get a pod.") {
        LabelText.labels($0.at(["spec", "template", "spec", "nodeSelector"]))
      }, .age,
    ] + TableColumn.containers(at: template) + [.selector(at: ["spec", "selector"])]

  static let jobs: [TableColumn] =
    [
      .name, .text("Status", "How the job is doing.", { jobWord($0.object) }),
      .text("Completions", "Pods that succeeded, of those wanted.", completions),
      .text("Duration", "How long it ran, or has been running.", duration), .age,
    ] + TableColumn.containers(at: template) + [.selector(at: ["spec", "selector"])]

  static let cronJobs: [TableColumn] =
    [
      .name, .field("Schedule", ["spec", "schedule"]),
      .field("Timezone", ["spec", "timeZone"], absent: "<none>"),
      .text("Suspend", "spec.suspend") {
        $0.at(["spec", "suspend"])?.bool.map { $0 ? "True" : "False" } ?? "<unset>"
      },
      .count("Active", "Jobs that are running.", of: ["status", "active"]),
      .text("Last Schedule", "How long ago a job was started.") {
        $0.age(of: ["status", "lastScheduleTime"], absent: "<none>")
      }, .age,
    ] + TableColumn.containers(at: ["spec", "jobTemplate", "spec", "template"]) + [
      .selector(at: ["spec", "jobTemplate", "spec", "selector"])
    ]

  static let controllerRevisions: [TableColumn] = [
    .name,
    .text("Controller", "Who controls the object.") { subject in
      let owners = subject.list(["metadata", "ownerReferences"])
      guard let owner = owners.first(where: { $0["controller"]?.bool == true }) else {
        return "<none>"
      }
      let gvk = GroupVersionKind(
        apiVersion: owner["apiVersion"]?.string ?? "", kind: owner["kind"]?.string ?? "")
      let kind = gvk.group.isEmpty ? gvk.kind : "\(gvk.kind).\(gvk.group)"
      return "\(kind.lowercased())/\(owner["name"]?.string ?? "")"
    }, .number("Revision", ["revision"]), .age,
  ]

  private static let template = ["spec", "template"]

  private static let replicas: [TableColumn] = [
    .name, .number("Desired", ["spec", "replicas"]), .number("Current", ["status", "replicas"]),
    .number("Ready", ["status", "readyReplicas"]),
  ]

  private static let readyOfWanted = TableColumn.text("Ready", "Ready pods, of those wanted.") {
    "\($0.number(["status", "readyReplicas"]))/\($0.number(["spec", "replicas"]))"
  }

  private static func jobWord(_ job: Value) -> String {
    let conditions = job["status"]?["conditions"]
    let isTrue = { conditions?.condition($0)?["status"]?.string == "True" }
    if isTrue("Complete") { return "Complete" }
    if isTrue("Failed") { return "Failed" }
    if job["metadata"]?["deletionTimestamp"]?.string != nil { return "Terminating" }
    if isTrue("Suspended") { return "Suspended" }
    return ["FailureTarget", "SuccessCriteriaMet"].first(where: isTrue) ?? "Running"
  }

  @Sendable private static func completions(_ job: TableSubject) -> String {
    let succeeded = job.number(["status", "succeeded"])
    if let wanted = job.at(["spec", "completions"])?.int64 { return "\(succeeded)/\(wanted)" }
    let parallelism = job.number(["spec", "parallelism"])
    return parallelism > 1 ? "\(succeeded)/1 of \(parallelism)" : "\(succeeded)/1"
  }

  @Sendable private static func duration(_ job: TableSubject) -> String {
    guard let start = job.at(["status", "startTime"])?.time else { return "" }
    let end = job.at(["status", "completionTime"])?.time
    return HumanDuration.text(from: start, to: end ?? job.now)
  }
}
