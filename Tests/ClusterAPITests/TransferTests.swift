import ClusterAPI
import ClusterControl
import ClusterStore
import ManifestSyntax
import Testing

/// Whatever a cluster has been through, its export makes the same cluster again.
@Test("what is exported and imported is the same, and sound")
func transfersWhatever() throws {
  for seed in UInt64(1)...8 {
    let cluster = try LocalCluster(store: MemoryStore(), clock: ManualClock(), seed: seed)
    var history = RandomHistory(cluster: cluster, seed: seed)
    history.play(steps: 60)
    #expect(history.accepted > 15, "seed \(seed): nearly everything was refused")
    let first = try exported(cluster)
    let copy = try LocalCluster(store: MemoryStore(), clock: ManualClock(), seed: seed &+ 1000)
    var work = ClusterImport()
    work.overwrites = true
    _ = try work.run(items(first), in: copy)
    let second = try exported(copy)
    #expect(first.count == second.count, "seed \(seed)")
    for (one, other) in zip(first, second) where one != other {
      Issue.record(
        "seed \(seed): \(JSONWriter.string(one)) came back as \(JSONWriter.string(other))")
    }
    let allocations = try [cluster, copy].map { cluster in
      try cluster.store.list(StoreKeys.allocations).entries.map { "\($0.key) \($0.value)" }
    }
    #expect(allocations[0] == allocations[1], "seed \(seed): other addresses are taken")
    #expect(try ClusterCheck(copy.store).problems.isEmpty, "seed \(seed)")
    // Once more changes nothing.
    let again = try work.run(items(first), in: copy)
    #expect(again.counts.allSatisfy { $0.unchanged == $0.total }, "seed \(seed): \(again.counts)")
  }
}

private func exported(_ cluster: LocalCluster) throws -> [Value] {
  let entries = try cluster.store.list(StoreKeys.objects).entries
  let objects = try entries.map { entry in
    var object = try ObjectCodec.value(entry)
    object["metadata"]?["resourceVersion"] = nil
    return object
  }
  return ImportOrder.positions(of: objects).map { objects[$0] }
}

private func items(_ objects: [Value]) -> [ClusterImport.Item] {
  objects.map { ClusterImport.Item(object: $0, place: "export") }
}

/// Random requests by random clients; many are refused, as in life.
private struct RandomHistory {
  let cluster: LocalCluster
  var chance: SeededGenerator
  var accepted = 0

  init(cluster: LocalCluster, seed: UInt64) {
    self.cluster = cluster
    chance = SeededGenerator(seed: seed)
  }

  private static let definition = """
    {"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition",\
    "metadata":{"name":"things.example.com"},"spec":{"group":"example.com","scope":"Namespaced",\
    "names":{"kind":"Thing","plural":"things"},"versions":[{"name":"v1","served":true,\
    "storage":true,"subresources":{"status":{}},"schema":{"openAPIV3Schema":{"type":"object",\
    "properties":{"spec":{"type":"object","properties":{"size":{"type":"integer","default":3}}},\
    "status":{"type":"object","x-kubernetes-preserve-unknown-fields":true}}}}}]}}
    """

  mutating func play(steps: Int) {
    send("POST", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", Self.definition)
    send("POST", "/api/v1/namespaces", #"{"metadata":{"name":"shop","labels":{"a":"b"}}}"#)
    for _ in 0..<steps { step() }
  }

  private mutating func pick<Item>(_ items: [Item]) -> Item {
    items[Int(chance.number(below: UInt64(items.count)))]
  }

  private mutating func send(
    _ method: String, _ target: String, _ body: String = "", _ type: String = APIResponse.json
  ) {
    let response = cluster.answer(
      APIRequest(method: method, target: target, contentType: type, body: Array(body.utf8)))
    if response.code < 300 { accepted += 1 }
  }

  private mutating func step() {
    let namespace = pick(["default", "shop", "gone"])
    let core = "/api/v1/namespaces/\(namespace)"
    let apps = "/apis/apps/v1/namespaces/\(namespace)/deployments"
    let things = "/apis/example.com/v1/namespaces/\(namespace)/things"
    let name = pick(["a", "b", "c"])
    let number = chance.number(below: 9)
    let patch = "application/merge-patch+json"
    switch chance.number(below: 14) {
    case 0: send("POST", core + "/services", service(name, number))
    case 1: send("PATCH", core + "/services/\(name)", pick(Self.servicePatches), patch)
    case 2: send("POST", apps, deployment(name, number))
    case 3:
      send(
        "PATCH", apps + "/\(name)?fieldManager=m\(number)&force=true", deployment(name, number),
        "application/apply-patch+yaml")
    case 4: send("PATCH", apps + "/\(name)/scale", "{\"spec\":{\"replicas\":\(number)}}", patch)
    case 5:
      send("PATCH", apps + "/\(name)/status", "{\"status\":{\"replicas\":\(number)}}", patch)
    case 6:
      let kept = pick([#","finalizers":["example.com/f"]"#, "", ""])
      send(
        "POST", core + "/configmaps",
        "{\"metadata\":{\"name\":\"\(name)\"\(kept)},\"data\":{\"k\":\"\(number)\\n é\"}}")
    case 7:
      send(
        "POST", core + "/secrets",
        "{\"metadata\":{\"generateName\":\"\(name)-\"},\"stringData\":{\"k\":\"\(number)\"}}")
    case 8:
      send(
        "POST", things,
        "{\"apiVersion\":\"example.com/v1\",\"kind\":\"Thing\","
          + "\"metadata\":{\"name\":\"\(name)\"},\"spec\":{}}")
    case 9: send("PATCH", things + "/\(name)/status", "{\"status\":{\"x\":[\(number),1.5]}}", patch)
    case 10: send("POST", "/api/v1/nodes", "{\"metadata\":{\"name\":\"n\(number)\"}}")
    case 11:
      send(
        "POST", core + "/resourcequotas",
        "{\"metadata\":{\"name\":\"q\"},\"spec\":{\"hard\":{\"services\":\"\(number)\"}}}")
    case 12:
      let path = pick(["services", "configmaps", "secrets", "resourcequotas"])
      send("DELETE", core + "/\(path)/\(name)")
    default: send("DELETE", pick([apps + "/\(name)", things + "/\(name)", "/api/v1/nodes/n1"]))
    }
  }

  private static let servicePatches = [
    #"{"spec":{"type":"NodePort"}}"#, #"{"spec":{"type":"ClusterIP"}}"#,
    #"{"spec":{"type":"LoadBalancer","externalTrafficPolicy":"Local"}}"#,
    #"{"spec":{"type":"ExternalName","externalName":"example.com"}}"#,
    #"{"metadata":{"annotations":{"note":"x"}}}"#,
  ]

  private mutating func service(_ name: String, _ number: UInt64) -> String {
    let kind = pick([
      #""type":"NodePort","#, #""clusterIP":"None","#, "", "\"clusterIP\":\"10.96.7.\(number)\",",
      #""ipFamilyPolicy":"PreferDualStack","#,
    ])
    return "{\"metadata\":{\"name\":\"\(name)\"},\"spec\":{\(kind)\"selector\":{\"a\":\"b\"},"
      + "\"ports\":[{\"port\":\(80 + number)}]}}"
  }

  private func deployment(_ name: String, _ number: UInt64) -> String {
    """
    {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"\(name)",\
    "labels":{"number":"\(number)"}},"spec":{"replicas":\(number),"selector":{"matchLabels":\
    {"app":"\(name)"}},"template":{"metadata":{"labels":{"app":"\(name)"}},"spec":{"containers":\
    [{"name":"c","image":"i:\(number)","resources":{"limits":{"cpu":"1.5","memory":"1e3"}}}]}}}}
    """
  }
}
