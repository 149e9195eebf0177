import ClusterControl
import ClusterEngine
import ManifestSchema
import ManifestSyntax

/// Rolling a Deployment to another image in virtual time, from the first new pod to the last old
/// one gone, with all that a simulated cluster does: admission, scheduling, kubelets, slices.
struct RolloutCosts {
  let pods: Int
  let nodes: Int

  /// Measures the targets.
  static func measure(into scores: inout Scores) {
    let small = RolloutCosts(pods: 100, nodes: 10)
    let times = (0..<5).map { _ in small.roll().seconds * 1000 }
    scores.add(
      Score(
        what: "rolling 100 pods", value: Stopwatch.median(times), unit: " ms", target: 30))
    guard let run = ChildProcess([ChildProcess.ownPath, "rollout", "10000", "1000"]),
      run.code == 0
    else { return scores.skip("rolling 10,000 pods", because: "the process did not run") }
    let large = RolloutCosts(pods: 10_000, nodes: 1000)
    scores.add(
      Score(
        what: "rolling 10,000 pods on 1,000 nodes", value: large.roll().seconds, unit: " s",
        target: 2))
    scores.add(
      Score(
        what: "peak memory of that", value: Double(run.peakBytes) / 1e6, unit: " MB",
        target: 1000))
  }

  /// Runs it once and says what it took.
  func run() {
    let (seconds, engine) = roll()
    let writes = engine.writeCount
    print(
      "\(pods) pods on \(nodes) nodes: \(Scores.rounded(seconds)) CPU seconds for"
        + " \(engine.now.seconds(since: Self.start)) s of virtual time, \(engine.tick) plans,"
        + " \(writes) writes")
  }

  /// CPU seconds that rolling takes.
  var seconds: Double { roll().seconds }

  private static let start = Time(seconds: 1_700_000_000)

  /// Makes the pods first; that is not counted.
  private func roll() -> (seconds: Double, engine: Engine) {
    var configuration = EngineConfiguration(version: .latest, seed: 1)
    // The usual range has room for 256 nodes.
    configuration.simulation.podRange = "10.128.0.0/9"
    var engine = Engine(ClusterState(), at: Self.start, configuration)
    engine.gate = AdmissionGate()
    Self.create(
      #"{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"default"},"#
        + #""spec":{"finalizers":["kubernetes"]},"status":{"phase":"Active"}}"#,
      .namespaces, nil, &engine)
    for number in 0..<nodes {
      Self.create(
        #"{"apiVersion":"v1","kind":"Node","metadata":{"name":"n\#(number)","labels":"#
          + #"{"kubernetes.io/hostname":"n\#(number)"}},"spec":{},"status":{"capacity":"#
          + #"{"cpu":"16","memory":"64Gi","pods":"110"}}}"#, .nodes, nil, &engine)
    }
    engine.run(until: engine.now.advanced(bySeconds: 10))
    Self.create(deployment, .deployments, "default", &engine)
    settle(&engine)
    let old = Set(engine.state.objects(.pods).map(\.uid))
    precondition(old.count == pods, "\(old.count) pods of \(pods)")
    setImage(&engine)
    let seconds = Stopwatch.cpu { settle(&engine) }
    let new = engine.state.objects(.pods)
    precondition(new.count == pods && !new.contains { old.contains($0.uid) }, "not rolled")
    precondition(new.allSatisfy { $0.pod?.isReady == true }, "not ready")
    return (seconds, engine)
  }

  private func settle(_ engine: inout Engine) {
    engine.run(until: engine.now.advanced(bySeconds: 3600))
  }

  private static func create(
    _ json: String, _ resource: GroupResource, _ namespace: String?, _ engine: inout Engine
  ) {
    let value = JSONReader.read(SourceText(json)).tree?.value() ?? .null
    do throws(WriteRefusal) {
      try engine.perform(.create(value, resource, namespace: namespace), by: "user")
    } catch { preconditionFailure(error.message) }
  }

  private func setImage(_ engine: inout Engine) {
    let key = ResourceKey(.deployments, namespace: "default", name: "web")
    guard let object = engine.state.object(key) else { return }
    let edit = Action.Edit("image") { value in
      value.change("spec") { spec in
        spec.change("template") { template in
          template.change("spec") { pod in
            var container = pod["containers"]?[0] ?? .emptyMap
            container["image"] = "web:2"
            pod["containers"] = [container]
          }
        }
      }
    }
    _ = try? engine.perform(.edit(key, uid: object.uid, edit), by: "user")
  }

  private var deployment: String {
    #"""
    {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web","namespace":"default"},
    "spec":{"replicas":\#(pods),"selector":{"matchLabels":{"app":"web"}},
    "progressDeadlineSeconds":600,"revisionHistoryLimit":10,"strategy":{"type":"RollingUpdate",
    "rollingUpdate":{"maxSurge":"25%","maxUnavailable":"25%"}},"template":{"metadata":{"labels":
    {"app":"web"}},"spec":{"restartPolicy":"Always","terminationGracePeriodSeconds":30,
    "dnsPolicy":"ClusterFirst","schedulerName":"default-scheduler","securityContext":{},
    "containers":[{"name":"web","image":"web:1","imagePullPolicy":"IfNotPresent",
    "terminationMessagePath":"/dev/termination-log","terminationMessagePolicy":"File",
    "ports":[{"name":"http","containerPort":8080,"protocol":"TCP"}],
    "resources":{"requests":{"cpu":"100m","memory":"128Mi"}},
    "readinessProbe":{"httpGet":{"path":"/","port":8080,"scheme":"HTTP"},"periodSeconds":10,
    "timeoutSeconds":1,"successThreshold":1,"failureThreshold":3}}]}}},"status":{}}
    """#
  }
}
