import ManifestSyntax
import TestRecordings
import Testing

@testable import ClusterControl

/// Which nodes take which pods, and what is said when none does; numbers as in the list of facts.
@Suite struct FilterTests {
  private static let notHelpful =
    " no new claims to deallocate, preemption: 0/1 nodes are available:"
    + " 1 Preemption is not helpful for scheduling."
  private static let noVictims =
    " no new claims to deallocate, preemption: 0/1 nodes are available:"
    + " 1 No preemption victims found for incoming pod."

  private struct Case {
    var name: String
    /// Why the one node does not take the pod; nil when it does.
    var reason: String?
    var isFinal = false
    var build: (inout SchedulingWorld) -> Void

    init(
      _ name: String, _ reason: String?, isFinal: Bool = false,
      _ build: @escaping (inout SchedulingWorld) -> Void
    ) {
      self.name = name
      self.reason = reason
      self.isFinal = isFinal
      self.build = build
    }
  }

  private func check(_ cases: [Case]) {
    for one in cases {
      var world = SchedulingWorld()
      one.build(&world)
      world.settle()
      let expected = one.reason.map {
        "0/1 nodes are available: \($0)." + (one.isFinal ? Self.notHelpful : Self.noVictims)
      }
      #expect(world.trouble("p") == expected, "\(one.name)")
      #expect((world.place("p") == "n") == (one.reason == nil), "\(one.name)")
    }
  }

  @Test func nodesThemselves() {
    let taint = #""taints":[{"key":"k","value":"v","effect":"NoSchedule"}]"#
    let zone = "topology.kubernetes.io/zone"
    check([
      Case("164 cordoned", "1 node(s) were unschedulable", isFinal: true) {
        $0.node("n", spec: #""unschedulable":true"#)
        $0.pod("p")
      },
      Case("164 tolerated", nil) {
        $0.node("n", spec: #""unschedulable":true"#)
        let key = "node.kubernetes.io/unschedulable"
        $0.pod("p", spec: #""tolerations":[{"key":"\#(key)","operator":"Exists"}]"#)
      },
      Case("166 taint", "1 node(s) had untolerated taint(s)", isFinal: true) {
        $0.node("n", spec: taint)
        $0.pod("p")
      },
      Case("166 tolerated", nil) {
        $0.node("n", spec: taint)
        $0.pod("p", spec: #""tolerations":[{"key":"k","value":"v","effect":"NoSchedule"}]"#)
      },
      Case("166 another value", "1 node(s) had untolerated taint(s)", isFinal: true) {
        $0.node("n", spec: taint)
        $0.pod("p", spec: #""tolerations":[{"key":"k","value":"w"}]"#)
      },
      Case("166 tastes do not matter", nil) {
        $0.node("n", spec: #""taints":[{"key":"k","effect":"PreferNoSchedule"}]"#)
        $0.pod("p")
      },
      Case("167 selector", "1 node(s) didn't match Pod's node affinity/selector", isFinal: true) {
        $0.node("n", labels: "\(zone)=a")
        $0.pod("p", spec: #""nodeSelector":{"\#(zone)":"b"}"#)
      },
      Case("167 selector fits", nil) {
        $0.node("n", labels: "\(zone)=a")
        $0.pod("p", spec: #""nodeSelector":{"\#(zone)":"a"}"#)
      },
    ])
  }

  @Test func nodeAffinity() {
    func affinity(_ terms: String) -> String {
      """
      "affinity":{"nodeAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":
      {"nodeSelectorTerms":[\(terms)]}}}
      """
    }
    func expression(_ text: String) -> String { "{\"matchExpressions\":[{\(text)}]}" }
    let affinities: [(name: String, terms: String, fits: Bool)] = [
      ("In", expression(#""key":"disk","operator":"In","values":["hdd","ssd"]"#), true),
      ("NotIn", expression(#""key":"disk","operator":"NotIn","values":["ssd"]"#), false),
      ("NotIn, missing", expression(#""key":"x","operator":"NotIn","values":["y"]"#), true),
      ("Exists", expression(#""key":"disk","operator":"Exists""#), true),
      ("DoesNotExist", expression(#""key":"disk","operator":"DoesNotExist""#), false),
      ("Gt", expression(#""key":"size","operator":"Gt","values":["4"]"#), true),
      ("Lt", expression(#""key":"size","operator":"Lt","values":["5"]"#), false),
      ("empty term", "{}", false),
      ("empty or good", "{},\(expression(#""key":"disk","operator":"Exists""#))", true),
    ]
    var cases = [
      Case(
        "167 another name", "1 node(s) didn't satisfy plugin(s) [NodeAffinity]", isFinal: true
      ) {
        $0.node("n")
        let field = #"{"key":"metadata.name","operator":"In","values":["m"]}"#
        $0.pod("p", spec: affinity("{\"matchFields\":[\(field)]}"))
      }
    ]
    for (name, terms, fits) in affinities {
      let reason = "1 node(s) didn't match Pod's node affinity/selector"
      cases.append(
        Case("167 \(name)", fits ? nil : reason, isFinal: true) {
          $0.node("n", labels: "disk=ssd,size=5")
          $0.pod("p", spec: affinity(terms))
        })
    }
    check(cases)
  }

  @Test func ports() {
    func port(_ text: String) -> String { ",\"ports\":[{\(text)}]" }
    let clash = "1 node(s) didn't have free ports for the requested pod ports"
    let ports: [(name: String, taken: String, wanted: String, fits: Bool)] = [
      ("same", #""hostPort":80"#, #""hostPort":80"#, false),
      ("another number", #""hostPort":80"#, #""hostPort":81"#, true),
      ("another protocol", #""hostPort":80"#, #""hostPort":80,"protocol":"UDP""#, true),
      (
        "another address", #""hostPort":80,"hostIP":"10.0.0.1""#,
        #""hostPort":80,"hostIP":"10.0.0.2""#, true
      ),
      ("anywhere", #""hostPort":80,"hostIP":"10.0.0.1""#, #""hostPort":80"#, false),
      ("no host port", #""containerPort":80"#, #""containerPort":80"#, true),
    ]
    let cases = ports.map { name, taken, wanted, fits in
      Case("168 \(name)", fits ? nil : clash) {
        $0.node("n")
        $0.pod("q", on: "n", container: port(taken))
        $0.pod("p", container: port(wanted))
      }
    }
    check(cases)
  }

  @Test func resources() {
    var cases: [Case] = []
    let fits: [(name: String, cpu: String, memory: String, spec: String, reason: String?)] = [
      ("all that is left", "1", "1Gi", "", nil),
      ("too much", "1001m", "1Gi", "", "1 Insufficient cpu"),
      ("too much of both", "2", "2Gi", "", "1 Insufficient cpu, 1 Insufficient memory"),
      ("nothing", "", "", "", nil),
      ("overhead", "1", "", #""overhead":{"cpu":"1m"}"#, "1 Insufficient cpu"),
      (
        "init containers alone", "500m", "",
        #""initContainers":[{"name":"i","resources":{"requests":{"cpu":"1"}}}]"#, nil
      ),
      (
        "sidecars with the rest", "500m", "",
        #""initContainers":[{"name":"i","restartPolicy":"Always","resources":{"requests":"#
          + #"{"cpu":"501m"}}}]"#,
        "1 Insufficient cpu"
      ),
      ("of the whole pod", "2", "", #""resources":{"requests":{"cpu":"1"}}"#, nil),
    ]
    for (name, cpu, memory, spec, reason) in fits {
      cases.append(
        Case("169 \(name)", reason) {
          $0.node("n", cpu: "4", memory: "4Gi")
          $0.pod("q", cpu: "3", memory: "3Gi", on: "n")
          $0.pod("p", cpu: cpu, memory: memory, spec: spec)
        })
    }
    cases += [
      Case("169 more than the node", "1 Insufficient cpu", isFinal: true) {
        $0.node("n", cpu: "4")
        $0.pod("p", cpu: "5")
      },
      Case("169 pods", "1 Too many pods") {
        $0.node("n", pods: 1)
        $0.pod("q", on: "n")
        $0.pod("p")
      },
      Case("169 scalars", "1 Insufficient example.com/gpu") {
        $0.node("n", more: #","example.com/gpu":"2""#)
        let wants = { (count: Int) in
          #","resources":{"requests":{"example.com/gpu":"\#(count)"}}"#
        }
        $0.pod("q", on: "n", spec: #""priority":0"#, container: wants(1))
        $0.pod("p", container: wants(2))
      },
      Case("169 finished pods leave room", nil) {
        $0.node("n", cpu: "4")
        $0.pod("q", cpu: "4", on: "n", status: #","phase":"Succeeded""#)
        $0.pod("p", cpu: "4")
      },
    ]
    check(cases)
  }

  @Test func volumes() {
    let claim = #""volumes":[{"name":"v","persistentVolumeClaim":{"claimName":"c"}}]"#
    func make(_ rig: inout ControllerRig, _ kind: String, _ name: String, _ rest: String) {
      let resources: [String: GroupResource] = [
        "StorageClass": .storageClasses, "PersistentVolume": .persistentVolumes,
        "PersistentVolumeClaim": .persistentVolumeClaims,
      ]
      guard let resource = resources[kind] else { return }
      let value = Value(json: #"{"kind":"\#(kind)","metadata":{"name":"\#(name)"},\#(rest)}"#)
      let namespace = kind == "PersistentVolumeClaim" ? "default" : nil
      try? rig.perform(.create(value, resource, namespace: namespace))
    }
    let here =
      #""nodeAffinity":{"required":{"nodeSelectorTerms":[{"matchExpressions":"#
      + #"[{"key":"kubernetes.io/hostname","operator":"In","values":["m"]}]}]}}"#
    check([
      Case("170 disks", "1 node(s) had no available disk") {
        let disk = #""volumes":[{"name":"v","gcePersistentDisk":{"pdName":"d"}}]"#
        $0.node("n")
        $0.pod("q", on: "n", spec: disk)
        $0.pod("p", spec: disk)
      },
      Case("170 disks for reading", nil) {
        let disk = #""volumes":[{"name":"v","gcePersistentDisk":{"pdName":"d","readOnly":true}}]"#
        $0.node("n")
        $0.pod("q", on: "n", spec: disk)
        $0.pod("p", spec: disk)
      },
      Case("170 volume elsewhere", "1 node(s) had volume node affinity conflict", isFinal: true) {
        $0.node("n")
        make(&$0.rig, "PersistentVolume", "v", "\"spec\":{\(here)}")
        make(&$0.rig, "PersistentVolumeClaim", "c", #""spec":{"volumeName":"v"}"#)
        $0.pod("p", spec: claim)
      },
      Case("170 provisioned", nil) {
        $0.node("n")
        make(&$0.rig, "StorageClass", "s", #""provisioner":"example.com/disks""#)
        make(&$0.rig, "PersistentVolumeClaim", "c", #""spec":{"storageClassName":"s"}"#)
        $0.pod("p", spec: claim)
      },
      Case(
        "170 nothing to bind", "1 node(s) didn't find available persistent volumes to bind",
        isFinal: true
      ) {
        $0.node("n")
        make(
          &$0.rig, "StorageClass", "s",
          #""provisioner":"kubernetes.io/no-provisioner","volumeBindingMode":"WaitForFirstConsumer""#
        )
        make(&$0.rig, "PersistentVolumeClaim", "c", #""spec":{"storageClassName":"s"}"#)
        $0.pod("p", spec: claim)
      },
    ])
    var world = SchedulingWorld()
    world.node("n")
    world.pod("p", spec: claim)
    world.settle()
    #expect(
      world.trouble("p")
        == "0/1 nodes are available: persistentvolumeclaim \"c\" not found." + Self.notHelpful)
    make(&world.rig, "PersistentVolumeClaim", "c", #""spec":{}"#)
    world.settle()
    #expect(
      world.trouble("p") == "0/1 nodes are available: pod has unbound immediate"
        + " PersistentVolumeClaims." + Self.notHelpful)
  }

  /// 153–160: nodes tried, found, counted.
  @Test func enoughNodes() {
    let table: [(nodes: Int, enough: Int)] = [
      (10, 10), (99, 99), (100, 100), (200, 100), (500, 230), (1000, 420), (5000, 500),
      (6000, 300), (10_000, 500),
    ]
    for (nodes, enough) in table {
      #expect(SchedulingCycle.enough(of: nodes) == enough, "159: \(nodes) nodes")
    }
  }
}
