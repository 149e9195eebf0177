import ManifestSchema
import ManifestSyntax
import Testing

@testable import ClusterControl

/// Where the proxies of nodes send a Service's traffic (facts 220 to 225).
@Suite struct ServiceRouteTests {
  /// An endpoint as `NAME NODE FLAGS [HINTS]`: flags `r` ready, `s` serving, `t` terminating; hints
  /// are zones, or nodes behind an at sign.
  private static func endpoint(_ text: String, _ number: Int) -> String {
    let words = text.split(separator: " ").map(String.init)
    let has = { (flag: Character) in words[2].contains(flag) ? "true" : "false" }
    var hints: [String] = []
    for word in words.dropFirst(3) {
      let isNode = word.hasPrefix("@")
      let name = isNode ? String(word.dropFirst()) : word
      hints.append(#""\#(isNode ? "forNodes" : "forZones")":[{"name":"\#(name)"}]"#)
    }
    return #"""
      {"addresses":["10.244.0.\#(number)"],"nodeName":"\#(words[1])","zone":"z",
      "conditions":{"ready":\#(has("r")),"serving":\#(has("s")),"terminating":\#(has("t"))},
      "targetRef":{"kind":"Pod","name":"\#(words[0])"},"hints":{\#(hints.joined(separator: ","))}}
      """#
  }

  private static func state(_ endpoints: [String], spec: String) -> ClusterState {
    var rig = ControllerRig()
    for (name, zone) in [("n1", "a"), ("n2", "a"), ("n3", "b")] {
      rig.create(
        #"""
        {"apiVersion":"v1","kind":"Node",
        "metadata":{"name":"\#(name)","labels":{"topology.kubernetes.io/zone":"\#(zone)"}}}
        """#)
    }
    let address = spec.contains("clusterIP") ? "" : #""clusterIP":"10.96.0.10","#
    rig.create(
      #"""
      {"apiVersion":"v1","kind":"Service","metadata":{"name":"web","namespace":"default"},
      "spec":{\#(address)"ports":[{"name":"http","port":80,"nodePort":30080}],
      \#(spec)}}
      """#)
    let list = endpoints.enumerated().map { endpoint($1, $0 + 1) }.joined(separator: ",")
    rig.create(
      #"""
      {"apiVersion":"discovery.k8s.io/v1","kind":"EndpointSlice","addressType":"IPv4",
      "metadata":{"name":"web-1","namespace":"default",
      "labels":{"kubernetes.io/service-name":"web"}},
      "ports":[{"name":"http","port":8080}],"endpoints":[\#(list)]}
      """#)
    return rig.state
  }

  private struct Case {
    var name: String
    var endpoints: [String]
    var spec = #""type":"ClusterIP""#
    var source = ServiceRoute.Source.node("n1")
    var verdict = ServiceRoute.Verdict.forwarded
    /// The names of the pods that traffic goes to.
    var pods: [String]
  }

  private static let nodePort = #""type":"NodePort""#
  private static let cases = [
    Case(
      name: "220: ready ones", endpoints: ["a n1 rs", "b n2 rs", "c n3 -"], pods: ["a", "b"]),
    Case(
      name: "220: none ready: those that still answer while they stop",
      endpoints: ["a n1 st", "b n2 t", "c n3 -"], pods: ["a"]),
    Case(
      name: "220: one ready: nobody else", endpoints: ["a n1 st", "b n2 rs"], pods: ["b"]),
    Case(name: "223: nobody at all", endpoints: [], verdict: .refused, pods: []),
    Case(name: "223: nobody ready", endpoints: ["a n1 -"], verdict: .refused, pods: []),
    Case(
      name: "221: internal policy Local", endpoints: ["a n1 rs", "b n2 rs"],
      spec: #""internalTrafficPolicy":"Local""#, pods: ["a"]),
    Case(
      name: "221: internal policy Local, none on the node", endpoints: ["b n2 rs"],
      spec: #""internalTrafficPolicy":"Local""#, verdict: .dropped, pods: []),
    Case(
      name: "220, 221: Local falls back by itself", endpoints: ["a n1 st", "b n2 rs"],
      spec: #""internalTrafficPolicy":"Local""#, pods: ["a"]),
    Case(
      name: "221: external policy Local binds those outside",
      endpoints: ["a n1 rs", "b n2 rs"], spec: nodePort + #","externalTrafficPolicy":"Local""#,
      source: .outside(node: "n2"), pods: ["b"]),
    Case(
      name: "221: external policy Local, none on the node", endpoints: ["a n1 rs"],
      spec: nodePort + #","externalTrafficPolicy":"Local""#, source: .outside(node: "n3"),
      verdict: .dropped, pods: []),
    Case(
      name: "221: external policy Local does not bind pods",
      endpoints: ["a n1 rs", "b n2 rs"], spec: nodePort + #","externalTrafficPolicy":"Local""#,
      source: .node("n3"), pods: ["a", "b"]),
    Case(
      name: "222: zones", endpoints: ["a n1 rs a", "b n3 rs b"], pods: ["a"]),
    Case(
      name: "222: one ready endpoint without a hint", endpoints: ["a n1 rs a", "b n3 rs"],
      pods: ["a", "b"]),
    Case(
      name: "222: endpoints that are not ready need no hint",
      endpoints: ["a n1 rs a", "b n3 rs b", "c n3 -"], source: .node("n2"), pods: ["a"]),
    Case(
      name: "222: none for the zone", endpoints: ["b n3 rs b"], pods: ["b"]),
    Case(
      name: "222: the node before the zone", endpoints: ["a n1 rs a @n1", "b n2 rs a @n2"],
      source: .node("n2"), pods: ["b"]),
    Case(
      name: "222: none for the node, but for the zone",
      endpoints: ["a n1 rs a @n1", "b n3 rs b @n3"], source: .node("n2"), pods: ["a"]),
    Case(
      name: "no way in", endpoints: ["a n1 rs"], source: .outside(node: "n1"),
      verdict: .unreachable, pods: []),
    Case(
      name: "headless: names lead to ready pods",
      endpoints: ["a n1 rs", "b n2 -"], spec: #""clusterIP":"None""#, pods: ["a"]),
  ]

  @Test func trafficGoesWhereProxiesSendIt() throws {
    for one in Self.cases {
      let state = Self.state(one.endpoints, spec: one.spec)
      let key = ResourceKey(.services, namespace: "default", name: "web")
      let route = try #require(ServiceRoute(key, from: one.source, in: state))
      let port = try #require(route.ports.first)
      #expect(port.verdict == one.verdict, "\(one.name)")
      #expect(port.targets.compactMap(\.pod?.name) == one.pods, "\(one.name)")
      if one.verdict != .unreachable {
        let count = port.targets.count + port.others.count
        #expect(count == one.endpoints.count, "\(one.name): everybody is told of")
      }
    }
  }

  @Test func clientsStayWhereTheyWere() throws {
    let endpoints = (1...8).map { "p\($0) n1 rs" }
    let key = ResourceKey(.services, namespace: "default", name: "web")
    let sticky = Self.state(endpoints, spec: #""sessionAffinity":"ClientIP""#)
    let route = try #require(ServiceRoute(key, from: .anywhere, in: sticky))
    #expect(route.affinity == .seconds(10_800), "225")
    var table = ClientAffinity(seed: 1)
    var now = Time(seconds: 1_700_000_000)
    let pick = { (table: inout ClientAffinity, route: ServiceRoute, now: Time) in
      route.ports.first.flatMap { table.pick($0, of: route, client: "10.0.0.9", at: now) }
    }
    let first = try #require(pick(&table, route, now))
    for _ in 0..<20 {
      now = now.advanced(bySeconds: 10_000)
      #expect(pick(&table, route, now) == first, "225")
    }
    // Its pod is gone: another one, and then that one.
    let rest = endpoints.map { $0.hasPrefix((first.pod?.name ?? "") + " ") ? "gone n1 -" : $0 }
    let changed = Self.state(rest, spec: #""sessionAffinity":"ClientIP""#)
    let later = try #require(ServiceRoute(key, from: .anywhere, in: changed))
    let second = try #require(pick(&table, later, now))
    #expect(second.address != first.address, "225: until it leaves")
    #expect(pick(&table, route, now) == second, "225: and stays, though the first is back")
    let free = Self.state(endpoints, spec: #""sessionAffinity":"None""#)
    let any = try #require(ServiceRoute(key, from: .anywhere, in: free))
    let seen = Set((0..<200).compactMap { _ in pick(&table, any, now)?.address })
    #expect(seen.count == 8, "without affinity all get their share")
  }
}
