import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Flags pods that need an entry which their ConfigMap or Secret lacks.
struct MissingConfigKey: PodUniverseAdvice {
  static let about = AdviceDescription(
    "REF007", "missing-config-key", .error, .recommended, fix: .hint,
    "A pod needs an entry that the ConfigMap or Secret does not have.",
    why: """
      The container never starts: the kubelet reports CreateContainerConfigError for a variable, \
      and cannot set up the volume for a file. References marked as optional are let through.
      """,
    bad: [
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers:
        - name: app
          image: nginx:1.29.1
          env:
          - name: MODE
            valueFrom:
              configMapKeyRef:
                name: web
                key: mood # want: the ConfigMap 'web' has no entry 'mood'
      ---
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: web}
      data: {mode: fast}
      """,
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers: [{name: app, image: "nginx:1.29.1"}]
        volumes:
        - name: files
          secret:
            secretName: web
            items:
            - {key: tls.crt, path: cert}
            - {key: tls.pem, path: key} # want: the Secret 'web' has no entry 'tls.pem'
      --- # file: secret.yaml
      apiVersion: v1
      kind: Secret
      metadata: {name: web}
      stringData: {tls.key: abc}
      data: {tls.crt: YWJj}
      """,
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers:
        - name: app
          image: nginx:1.29.1
          env:
          - name: MODE
            valueFrom: {configMapKeyRef: {name: web, key: Mode}} # want: has no entry 'Mode'
      --- # file: kustomization.yaml
      resources: [example.yaml]
      configMapGenerator:
      - {name: web, literals: [mode=fast]}
      """,
    ],
    good: [
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers:
        - name: app
          image: nginx:1.29.1
          env:
          - name: MODE
            valueFrom: {configMapKeyRef: {name: web, key: mood, optional: true}}
          - name: LOGO
            valueFrom: {configMapKeyRef: {name: web, key: logo}}
        volumes:
        - {name: files, configMap: {name: web, optional: true, items: [{key: other, path: a}]}}
      ---
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: web}
      data: {mode: fast}
      binaryData: {logo: YWJj}
      """,
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers:
        - name: app
          image: nginx:1.29.1
          env:
          - name: TOKEN
            valueFrom: {secretKeyRef: {name: robot, key: token}}
          - name: PASSWORD
            valueFrom: {secretKeyRef: {name: elsewhere, key: password}}
      ---
      apiVersion: v1
      kind: Secret
      type: kubernetes.io/service-account-token
      metadata: {name: robot, annotations: {kubernetes.io/service-account.name: robot}}
      """,
    ])

  static let needs = ["configMapKeyRef", "secretKeyRef", "items"]

  static func check(
    _ pod: AdvicePod, in universe: Universe, into report: inout AdviceReport
  ) {
    for reference in pod.configReferences where !reference.isOptional {
      guard let node = reference.keyNode, let key = node.string, !key.isEmpty else { continue }
      let keys: [String]
      var related: [Diagnostic.Related] = []
      switch universe.find(reference.kind, reference.name, for: pod.object) {
      case .objects(let objects):
        let known = objects.compactMap(Self.keys)
        guard known.count == objects.count else { continue }
        keys = known.flatMap { $0 }
        related = objects.prefix(3).map { report.related("it is here", at: $0.place, of: $0) }
      case .provided(let provider):
        guard let known = provider.keys else { continue }
        keys = known
      default: continue
      }
      guard !keys.contains(key), !universe.isOverlaid(reference.name, key) else { continue }
      let near = EditDistance.nearest(to: key, in: keys)
      report.flag(
        at: node, "the \(reference.kind) '\(reference.name)' has no entry '\(key)'",
        help: near.map { "did you mean '\($0)'?" }
          ?? (keys.isEmpty ? nil : "it has \(keys.prefix(8).sorted().joined(separator: ", "))"),
        related: related)
    }
  }

  /// The entries of an object; nil where something else fills them in.
  private static func keys(of object: AdviceObject) -> [String]? {
    if object.node["type"]?.string == "kubernetes.io/service-account-token" { return nil }
    var keys: [String] = []
    var hasData = false
    for field in ["data", "stringData", "binaryData"] {
      guard let data = object.node[field] else { continue }
      hasData = true
      keys += data.entries.map(\.key.keyText)
    }
    // An empty shell with notes to a program that fills it: replicators, injectors of certificates.
    return hasData || object.annotations.isEmpty && object.kind == "ConfigMap" ? keys : nil
  }
}
