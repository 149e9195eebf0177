import ManifestSchema
import ManifestSyntax
import Testing

@testable import ClusterControl

@Suite struct AllocationTests {
  private static func service(_ spec: String, _ name: String = "web") -> Value {
    Value(
      yaml: "{kind: Service, metadata: {name: \(name), namespace: shop, uid: uid-\(name)}, "
        + "spec: {\(spec)}}")
  }

  private static func allocator(
    _ service: Value, _ cluster: TestCluster, _ network: ServiceNetwork = .standard,
    seed: UInt64 = 1, isDryRun: Bool = false
  ) -> ServiceAllocator {
    let owner = AllocationOwner(
      ResourceKey(.services, namespace: "shop", name: service.metadataName),
      uid: service["metadata"]?["uid"]?.string ?? "")
    return ServiceAllocator(
      network: network, table: cluster, owner: owner, seed: seed, isDryRun: isDryRun)
  }

  private static func network(_ cidrs: String..., ports: ClosedRange<Int>) -> ServiceNetwork? {
    ServiceNetwork(serviceCIDRs: cidrs.compactMap { CIDR($0) }, nodePorts: ports)
  }

  /// Facts 213 and 214.
  @Test func bandsAreThoseOfTheServer() throws {
    for (cidr, count, band) in [
      ("10.96.0.0/12", 1_048_574, 256), ("10.96.0.0/24", 254, 16), ("10.96.0.0/28", 14, 0),
      ("10.96.0.0/20", 4094, 256), ("10.96.0.0/23", 510, 32), ("fd00::/120", 255, 16),
    ] as [(String, UInt64, UInt64)] {
      let range = try #require(CIDR(cidr).flatMap { AddressRange($0) })
      #expect(range.count == count && range.lowerBand == band, "\(cidr): \(range.lowerBand)")
      #expect(!range.contains(range.placeholder), "\(cidr)")
      #expect(range.contains(range.address(at: 0)), "\(cidr)")
      #expect(range.contains(range.address(at: count - 1)), "\(cidr)")
    }
    for cidr in ["10.0.0.0/32", "10.0.0.0/31", "fd00::/128"] {
      #expect(CIDR(cidr).flatMap { AddressRange($0) } == nil, "\(cidr)")
    }
    #expect(ServiceNetwork.standard.portBands.lowerBand == 86)
    #expect(Self.network("10.0.0.0/24", "10.1.0.0/24", ports: 1...2) == nil)
    #expect(Self.network("10.0.0.0/24", ports: 0...2) == nil)
  }

  /// Facts 213 and 214.
  @Test func picksLeaveTheLowerBandForLast() throws {
    let network = try #require(Self.network("10.0.0.0/27", ports: 30000...30019))
    let cluster = TestCluster()
    var order: [UInt64] = []
    for index in 0..<30 {
      var one = Self.service("type: ClusterIP", "s\(index)")
      var allocator = Self.allocator(one, cluster, network, seed: UInt64(index))
      try allocator.create(&one)
      let address = try #require(one["spec"]?["clusterIP"]?.string.flatMap { IPAddress($0) })
      order.append(UInt64(address.bits & 31))
      #expect(one["spec"]?["clusterIPs"] == .list([.string(address.description)]))
    }
    #expect(Set(order).count == 30)
    #expect(order.prefix(14).allSatisfy { $0 > 16 } && order.dropFirst(14).allSatisfy { $0 <= 16 })
    #expect(order.prefix(14) != order.prefix(14).sorted()[...], "picks are not random")
    var late = Self.service("type: ClusterIP", "late")
    var allocator = Self.allocator(late, cluster, network)
    #expect(throws: AdmissionRefusal.self) { try allocator.create(&late) }
    try allocator.delete(Self.service("clusterIP: 10.0.0.3, clusterIPs: [10.0.0.3]", "s1"))
    #expect(cluster.taken.count == 30, "only the owner gives back")
  }

  @Test func servicesTakeAndGiveBack() throws {
    let dual = try #require(
      Self.network("10.96.0.0/12", "fd00::/112", ports: 30000...32767))
    /// What is stored, the steps, how many allocations are held after each.
    let stories: [(name: String, network: ServiceNetwork, steps: [(spec: String, held: Int)])] = [
      (
        "type", .standard,
        [
          ("type: ClusterIP, ports: [{port: 80}]", 1),
          ("type: NodePort, ports: [{port: 80}]", 2),
          ("type: NodePort, ports: [{name: a, port: 80}, {name: b, port: 81}]", 3),
          ("type: LoadBalancer, externalTrafficPolicy: Local, ports: [{name: a, port: 80}]", 3),
          ("type: ExternalName, externalName: a.b", 0),
          ("type: ClusterIP, ports: [{port: 80}]", 1),
        ]
      ),
      (
        "shared", .standard,
        [
          ("type: NodePort, ports: [{name: t, port: 53}, {name: u, port: 53, protocol: UDP}]", 2),
          ("type: ClusterIP, ports: [{name: t, port: 53}]", 1),
        ]
      ),
      (
        "stacks", dual,
        [
          ("type: ClusterIP, ipFamilyPolicy: SingleStack", 1),
          ("type: ClusterIP, ipFamilyPolicy: PreferDualStack", 2),
          ("type: ClusterIP, ipFamilyPolicy: SingleStack", 1),
          ("type: ClusterIP, ipFamilyPolicy: RequireDualStack", 2),
        ]
      ),
      (
        "no ports of nodes", .standard,
        [
          ("type: LoadBalancer, allocateLoadBalancerNodePorts: false, ports: [{port: 80}]", 1),
          ("type: LoadBalancer, ports: [{port: 80}]", 2),
        ]
      ),
      ("headless", .standard, [("type: ClusterIP, clusterIP: None", 0)]),
    ]
    for story in stories {
      let cluster = TestCluster()
      var stored: Value?
      for (index, step) in story.steps.enumerated() {
        var next = Self.service(step.spec)
        var allocator = Self.allocator(next, cluster, story.network, seed: UInt64(index))
        if let stored {
          try allocator.update(&next, replacing: stored)
          if step.spec.contains("ClusterIP"), ServiceFields(stored).needsClusterIP {
            #expect(next["spec"]?["clusterIP"] == stored["spec"]?["clusterIP"], "\(story.name)")
          }
        } else {
          try allocator.create(&next)
        }
        #expect(cluster.taken.count == step.held, "\(story.name) \(index): \(cluster.taken)")
        let all = cluster.taken.map { (key: $0.key, owner: $0.value) }
        let problems = AllocationCheck.problems(services: [next], nodes: [], taken: all)
        #expect(problems.isEmpty, "\(story.name) \(index): \(problems)")
        stored = next
      }
      if let stored {
        try Self.allocator(stored, cluster, story.network).delete(stored)
        #expect(cluster.taken.isEmpty, "\(story.name)")
      }
    }
  }

  @Test func portsAreKnownByTheirNames() throws {
    let cluster = TestCluster()
    var old = Self.service("type: NodePort, ports: [{name: a, port: 80}, {name: b, port: 81}]")
    var allocator = Self.allocator(old, cluster)
    try allocator.create(&old)
    let before = ServiceFields(old).nodePorts
    var new = Self.service("type: NodePort, ports: [{name: b, port: 90}, {name: c, port: 80}]")
    try allocator.update(&new, replacing: old)
    let after = ServiceFields(new).nodePorts
    #expect(after[0] == before[1] && after[1] != before[0])
    #expect(cluster.taken[.nodePort(before[0])] == nil)
  }

  @Test func dryRunsTakeNothingByName() throws {
    let cluster = TestCluster()
    cluster.take([.address("10.96.0.1"), .nodePort(30001)], for: "other")
    var one = Self.service("clusterIP: 10.96.0.1, type: NodePort, ports: [{port: 1, nodePort: 5}]")
    var allocator = Self.allocator(one, cluster, isDryRun: true)
    try allocator.create(&one)
    var picked = Self.service("type: ClusterIP")
    try allocator.create(&picked)
    #expect(picked["spec"]?["clusterIP"] == "10.96.0.0")
    #expect(cluster.taken.count == 2)
  }

  @Test func nodesGetRangesForTheirPods() throws {
    let cluster = TestCluster()
    let cidr = try #require(CIDR("10.244.0.0/22"))
    let reserved = try #require(CIDR("10.244.1.0/25"))
    let allocator = try #require(
      PodCIDRAllocator(cluster: cidr, reserved: [reserved], table: cluster))
    func owner(_ name: String) -> AllocationOwner {
      AllocationOwner(ResourceKey(.nodes, name: name), uid: "uid-\(name)")
    }
    func node(_ name: String, _ range: String? = nil) -> Value {
      var node: Value = ["metadata": ["name": .string(name), "uid": .string("uid-\(name)")]]
      if let range { node["spec"] = ["podCIDR": .string(range)] }
      return node
    }
    var nodes: [Value] = []
    for name in ["a", "b", "c"] {
      var one = node(name)
      try allocator.allocate(&one, for: owner(name))
      nodes.append(one)
    }
    let ranges = nodes.map { $0["spec"]?["podCIDR"]?.string ?? "" }
    #expect(ranges == ["10.244.0.0/24", "10.244.2.0/24", "10.244.3.0/24"])
    var full = node("d")
    #expect(throws: AdmissionRefusal.self) { try allocator.allocate(&full, for: owner("d")) }
    var same = node("d", "10.244.2.0/24")
    #expect(throws: AdmissionRefusal.self) { try allocator.allocate(&same, for: owner("d")) }
    try allocator.release(nodes[1], of: owner("b"))
    try allocator.allocate(&same, for: owner("d"))
    #expect(PodCIDRAllocator(cluster: cidr, nodePrefix: 20, table: cluster) == nil)
    #expect(CIDR("fd00::/8").flatMap { PodCIDRAllocator(cluster: $0, table: cluster) } == nil)
  }

  /// Fact 218.
  @Test func checksFindWhatCannotBe() {
    let web = Self.service("clusterIP: 10.96.0.9, clusterIPs: [10.96.0.9], type: ClusterIP")
    let same = Self.service(
      "clusterIP: 10.96.0.9, clusterIPs: [10.96.0.9], type: ClusterIP", "same")
    let owner = AllocationOwner(
      ResourceKey(.services, namespace: "shop", name: "web"), uid: "uid-web")
    let other = AllocationOwner(
      ResourceKey(.services, namespace: "shop", name: "same"), uid: "uid-same")
    let key = AllocationKey.address("10.96.0.9")
    let leak = AllocationKey.nodePort(30001)
    let cases: [([Value], [(AllocationKey, AllocationOwner)], [AllocationProblem])] = [
      ([web], [(key, owner)], []),
      ([web], [], [.lost(key, owner)]),
      ([], [(key, owner)], [.leaked(key, owner)]),
      ([web], [(key, owner), (leak, owner)], [.leaked(leak, owner)]),
      ([web, same], [(key, owner)], [.doubled(key, holder: owner, other: other)]),
    ]
    for (index, one) in cases.enumerated() {
      let taken = one.1.map { (key: $0.0, owner: $0.1) }
      let found = AllocationCheck.problems(services: one.0, nodes: [], taken: taken)
      #expect(found == one.2, "case \(index)")
      for problem in found { #expect(problem.message.contains("'\(problem.key.path)'")) }
    }
  }
}
