import ManifestModel
import ManifestSyntax

/// Flags workloads among the parts of the cluster itself.
struct SystemNamespace: PodUniverseAdvice {
  static let about = AdviceDescription(
    "SEC013", "system-namespace", .warning, .recommended,
    "A workload is placed in a namespace of the cluster itself.",
    why: """
      What runs in kube-system is trusted by much of the cluster: policies make exceptions for it, \
      and whoever may create pods there may use its service accounts. kube-public is read by \
      everybody. Programs belong in namespaces of their own.
      """,
    bad: [
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata:
        name: web
        namespace: kube-system # want: the namespace 'kube-system' is for the cluster itself
      spec:
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec: {containers: [{name: app, image: "nginx:1.29.1"}]}
      """,
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web, namespace: kube-node-lease} # want: the namespace 'kube-node-lease'
      spec: {containers: [{name: app, image: "nginx:1.29.1"}]}
      --- # file: base/kustomization.yaml
      namespace: kube-public
      resources: [pod.yaml]
      --- # file: base/pod.yaml
      apiVersion: v1
      kind: Pod
      metadata:
        name: page # want: the namespace 'kube-public'
      spec: {containers: [{name: app, image: "nginx:1.29.1"}]}
      """,
    ],
    good: [
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: kube-system, namespace: kube-systems}
      spec: {containers: [{name: app, image: "nginx:1.29.1"}]}
      """,
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: settings, namespace: kube-system}
      data: {mode: fast}
      """,
    ])

  private static let own: Set<String> = ["kube-system", "kube-public", "kube-node-lease"]

  static func check(_ pod: AdvicePod, in universe: Universe, into report: inout AdviceReport) {
    let object = pod.object
    guard let namespace = universe.namespace(of: object), own.contains(namespace) else { return }
    let place =
      object.writtenNamespace == nil
      ? object.place : object.node[.metadata]?[.namespace] ?? object.place
    report.flag(
      at: place, "the namespace '\(namespace)' is for the cluster itself",
      help: "give the program a namespace of its own")
  }
}
