import ManifestSyntax

/// For programs: everything that the forecast knows. `docs/output.md` describes it.
public enum JSONPlan: PlanFormat {
  public static let name = "json"
  /// Raised when what is there changes its meaning; additions do not count.
  public static let formatVersion: Int64 = 1

  public static func text(_ forecast: Forecast, _ options: ChangeFormatOptions) -> String {
    JSONWriter.string(value(forecast), .indented) + "\n"
  }

  static func value(_ forecast: Forecast) -> Value {
    [
      "formatVersion": .int(formatVersion), "verdict": .string(forecast.verdict),
      "blocked": .bool(forecast.gravest == .blocked),
      "summary": JSONChanges.summary(ChangeSummary(forecast.changes)),
      "nodes": number(forecast.nodeCount),
      "jointPeakPods": [
        "value": number(forecast.jointPeakPods),
        "class": .string(forecast.jointPeakCertainty.rawValue),
      ],
      "objects": .list(forecast.changes.changes.map(object)),
      "workloads": .list(forecast.workloads.map(workload)),
      "findings": .list(forecast.findings.map(finding)),
      "problems": .list(forecast.changes.problems.map { .string($0.text) }),
      "notes": .list(forecast.changes.notes.map(Value.string)),
    ]
  }

  private static func number(_ number: Int) -> Value { .int(Int64(number)) }

  private static func object(_ change: ObjectChange) -> Value {
    var map = ValueMap()
    map["apiVersion"] = .string(change.object.apiVersion)
    map["kind"] = .string(change.object.kind)
    if let namespace = change.object.namespace { map["namespace"] = .string(namespace) }
    map["name"] = .string(change.object.name)
    map["action"] = .string(change.action.rawValue)
    map["fields"] = .list(change.fields.map { .string($0.pathText) })
    if let pods = change.pods { map["pods"] = .string(pods.text) }
    if !change.notes.isEmpty { map["notes"] = .list(change.notes.map(Value.string)) }
    if !change.conflicts.isEmpty {
      map["conflicts"] = .list(
        change.conflicts.map {
          ["path": .string($0.pathText), "owners": .list($0.owners.map(Value.string))]
        })
    }
    if let error = change.error { map["error"] = .string(error.message) }
    return .map(map)
  }

  // MARK: - Workloads

  static func workload(_ workload: WorkloadForecast) -> Value {
    let course = workload.course
    var map = ValueMap()
    map["apiVersion"] = .string(workload.object.apiVersion)
    map["kind"] = .string(workload.object.kind)
    map["namespace"] = .string(workload.object.namespace ?? "")
    map["name"] = .string(workload.object.name)
    map["action"] = .string(workload.action.rawValue)
    map["replicas"] = number(workload.replicas)
    map["strategy"] = [
      "type": .string(workload.strategy), "surge": number(workload.surge),
      "unavailable": number(workload.unavailable),
    ]
    map["paused"] = .bool(workload.isPaused)
    map["peakPods"] = number(course.peakPods)
    map["minAvailable"] = number(course.minAvailable)
    map["waves"] = number(course.waves)
    map["stuck"] = .bool(course.isStuck)
    map["complete"] = .bool(course.isComplete)
    map["schedule"] = .list(course.steps.map(step))
    map["timeline"] = .list(course.moments.map { moment($0, course) })
    map["images"] = .list(workload.images.map(Value.string))
    map["peakWithTerminating"] = [
      "value": number(workload.peakWithTerminating), "graceSeconds": .int(workload.graceSeconds),
      "class": "bounded",
    ]
    map["time"] = [
      "seconds": .int(course.seconds), "waveSeconds": .int(workload.waveSeconds),
      "class": "assumed",
    ]
    map["assumptions"] = .list(workload.assumptions.map(assumption))
    if let deadline = workload.progressDeadline {
      map["deadline"] = self.deadline(workload, deadline)
    }
    map["failure"] = failure(workload)
    map["branches"] = .list(workload.branches.map(branch))
    if let rollback = workload.rollback {
      map["rollback"] = [
        "replicaSet": .string(rollback.replicaSet), "revision": .string(rollback.revision),
        "survives": .bool(workload.survivesHistory),
        "command": .string(PlanTexts.undo(workload)),
      ]
    }
    map["services"] = .list(workload.services.map(service))
    if let room = workload.room { map["room"] = self.room(room) }
    map["classes"] = [
      "schedule": "exact", "peakPods": "exact", "minAvailable": "exact", "waves": "exact",
      "seconds": "assumed",
    ]
    return .map(map)
  }

  private static func step(_ step: RolloutStep) -> Value {
    [
      "seconds": .int(step.seconds), "tick": number(step.tick),
      "replicaSet": .string(step.replicaSet), "revision": .string(step.revision.rawValue),
      "from": number(step.from), "to": number(step.to), "total": number(step.total),
      "available": number(step.available),
    ]
  }

  private static func moment(_ moment: RolloutMoment, _ course: RolloutCourse) -> Value {
    [
      "seconds": .int(moment.seconds), "tick": number(moment.tick),
      "old": number(course.count(.old, in: moment.sizes)),
      "new": number(course.count(.new, in: moment.sizes)),
      "older": number(course.count(.older, in: moment.sizes)),
      "available": number(moment.availableTotal),
    ]
  }

  private static func assumption(_ assumption: Assumption) -> Value {
    [
      "name": .string(assumption.name), "value": .string(assumption.value),
      "reason": .string(assumption.reason),
    ]
  }

  private static func deadline(_ workload: WorkloadForecast, _ seconds: Int64) -> Value {
    [
      "seconds": .int(seconds), "longestGap": .int(workload.waveSeconds),
      "exceeded": .bool(workload.waveSeconds > seconds), "class": "assumed",
    ]
  }

  /// What is left when the new version never becomes ready.
  private static func failure(_ workload: WorkloadForecast) -> Value {
    let failure = workload.failure
    let sizes = failure.finalSizes
    return [
      "old": number(failure.count(.old, in: sizes)), "new": number(failure.count(.new, in: sizes)),
      "older": number(failure.count(.older, in: sizes)),
      "available": number(failure.finalAvailable), "stuck": .bool(failure.isStuck),
      "class": "exact",
    ]
  }

  private static func branch(_ branch: FailureBranch) -> Value {
    var value: Value = [
      "kind": .string(branch.kind.rawValue), "name": .string(branch.name),
      "text": .string(branch.text),
      "class": branch.kind == .quota ? "bounded" : "assumed",
    ]
    if let available = branch.available { value["available"] = number(available) }
    return value
  }

  private static func service(_ service: ServiceForecast) -> Value {
    [
      "name": .string(service.name), "minReady": number(service.min),
      "timeline": .list(
        service.points.map { ["seconds": .int($0.seconds), "ready": number($0.ready)] }),
    ]
  }

  private static func room(_ room: RoomForecast) -> Value {
    var map = ValueMap()
    map["nodes"] = .map(
      ValueMap(room.placed.sorted { $0.key < $1.key }.map { ($0.key, number($0.value)) }))
    map["fits"] = .bool(room.tightestStep == nil && room.refusal == nil)
    map["missing"] = number(room.missing)
    map["missingFinally"] = number(room.missingFinally)
    if let step = room.tightestStep { map["step"] = number(step) }
    if let message = room.message { map["message"] = .string(message) }
    if let refusal = room.refusal { map["refusal"] = .string(refusal) }
    if !room.victims.isEmpty { map["victims"] = .list(room.victims.map(Value.string)) }
    return .map(map)
  }

  static func finding(_ finding: Finding) -> Value {
    [
      "code": .string(finding.code), "severity": .string(finding.severity.rawValue),
      "object": .string(finding.object), "message": .string(finding.message),
      "proof": .string(finding.proof), "help": .string(finding.help),
    ]
  }
}
