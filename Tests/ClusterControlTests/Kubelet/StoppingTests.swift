import ManifestSchema
import ManifestSyntax
import TestRecordings
import Testing

@testable import ClusterControl

/// How pods on a simulated node end, and what they share (facts 204 to 206, 195, 212).
@Suite struct StoppingTests {
  private struct Case {
    var name: String
    var pod: KubeletTests.Case
    var deleteAt = 10.0
    var grace: Int64?
    /// A second deletion, with this grace, five seconds later.
    var again: Int64?
    /// The second in which the object went.
    var gone: Int64
  }

  private static var cases: [Case] {
    let one = { (container: String, spec: String, annotations: [String: String]) in
      KubeletTests.Case(
        name: "", container: container, spec: spec, annotations: annotations, history: [])
    }
    return [
      Case(name: "204: TERM, and a second to end", pod: one("{}", "{}", [:]), gone: 11),
      Case(
        name: "204: KILL at the end of the grace",
        pod: one("{}", "{}", ["stop-time": "1h"]), gone: 40),
      Case(
        name: "204: the pod's own grace",
        pod: one("{}", #"{"terminationGracePeriodSeconds":5}"#, ["stop-time": "1h"]), gone: 15),
      Case(
        name: "204: the grace of the request", pod: one("{}", "{}", ["stop-time": "1h"]), grace: 7,
        gone: 17),
      Case(
        name: "204: preStop runs inside the grace",
        pod: one(#"{"lifecycle":{"preStop":{"sleep":{"seconds":12}}}}"#, "{}", [:]), gone: 23),
      Case(
        name: "204: a sleep in a shell is understood",
        pod: one(
          #"{"lifecycle":{"preStop":{"exec":{"command":["sh","-c","sleep 4; nginx -s quit"]}}}}"#,
          "{}", [:]), gone: 15),
      Case(
        name: "204: two seconds are always left after preStop",
        pod: one(
          #"{"lifecycle":{"preStop":{"sleep":{"seconds":100}}}}"#, "{}", ["stop-time": "1h"]),
        gone: 42),
      Case(
        name: "204: sidecars stop after the others, in reverse order",
        pod: one(
          "{}",
          #"""
          {"initContainers":[{"name":"s1","image":"web:1","restartPolicy":"Always"},
          {"name":"s2","image":"web:1","restartPolicy":"Always"}]}
          """#, ["stop-time": "3s"]), gone: 19),
      Case(
        name: "204: sidecars share the budget",
        pod: one(
          "{}",
          #"""
          {"terminationGracePeriodSeconds":10,
          "initContainers":[{"name":"s1","image":"web:1","restartPolicy":"Always"}]}
          """#, ["stop-time": "8s"]), gone: 20),
      Case(
        name: "230: the grace can be shortened", pod: one("{}", "{}", ["stop-time": "1h"]),
        again: 3, gone: 18),
      Case(
        name: "230: but not made longer", pod: one("{}", "{}", ["stop-time": "1h"]), grace: 8,
        again: 60, gone: 18),
      Case(
        name: "204: nothing to wait for before it has started", pod: one("{}", "{}", [:]),
        deleteAt: 1, gone: 1),
      Case(
        name: "204: none at all once it has ended",
        pod: one("{}", #"{"restartPolicy":"Never"}"#, ["exit-after": "2s"]), gone: 10),
      Case(
        name: "204: nor for what waits to be restarted",
        pod: one("{}", "{}", ["crash-after": "1s"]),
        gone: 10),
    ]
  }

  @Test func podsStopWithinTheirGrace() {
    for one in Self.cases {
      var rig = KubeletTests.rig()
      let pod = rig.create(KubeletTests.pod(one.pod))
      rig.run(until: one.deleteAt)
      rig.delete(pod.key, Action.Deletion(graceSeconds: one.grace))
      if let again = one.again {
        rig.run(until: one.deleteAt + 5)
        rig.delete(pod.key, Action.Deletion(graceSeconds: again))
      }
      rig.run(until: one.deleteAt + 200)
      let gone = zip(rig.changes, rig.times).first { $0.0.key == pod.key && $0.0.new == nil }?.1
      #expect(gone == one.gone, "\(one.name)")
    }
  }

  @Test func podsHaveAddressesOfTheirNode() {
    var rig = KubeletTests.rig()
    var plain = KubeletTests.Case(name: "", history: [])
    let make = { (rig: inout ControllerRig, name: String) in
      rig.create(
        KubeletTests.pod(plain).replacing(
          #""name":"web","namespace""#, with: #""name":"\#(name)","namespace""#))
    }
    let pods = (1...3).map { make(&rig, "p\($0)") }
    rig.run(until: 5)
    let address = { (rig: ControllerRig, pod: ClusterObject) in
      rig.state.object(pod.key)?.value["status"]?["podIP"]?.string
    }
    #expect(pods.map { address(rig, $0) } == ["10.244.0.2", "10.244.0.3", "10.244.0.4"])
    #expect(rig.state.object(pods[0].key)?.value["status"]?["hostIP"] == "172.18.0.2")
    rig.delete(pods[1].key)
    rig.run(until: 20)
    let next = make(&rig, "p4")
    rig.run(until: 25)
    #expect(address(rig, next) == "10.244.0.5", "an address rests before it is given again")
    rig.restart(0)
    let after = make(&rig, "p5")
    rig.run(until: 40)
    #expect(address(rig, after) == "10.244.0.6", "a kubelet that starts anew knows who has what")
    plain.spec = #"{"hostNetwork":true}"#
    let host = make(&rig, "p6")
    rig.run(until: 45)
    #expect(address(rig, host) == "172.18.0.2", "195: the node's own with hostNetwork")
    let times = rig.history(pods[0].key) { pod in
      pod?.condition("PodReadyToStartContainers")?["status"]?.string
    }
    #expect(times == ["True"], "194")
  }

  @Test func conditionsSayWhatIsMissing() {
    var rig = KubeletTests.rig()
    let pod = rig.create(
      KubeletTests.pod(
        KubeletTests.Case(
          name: "", spec: #"{"readinessGates":[{"conditionType":"example.com/lb"}]}"#, history: []))
    )
    rig.run(until: 1)
    let condition = { (rig: ControllerRig, type: String) in
      let value = rig.state.object(pod.key)?.condition(type)
      return [value?["status"]?.string, value?["reason"]?.string].compactMap { $0 }
        .joined(separator: " ")
    }
    #expect(condition(rig, "Ready") == "False ContainersNotReady", "194")
    #expect(condition(rig, "Initialized") == "True", "194")
    #expect(condition(rig, "PodScheduled") == "True", "194")
    rig.run(until: 10)
    #expect(condition(rig, "ContainersReady") == "True", "194")
    #expect(condition(rig, "Ready") == "False ReadinessGatesNotReady", "194")
    rig.edit(pod.key) { value in
      value.change("status") { status in
        let own: Value = ["type": "example.com/lb", "status": "True"]
        status["conditions"] = .list((status["conditions"]?.list ?? []) + [own])
      }
    }
    rig.run(until: 12)
    #expect(condition(rig, "Ready") == "True", "194: the gate opened")
    #expect(condition(rig, "example.com/lb") == "True", "conditions of others are kept")
    #expect(rig.events.contains("Started Container started"))
  }

  @Test func settingsSayHowImagesBehave() {
    let settings = SimulationSettings(
      Value(
        json: #"""
          {"images":[{"match":"shop/*","ready-after":"5s"},{"match":"*:broken","pull-error":"gone"},
          {"match":"shop/w*b:1","ready-after":7}],"run-time":"3s"}
          """#))
    let behavior = { settings.behavior(ofImage: $0) }
    #expect(behavior("shop/api:1").readyAfter == .seconds(5), "211")
    #expect(behavior("shop/web:1").readyAfter == .seconds(7), "later rules come on top")
    #expect(behavior("web:1").readyAfter == .zero)
    #expect(behavior("shop/web:broken").pullError == "gone")
    #expect(behavior("registry.invalid/web").pullError != nil)
    #expect(settings.runTime == .seconds(3))
    let spans: [(String, Duration?)] = [
      ("12s", .seconds(12)), ("1m30s", .seconds(90)), ("500ms", .milliseconds(500)),
      ("2", .seconds(2)), ("1.5h", .seconds(5400)), ("", nil), ("s", nil), ("-1s", nil),
      ("12x", nil), ("1e99", nil), ("nan", nil),
    ]
    for (text, span) in spans { #expect(DurationText.duration(text) == span, "\(text)") }
  }
}
