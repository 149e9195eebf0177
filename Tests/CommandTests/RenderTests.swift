import Foundation
import Testing

/// `kmf render`.
@Suite struct RenderTests {
  private static let pod = """
    kind: Pod
    apiVersion: v1
    spec: {containers: [{image: nginx, name: web, resources: {limits: {cpu: 0.5}}}]}
    metadata: {creationTimestamp: null, name: web}

    """

  private static let cases: [(arguments: [String], says: [String], absent: [String])] = [
    (
      [], ["apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n", "cpu: 500m"],
      ["creationTimestamp", "restartPolicy", "namespace"]
    ),
    (["-n", "shop"], ["  namespace: shop"], ["restartPolicy"]),
    (
      ["--defaults"], ["restartPolicy: Always", "imagePullPolicy: Always"], ["status", "namespace"]
    ),
    (
      ["--server-fields"],
      ["restartPolicy: Always", "phase: Pending", "namespace: default", "generation: 1"], []
    ),
    (
      ["--defaults", "-o", "json", "--kubernetes-version", "1.25"], ["\"kind\": \"Pod\""], ["List"]
    ),
  ]

  @Test func printsObjectsAsAskedFor() throws {
    let scratch = try Scratch()
    try scratch.write("pod.yaml", Self.pod)
    for (arguments, says, absent) in Self.cases {
      let outcome = try scratch.kmf(["render", "pod.yaml"] + arguments)
      #expect(outcome.code == 0 && outcome.err.isEmpty, "\(arguments): \(outcome)")
      for text in says where !outcome.out.contains(text) {
        Issue.record("\(arguments): no '\(text)' in \(outcome.out)")
      }
      for text in absent where outcome.out.contains(text) {
        Issue.record("\(arguments): '\(text)' in \(outcome.out)")
      }
    }
  }

  @Test func printsSeveralObjectsAsDocumentsOrAsAList() throws {
    let scratch = try Scratch()
    try scratch.write("a.yaml", Manifest.good + "---\n" + Manifest.unknown)
    let list = "{\"kind\": \"List\", \"apiVersion\": \"v1\", \"items\": [{\"apiVersion\": \"v1\","
    try scratch.write("b.json", list + "\"kind\": \"Secret\", \"metadata\": {\"name\": \"s\"}}]}")
    try scratch.write("values.yaml", "replicas: 3\n")
    let yaml = try scratch.kmf(["render", "."])
    #expect(yaml.code == 0 && yaml.out.split(separator: "\n").filter { $0 == "---" }.count == 2)
    #expect(yaml.out.contains("kind: Secret") && !yaml.out.contains("items"), "\(yaml)")
    #expect(yaml.err.contains("KMF-02") && yaml.err.contains("'values.yaml' is left out"))
    let json = try scratch.kmf(["render", ".", "-o", "json"])
    let parsed = try JSONSerialization.jsonObject(with: Data(json.out.utf8)) as? [String: Any]
    #expect((parsed?["items"] as? [Any])?.count == 3, "\(json)")
    let again = try scratch.kmf(["render", "-"], input: yaml.out)
    #expect(again.out == yaml.out, "what was rendered is in normal form: \(again)")
  }

  @Test func printsNothingWhereSomethingIsWrong() throws {
    let scratch = try Scratch()
    try scratch.write("good.yaml", Manifest.good)
    try scratch.write("bad.yaml", Manifest.bad)
    let cases: [(arguments: [String], code: Int32, says: String)] = [
      (["."], 1, "error[DEC-08]"), (["nope.yaml", "good.yaml"], 2, "'nope.yaml'"),
      (["good.yaml", "--kubernetes-version", "1.30..1.31"], 2, "rendered for one version"),
      ([], 2, "nothing to render"), (["good.yaml", "-o", "xml"], 2, "xml"),
    ]
    for (arguments, code, says) in cases {
      let outcome = try scratch.kmf(["render"] + arguments)
      #expect(outcome.code == code && outcome.out.isEmpty, "\(arguments): \(outcome)")
      #expect(outcome.err.contains(says), "\(arguments): \(outcome)")
    }
  }

  @Test func completesCustomKinds() throws {
    let scratch = try Scratch()
    try scratch.write(
      "crd.yaml",
      """
      apiVersion: apiextensions.k8s.io/v1
      kind: CustomResourceDefinition
      metadata: {name: things.example.com}
      spec:
        group: example.com
        scope: Namespaced
        names: {kind: Thing, plural: things}
        versions:
        - name: v1
          served: true
          storage: true
          schema:
            openAPIV3Schema:
              type: object
              properties:
                spec:
                  type: object
                  properties:
                    colour: {type: string, default: blue}
                    sizes: {type: array, items: {type: integer}, default: [1, 2]}

      """)
    try scratch.write("thing.yaml", Manifest.unknown + "spec: {}\n")
    let outcome = try scratch.kmf(["render", "--defaults", "thing.yaml", "--crds", "crd.yaml"])
    #expect(
      outcome.code == 0 && outcome.out.contains("colour: blue\n  sizes:\n  - 1\n"), "\(outcome)")
  }
}
