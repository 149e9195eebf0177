import Foundation
import ManifestModel
import ManifestSchema
import ManifestSyntax
import Testing

@testable import kmf_generate

private func tree(_ yaml: String) throws -> Tree {
  var reader = DocumentReader(SourceText(yaml))
  return try #require(reader.next()?.tree)
}

private let podText = """
  apiVersion: v1
  kind: Pod
  metadata: {name: web, labels: {app: web, tier: null}, x-unknown: 1}
  spec:
    nodeName: null
    terminationGracePeriodSeconds: 0
    priority: 99999999999
    hostNetwork: "yes"
    volumes: []
    imagePullSecrets: null
    initContainers:
    - {name: side, restartPolicy: Always}
    containers:
    - name: main
      args: [a, null, 3]
      ports: [{containerPort: 80, protocol: TCP}]
      readinessProbe: {httpGet: {port: http}}
      resources: {limits: {cpu: 1, memory: 1.5Gi}}
    - null
    ephemeralContainers:
    - {name: debug, targetContainerName: main}
  """

@Test("views read a tree and a value alike, and tell absent, null, empty and misfits apart")
func readsBoth() throws {
  let tree = try tree(podText)
  for node in [NodeRef(tree), .value(tree.value())] {
    let pod = Pod(node)
    let spec = try #require(pod.spec)
    #expect(pod.name == "web" && pod.namespace == nil && pod.writtenKind == Pod.gvk)
    #expect(pod.metadata?.labels["app"] == "web" && pod.metadata?.labels["tier"] == "")
    #expect(spec.nodeName == nil && spec.terminationGracePeriodSeconds == 0)
    #expect(spec.priority == nil && spec.hostNetwork == nil && spec.affinity == nil)
    #expect(spec.presence(of: "nodeName") == .null && !spec.has("nodeName"))
    #expect(spec.presence(of: "affinity") == .absent && spec.has("hostNetwork"))
    #expect(spec.volumes.presence == .empty && spec.volumes.isPresent)
    #expect(spec.imagePullSecrets.presence == .null && spec.tolerations.presence == .absent)
    #expect(spec.containers.count == 2 && spec.containers[1].name == nil)
    let main = try #require(spec.containers.first)
    #expect(Array(main.args) == ["a", "", ""])
    #expect(main.ports.first?.containerPort == 80 && main.ports.first?.protocol == "TCP")
    #expect(main.readinessProbe?.httpGet?.port == .string("http"))
    #expect(main.resources?.limits["cpu"] == Quantity(1))
    #expect(main.resources?.limits["memory"]?.description == "1536Mi")
    let roles = spec.allContainers.map { "\($0.path) \($0.container.name ?? "")" }
    #expect(
      roles == [
        "initContainers[0] side", "containers[0] main", "containers[1] ",
        "ephemeralContainers[0] debug",
      ])
    #expect(spec.initContainers.first?.isSidecar == true && !main.isSidecar)
  }
  #expect(Pod(tree.node).spec?.containers.first?.node.path == "spec.containers[0]")
}

@Test("writing makes a value of its own and keeps what the view does not know")
func writes() throws {
  let tree = try tree(podText)
  var pod = Pod(tree.node)
  let before = pod
  pod.spec.orEmpty.nodeName = "n1"
  pod.spec.orEmpty.containers[0].image = "nginx:1"
  pod.spec.orEmpty.containers[0].args = .absent
  pod.spec.orEmpty.volumes.append(Volume())
  pod.metadata.orEmpty.labels["tier"] = nil
  pod.status.orEmpty.phase = "Running"
  #expect(pod.node["metadata"]?["x-unknown"]?.int64 == 1)
  #expect(pod.spec?.nodeName == "n1" && pod.spec?.containers.first?.image == "nginx:1")
  #expect(pod.spec?.containers.first?.args.presence == .absent)
  #expect(pod.spec?.volumes.count == 1 && pod.status?.phase == "Running")
  #expect(pod.metadata?.labels.keys == ["app"])
  #expect(before == Pod(tree.node) && before != pod)

  var deployment = Deployment()
  deployment.spec.orEmpty.replicas = 3
  deployment.spec.orEmpty.selector.orEmpty.matchLabels = ["app": "web"]
  deployment.spec.orEmpty.strategy.orEmpty.rollingUpdate.orEmpty.maxSurge = .string("25%")
  let expected: Value = [
    "apiVersion": "apps/v1", "kind": "Deployment",
    "spec": [
      "replicas": 3, "selector": ["matchLabels": ["app": "web"]],
      "strategy": ["rollingUpdate": ["maxSurge": "25%"]],
    ],
  ]
  #expect(deployment.node.asValue == expected)
  #expect(deployment.spec?.selector?.selector?.matches(["app": "web", "x": "y"]) == true)
}

@Test("views hold on misfits everywhere")
func misfits() throws {
  for text in ["3", "[]", "null", "x", "{spec: 3}", "{spec: [a]}", "{spec: {containers: {a: b}}}"] {
    let tree = try tree(text)
    let pod = Pod(tree.node)
    #expect(pod.spec?.containers.isEmpty ?? true, "\(text)")
    #expect(pod.spec?.allContainers.isEmpty ?? true, "\(text)")
    #expect(pod.metadata?.labels["a"] == nil, "\(text)")
    var changed = pod
    changed.spec.orEmpty.nodeName = "n"
    #expect(changed.spec?.nodeName == "n", "\(text)")
  }
}

@Test("a workload's template is where its kind has it")
func workloads() throws {
  let cases: [(kind: WorkloadView.WorkloadKind, yaml: String)] = [
    (.pod, "spec: {nodeName: n1}"), (.deployment, "spec: {template: {spec: {nodeName: n1}}}"),
    (.podTemplate, "template: {spec: {nodeName: n1}}"),
    (.cronJob, "spec: {jobTemplate: {spec: {template: {spec: {nodeName: n1}}}}}"),
  ]
  for (kind, yaml) in cases {
    let gvk = GroupVersionKind(group: kind.group, version: "v1", kind: kind.rawValue)
    let workload = try #require(WorkloadView(try tree(yaml).node, kind: gvk), "\(kind)")
    #expect(workload.podSpec?.nodeName == "n1", "\(kind)")
  }
  let service = GroupVersionKind(apiVersion: "v1", kind: "Service")
  #expect(WorkloadView(.value(.emptyMap), kind: service) == nil)
}

@Test("the generated views are what `make generate` would write")
func viewsAreCurrent() throws {
  let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
  let folder = "/\(root)/Sources/ManifestModel/Views"
  let names = try FileManager.default.contentsOfDirectory(atPath: folder)
  let files = ViewWriter().files()
  #expect(names.filter { $0.hasSuffix(".swift") }.sorted() == files.map(\.name).sorted())
  for file in files {
    let written = try String(contentsOf: URL(filePath: "\(folder)/\(file.name)"), encoding: .utf8)
    let isCurrent = written == file.text  // A failure should not print the files.
    #expect(isCurrent, "run make generate (\(file.name))")
  }
}
