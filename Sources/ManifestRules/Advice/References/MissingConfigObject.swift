import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Flags pods that need a ConfigMap or Secret nobody makes.
struct MissingConfigObject: PodUniverseAdvice {
  static let about = AdviceDescription(
    "REF006", "missing-config-object", .warning, .recommended, fix: .hint,
    "A pod needs a ConfigMap or a Secret that is not in the repository.",
    why: """
      Containers whose variables or volumes come from an object that is not there never start: the \
      pod waits, and the rollout with it. What kustomize generates and what known operators make \
      counts as there; names that something else supplies can be declared as external in kmf.yaml.
      """,
    bad: [
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web, namespace: shop}
      spec:
        imagePullSecrets:
        - name: registry # want: no Secret 'registry' is in the repository
        containers:
        - name: app
          image: nginx:1.29.1
          envFrom:
          - configMapRef:
              name: web-setings # want: no ConfigMap 'web-setings' is in the repository
      ---
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: web-settings, namespace: shop}
      data: {mode: fast}
      """,
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web, namespace: shop}
      spec:
        containers:
        - name: app
          image: nginx:1.29.1
          env:
          - name: PASSWORD
            valueFrom: {secretKeyRef: {name: db, key: password}} # want: no Secret 'db' is
        volumes:
        - name: all
          projected:
            sources:
            - configMap: {name: web} # want: no ConfigMap 'web' is in namespace 'shop'
      --- # file: other/web.yaml
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: web, namespace: other}
      data: {mode: fast}
      """,
    ],
    good: [
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web, namespace: shop}
      spec:
        containers:
        - name: app
          image: nginx:1.29.1
          envFrom:
          - configMapRef: {name: maybe, optional: true}
          env:
          - name: PASSWORD
            valueFrom: {secretKeyRef: {name: db, key: password}}
        volumes:
        - {name: settings, configMap: {name: web}}
        - {name: trust, configMap: {name: kube-root-ca.crt}}
      --- # file: sealed/db.yaml
      apiVersion: bitnami.com/v1alpha1
      kind: SealedSecret
      metadata: {name: db, namespace: shop}
      spec: {encryptedData: {password: AgBy}}
      --- # file: kustomization.yaml
      resources: [example.yaml, sealed]
      configMapGenerator:
      - {name: web, literals: [mode=fast]}
      """,
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec:
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec:
            containers: [{name: app, image: "nginx:1.29.1"}]
            volumes: [{name: tls, secret: {secretName: web-tls}}]
      --- # file: web/tls.yaml
      apiVersion: cert-manager.io/v1
      kind: Certificate
      metadata: {name: web}
      spec: {secretName: web-tls, issuerRef: {name: ca}}
      """,
    ])

  static let needs = [
    "configMapRef", "secretRef", "configMapKeyRef", "secretKeyRef", "configMap", "secret",
    "imagePullSecrets",
  ]

  /// What every namespace has, made by the cluster itself.
  private static let madeByCluster: Set<String> = [
    "ConfigMap/kube-root-ca.crt", "ConfigMap/openshift-service-ca.crt",
  ]

  static func check(
    _ pod: AdvicePod, in universe: Universe, into report: inout AdviceReport
  ) {
    var seen: Set<String> = []
    for reference in pod.configReferences where !reference.isOptional {
      let id = "\(reference.kind)/\(reference.name)"
      guard !madeByCluster.contains(id), !seen.contains(id) else { continue }
      switch universe.find(reference.kind, reference.name, for: pod.object) {
      case .missing:
        let near = universe.name(
          meantBy: reference.name, ofKind: reference.kind, near: pod.object)
        report.flag(
          at: reference.nameNode, "no \(reference.kind) '\(reference.name)' is in the repository",
          help: near.map { "did you mean '\($0)'?" }
            ?? "add it, or declare it as external where something else makes it")
      case .elsewhere(let others):
        let space = universe.namespace(of: pod.object) ?? ""
        report.flag(
          at: reference.nameNode,
          "no \(reference.kind) '\(reference.name)' is in namespace '\(space)'",
          help: "pods see only what is in their own namespace",
          related: others.prefix(3).map {
            report.related("there is one here", at: $0.place, of: $0)
          }
        )
      default: continue
      }
      seen.insert(id)
    }
  }
}
