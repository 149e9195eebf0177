import ManifestSyntax
import Testing

@testable import ManifestSchema

/// One rule: what is written, and what must stand at a path after defaulting (nil: nothing).
private struct Rule {
  var id: String
  var kind: String
  var yaml: String
  var path: FieldPath
  var value: Value?

  init(_ id: String, _ kind: String, _ yaml: String, _ path: FieldPath, _ value: Value?) {
    (self.id, self.kind, self.yaml, self.path, self.value) = (id, kind, yaml, path, value)
  }
}

private let pod = "spec: {containers: [{name: a, image: nginx"
private let rules: [Rule] = [
  Rule("PS-D01", "Pod", "spec: {dnsPolicy: ''}", "spec.dnsPolicy", "ClusterFirst"),
  Rule("PS-D02", "Pod", "metadata: {}", "spec.restartPolicy", "Always"),
  Rule("PS-D03", "Pod", "spec: {securityContext: null}", "spec.securityContext", [:]),
  Rule(
    "PS-D04", "Pod", "spec: {terminationGracePeriodSeconds: 0}",
    "spec.terminationGracePeriodSeconds", 0),
  Rule("VO-D01", "Pod", "spec: {volumes: [{name: v}]}", "spec.volumes[0].emptyDir", [:]),
  Rule("VO-D01", "Pod", "spec: {volumes: [null]}", "spec.volumes[0].emptyDir", [:]),
  Rule(
    "VO-D08", "Pod", "spec: {volumes: [{projected: {sources: [{serviceAccountToken: {}}]}}]}",
    "spec.volumes[0].projected.sources[0].serviceAccountToken.expirationSeconds", 3600),
  Rule("CO-D01", "Pod", "\(pod)}]}", "spec.containers[0].imagePullPolicy", "Always"),
  Rule("CO-D01", "Pod", "\(pod):1}]}", "spec.containers[0].imagePullPolicy", "IfNotPresent"),
  Rule("CO-D01", "Pod", "\(pod)/Web}]}", "spec.containers[0].imagePullPolicy", "IfNotPresent"),
  Rule(
    "CO-D08", "Pod", "\(pod), livenessProbe: {timeoutSeconds: 0}}]}",
    "spec.containers[0].livenessProbe.timeoutSeconds", 1),
  Rule(
    "POD-D01", "Pod", "\(pod), resources: {limits: {cpu: 1}}}]}",
    "spec.containers[0].resources.requests.cpu", 1),
  Rule(
    "POD-D01", "Deployment",
    "spec: {template: {spec: {containers: [{resources: {limits: {cpu: 1}}}]}}}",
    "spec.template.spec.containers[0].resources.requests", nil),
  Rule(
    "POD-D04", "Pod",
    "\(pod), resources: {requests: {cpu: 1500m}}}], resources: {limits: {cpu: 2}}}",
    "spec.resources.requests.cpu", "1500m"),
  Rule("POD-D06", "Pod", "spec: {}", "spec.enableServiceLinks", true),
  Rule("POD-D06", "ReplicaSet", "spec: {}", "spec.template.spec.enableServiceLinks", nil),
  Rule(
    "POD-D07", "Pod", "\(pod), ports: [{containerPort: 80}]}], hostNetwork: true}",
    "spec.containers[0].ports[0].hostPort", 80),
  Rule("DE-D01", "Deployment", "spec: {replicas: 0}", "spec.replicas", 0),
  Rule("DE-D04", "Deployment", "spec: {}", "spec.strategy.rollingUpdate.maxUnavailable", "25%"),
  Rule(
    "DE-N01", "Deployment", "spec: {strategy: {type: Recreate}}", "spec.strategy.rollingUpdate", nil
  ),
  Rule(
    "SV-D02", "Service", "spec: {sessionAffinityConfig: {clientIP: {timeoutSeconds: 1}}}",
    "spec.sessionAffinityConfig", nil),
  Rule(
    "SV-D03", "Service", "spec: {sessionAffinity: ClientIP, sessionAffinityConfig: {}}",
    "spec.sessionAffinityConfig.clientIP.timeoutSeconds", 10800),
  Rule(
    "SV-D06", "Service", "spec: {ports: [{port: 80, targetPort: 0}]}", "spec.ports[0].targetPort",
    80),
  Rule("SV-D07", "Service", "spec: {type: NodePort}", "spec.externalTrafficPolicy", "Cluster"),
  Rule("SV-D08", "Service", "spec: {type: ExternalName}", "spec.internalTrafficPolicy", nil),
  Rule("CV-01", "Pod", "spec: {serviceAccount: a}", "spec.serviceAccountName", "a"),
]

private func defaulted(_ yaml: String, _ kindName: String, _ schema: Schema) throws -> Tree {
  var reader = DocumentReader(SourceText(yaml))
  let tree = try #require(reader.next()?.tree, "\(yaml)")
  let apiVersion = ["Pod", "Service"].contains(kindName) ? "v1" : "apps/v1"
  let kind = try #require(schema.kind(apiVersion: apiVersion, kind: kindName))
  Defaulter(schema: schema).apply(to: tree, kind: kind)
  return tree
}

@Test("every kind of default is set where it belongs and nowhere else")
func defaultsAreSet() throws {
  let schema = Schema(version: KubernetesVersion(minor: 36))
  for rule in rules {
    let tree = try defaulted(rule.yaml, rule.kind, schema)
    let found = tree.node(at: rule.path)
    #expect(found.map { tree.value($0) } == rule.value, "\(rule.id): \(rule.yaml)")
  }
}

@Test("what was added is synthetic and points at its parent; misfits are left alone")
func additionsAreSynthetic() throws {
  let schema = Schema(version: KubernetesVersion(minor: 36))
  let tree = try defaulted("spec:\n  dnsPolicy: null\n  containers:\n  - name: a\n", "Pod", schema)
  for path: FieldPath in ["spec.dnsPolicy", "spec.restartPolicy", "spec.containers[0].resources"] {
    #expect(tree.node(at: path).map(tree.isSynthetic) == true, "\(path)")
  }
  #expect(tree.node(at: "spec.containers[0].name").map(tree.isSynthetic) == false)
  #expect(tree.span(of: "spec.restartPolicy") == tree.span(of: "spec"))
  for yaml in ["3", "[]", "spec: 3", "spec: [a]", "spec: {containers: 1, volumes: {a: b}}"] {
    let tree = try defaulted(yaml, "Pod", schema)
    #expect(tree.nodeCount > 0, "\(yaml)")
  }
}

@Test("images are read as runtimes read them")
func imageReferences() {
  let digest = "@sha256:" + String(repeating: "0", count: 64)
  let cases: [(text: String, tag: String?)] = [
    ("nginx", "latest"), ("nginx:1", "1"), ("nginx\(digest)", ""),
    ("nginx:latest\(digest)", "latest"),
    ("localhost:5000/a", "latest"), ("localhost:5000/a:b", "b"), ("a/b/c:v1.2-x_y", "v1.2-x_y"),
    ("REGISTRY/a", "latest"), ("a.b/c__d/e-f--g.h", "latest"), ("[::1]:80/a:1", "1"),
    ("", nil), (" nginx", nil), ("nginx:", nil), ("Nginx", nil), ("a/B", nil), ("a//b", nil),
    ("a___b", nil), ("nginx@sha256:0", nil), (String(repeating: "a", count: 64), nil), ("a/", nil),
    ("x:" + String(repeating: "a", count: 129), nil), ("-a/b", nil), ("a..b", nil),
    (String(repeating: "a", count: 247), "latest"), (String(repeating: "a", count: 248), nil),
    ("a.b/" + String(repeating: "a", count: 255), "latest"),
    ("docker.io/" + String(repeating: "a", count: 248), nil),
  ]
  for (text, tag) in cases { #expect(ImageReference(text)?.tagOrLatest == tag, "'\(text)'") }
}

@Test("objects that are only normalised keep what is unknown and get canonical scalars")
func normalizes() throws {
  let schema = Schema(version: KubernetesVersion(minor: 36))
  var reader = DocumentReader(
    SourceText(
      """
      spec: {odd: {a: null}, nodeName: null,
        containers: [{resources: {limits: {cpu: 1000m}}, name: a}]}
      kind: Pod
      apiVersion: v1
      """))
  let tree = try #require(reader.next()?.tree)
  let kind = try #require(schema.kind(apiVersion: "v1", kind: "Pod"))
  let text = YAMLWriter.write(Rendering(schema: schema).normalized(tree, kind: kind))
  #expect(
    text == """
      apiVersion: v1
      kind: Pod
      spec:
        containers:
        - name: a
          resources:
            limits:
              cpu: "1"
        odd:
          a: null

      """)
}

@Test("every computed default that a table names exists, and the other way round")
func computedDefaultsAreKnown() {
  let schema = Schema()
  var named: Set<String> = []
  for id in schema.embeddedTypes {
    for field in schema.type(id).fields {
      if case .computed(let name) = field.defaultWord { named.insert(name) }
    }
  }
  #expect(named == Set(ComputedDefault.named.keys))
}
