import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Flags the user 0.
struct RunAsUserZero: PodAdvice {
  static let about = AdviceDescription(
    "PSR004", "run-as-user-zero", .error, .strict,
    "A pod or a container runs as user 0.",
    why: """
      Root inside of a container is root on the node as soon as anything leads out. The restricted \
      Pod Security Standard forbids runAsUser 0 at the pod and at every container, each by itself: \
      a pod that says 0 is refused even where all of its containers say otherwise. From 1.35 on \
      pods with a user namespace of their own are exempt.
      """,
    bad: [
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        securityContext:
          runAsUser: 0 # want: the pod runs as user 0
        containers:
        - {name: app, image: "nginx:1.29.1", securityContext: {runAsUser: 1000}}
      """,
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        securityContext: {runAsUser: 1000}
        initContainers:
        - name: setup
          image: busybox:1.37
          securityContext:
            runAsUser: 0 # want: container 'setup' runs as user 0
        containers:
        - {name: app, image: "nginx:1.29.1"}
      """,
    ],
    good: [
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        securityContext: {runAsUser: 1, runAsGroup: 0}
        containers:
        - {name: app, image: "nginx:1.29.1", securityContext: {runAsUser: 10001}}
      """,
      AdviceExample(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          hostUsers: false
          containers:
          - {name: app, image: "nginx:1.29.1", securityContext: {runAsUser: 0}}
        """, version: KubernetesVersion(minor: 35)),
    ])

  static let needs = ["runAsUser"]

  static func check(_ pod: AdvicePod, into report: inout AdviceReport) {
    if pod.hasHarmlessRoot(report.version) { return }
    for scope in pod.securityScopes {
      guard let value = scope.node["runAsUser"], value.int64 == 0 else { continue }
      report.flag(
        at: value, "\(scope.owner) runs as user 0",
        help: "choose another user, and give it the files that it needs")
    }
  }
}
