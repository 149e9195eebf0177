import ManifestSchema
import ManifestSyntax
import TestRecordings
import Testing

@testable import ClusterControl

/// Pods whose ConfigMaps and Secrets are missing, and come later.
@Suite struct NeedsTests {
  private struct Case {
    var name: String
    var container = "{}"
    var spec = "{}"
    /// What is made 17 seconds after the pod.
    var made: [String]
    var history: [String]
    var events: [String]
  }

  private static let map = #"{"kind":"ConfigMap","data":{"a":"1"}}"#
  private static let secret = #"{"kind":"Secret","data":{"a":"MQ=="}}"#
  /// Pulled after two seconds; the turns of the kubelet are ten seconds apart.
  private static let byTurns = [
    "0 Pending 0/1 ContainerCreating", "2 Pending 0/1 CreateContainerConfigError",
    "17 Pending 0/1 ContainerCreating", "23 Running 1/1",
  ]

  private static let cases: [Case] = [
    Case(
      name: "envFrom a ConfigMap",
      container: #"{"envFrom":[{"configMapRef":{"name":"own"}}]}"#, made: [map],
      history: byTurns, events: [#"Failed Error: configmap "own" not found"#]),
    Case(
      name: "a key of a Secret",
      container: #"{"env":[{"name":"A","valueFrom":{"secretKeyRef":{"name":"own","key":"a"}}}]}"#,
      made: [secret], history: byTurns, events: [#"Failed Error: secret "own" not found"#]),
    Case(
      name: "a key that is not in it",
      container: """
        {"env":[{"name":"A","valueFrom":{"configMapKeyRef":{"name":"own","key":"b"}}}]}
        """, made: [map],
      history: [
        "0 Pending 0/1 ContainerCreating", "2 Pending 0/1 CreateContainerConfigError",
      ], events: [#"Failed Error: configmap "own" not found"#]),
    Case(
      name: "what is optional is not waited for",
      container: """
        {"envFrom":[{"secretRef":{"name":"own","optional":true}}],
        "env":[{"name":"A","value":"1"}]}
        """,
      spec: #"{"volumes":[{"name":"v","configMap":{"name":"own","optional":true}}]}"#, made: [],
      history: ["0 Pending 0/1 ContainerCreating", "3 Running 1/1"], events: []),
    Case(
      name: "a volume is tried after 0.5, 1, 2, 4 … seconds, and comes before the image",
      spec: #"{"volumes":[{"name":"v","secret":{"secretName":"own"}}]}"#, made: [secret],
      history: ["0 Pending 0/1 ContainerCreating", "34 Running 1/1"],
      events: [#"FailedMount MountVolume.SetUp failed for volume "v" : secret "own" not found"#]),
    Case(
      name: "a projected volume of two objects, and init containers",
      spec: """
        {"initContainers":[{"name":"setup","image":"web:1"}],
        "volumes":[{"name":"v","projected":{"sources":[{"configMap":{"name":"own",
        "items":[{"key":"a","path":"a"}]}},{"secret":{"name":"own"}}]}}]}
        """, made: [map, secret],
      history: ["0 Pending 0/1 PodInitializing", "36 Running 1/1"],
      events: [
        #"FailedMount MountVolume.SetUp failed for volume "v" : configmap "own" not found"#
      ]),
  ]

  @Test func podsWaitForWhatTheyNeed() {
    for one in Self.cases {
      for restart in [nil, 9.0] {
        var rig = KubeletTests.rig()
        let pod = rig.create(
          KubeletTests.pod(
            KubeletTests.Case(
              name: one.name, container: one.container, spec: one.spec, history: [])))
        if let restart {
          rig.run(until: restart)
          rig.restart(0)
        }
        rig.run(until: 17)
        for text in one.made {
          var value = Value(json: text)
          value["metadata"] = ["name": "own", "namespace": "default"]
          rig.create(String(decoding: JSONWriter.bytes(value), as: UTF8.self))
        }
        rig.run(until: 100)
        if restart == nil {
          #expect(KubeletTests.history(rig, pod.key) == one.history, "\(one.name)")
        }
        let told = rig.events.filter { $0.hasPrefix("Failed") }
        #expect(told == one.events, "\(one.name), \(restart as Any)")
        let isReady = rig.state.object(pod.key)?.pod?.isReady
        #expect(isReady == one.history.last?.hasSuffix("Running 1/1"), "\(one.name)")
      }
    }
  }

  /// Nothing has an address before its volumes are there, and nothing is lost when it goes.
  @Test func aPodThatCannotMountHasNoNetwork() {
    var rig = KubeletTests.rig()
    let pod = rig.create(
      KubeletTests.pod(
        KubeletTests.Case(
          name: "", spec: #"{"volumes":[{"name":"v","configMap":{"name":"own"}}]}"#, history: [])))
    rig.run(until: 5)
    let waiting = rig.state.object(pod.key)
    #expect(waiting?.value["status"]?["podIP"] == nil)
    #expect(waiting?.condition("PodReadyToStartContainers")?["status"] == "False", "194")
    rig.delete(pod.key)
    rig.run(until: 60)
    #expect(rig.state.object(pod.key) == nil, "205")
  }
}
