import ManifestSchema
import ManifestSyntax
import TestRecordings
import Testing

@testable import ClusterControl

/// How many pods metrics ask for, and how fast they come and go (facts 186 to 191).
@Suite struct AutoscalerTests {
  private static let now = Time(seconds: 1_700_001_000)

  /// A pod as `NAME USE [young|pending|failed|unready|silent]`; use in thousandths of a processor.
  private static func pod(_ text: String) -> ClusterObject {
    let words = text.split(separator: " ").map(String.init)
    let state = words.count > 2 ? words[2] : ""
    let start = now.advanced(bySeconds: state == "young" ? -20 : -900)
    let ready = now.advanced(bySeconds: state == "young" ? -5 : -880)
    let phase = state == "pending" ? "Pending" : state == "failed" ? "Failed" : "Running"
    let isReady = state.isEmpty || state == "young" || state == "silent"
    let usage = state == "silent" ? "" : #""sim.kmf.dev/cpu":"\#(words[1])m""#
    let value = Value(
      json: #"""
        {"apiVersion":"v1","kind":"Pod","metadata":{"name":"\#(words[0])","namespace":"default",
        "uid":"\#(words[0])","labels":{"app":"web"},"annotations":{\#(usage)}},
        "spec":{"containers":[{"name":"c","resources":{"requests":{"cpu":"1"}}}]},
        "status":{"phase":"\#(phase)","startTime":"\#(start)","conditions":[{"type":"Ready",
        "status":"\#(isReady ? "True" : "False")","lastTransitionTime":"\#(ready)"}]}}
        """#)
    return ClusterObject(
      key: ResourceKey(.pods, namespace: "default", name: words[0]), value: value, revision: 1)
  }

  private static func proposal(
    _ pods: [String], _ metric: String, current: Int64, annotations: String = "{}",
    tolerance: Double = 0.1
  ) -> String {
    let objects = pods.map(pod)
    let autoscaler = ClusterObject(
      key: ResourceKey(.autoscalers, namespace: "default", name: "web"),
      value: Value(json: #"{"metadata":{"name":"web","annotations":\#(annotations)}}"#),
      revision: 1)
    let calculation = ReplicaCalculation(
      current: current, pods: objects,
      metrics: SimulatedMetrics(
        autoscaler: autoscaler, pods: objects, settings: SimulationSettings()),
      now: now, tolerances: (tolerance, tolerance))
    do throws(ReplicaCalculation.Trouble) {
      return "\(try calculation.proposal(for: Value(json: metric)).replicas)"
    } catch { return error.message }
  }

  private static func cpu(_ target: String) -> String {
    #"{"type":"Resource","resource":{"name":"cpu","target":{\#(target)}}}"#
  }

  @Test func metricsAskForPods() {
    let half = Self.cpu(#""averageUtilization":50"#)
    let quarter = Self.cpu(#""averageValue":"250m""#)
    let requests =
      #"{"type":"Pods","pods":{"metric":{"name":"rps"},"target":{"averageValue":100}}}"#
    let queue = #"{"type":"External","external":{"metric":{"name":"rps"},"target":{"value":300}}}"#
    let share =
      #"{"type":"Object","object":{"metric":{"name":"rps"},"target":{"averageValue":"50"}}}"#
    let cases: [(name: String, pods: [String], metric: String, current: Int64, wanted: String)] = [
      ("187: as many as bring it to the target", ["a 900", "b 900"], half, 2, "4"),
      ("187: rounded up", ["a 600", "b 600"], half, 2, "3"),
      ("187: within a tenth nothing changes", ["a 545", "b 545"], half, 2, "2"),
      ("187: just outside", ["a 560", "b 560"], half, 2, "3"),
      ("187: fewer", ["a 100", "b 100", "c 100"], half, 3, "1"),
      ("188: against a value", ["a 500", "b 500"], quarter, 2, "4"),
      ("189: failed pods are left out", ["a 900", "b 900", "c 0 failed"], half, 2, "4"),
      ("189: growing: pods not ready use nothing", ["a 900", "b 900 young"], half, 2, "2"),
      (
        "189: growing, still after that", ["a 1500", "b 1500", "c 900 pending"], half, 3, "6"
      ),
      ("189: growing: silent pods use nothing", ["a 900", "b 0 silent"], half, 2, "2"),
      ("189: shrinking: silent pods use all they asked", ["a 100", "b 0 silent"], half, 2, "2"),
      (
        "189: shrinking, still after that", ["a 0", "b 0", "c 0", "d 0", "e 0 silent"], half, 5,
        "2"
      ),
      (
        "189: nobody counts", ["a 900 young"], half, 1,
        "did not receive metrics for targeted pods (pods might be unready)"
      ),
      ("188: no samples", ["a 0 silent"], half, 1, "no metrics returned from the metrics API"),
      ("187: a metric of pods", ["a 0", "b 0", "c 0"], requests, 3, "9"),
      ("187: a metric from outside", ["a 0", "b 0", "c 0"], queue, 3, "9"),
      ("187: a metric shared by all", ["a 0", "b 0", "c 0"], share, 3, "18"),
    ]
    for one in cases {
      let got = Self.proposal(
        one.pods, one.metric, current: one.current,
        annotations: #"{"sim.kmf.dev/metric.rps":"900"}"#)
      #expect(got == one.wanted, "\(one.name)")
    }
    let shared = Self.proposal(
      ["a 0", "b 0"], half, current: 2, annotations: #"{"sim.kmf.dev/load-cpu":"3"}"#)
    #expect(shared == "6", "load is shared by the ready pods")
    let strict = Self.proposal(["a 545", "b 545"], half, current: 2, tolerance: 0.05)
    #expect(strict == "3", "187: the tolerance can be set")
    let silent = Self.proposal(
      ["a 1"], half.replacing("cpu", with: "memory"), current: 1,
      annotations: #"{"sim.kmf.dev/load-memory":"1Gi"}"#)
    #expect(silent == "missing request for memory in container c of Pod a", "188")
  }

  @Test func rulesLimitTheSpeed() {
    let rules = { (text: String, isUp: Bool) in ScalingRules(Value(json: text), isUp: isUp) }
    let usual = (up: rules("{}", true), down: rules("{}", false))
    var history = ScalingHistory()
    #expect(history.ceiling(1, usual.up, at: Self.now) == 5, "191: four pods, or as many again")
    #expect(history.ceiling(10, usual.up, at: Self.now) == 20, "191")
    #expect(history.floor(10, usual.down, at: Self.now) == 0, "191: all at once")
    #expect(usual.up.window == 0 && usual.down.window == 300, "191")
    let slow = rules(#"{"policies":[{"type":"Pods","value":2,"periodSeconds":60}]}"#, true)
    history.note(from: 10, to: 12, at: Self.now)
    let later = Self.now.advanced(bySeconds: 30)
    #expect(history.ceiling(12, slow, at: later) == 12, "191: two within a minute")
    #expect(history.ceiling(12, slow, at: later.advanced(bySeconds: 31)) == 14, "191")
    let closed = rules(#"{"selectPolicy":"Disabled"}"#, false)
    #expect(history.floor(12, closed, at: later) == 12, "191: no way down")
    let gentle = rules(
      #"""
      {"selectPolicy":"Min","policies":[{"type":"Pods","value":1,"periodSeconds":15},
      {"type":"Percent","value":50,"periodSeconds":15}]}
      """#, false)
    #expect(history.floor(12, gentle, at: later) == 11, "191: the smaller step")

    var memory = ScalingHistory()
    var told: [Int64] = []
    for (second, raw) in [(0, 10), (60, 4), (200, 6), (301, 4), (520, 4)] as [(Int64, Int64)] {
      let now = Self.now.advanced(bySeconds: second)
      told.append(memory.highest(raw, window: 300, at: now))
    }
    #expect(told == [10, 10, 10, 6, 4], "190: the highest of the last five minutes")
    var bound = ScalingHistory()
    told = []
    for (second, raw) in [(0, 10), (20, 14), (40, 12), (110, 13)] as [(Int64, Int64)] {
      let now = Self.now.advanced(bySeconds: second)
      told.append(bound.stabilize(raw, current: 8, up: 60, down: 300, at: now))
    }
    #expect(told == [10, 10, 10, 13], "191: the lowest of the last minute on the way up")
  }

  @Test func workloadsAreScaled() {
    var rig = ControllerRig()
    rig.add(HorizontalPodAutoscalerController())
    let deployment = rig.create(
      #"""
      {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web","namespace":"default"},
      "spec":{"replicas":2,"selector":{"matchLabels":{"app":"web"}}}}
      """#)
    let autoscaler = rig.create(
      #"""
      {"apiVersion":"autoscaling/v2","kind":"HorizontalPodAutoscaler",
      "metadata":{"name":"web","namespace":"default","annotations":{"sim.kmf.dev/metric.q":"50"}},
      "spec":{"scaleTargetRef":{"kind":"Deployment","name":"web"},"minReplicas":2,"maxReplicas":8,
      "metrics":[{"type":"External","external":{"metric":{"name":"q"},
      "target":{"averageValue":"10"}}}]}}
      """#)
    let replicas = { (rig: ControllerRig) in
      rig.state.object(deployment.key)?.value["spec"]?["replicas"]?.int64
    }
    let reason = { (rig: ControllerRig, type: String) in
      rig.state.object(autoscaler.key)?.condition(type)?["reason"]?.string
    }
    rig.run(until: 14)
    #expect(replicas(rig) == 2, "186: fifteen seconds apart")
    rig.run(until: 16)
    // Twice as many, or four, and no more at once.
    #expect(replicas(rig) == 4, "190")
    #expect(reason(rig, "ScalingLimited") == "ScaleUpLimit", "190")
    rig.run(until: 31)
    #expect(replicas(rig) == 5)
    #expect(
      rig.events.contains("SuccessfulRescale New size: 5; reason: external metric q above target"))
    rig.edit(autoscaler.key) { value in
      value.change("metadata") { $0["annotations"] = ["sim.kmf.dev/metric.q": "5"] }
    }
    rig.run(until: 200)
    #expect(replicas(rig) == 5 && reason(rig, "AbleToScale") == "ScaleDownStabilized", "190")
    rig.run(until: 400)
    #expect(replicas(rig) == 2 && reason(rig, "ScalingLimited") == "TooFewReplicas", "190, 186")
    rig.edit(deployment.key) { value in value.change("spec") { $0["replicas"] = 20 } }
    rig.run(until: 410)
    #expect(replicas(rig) == 8, "186, 192: at once to the most there may be, whoever wrote it")
    rig.edit(deployment.key) { value in value.change("spec") { $0["replicas"] = 0 } }
    rig.run(until: 440)
    #expect(replicas(rig) == 0 && reason(rig, "ScalingActive") == "ScalingDisabled", "186")
  }
}
