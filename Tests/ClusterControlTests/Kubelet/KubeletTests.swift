import ManifestSchema
import ManifestSyntax
import TestRecordings
import Testing

@testable import ClusterControl

/// What becomes of pods on a simulated node, second by second (facts 193 to 211).
@Suite struct KubeletTests {
  struct Case: Sendable {
    var name: String
    /// The container's own fields, beside name and image.
    var container = "{}"
    /// More of the pod's spec.
    var spec = "{}"
    var annotations: [String: String] = [:]
    /// What `kubectl get pods` would show, with the second from which on it did.
    var history: [String]
    var until = 60.0
  }

  static let cases: [Case] = [
    Case(
      name: "199: ready as soon as it runs where there is no probe; 195: pull, then start",
      history: ["0 Pending 0/1 ContainerCreating", "3 Running 1/1"]),
    Case(
      name: "201: a probe finds it ready at its delay at the earliest",
      container:
        #"{"readinessProbe":{"initialDelaySeconds":5,"periodSeconds":10,"successThreshold":2}}"#,
      history: ["0 Pending 0/1 ContainerCreating", "3 Running 0/1", "18 Running 1/1"]),
    Case(
      name: "200: the first turn of the probe after it answers",
      container: #"{"readinessProbe":{"initialDelaySeconds":1,"periodSeconds":4}}"#,
      annotations: ["ready-after": "6s"],
      history: ["0 Pending 0/1 ContainerCreating", "3 Running 0/1", "12 Running 1/1"]),
    Case(
      name: "200: failureThreshold failures in a row make it unready",
      container: #"{"readinessProbe":{"periodSeconds":5,"failureThreshold":3}}"#,
      annotations: ["unready-after": "7s"],
      history: ["0 Pending 0/1 ContainerCreating", "3 Running 1/1", "23 Running 0/1"]),
    Case(
      name: "199: a startup probe that has not passed blocks the others; 200: readiness follows",
      container: #"{"startupProbe":{"periodSeconds":4},"readinessProbe":{"periodSeconds":10}}"#,
      annotations: ["ready-after": "5s"],
      history: ["0 Pending 0/1 ContainerCreating", "3 Running 0/1", "11 Running 1/1"]),
    Case(
      name: "202: a startup probe that never passes has it killed after its budget",
      container:
        #"{"startupProbe":{"initialDelaySeconds":2,"periodSeconds":5,"failureThreshold":2}}"#,
      annotations: ["never-ready": "true"],
      history: [
        "0 Pending 0/1 ContainerCreating", "3 Running 0/1", "11 Running 0/1 Error",
        "12 Running 0/1 restarts 1", "20 Running 0/1 CrashLoopBackOff restarts 1",
      ], until: 25),
    Case(
      name: "202: so does a failing liveness probe",
      container: #"{"livenessProbe":{"periodSeconds":10,"failureThreshold":2}}"#,
      annotations: ["unhealthy-after": "5s"],
      history: [
        "0 Pending 0/1 ContainerCreating", "3 Running 1/1", "24 Running 0/1 Error",
        "25 Running 1/1 restarts 1",
      ], until: 45),
    Case(
      name: "197: the first restart is immediate, then 10, 20, 40 seconds; 193: still Running",
      annotations: ["crash-after": "1s", "start-time": "0"],
      history: [
        "0 Pending 0/1 ContainerCreating", "2 Running 1/1", "3 Running 1/1 restarts 1",
        "4 Running 0/1 CrashLoopBackOff restarts 1", "14 Running 1/1 restarts 2",
        "15 Running 0/1 CrashLoopBackOff restarts 2", "35 Running 1/1 restarts 3",
        "36 Running 0/1 CrashLoopBackOff restarts 3", "76 Running 1/1 restarts 4",
        "77 Running 0/1 CrashLoopBackOff restarts 4",
      ], until: 80),
    Case(
      name: "197: a run of more than ten minutes forgets the delays",
      annotations: ["crash-after": "11m", "start-time": "0"],
      history: [
        "0 Pending 0/1 ContainerCreating", "2 Running 1/1", "662 Running 1/1 restarts 1",
        "1322 Running 1/1 restarts 2",
      ], until: 1400),
    Case(
      name: "198: an image that does not come is tried after 10, 20 … seconds",
      annotations: ["pull-error": "not found", "pull-time": "1s"],
      history: [
        "0 Pending 0/1 ContainerCreating", "1 Pending 0/1 ErrImagePull",
        "2 Pending 0/1 ImagePullBackOff", "11 Pending 0/1 ContainerCreating",
        "12 Pending 0/1 ErrImagePull", "13 Pending 0/1 ImagePullBackOff",
        "32 Pending 0/1 ContainerCreating", "33 Pending 0/1 ErrImagePull",
        "34 Pending 0/1 ImagePullBackOff",
      ]),
    Case(
      name: "196, 193: OnFailure restarts what failed, and Succeeded is final",
      spec: #"{"restartPolicy":"OnFailure"}"#,
      annotations: ["crash-after": "2s", "crash-times": "1", "exit-after": "5s"],
      history: [
        "0 Pending 0/1 ContainerCreating", "3 Running 1/1", "5 Running 0/1 Error",
        "6 Running 1/1 restarts 1", "11 Succeeded 0/1 Completed restarts 1",
      ]),
    Case(
      name: "196, 193: Never makes it Failed",
      spec: #"{"restartPolicy":"Never"}"#, annotations: ["crash-after": "2s"],
      history: [
        "0 Pending 0/1 ContainerCreating", "3 Running 1/1", "5 Failed 0/1 Error",
      ]),
    Case(
      name: "193a: an init container that may not be restarted fails the pod",
      spec: #"{"restartPolicy":"Never","initContainers":[{"name":"setup","image":"setup:1"}]}"#,
      annotations: ["crash-after.setup": "2s"],
      history: [
        "0 Pending 0/1 PodInitializing", "5 Failed 0/1 PodInitializing",
      ]),
    Case(
      name: "195, 193b: init containers come first, one after the other",
      spec: """
        {"initContainers":[{"name":"one","image":"web:1"},{"name":"two","image":"web:1"}]}
        """,
      history: ["0 Pending 0/1 PodInitializing", "7 Running 1/1"]),
    Case(
      name: "195: a sidecar must have started before the next",
      spec: """
        {"initContainers":[{"name":"side","image":"web:1","restartPolicy":"Always",
        "startupProbe":{"periodSeconds":4}}]}
        """, annotations: ["ready-after.side": "3s"],
      history: ["0 Pending 0/1 PodInitializing", "8 Running 1/1"]),
    Case(
      name: "195: a container waits for the image of the one before it, and for its postStart hook",
      container: #"{"lifecycle":{"postStart":{"sleep":{"seconds":3}}}}"#,
      spec: #"{"containers":[{},{"name":"log","image":"web:1"}]}"#,
      history: [
        "0 Pending 0/2 ContainerCreating", "6 Pending 1/2 ContainerCreating", "7 Running 2/2",
      ]),
    Case(
      name: "209: a deadline ends the pod",
      spec: #"{"activeDeadlineSeconds":20}"#,
      history: [
        "0 Pending 0/1 ContainerCreating", "3 Running 1/1", "20 Running 1/1 DeadlineExceeded",
        "21 Failed 0/1 DeadlineExceeded",
      ]),
    Case(
      name: "210: what does not fit is refused by the node",
      container: #"{"resources":{"requests":{"cpu":"5"}}}"#, history: ["0 Failed 0/0 OutOfcpu"]),
  ]

  @Test func podsLiveAsTheyDoOnNodes() {
    for one in Self.cases {
      var rig = Self.rig()
      let pod = rig.create(Self.pod(one))
      rig.run(until: one.until)
      #expect(Self.history(rig, pod.key) == one.history, "\(one.name)")
    }
  }

  /// A kubelet that starts anew anywhere ends up in the same place.
  @Test func aRestartedKubeletGoesOnWhereItWas() {
    for one in Self.cases {
      for moment in [1.0, 4, 13, 22] where moment < one.until {
        var rig = Self.rig()
        let pod = rig.create(Self.pod(one))
        rig.run(until: moment)
        rig.restart(0)
        rig.run(until: one.until + 400)
        var whole = Self.rig()
        whole.create(Self.pod(one))
        whole.run(until: one.until + 400)
        let phases = [rig, whole].map { $0.state.object(pod.key)?.pod?.phase }
        #expect(phases[0] == phases[1], "\(one.name), restarted at \(moment)")
      }
    }
  }

  static func rig() -> ControllerRig {
    var rig = ControllerRig()
    rig.add(Kubelet())
    rig.create(
      #"""
      {"apiVersion":"v1","kind":"Node","metadata":{"name":"n1"},
      "spec":{"podCIDR":"10.244.0.0/24","podCIDRs":["10.244.0.0/24"]},
      "status":{"allocatable":{"cpu":"4","memory":"8Gi","pods":"110"},
      "addresses":[{"type":"InternalIP","address":"172.18.0.2"}],
      "conditions":[{"type":"Ready","status":"True"}]}}
      """#)
    return rig
  }

  static func pod(_ one: Case) -> String {
    var container = Value(json: one.container)
    container["name"] = "web"
    container["image"] = "web:1"
    var spec = Value(json: one.spec)
    let others = (spec["containers"]?.list ?? []).dropFirst()
    spec["containers"] = .list([container] + others)
    spec["nodeName"] = "n1"
    var annotations = ValueMap()
    for (name, text) in one.annotations { annotations["sim.kmf.dev/" + name] = .string(text) }
    let pod: Value = [
      "apiVersion": "v1", "kind": "Pod",
      "metadata": [
        "name": "web", "namespace": "default", "annotations": .map(annotations),
      ], "spec": spec, "status": ["phase": "Pending"],
    ]
    return String(decoding: JSONWriter.bytes(pod), as: UTF8.self)
  }

  /// Every status that differs in what people look at, with its second.
  static func history(_ rig: ControllerRig, _ key: ResourceKey) -> [String] {
    var said: [String] = []
    for (change, time) in zip(rig.changes, rig.times) where change.key == key {
      guard let pod = change.new else {
        said.append("\(time) gone")
        continue
      }
      guard pod.value["status"]?["conditions"] != nil else { continue }
      let text = line(pod)
      if said.last.map({ $0.split(separator: " ", maxSplits: 1).last.map(String.init) }) != text {
        said.append("\(time) \(text)")
      }
    }
    return said
  }

  static func line(_ pod: ClusterObject) -> String {
    let status = pod.value["status"]
    let containers = status?["containerStatuses"]?.list ?? []
    let ready = containers.count { $0["ready"] == true }
    var words = [status?["phase"]?.string ?? "", "\(ready)/\(containers.count)"]
    if pod.isTerminating { words.append("Terminating") }
    let reasons = containers.compactMap { container in
      container["state"]?["waiting"]?["reason"]?.string
        ?? container["state"]?["terminated"]?["reason"]?.string
    }
    if let reason = status?["reason"]?.string ?? reasons.first { words.append(reason) }
    let restarts = containers.reduce(0) { $0 + ($1["restartCount"]?.int64 ?? 0) }
    if restarts > 0 { words.append("restarts \(restarts)") }
    return words.joined(separator: " ")
  }
}
