import Foundation
import Testing

/// The commands that work on a stored cluster.
@Suite struct ClusterCommandTests {
  private static let app = """
    apiVersion: v1
    kind: Namespace
    metadata: {name: shop}
    ---
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: web, namespace: shop, labels: {app: web}}
    spec:
      replicas: 2
      selector: {matchLabels: {app: web}}
      template:
        metadata: {labels: {app: web}}
        spec: {containers: [{name: c, image: "nginx:1.29"}]}
    ---
    apiVersion: v1
    kind: Service
    metadata: {name: web, namespace: shop}
    spec: {type: NodePort, selector: {app: web}, ports: [{port: 80}]}
    ---
    apiVersion: v1
    kind: Secret
    metadata: {name: key, namespace: shop}
    stringData: {token: tr0ub4dor}

    """

  /// One run: what is called, how it ends, what it says, and what it must not say.
  private typealias Step = (arguments: String, code: Int32, says: [String])

  private func play(_ steps: [Step], in scratch: Scratch) throws {
    for step in steps {
      let outcome = try scratch.shell("\"$KMF\" \(step.arguments)")
      #expect(outcome.code == step.code, "\(step.arguments): \(outcome)")
      for text in step.says where !(outcome.out + outcome.err).contains(text) {
        Issue.record("'\(text)' is missing in \(step.arguments): \(outcome)")
      }
    }
  }

  @Test func worksOnAClusterFromItsMakingToItsReset() throws {
    let scratch = try Scratch()
    try scratch.write("app.yaml", Self.app)
    try scratch.write("below/empty", "")
    try play(
      [
        ("get pods", 2, ["there is no cluster in this folder", "kmf cluster create"]),
        ("cluster create", 0, ["created at file:.kmf/cluster.db (Kubernetes 1.36)"]),
        ("cluster create", 2, ["exists already"]),
        ("import app.yaml --dry-run", 0, ["4 objects imported (server dry run)"]),
        ("get deploy -A", 0, ["No resources found"]),
        ("import app.yaml", 0, ["deployments.apps: 1 created", "4 objects imported"]),
        ("import app.yaml", 1, ["\"web\" already exists", "--overwrite"]),
        ("import app.yaml --overwrite", 0, ["4 objects imported"]),
        ("get deploy -n shop", 0, ["NAME   READY", "web    0/2"]),
        ("get deployments.apps/web svc/web -n shop", 0, ["deployment.apps/web", "service/web"]),
        ("get Deployment,services -nshop -oname", 0, ["deployment.apps/web\nservice/web\n"]),
        ("get all -A -lapp=web --show-labels", 0, ["shop", "app=web"]),
        ("get deploy web -nshop -o=jsonpath='{.spec.replicas}{\"\\n\"}'", 0, ["2\n"]),
        ("get deploy -nshop -ocustom-columns=N:.metadata.name", 0, ["N\nweb\n"]),
        ("get deploy -nshop -o yaml", 0, ["kind: List", "image: nginx:1.29"]),
        ("get deploy web -nshop -o json --show-managed-fields", 0, ["\"manager\": \"kmf-import\""]),
        ("get secret key -n shop", 0, ["Opaque   1"]),
        ("get deploy gone -n shop", 1, ["deployments.apps \"gone\" not found"]),
        ("get deploy gone -n shop --ignore-not-found", 0, []),
        ("get depluy", 2, ["no kind 'depluy'", "did you mean 'deploy'?"]),
        ("get deploy -o go-template=x", 2, ["is not offered"]),
        ("get pods --sort-by .spec.x[", 2, ["--sort-by"]),
        ("scale deploy/web --replicas 5 -n shop", 0, ["deployment.apps/web scaled"]),
        ("scale deploy/web --replicas 1 --current-replicas 4 -n shop", 1, ["asks for 5"]),
        ("patch deploy web -n shop -p '{\"spec\":{\"replicas\":3}}'", 0, ["web patched\n"]),
        ("patch deploy web -n shop -p 'spec: {replicas: 3}'", 0, ["patched (no change)"]),
        ("patch deploy web -n shop -p 'spec: {replicas: -3}'", 1, ["is invalid"]),
        ("patch deploy web -n shop -p '{'", 2, ["--patch"]),
        ("label deploy web -n shop tier=front", 0, ["labeled"]),
        ("label deploy web -n shop tier=back", 1, ["already has a value (front)"]),
        ("label deploy --all -n shop tier=back --overwrite --dry-run", 0, ["(server dry run)"]),
        ("label deploy web -n shop --list", 0, ["tier=front"]),
        ("label deploy web -n shop tier-", 0, ["unlabeled"]),
        ("annotate deploy web -n shop note='a b' -o yaml", 0, ["note: a b"]),
        ("replace -f app.yaml -n other", 2, ["is in namespace 'shop'"]),
        ("replace -f app.yaml", 0, ["deployment.apps/web replaced", "namespace/shop replaced"]),
        ("delete deploy", 2, ["which objects is not said"]),
        ("delete deploy web -n shop", 0, ["deployment.apps \"web\" deleted"]),
        ("delete deploy web -n shop", 1, ["not found"]),
        ("create -f app.yaml -o name", 1, ["already exists", "deployment.apps/web"]),
        ("cluster check", 0, ["sound: "]),
        ("cluster info -o json", 0, ["\"deployments.apps\": 1"]),
        ("cluster compact --keep 0", 0, ["forgot "]),
        ("cluster reset", 2, ["--yes"]),
        ("cluster reset --yes", 0, ["objects deleted"]),
        ("get ns", 0, ["kube-system"]),
      ], in: scratch)
    let found = try scratch.kmf(["get", "ns", "-o", "name"], in: "below")
    #expect(found.code == 0 && found.out.contains("namespace/default"), "\(found)")
  }

  @Test func findsTheClusterThatIsMeant() throws {
    let scratch = try Scratch()
    try scratch.write("kmf.yaml", "cluster: dev\nclusters: {dev: \"file:a/b.db\", loop: dev}\n")
    try scratch.write("below/empty", "")
    try scratch.write("text.db", "this is no database")
    try play(
      [
        ("cluster create", 0, ["file:a/b.db"]),
        ("get ns", 0, ["default"]),
        ("get ns --cluster memory:", 0, ["default"]),
        ("get ns --cluster loop", 2, ["names the cluster 'dev'"]),
        ("get ns --cluster nobody", 2, ["no cluster has the name 'nobody'", "dev, loop"]),
        ("get ns --cluster ./a/b.db", 2, ["write 'file:./a/b.db'"]),
        ("get ns --cluster file:text.db", 2, ["is not a cluster database"]),
        ("get ns --cluster file:none.db", 2, ["there is no cluster at 'none.db'", "--cluster"]),
      ], in: scratch)
    let below = try scratch.kmf(["cluster", "info"], in: "below")
    #expect(below.out.contains("file:../a/b.db (from 'dev' in kmf.yaml)"), "\(below)")
    let other = try scratch.kmf(
      ["get", "ns"], environment: ["KMF_CLUSTER": "file:none.db"])
    #expect(other.code == 2 && other.err.contains("KMF_CLUSTER"), "\(other)")
    #expect(try scratch.read("text.db") == "this is no database")
  }

  @Test func exportsWhatItImported() throws {
    let scratch = try Scratch()
    try scratch.write("app.yaml", Self.app)
    try scratch.write("definition.yaml", Manifest.definition)
    try scratch.write("thing.yaml", Manifest.unknown + "size: 3\n")
    try play(
      [
        ("import thing.yaml app.yaml definition.yaml", 0, ["things.example.com: 1 created"]),
        ("get th", 0, ["thing"]),
      ], in: scratch)
    for form in ["yaml", "json"] {
      let script = """
        "$KMF" export -o \(form) >first && "$KMF" import - --cluster file:\(form).db <first \
        && "$KMF" export -o \(form) --cluster file:\(form).db | cmp - first \
        && "$KMF" cluster check --cluster file:\(form).db \
        && "$KMF" get svc web -n shop -o jsonpath='{.spec.clusterIP}{.spec.ports[0].nodePort}' \
        && "$KMF" import - --cluster file:\(form).db <first
        """
      let outcome = try scratch.shell(script)
      #expect(
        outcome.code == 0 && outcome.out.contains("things.example.com: 1 unchanged"), "\(outcome)")
    }
    // What two clusters both gave away cannot be held by two objects of one.
    try play(
      [
        (
          "get svc web -n shop -o yaml | sed -e 's/name: web/name: copy/' -e 's/uid: ./uid: x/' "
            + ">copy.yaml; \"$KMF\" import copy.yaml", 1, ["is taken by", "nothing was imported"]
        ),
        ("get svc copy -n shop", 1, ["not found"]),
      ], in: scratch)
  }

  @Test func watchesUntilNobodyReads() throws {
    let scratch = try Scratch()
    try scratch.write("app.yaml", Self.app)
    let script = """
      "$KMF" import app.yaml >/dev/null
      "$KMF" get deploy -n shop -w --output-watch-events >watched & watcher=$!
      for i in 1 2 3 4 5 6 7 8 9; do [ -s watched ] || sleep 0.2; done
      "$KMF" scale deploy/web -n shop --replicas 4 >/dev/null
      "$KMF" delete deploy/web -n shop >/dev/null
      for i in 1 2 3 4 5 6 7 8 9; do grep -q DELETED watched || sleep 0.2; done
      kill -INT $watcher; wait $watcher; echo "code $?"
      cut -c1-20 watched
      "$KMF" get ns -w | head -n 1
      """
    let outcome = try scratch.shell(script)
    #expect(
      outcome.out == """
        code 0
        EVENT      NAME   RE
        ADDED      web    0/
        MODIFIED   web    0/
        DELETED    web    0/
        NAME              STATUS   AGE

        """, "\(outcome)")
  }

  @Test func saysNoSecret() throws {
    let scratch = try Scratch()
    try scratch.write("app.yaml", Self.app)
    try scratch.write(
      "wrong.yaml", Self.app.replacingOccurrences(of: "stringData: {", with: "data: {"))
    let runs = [
      "import app.yaml", "get secret -A -o wide --show-labels", "get all,secret -A",
      "import wrong.yaml --overwrite", "create -f wrong.yaml", "replace -f wrong.yaml",
      "patch secret key -n shop -p '{\"data\":{\"token\":\"tr0ub4dor\"}}'",
      "patch secret key -n shop -p '{\"stringData\":{\"token\":[\"tr0ub4dor\"]}}'",
      "delete secret key -n shop --dry-run", "label secret key -n shop a=b", "cluster check",
    ]
    for run in runs {
      let outcome = try scratch.shell("\"$KMF\" \(run)")
      let said = outcome.out + outcome.err
      let isSecret = said.contains("tr0ub4dor") || said.contains("dHIwdWI0ZG9y")
      #expect(!isSecret && !said.contains("internal error"), "\(run): \(said)")
    }
  }
}
