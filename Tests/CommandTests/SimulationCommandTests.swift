import Foundation
import Testing

/// The commands of clusters that do something: nodes, waiting, rollouts, simulation.
@Suite struct SimulationCommandTests {
  private static func deployment(
    _ image: String, _ name: String = "web", replicas: Int = 3, annotations: String = ""
  ) -> String {
    """
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: \(name)}
    spec:
      replicas: \(replicas)
      selector: {matchLabels: {app: \(name)}}
      template:
        metadata: {labels: {app: \(name)}, annotations: {\(annotations)}}
        spec: {containers: [{name: c, image: "\(image)"}]}

    """
  }

  /// What is called, how it ends, what it says, and what it must not say.
  private struct Step {
    var arguments: String
    var code: Int32 = 0
    var says: [String] = []
    var isSilentOn: [String] = []

    init(_ arguments: String, _ code: Int32 = 0, _ says: [String] = [], not: [String] = []) {
      self.arguments = arguments
      self.code = code
      self.says = says
      isSilentOn = not
    }
  }

  private func play(_ steps: [Step], in scratch: Scratch) throws {
    for step in steps {
      let outcome = try scratch.shell("\"$KMF\" \(step.arguments)")
      #expect(outcome.code == step.code, "\(step.arguments): \(outcome)")
      let all = outcome.out + outcome.err
      for text in step.says where !all.contains(text) {
        Issue.record("'\(text)' is missing in \(step.arguments): \(outcome)")
      }
      for text in step.isSilentOn where all.contains(text) {
        Issue.record("'\(text)' is in \(step.arguments): \(outcome)")
      }
    }
  }

  /// Facts 79 and 80: what is said of a rollout, in this order; what is paused is not restarted.
  @Test func rolloutsAreFollowedUndoneAndRepeated() throws {
    let scratch = try Scratch()
    try scratch.write("web.yaml", Self.deployment("nginx:1"))
    try scratch.write("new.yaml", Self.deployment("nginx:2"))
    try scratch.write("broken.yaml", Self.deployment("registry.invalid/nginx:3"))
    try scratch.write("crashing.yaml", Self.deployment("crash:1", "crashing", replicas: 1))
    try scratch.write(
      "large.yaml",
      Self.deployment("nginx:1", "large").replacingOccurrences(
        of: "image: \"nginx:1\"",
        with: "image: \"nginx:1\", resources: {requests: {cpu: 64}}"))
    try scratch.write(
      "kmf.yaml", "simulation: {images: [{match: 'crash:*', ready-after: 5s, crash-after: 2s}]}\n")
    try play(
      [
        Step("cluster create --cluster file:bare.db"),
        Step("apply web.yaml --wait --cluster file:bare.db", 2, ["no nodes and no controllers"]),
        Step("get deploy --cluster file:bare.db", 0, ["No resources found"]),
        Step("apply web.yaml --timeout 3s", 2, ["--timeout goes with --wait"]),
        Step("cluster create --nodes 2 --control-plane-nodes 1", 0, ["3 nodes are ready"]),
        Step("apply web.yaml --wait", 0, ["web: rolled out", "1 workload rolled out in"]),
        Step("apply web.yaml --wait -o name", 0, ["deployment.apps/web\n"]),
        Step("rollout status deploy/web", 0, ["deployment \"web\" successfully rolled out"]),
        Step("rollout status deploy/web --revision 4", 1, ["at revision 1, not at 4"]),
        Step("rollout undo deploy/web", 1, ["no revision before"]),
        Step("apply new.yaml"),
        Step("rollout status deploy/web --watch=false", 0, ["1 out of 3 new replicas"]),
        Step("rollout status deploy/web", 0, ["old replicas are pending", "successfully"]),
        Step(
          "apply broken.yaml --wait --on-failure rollback -o jsonl", 7,
          [
            "\"reason\":\"ErrImagePull\"", "\"rolledOut\":false",
            "exceeded its progress deadline", "container c: ImagePullBackOff", "rolled back",
          ]),
        Step("apply new.yaml --wait", 0, ["unchanged", "rolled out"]),
        Step("rollout history deploy/web", 0, ["REVISION  CHANGE-CAUSE\n1 ", "\n3 ", "\n4 "]),
        Step("rollout history deploy/web --revision 1", 0, ["revision #1", "image: nginx:1\n"]),
        Step("rollout undo deploy/web --to-revision 9", 1, ["known are 1, 3, 4"]),
        Step("rollout pause deploy/web", 0, ["deployment.apps/web paused"]),
        Step("rollout undo deploy/web", 1, ["is paused"]),
        Step("rollout restart deploy/web", 1, ["is paused"]),
        Step("rollout resume deploy/web", 0, ["deployment.apps/web resumed"]),
        Step("rollout undo deploy/web --to-revision 1", 0, ["deployment.apps/web rolled back"]),
        Step("rollout undo deploy/web --to-revision 5", 0, ["skipped rollback"]),
        Step("rollout restart deploy/web", 0, ["deployment.apps/web restarted"]),
        Step("rollout status deploy/web --timeout 1s", 7, ["timed out after 1s"]),
        Step("rollout status deploy/web", 0, ["successfully rolled out"]),
        Step("get deploy web -o jsonpath='{..image}'", 0, ["nginx:1"]),
        Step("apply crashing.yaml --wait --timeout 2m", 7, ["CrashLoopBackOff", "exit code 1"]),
        Step("logs deploy/crashing", 0, ["ended with exit code 1", "BackOff"]),
        Step("apply large.yaml --wait --timeout 2m", 7, ["Unschedulable", "Insufficient cpu"]),
        Step("events --for deploy/large", 0, ["ScalingReplicaSet"]),
        Step("cluster check", 0, ["sound"]),
      ], in: scratch)
  }

  @Test func nodesFailAreDrainedAndGo() throws {
    let scratch = try Scratch()
    try scratch.write("web.yaml", Self.deployment("nginx:1"))
    try scratch.write(
      "guard.yaml",
      """
      apiVersion: policy/v1
      kind: PodDisruptionBudget
      metadata: {name: web}
      spec: {minAvailable: 3, selector: {matchLabels: {app: web}}}
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: web}
      spec: {selector: {app: web}, ports: [{port: 80}]}

      """)
    try scratch.write(
      "lone.yaml",
      "{apiVersion: v1, kind: Pod, metadata: {name: lone, finalizers: [example.com/hold]},"
        + " spec: {containers: [{name: c, image: i}]}}\n")
    try play(
      [
        Step("cluster create", 0, ["created"]),
        Step("simulate", 2, ["no nodes and no controllers", "kmf node add"]),
        Step("node add n1 n2 --zone a --taint x", 2, ["KEY[=VALUE]:EFFECT"]),
        Step("node add n1 n2 --cpu 0", 2, ["--cpu: '0'"]),
        Step("node add n1 n2 --zone a --label disk=ssd", 0, ["node/n1 ready", "node/n2 ready"]),
        Step("node add n2", 2, ["already exists"]),
        Step("apply web.yaml --wait", 0, ["rolled out"]),
        Step("node fail n1 --for 7m", 0, ["node n1 is not ready", "is to go", "1 of 2 ready"]),
        Step("service route web", 1, ["not found"]),
        Step("apply guard.yaml", 0, ["2 created"]),
        Step("service route web", 0, ["each as likely", " on n2", "on n1: stopping"]),
        Step("service route web --from-node n9", 2, ["no node 'n9'"]),
        Step("node recover n1 --for 10s", 0, ["node/n1 recovered", "2 of 2 ready"]),
        Step("node recover n1", 0, ["had not failed"]),
        Step("node drain n2 --timeout 1m", 7, ["disruption budget", "n2 is not drained"]),
        Step("get nodes", 0, ["SchedulingDisabled"]),
        Step("patch pdb web -p '{\"spec\": {\"minAvailable\": 2}}'", 0, ["patched"]),
        Step("node drain n2", 0, ["already cordoned", "evicted", "node/n2 drained"]),
        Step("get pods -o wide", 0, [" n1 "], not: [" n2 "]),
        Step("node uncordon n2 n9", 1, ["node/n2 uncordoned", "\"n9\" not found"]),
        Step("apply lone.yaml --wait", 0, ["lone: rolled out"]),
        Step("node cordon n1 n2", 0, ["node/n1 cordoned"]),
        Step("node drain n1 n2 --dry-run", 1, ["use --force"]),
        Step("delete pod lone --timeout 2m", 7, ["still there", "example.com/hold"]),
        Step("patch pod lone -p '{\"metadata\": {\"finalizers\": null}}'", 0, ["patched"]),
        Step("node uncordon n1 n2"),
        Step("delete deploy web --cascade foreground", 0, ["\"web\" deleted"]),
        Step("get pods", 0, ["No resources found"]),
        Step("node delete n2", 0, ["node \"n2\" deleted"]),
        Step("cluster check", 0, ["sound"]),
      ], in: scratch)
  }

  @Test func simulationsRepeatAndKeepNothing() throws {
    let scratch = try Scratch()
    try scratch.write("web.yaml", Self.deployment("nginx:1"))
    let faults = "--fail-node n1@30s --recover-node n1@6m --crash web@50% --seed 7"
    let outcome = try scratch.shell(
      """
      set -e
      "$KMF" cluster create --nodes 2 >made
      "$KMF" apply web.yaml --wait >applied
      "$KMF" get pods -o yaml >before
      "$KMF" simulate --for 8m \(faults) -o jsonl >one
      sleep 1
      "$KMF" simulate --for 8m \(faults) -o jsonl >two
      cmp one two
      "$KMF" get pods -o yaml | cmp - before
      "$KMF" simulate --for 8m \(faults) -o json >whole
      "$KMF" simulate --for 8m \(faults) --keep >kept
      "$KMF" cluster check
      """)
    #expect(outcome.code == 0 && outcome.out.hasSuffix("allocations\n"), "\(outcome)")
    let lines = try scratch.read("one").split(separator: "\n").map { Data($0.utf8) }
    let entries = try lines.map { try JSONSerialization.jsonObject(with: $0) as? [String: Any] }
    let end = entries.last??["pods"] as? [String: Int]
    #expect(end == ["Running": 3])
    let texts = entries.compactMap { $0?["text"] as? String }
    for wanted in ["node n1 goes down", "is repaired", "ended with exit code 1", "is ready"] {
      #expect(texts.contains { $0.contains(wanted) }, "\(wanted)")
    }
    let times = entries.compactMap { $0?["seconds"] as? Double }.dropLast()
    #expect(zip(times, times.dropFirst()).allSatisfy { $0 <= $1 }, "time runs forward")
    #expect(try scratch.read("kept").contains("nothing of it kept") == false)
    for wrong in ["--fail-node n1", "--fail-node n9@1s", "--crash web", "--crash no@5%"] {
      let refused = try scratch.shell("\"$KMF\" simulate --for 1m \(wrong)")
      #expect(refused.code == 2, "\(wrong): \(refused)")
    }
  }
}
