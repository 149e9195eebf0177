import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Flags objects that end in the namespace default, or in whichever is at hand.
struct NoNamespace: UniverseAdvice {
  static let about = AdviceDescription(
    "MET001", "no-namespace", .note, .strict,
    "An object is in the namespace default, or says none.",
    why: """
      Without a namespace an object goes wherever the one who applies it happens to be. What a \
      kustomization gives counts; where another tool does, name the namespace in the parameter.
      """,
    parameters: [
      AdviceParameter(
        "namespace", .text(""), "the namespace that another tool gives to objects without one")
    ],
    bad: [
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: # want: the object says no namespace
        name: web
      """,
      """
      apiVersion: v1
      kind: Service
      metadata:
        name: web
        namespace: default # want: the object is in the namespace 'default'
      spec: {selector: {app: web}, ports: [{port: 80}]}
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web} # want: the object says no namespace
      spec:
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec: {containers: [{name: app, image: "nginx:1.29.1"}]}
      """,
    ],
    good: [
      """
      apiVersion: v1
      kind: Namespace
      metadata: {name: shop}
      ---
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: web, namespace: shop}
      ---
      apiVersion: rbac.authorization.k8s.io/v1
      kind: ClusterRole
      metadata: {name: web}
      """,
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: web}
      --- # file: kustomization.yaml
      namespace: shop
      resources: [example.yaml]
      """,
      AdviceExample(
        """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: web}
        """, set: ["namespace": "shop"]),
    ])

  static func check(
    _ object: AdviceObject, in universe: Universe, into report: inout AdviceReport
  ) {
    let kind = report.schema.anyKind(object.gvk)
    guard kind?.isNamespaced == true else { return }
    if let written = object.node[.metadata]?[.namespace], object.writtenNamespace != nil {
      guard written.string == "default" else { return }
      report.flag(
        at: written, "the object is in the namespace 'default'",
        help: "give the application a namespace of its own")
    } else if report.text("namespace").isEmpty, !object.file.isRelease,
      !universe.kustomizations.giveNamespace(to: object.file.name)
    {
      report.missing(
        "metadata.namespace", in: object.node, "the object says no namespace",
        help: "set metadata.namespace, or namespace in a kustomization")
    }
  }
}
