import ManifestSchema
import ManifestSyntax
import Testing

@testable import ClusterControl

/// Endpoints and EndpointSlices of Services (facts 110 to 125).
@Suite struct EndpointTests {
  private static func rig(_ service: String, nodes: Int = 2) -> ControllerRig {
    var rig = ControllerRig()
    rig.add(EndpointsController())
    rig.add(EndpointSliceController())
    for number in 1...nodes {
      rig.create(
        #"{"apiVersion":"v1","kind":"Node","metadata":{"name":"n\#(number)","labels":"#
          + #"{"topology.kubernetes.io/zone":"z\#(number)"}},"spec":{}}"#)
    }
    rig.create(service)
    return rig
  }

  private static func service(_ more: String = "") -> String {
    #"""
    {"apiVersion":"v1","kind":"Service","metadata":{"name":"web","namespace":"default",
    "labels":{"team":"shop"}},"spec":{"clusterIP":"10.96.0.10","selector":{"app":"web"},
    "ports":[{"name":"http","port":80,"targetPort":8080,"protocol":"TCP"}]\#(more)}}
    """#
  }

  private static func pod(
    _ name: String, ip: String?, ready: Bool = true, phase: String = "Running", spec: String = "",
    finalizer: Bool = false
  ) -> String {
    let address = ip.map { #","podIP":"\#($0)","podIPs":[{"ip":"\#($0)"}]"# } ?? ""
    let held = finalizer ? #","finalizers":["test/held"]"# : ""
    return #"""
      {"apiVersion":"v1","kind":"Pod","metadata":{"name":"\#(name)","namespace":"default",
      "labels":{"app":"web"}\#(held)},"spec":{"nodeName":"n1"\#(spec)},"status":{"phase":"\#(phase)",
      "conditions":[{"type":"Ready","status":"\#(ready ? "True" : "False")"}]\#(address)}}
      """#
  }

  private static let endpoints = ResourceKey(.endpoints, namespace: "default", name: "web")

  /// `ready|notReady` addresses of each subset, with the ports.
  private static func subsets(_ rig: ControllerRig) -> [String] {
    (rig.state.object(endpoints)?.value["subsets"]?.list ?? []).map { subset in
      let texts = ["addresses", "notReadyAddresses"].map { list in
        (subset[list]?.list ?? []).compactMap { $0["ip"]?.string }.joined(separator: " ")
      }
      let ports = (subset["ports"]?.list ?? []).compactMap { $0["port"]?.int64 }
      return texts.joined(separator: "|") + " " + ports.map(String.init).joined(separator: ",")
    }
  }

  /// Each endpoint as `ip ready serving terminating`, slice by slice.
  private static func slices(_ rig: ControllerRig) -> [[String]] {
    rig.state.objects(.endpointSlices, in: "default").map { slice in
      (slice.value["endpoints"]?.list ?? []).map { endpoint in
        let flags = ["ready", "serving", "terminating"].map { name in
          endpoint["conditions"]?[name] == true ? "1" : "0"
        }
        return (endpoint["addresses"]?[0]?.string ?? "") + " " + flags.joined()
      }
    }
  }

  private struct Case {
    var name: String
    var service = EndpointTests.service()
    var pods: [String]
    var deleted: [String] = []
    var subsets: [String]
    var slices: [[String]]
  }

  private static var podCases: [Case] {
    let named = Self.service().replacing(#""targetPort":8080"#, with: #""targetPort":"web""#)
    let container = { (port: Int) in
      #","containers":[{"name":"c","ports":[{"name":"web","containerPort":\#(port)}]}]"#
    }
    return [
      Case(name: "123: a placeholder without pods", pods: [], subsets: [], slices: [[]]),
      Case(
        name: "113, 119: ready and not ready",
        pods: [
          Self.pod("a", ip: "10.0.0.2"), Self.pod("b", ip: "10.0.0.1", ready: false),
        ], subsets: ["10.0.0.2|10.0.0.1 8080"], slices: [["10.0.0.2 110", "10.0.0.1 000"]]),
      Case(
        name: "112: no address, or ended",
        pods: [
          Self.pod("a", ip: nil), Self.pod("b", ip: "10.0.0.1", phase: "Succeeded"),
        ], subsets: [], slices: [[]]),
      Case(
        name: "112, 119: terminating pods stay in slices only",
        pods: [Self.pod("a", ip: "10.0.0.1", finalizer: true)], deleted: ["a"],
        subsets: [], slices: [["10.0.0.1 011"]]),
      Case(
        name: "112, 119: publishNotReadyAddresses tells all",
        service: Self.service(#","publishNotReadyAddresses":true"#),
        pods: [
          Self.pod("a", ip: "10.0.0.1", finalizer: true),
          Self.pod("b", ip: "10.0.0.2", ready: false),
        ], deleted: ["a"], subsets: ["10.0.0.1 10.0.0.2| 8080"],
        slices: [["10.0.0.1 111", "10.0.0.2 100"]]),
      Case(
        name: "114, 121: named ports by pod; none of that name leaves the pod out", service: named,
        pods: [
          Self.pod("a", ip: "10.0.0.1", spec: container(8000)),
          Self.pod("b", ip: "10.0.0.2", spec: container(9000)), Self.pod("c", ip: "10.0.0.3"),
        ], subsets: ["10.0.0.1| 8000", "10.0.0.2| 9000"],
        slices: [["10.0.0.1 110"], ["10.0.0.2 110"], ["10.0.0.3 110"]]),
      Case(
        name: "114: a headless Service without ports has addresses alone",
        service: Self.service().replacing("10.96.0.10", with: "None").replacing(
          #"[{"name":"http","port":80,"targetPort":8080,"protocol":"TCP"}]"#, with: "[]"),
        pods: [Self.pod("a", ip: "10.0.0.1")], subsets: ["10.0.0.1| "],
        slices: [["10.0.0.1 110"]]),
      Case(
        name: "111: none for ExternalName", service: Self.service(#","type":"ExternalName""#),
        pods: [Self.pod("a", ip: "10.0.0.1")], subsets: [], slices: []),
      Case(
        name: "118: one family each",
        service: Self.service(#","ipFamilies":["IPv6","IPv4"]"#),
        pods: [
          Self.pod("a", ip: "10.0.0.1").replacing(
            #"[{"ip":"10.0.0.1"}]"#, with: #"[{"ip":"10.0.0.1"},{"ip":"fd00::1"}]"#)
        ], subsets: ["fd00::1| 8080"], slices: [["fd00::1 110"], ["10.0.0.1 110"]]),
    ]
  }

  @Test func podsCountAsTheControllersSay() {
    for one in Self.podCases {
      // The pods there before the Service, and after.
      for isLate in [true, false] {
        var rig =
          isLate
          ? Self.rig(one.service)
          : Self.rig(
            Self.service().replacing(
              #""name":"web""#, with: #""name":"other""#
            ).replacing(#""app":"web""#, with: #""app":"x""#))
        if isLate { rig.settle() }
        for pod in one.pods {
          rig.create(pod)
          if isLate { rig.settle() }
        }
        if !isLate { rig.create(one.service) }
        for name in one.deleted {
          rig.delete(ResourceKey(.pods, namespace: "default", name: name))
        }
        rig.settle()
        rig.delete(ResourceKey(.services, namespace: "default", name: "other"))
        let others = rig.state.objects(.endpointSlices, in: "default").filter {
          $0.labels["kubernetes.io/service-name"] == "other"
        }
        for slice in others { rig.delete(slice.key) }
        rig.settle()
        #expect(Self.subsets(rig) == one.subsets, "\(one.name), late: \(isLate)")
        #expect(Self.slices(rig) == one.slices, "\(one.name), late: \(isLate)")
      }
    }
  }

  @Test func nothingIsWrittenForNothing() {
    var rig = Self.rig(Self.service())
    for number in 1...3 { rig.create(Self.pod("p\(number)", ip: "10.0.0.\(number)")) }
    rig.settle()
    let told = { (rig: ControllerRig) in
      rig.changes.count { [.endpoints, .endpointSlices].contains($0.key.resource) }
    }
    let before = told(rig)
    rig.edit(ResourceKey(.pods, namespace: "default", name: "p2")) { value in
      value.change("metadata") { $0["annotations"] = ["note": "x"] }
      value.change("status") { $0["message"] = "still here" }
    }
    rig.edit(Self.endpoints) { $0["note"] = "by another hand" }
    rig.settle()
    #expect(told(rig) == before + 1, "115, 122")
  }

  @Test func slicesAreFilledAndEmptiedWithFewWrites() {
    var rig = Self.rig(Self.service())
    rig.settle()
    let add = { (rig: inout ControllerRig, range: ClosedRange<Int>) in
      for number in range {
        rig.create(Self.pod("p\(number)", ip: "10.0.\(number / 250).\(number % 250)"))
      }
      rig.run(until: rig.seconds + 2)
    }
    let sizes = { (rig: ControllerRig) in Self.slices(rig).map(\.count) }
    add(&rig, 1...1)
    #expect(sizes(rig) == [1], "122: the placeholder is filled, not replaced")
    add(&rig, 2...150)
    #expect(sizes(rig).reduce(0, +) == 150, "118")
    #expect(sizes(rig).allSatisfy { $0 <= 100 }, "118: at most a hundred endpoints a slice")
    #expect(sizes(rig).count == 2, "122: no more slices than needed")
    add(&rig, 151...250)
    #expect(sizes(rig).reduce(0, +) == 250)
    // An address that changes is changed in place: one write.
    var before = rig.changes.count { $0.key.resource == .endpointSlices }
    rig.edit(ResourceKey(.pods, namespace: "default", name: "p7")) { pod in
      pod.change("status") { $0["conditions"] = [["type": "Ready", "status": "False"]] }
    }
    rig.run(until: rig.seconds + 2)
    var writes = rig.changes.count { $0.key.resource == .endpointSlices } - before
    #expect(writes == 1, "122: in place")
    #expect(Self.slices(rig).joined().contains("10.0.0.7 000"))
    // Nothing is written for what changes nothing.
    before += writes
    rig.edit(ResourceKey(.pods, namespace: "default", name: "p8")) { pod in
      pod.change("metadata") { $0["annotations"] = ["a": "b"] }
    }
    rig.run(until: rig.seconds + 2)
    writes = rig.changes.count { $0.key.resource == .endpointSlices } - before
    #expect(writes == 0)
    // Down to nothing: one slice is left.
    for number in 1...250 {
      rig.delete(
        ResourceKey(.pods, namespace: "default", name: "p\(number)"),
        Action.Deletion(graceSeconds: 0))
    }
    rig.run(until: rig.seconds + 2)
    #expect(sizes(rig) == [0], "123")
    let first = rig.state.objects(.endpointSlices, in: "default").first
    #expect(first?.value["ports"] == [], "123: without ports")
  }

  @Test func slicesSayWhoseTheyAre() {
    var rig = Self.rig(Self.service(#","trafficDistribution":"PreferSameNode""#))
    rig.create(Self.pod("a", ip: "10.0.0.1", spec: #","hostname":"a","subdomain":"web""#))
    rig.settle()
    let slice = rig.state.objects(.endpointSlices, in: "default").first
    #expect(slice?.name.hasPrefix("web-") == true, "124")
    #expect(slice?.labels["kubernetes.io/service-name"] == "web", "124")
    #expect(slice?.labels["team"] == "shop", "124: the Service's labels")
    #expect(slice?.controller?.kind == "Service", "124")
    let endpoint = slice?.value["endpoints"]?[0]
    #expect(endpoint?["zone"] == "z1", "120")
    #expect(endpoint?["hostname"] == "a", "120, 113")
    #expect(endpoint?["hints"]?["forNodes"]?[0]?["name"] == "n1", "125")
    #expect(endpoint?["hints"]?["forZones"]?[0]?["name"] == "z1", "125")
    let own = rig.state.object(Self.endpoints)
    #expect(own?.labels["endpoints.kubernetes.io/managed-by"] == "endpoint-controller", "117")
    rig.delete(ResourceKey(.services, namespace: "default", name: "web"))
    rig.settle()
    #expect(rig.state.object(Self.endpoints) == nil, "111: the Endpoints go with the Service")
  }

  @Test func podsOnUnknownNodesWait() {
    var rig = Self.rig(Self.service())
    rig.create(Self.pod("a", ip: "10.0.0.1").replacing(#""n1""#, with: #""n9""#))
    rig.settle()
    #expect(Self.slices(rig) == [[]], "120")
    rig.create(#"{"apiVersion":"v1","kind":"Node","metadata":{"name":"n9"},"spec":{}}"#)
    rig.run(until: 5)
    #expect(Self.slices(rig) == [["10.0.0.1 110"]], "120: tried again")
  }

  @Test func moreThanAThousandAddressesAreCut() {
    var rig = Self.rig(Self.service())
    for number in 1...1200 {
      rig.create(
        Self.pod("p\(number)", ip: "10.0.\(number / 250).\(number % 250)", ready: number <= 900))
    }
    rig.run(until: 5)
    let subset = rig.state.object(Self.endpoints)?.value["subsets"]?[0]
    #expect(subset?["addresses"]?.list?.count == 900, "116: ready ones first")
    #expect(subset?["notReadyAddresses"]?.list?.count == 100, "116")
    let note = "endpoints.kubernetes.io/over-capacity"
    #expect(rig.state.object(Self.endpoints)?.annotation(note) == "truncated", "116")
  }

  /// Whatever happened on the way, a controller that starts anew has nothing to change.
  @Test func incrementalSlicesEqualThoseCountedAnew() {
    for seed in 1...20 {
      var chance = SeededGenerator(seed: UInt64(seed))
      var rig = Self.rig(Self.service())
      for _ in 0..<150 {
        let number = Int(chance.number(below: 130))
        let key = ResourceKey(.pods, namespace: "default", name: "p\(number)")
        if rig.state.object(key) == nil {
          rig.create(Self.pod("p\(number)", ip: "10.0.0.\(number)"))
        } else if chance.number(below: 2) == 0 {
          rig.delete(key, Action.Deletion(graceSeconds: 0))
        } else {
          let isReady = chance.number(below: 2) == 0
          rig.edit(key) { pod in
            pod.change("status") {
              $0["conditions"] = [["type": "Ready", "status": isReady ? "True" : "False"]]
            }
          }
        }
        if chance.number(below: 3) == 0 { rig.run(until: rig.seconds + 1) }
      }
      rig.run(until: rig.seconds + 5)
      let told = Set(Self.slices(rig).joined())
      let wanted = Set(
        rig.state.objects(.pods, in: "default").map { pod in
          (pod.value["status"]?["podIP"]?.string ?? "")
            + (pod.pod?.isReady == true ? " 110" : " 000")
        })
      #expect(told == wanted, "seed \(seed)")
      let before = rig.changes.count
      rig.restart(1)
      rig.run(until: rig.seconds + 5)
      #expect(rig.changes.count == before, "seed \(seed): a fresh controller changes nothing")
    }
  }
}
