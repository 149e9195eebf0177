import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Flags fields and annotations that another field has replaced.
struct DeprecatedField: PodAdvice, ObjectAdvice {
  static let about = AdviceDescription(
    "DEP003", "deprecated-field", .warning, .recommended, fix: .safe,
    "A field is used that another one has replaced.",
    why: """
      Old names of fields are kept for old manifests only. New programs read the new ones, and \
      people look for them.
      """,
    bad: [
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        serviceAccount: web # want: 'serviceAccount' has been replaced by 'serviceAccountName'
        containers: [{name: app, image: "nginx:1.29.1"}]
      """,
      """
      apiVersion: networking.k8s.io/v1
      kind: Ingress
      metadata:
        name: web
        annotations:
          kubernetes.io/ingress.class: nginx # want: has been replaced by 'spec.ingressClassName'
      spec:
        defaultBackend: {service: {name: web, port: {number: 80}}}
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec:
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec:
            serviceAccountName: web
            serviceAccount: web # want: 'serviceAccount' has been replaced by 'serviceAccountName'
            containers: [{name: app, image: "nginx:1.29.1"}]
      """,
    ],
    good: [
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        serviceAccountName: web
        containers: [{name: app, image: "nginx:1.29.1"}]
      """,
      """
      apiVersion: networking.k8s.io/v1
      kind: Ingress
      metadata: {name: web, annotations: {example.com/ingress.class: nginx}}
      spec:
        ingressClassName: nginx
        defaultBackend: {service: {name: web, port: {number: 80}}}
      ---
      apiVersion: rbac.authorization.k8s.io/v1
      kind: RoleBinding
      metadata: {name: web}
      roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: web}
      subjects: [{kind: ServiceAccount, name: web}]
      """,
    ])

  static var subjects: [AdviceSubject] { [.pod(Self.self), .object(Self.self)] }

  static let needs = ["serviceAccount", "annotations"]

  static let kinds = ["Ingress", "PersistentVolumeClaim", "Service"]

  static func check(_ pod: AdvicePod, into report: inout AdviceReport) {
    guard let node = pod.spec.node["serviceAccount"], node.string?.isEmpty == false else { return }
    let isThere = pod.spec.node["serviceAccountName"] != nil
    report.flag(
      at: node, "'serviceAccount' has been replaced by 'serviceAccountName'",
      help: isThere ? "remove it" : "rename it", anchor: .key,
      fixes: [
        FixIt(
          isThere ? "remove serviceAccount" : "rename it to serviceAccountName", safety: .safe,
          edits: [
            isThere ? .remove(node.path) : .rename(node.path, to: "serviceAccountName")
          ])
      ])
  }

  private static let annotations: [String: [(key: String, field: String)]] = [
    "Ingress": [("kubernetes.io/ingress.class", "spec.ingressClassName")],
    "PersistentVolumeClaim": [
      ("volume.beta.kubernetes.io/storage-class", "spec.storageClassName")
    ],
    "Service": [
      (
        "service.alpha.kubernetes.io/tolerate-unready-endpoints",
        "spec.publishNotReadyAddresses"
      )
    ],
  ]

  static func check(_ object: AdviceObject, into report: inout AdviceReport) {
    guard !object.annotations.isEmpty, let notes = object.node[.metadata]?[.annotations] else {
      return
    }
    for (key, field) in annotations[object.kind] ?? [] where object.annotations[key] != nil {
      guard let node = notes[key] else { continue }
      report.flag(
        at: node, "the annotation '\(key)' has been replaced by '\(field)'", help: "set \(field)")
    }
  }
}
