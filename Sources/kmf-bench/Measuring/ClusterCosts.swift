import ClusterAPI
import ClusterControl
import ClusterStore
import ManifestSyntax
import StoreSQLite

/// A cluster of many Deployments in a file: making, reading and listing them, beside the same bytes
/// in a plain table.
struct ClusterCosts {
  static let count = 10_000
  private let scratch = Scratch()
  private let rounds: Int

  init(rounds: Int) { self.rounds = rounds }

  func measure(into scores: inout Scores) {
    var create: [Double] = []
    var insert: [Double] = []
    var wall = (create: [Double](), insert: [Double]())
    var reads = (cluster: [Double](), plain: [Double]())
    var lists = (cluster: [Double](), plain: [Double]())
    for round in 0..<rounds {
      let cluster = Self.cluster(in: scratch.path + "/cluster-\(round).db")
      wall.create.append(
        Stopwatch.wall { create.append(Stopwatch.cpu { Self.create(in: cluster) }) })
      let rows = Self.rows(of: cluster)
      let plain = PlainTable(path: scratch.path + "/plain-\(round).db")
      wall.insert.append(Stopwatch.wall { insert.append(Stopwatch.cpu { plain.insert(rows) }) })
      let keys = rows.map(\.key)
      let requests = keys.map(Self.request)
      reads.cluster.append(Stopwatch.cpu { Self.read(requests, in: cluster) })
      reads.plain.append(Stopwatch.cpu { _ = plain.read(keys) })
      lists.cluster.append(Stopwatch.cpu { Self.list(in: cluster) })
      lists.plain.append(Stopwatch.cpu { _ = plain.readAll() })
    }
    let perSecond = Double(Self.count) / Stopwatch.median(create)
    print("creating Deployments: \(Scores.rounded(perSecond)) per CPU second")
    let ratio = Stopwatch.median(wall.create) / Stopwatch.median(wall.insert)
    print("creating beside plain inserts, by the clock on the wall: \(Scores.rounded(ratio)) ×")
    for (what, value, plain, target) in [
      ("\(Self.count) creates beside plain inserts", create, insert, 5.0),
      ("point reads beside a prepared SELECT", reads.cluster, reads.plain, 3),
      ("list of \(Self.count) beside reading, copying", lists.cluster, lists.plain, 2),
    ] {
      scores.add(
        Score(
          what: what, value: Stopwatch.median(value) / Stopwatch.median(plain), unit: " ×",
          target: target))
    }
  }

  /// Measures the memory of the same in a process of its own.
  static func measureMemory(into scores: inout Scores) {
    guard let run = ChildProcess([ChildProcess.ownPath, "cluster", "all", "1"]), run.code == 0
    else { return scores.skip("memory of a cluster", because: "the process did not run") }
    scores.add(
      Score(
        what: "peak memory, creating and listing \(count)", value: Double(run.peakBytes) / 1e6,
        unit: " MB", target: 600))
  }

  /// Runs one part alone, for a profiler.
  func run(part: String) -> Bool {
    guard ["create", "read", "list", "all"].contains(part) else { return false }
    let cluster = Self.cluster(in: scratch.path + "/cluster.db")
    Self.create(in: cluster)
    let requests = Self.rows(of: cluster).map { Self.request($0.key) }
    for _ in 0..<rounds {
      if part == "read" || part == "all" { Self.read(requests, in: cluster) }
      if part == "list" || part == "all" { Self.list(in: cluster) }
    }
    return true
  }

  // MARK: - Jobs

  private static func cluster(in path: String) -> LocalCluster {
    do {
      return try LocalCluster(
        store: SQLiteStore(path: path, opening: .new), clock: ManualClock(), seed: 1)
    } catch { preconditionFailure("no cluster: \(error)") }
  }

  /// From bytes to bytes: decoded, completed, judged, admitted, stored; all in one transaction.
  private static func create(in cluster: LocalCluster) {
    let target = "/apis/apps/v1/namespaces/default/deployments"
    do {
      try cluster.transaction { (session) throws(StatusError) in
        let resource = try session.resource(GroupResource(group: "apps", "deployments"))
        for number in 0..<count {
          let request = APIRequest(
            method: "POST", target: target, contentType: APIResponse.json, body: body(number))
          let text = SourceText(name: "<body>", bytes: request.body)
          _ = try session.create(JSONReader.read(text), in: resource, namespace: "default")
        }
      }
    } catch { preconditionFailure("a Deployment was refused: \(error.message)") }
  }

  private static func rows(of cluster: LocalCluster) -> [(key: String, value: [UInt8])] {
    do {
      let page = try cluster.store.list("objects/apps/deployments/")
      precondition(page.entries.count == count, "Deployments are missing")
      return page.entries.map { ($0.key, $0.value) }
    } catch { preconditionFailure("no list: \(error)") }
  }

  private static func request(_ key: String) -> APIRequest {
    let name = key.split(separator: "/").last ?? ""
    return APIRequest(
      method: "GET", target: "/apis/apps/v1/namespaces/default/deployments/\(name)")
  }

  private static func read(_ requests: [APIRequest], in cluster: LocalCluster) {
    for request in requests {
      precondition(cluster.answer(request).code == 200, "a Deployment is gone")
    }
  }

  private static func list(in cluster: LocalCluster) {
    let request = APIRequest(method: "GET", target: "/apis/apps/v1/deployments")
    precondition(cluster.answer(request).code == 200, "there is no list")
  }

  /// A Deployment as a client sends it.
  private static func body(_ number: Int) -> [UInt8] {
    Array(
      """
      {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web-\(number)",\
      "namespace":"default","labels":{"app":"web-\(number)","tier":"front","team":"shop"},\
      "annotations":{"example.com/owner":"team-\(number % 40)"}},"spec":{"replicas":\(number % 5),\
      "selector":{"matchLabels":{"app":"web-\(number)"}},"strategy":{"type":"RollingUpdate",\
      "rollingUpdate":{"maxSurge":1,"maxUnavailable":0}},"template":{"metadata":{"labels":\
      {"app":"web-\(number)","tier":"front"}},"spec":{"containers":[{"name":"web",\
      "image":"registry.example.com/shop/web:1.\(number % 90).2","ports":[{"name":"http",\
      "containerPort":8080}],"env":[{"name":"LOG_LEVEL","value":"info"},{"name":"DATABASE",\
      "valueFrom":{"secretKeyRef":{"name":"database","key":"url"}}}],"resources":{"requests":\
      {"cpu":"100m","memory":"128Mi"},"limits":{"memory":"256Mi"}},"readinessProbe":{"httpGet":\
      {"path":"/ready","port":"http"},"periodSeconds":5},"volumeMounts":[{"name":"config",\
      "mountPath":"/etc/web"}],"securityContext":{"allowPrivilegeEscalation":false}}],\
      "volumes":[{"name":"config","configMap":{"name":"web"}}],"securityContext":\
      {"runAsNonRoot":true}}}}}
      """.utf8)
  }
}
