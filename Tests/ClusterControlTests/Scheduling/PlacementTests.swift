import ManifestSyntax
import Testing

@testable import ClusterControl

/// Pods among pods: spreading and affinity.
@Suite struct PlacementTests {
  private static let zone = "topology.kubernetes.io/zone"
  private static let host = "kubernetes.io/hostname"

  private func spread(
    _ key: String, skew: Int = 1, _ more: String = "", soft: Bool = false
  ) -> String {
    """
    "topologySpreadConstraints":[{"maxSkew":\(skew),"topologyKey":"\(key)","whenUnsatisfiable":
    "\(soft ? "ScheduleAnyway" : "DoNotSchedule")","labelSelector":{"matchLabels":{"app":"a"}}\(more)}]
    """
  }

  /// 171: pods in zones as they are, and the zones that take one more.
  @Test func spreadsOverZones() {
    let table: [(name: String, zones: [String: Int], skew: Int, more: String, open: String)] = [
      ("even", ["a": 1, "b": 1], 1, "", "ab"), ("one behind", ["a": 1, "b": 0], 1, "", "b"),
      ("skew 2", ["a": 2, "b": 0], 2, "", "b"), ("skew 2 left", ["a": 1, "b": 0], 2, "", "ab"),
      ("far behind", ["a": 5, "b": 1, "c": 1], 1, "", "bc"),
      ("too few domains", ["a": 1, "b": 1], 1, #","minDomains":3"#, ""),
      ("enough domains", ["a": 1, "b": 1], 1, #","minDomains":2"#, "ab"),
    ]
    for (name, zones, skew, more, open) in table {
      for zone in zones.keys.sorted() {
        var world = SchedulingWorld()
        for (zone, count) in zones.sorted(by: { $0.key < $1.key }) {
          world.node("n\(zone)", labels: "\(Self.zone)=\(zone)")
          for number in 0..<count { world.pod("\(zone)\(number)", labels: "app=a", on: "n\(zone)") }
        }
        let only = #","nodeSelector":{"kubernetes.io/hostname":"n\#(zone)"}"#
        let ignoring = more + #","nodeAffinityPolicy":"Ignore""#
        world.pod(
          "p", labels: "app=a", spec: spread(Self.zone, skew: skew, ignoring) + only)
        world.settle()
        #expect(
          (world.place("p") != nil) == open.contains(zone), "171 \(name): one more in \(zone)")
      }
    }
  }

  @Test func spreadingCountsOnlyWhatMatters() {
    // Pods on their way out do not count.
    var world = SchedulingWorld()
    world.node("n1", labels: "\(Self.zone)=a")
    world.node("n2", labels: "\(Self.zone)=b")
    world.pod("q", labels: "app=a", on: "n1")
    world.rig.delete(world.key("q"))
    world.pod(
      "p", labels: "app=a",
      spec: spread(Self.zone) + #","nodeSelector":{"kubernetes.io/hostname":"n1"}"#)
    world.settle()
    #expect(world.place("p") == "n1")
    // Nodes without the label are out.
    world.node("n3")
    world.pod(
      "r", labels: "app=a",
      spec: spread(Self.zone) + #","nodeSelector":{"kubernetes.io/hostname":"n3"}"#)
    world.settle()
    let trouble = world.trouble("r") ?? ""
    #expect(trouble.contains("1 node(s) didn't match pod topology spread constraints (missing"))
    // matchLabelKeys: pods of another template do not count.
    world.pod("s1", labels: "app=a,hash=1", on: "n1")
    world.pod(
      "s2", labels: "app=a,hash=2",
      spec: spread(Self.zone, #","matchLabelKeys":["hash"]"#)
        + #","nodeSelector":{"kubernetes.io/hostname":"n1"}"#)
    world.settle()
    #expect(world.place("s2") == "n1")
  }

  /// 172.
  @Test func affinity() {
    func rule(_ kind: String, _ app: String, _ key: String = Self.host) -> String {
      """
      "affinity":{"\(kind)":{"requiredDuringSchedulingIgnoredDuringExecution":
      [{"topologyKey":"\(key)","labelSelector":{"matchLabels":{"app":"\(app)"}}}]}}
      """
    }
    var world = SchedulingWorld()
    for (node, zone) in [("n1", "a"), ("n2", "a"), ("n3", "b")] {
      world.node(node, labels: "\(Self.zone)=\(zone)")
    }
    world.pod("near", labels: "app=x", spec: rule("podAffinity", "db", Self.zone))
    world.settle()
    #expect(world.trouble("near")?.contains("3 node(s) didn't match pod affinity rules") == true)
    world.pod("db", labels: "app=db", on: "n3")
    world.settle()
    #expect(world.place("near") == "n3")
    // The first of a group that wants itself may go anywhere, the second must follow.
    world.pod("g1", labels: "app=g", spec: rule("podAffinity", "g"))
    world.pod("g2", labels: "app=g", spec: rule("podAffinity", "g"))
    world.settle()
    #expect(world.place("g1") != nil)
    #expect(world.place("g1") == world.place("g2"))
    // One on each node, and no more.
    for number in 1...4 {
      world.pod("apart\(number)", labels: "app=apart", spec: rule("podAntiAffinity", "apart"))
    }
    world.settle()
    #expect(Set((1...3).map { world.place("apart\($0)") }) == ["n1", "n2", "n3"])
    #expect(
      world.trouble("apart4")?.contains("3 node(s) didn't match pod anti-affinity rules") == true)
    // Those that are there keep others away as well.
    world.pod("lonely", labels: "app=lonely", spec: rule("podAntiAffinity", "guest", Self.zone))
    world.settle()
    let zone = world.place("lonely") == "n3" ? "b" : "a"
    world.pod(
      "guest", labels: "app=guest", spec: #""nodeSelector":{"\#(Self.zone)":"\#(zone)"}"#)
    world.settle()
    #expect(
      world.trouble("guest")?.contains("didn't satisfy existing pods anti-affinity rules")
        == true)
    world.remove("lonely")
    world.rig.run(until: 2)
    #expect(world.place("guest") != nil)
  }

  /// 161, 173–179: where a pod goes when it may go anywhere.
  @Test func preferences() {
    let taste = #""taints":[{"key":"k","effect":"PreferNoSchedule"}]"#
    checkBest([
      (
        "173 the emptier",
        {
          $0.node("other")
          $0.node("best")
          $0.pod("q", cpu: "2", memory: "4Gi", on: "other")
          $0.pod("p", cpu: "1", memory: "1Gi")
        }
      ),
      (
        "173 the larger",
        {
          $0.node("other", cpu: "4", memory: "8Gi")
          $0.node("best", cpu: "8", memory: "16Gi")
          $0.pod("p")
        }
      ),
      (
        "175 fewer tastes",
        {
          $0.node("other", spec: taste)
          $0.node("best")
          $0.pod("q", cpu: "500m", memory: "1Gi", on: "best")
          $0.pod("p")
        }
      ),
      (
        "176 preferred",
        {
          $0.node("other")
          $0.node("best", labels: "disk=ssd")
          $0.pod("q", cpu: "1", memory: "2Gi", on: "best")
          $0.pod(
            "p",
            spec: #""affinity":{"nodeAffinity":{"preferredDuringSchedulingIgnoredDuringExecution":"#
              + #"[{"weight":1,"preference":{"matchExpressions":[{"key":"disk","operator":"Exists"}]}"#
              + "}]}}")
        }
      ),
    ])
  }

  /// 177–179.
  @Test func preferencesAmongPods() {
    let mb = 1024 * 1024
    func soft(_ kind: String, _ app: String) -> String {
      """
      "affinity":{"\(kind)":{"preferredDuringSchedulingIgnoredDuringExecution":[{"weight":10,
      "podAffinityTerm":{"topologyKey":"\(Self.host)","labelSelector":{"matchLabels":
      {"app":"\(app)"}}}}]}}
      """
    }
    checkBest([
      (
        "177 near friends",
        {
          $0.node("other")
          $0.node("best")
          $0.pod("q", cpu: "1", memory: "2Gi", labels: "app=f", on: "best")
          $0.pod("p", spec: soft("podAffinity", "f"))
        }
      ),
      (
        "177 far from others",
        {
          $0.node("other")
          $0.node("best")
          $0.pod("q", labels: "app=f", on: "other")
          $0.pod("r", cpu: "1", memory: "2Gi", on: "best")
          $0.pod("p", spec: soft("podAntiAffinity", "f"))
        }
      ),
      (
        "178 fewer peers",
        {
          $0.node("other")
          $0.node("best")
          $0.pod("q", labels: "app=a", on: "other")
          $0.pod("r", cpu: "1", memory: "2Gi", on: "best")
          $0.pod("p", labels: "app=a", spec: spread(Self.host, soft: true))
        }
      ),
      (
        "179 images",
        {
          let image = #","images":[{"names":["a:1"],"sizeBytes":\#(900 * mb)}]"#
          $0.node("other")
          $0.node("best", status: image)
          $0.pod("p")
        }
      ),
    ])
  }

  private func checkBest(_ table: [(name: String, build: (inout SchedulingWorld) -> Void)]) {
    for (name, build) in table {
      var world = SchedulingWorld()
      build(&world)
      world.settle()
      #expect(world.place("p") == "best", "\(name)")
    }
  }

  /// 178: the pods of a Service are spread without asking.
  @Test func usualSpreading() {
    var world = SchedulingWorld()
    world.rig.create(
      #"{"apiVersion":"v1","kind":"Service","metadata":{"name":"s","namespace":"default"},"#
        + #""spec":{"selector":{"app":"a"}}}"#)
    for number in 0..<6 {
      world.node("n\(number)", labels: "\(Self.zone)=z\(number % 3)")
    }
    for number in 0..<12 { world.pod("p\(number)", cpu: "100m", memory: "100Mi", labels: "app=a") }
    world.settle()
    var counts: [String: Int] = [:]
    for number in 0..<12 { counts[world.place("p\(number)") ?? "", default: 0] += 1 }
    #expect(counts.values.allSatisfy { $0 == 2 } && counts.count == 6, "\(counts)")
  }

  /// 161: ties fall by chance, which the seed decides.
  @Test func tiesAreSpread() {
    var world = SchedulingWorld()
    for number in 0..<5 { world.node("n\(number)") }
    var places: Set<String> = []
    for number in 0..<40 {
      world.pod("p\(number)")
      world.settle()
      if let place = world.place("p\(number)") { places.insert(place) }
      world.remove("p\(number)")
    }
    #expect(places.count == 5)
  }

  /// One cycle, step by step.
  @Test func cyclesGoOneWay() {
    var world = SchedulingWorld()
    world.node("full", cpu: "2")
    world.node("small", cpu: "500m")
    world.pod("low", cpu: "1500m", on: "full", spec: #""priority":1"#)
    // 160: of many the best is taken, of one that one, and where there is none others have to go.
    world.pod("little", cpu: "100m", spec: #""priority":1"#)
    world.settle()
    #expect(world.place("little") == "small")
    world.pod("middle", cpu: "500m", spec: #""priority":1"#)
    world.settle()
    #expect(world.place("middle") == "full", "as full as can be, and the only one")
    world.pod("big", cpu: "1500m", spec: #""priority":10"#)
    world.settle()
    #expect(world.object("big")?.value["status"]?["nominatedNodeName"] == "full")
    #expect(world.object("low")?.isTerminating == true)
    // 158: the node that was cleared comes before all others, however good they are.
    world.remove("low")
    world.node("empty", cpu: "64")
    world.settle()
    #expect(world.place("big") == "full")
    // 158: a pod that names its node is tried on no other.
    let only = """
      "affinity":{"nodeAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":
      {"nodeSelectorTerms":[{"matchFields":[{"key":"metadata.name","operator":"In",
      "values":["small"]}]}]}}}
      """
    world.pod("homesick", cpu: "1", spec: only)
    world.settle()
    let trouble = world.trouble("homesick") ?? ""
    #expect(trouble.hasPrefix("0/3 nodes are available: 1 Insufficient cpu, 2 node(s) didn't"))

    // 158: a search ends when a hundred are good enough, and the next one goes on from there.
    var wide = SchedulingWorld()
    for number in 0..<150 { wide.node("n\(number)", cpu: number == 120 ? "64" : "4") }
    for number in 1...2 {
      wide.pod("p\(number)", cpu: "1")
      wide.settle()
      #expect((wide.place("p\(number)") == "n120") == (number == 2))
    }
  }
}
