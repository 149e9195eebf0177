import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Flags containers that may run as root.
struct RunAsNonRoot: PodAdvice {
  static let about = AdviceDescription(
    "PSR003", "run-as-non-root", .warning, .strict, fix: .unsafe,
    "A container is not kept from running as root.",
    why: """
      With runAsNonRoot the kubelet refuses to start an image as user 0, so that a forgotten USER \
      line shows before an attacker finds it. The restricted Pod Security Standard wants true at \
      the container or, where that says nothing, at the pod, and false nowhere; from 1.35 on pods \
      with a user namespace of their own are exempt.
      """,
    bad: [
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers:
        - name: app # want: container 'app' may run as root
          image: nginx:1.29.1
      """,
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        securityContext:
          runAsNonRoot: true
        containers:
        - name: app
          image: nginx:1.29.1
          securityContext:
            runAsNonRoot: false # want: container 'app' may run as root
      """,
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        securityContext: # want: container 'app' may run as root
          fsGroup: 2000
        containers:
        - name: app
          image: nginx:1.29.1
        - name: other
          image: nginx:1.29.1
      """,
      AdviceExample(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          hostUsers: false
          containers:
          - {name: app, image: "nginx:1.29.1"} # want: container 'app' may run as root
        """, version: KubernetesVersion(minor: 34)),
    ],
    good: [
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        securityContext: {runAsNonRoot: true}
        containers:
        - {name: app, image: "nginx:1.29.1", securityContext: {readOnlyRootFilesystem: true}}
      """,
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers:
        - {name: app, image: "nginx:1.29.1", securityContext: {runAsNonRoot: true}}
      """,
      AdviceExample(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          hostUsers: false
          containers:
          - {name: app, image: "nginx:1.29.1"}
        """, version: KubernetesVersion(minor: 35)),
    ])

  static func check(_ pod: AdvicePod, into report: inout AdviceReport) {
    if pod.hasHarmlessRoot(report.version) { return }
    let podValue = pod.security("runAsNonRoot")
    if let podValue, podValue.bool == false { flag(podValue, "the pod", &report) }
    var isPodsPlaceTold = false
    for container in pod.containers {
      if let value = container.ownSecurity("runAsNonRoot") {
        if value.bool == false { flag(value, container.title, &report) }
        continue
      }
      // What the pod says holds, and its word has been judged.
      if podValue != nil { continue }
      let place = pod.placeOfShared("runAsNonRoot", missingIn: container)
      let isPods = place.node.path == pod.spec.node.path
      if isPods, isPodsPlaceTold { continue }
      isPodsPlaceTold = isPodsPlaceTold || isPods
      report.missing(
        place.path, in: place.node, "\(container.title) may run as root",
        help: "set securityContext.runAsNonRoot to true, at the pod for all of its containers",
        fixes: [
          report.setting(
            place.node, place.path, to: "true", title: "set runAsNonRoot to true",
            safety: .changesBehavior)
        ])
    }
  }

  private static func flag(_ value: NodeRef, _ owner: String, _ report: inout AdviceReport) {
    report.flag(
      at: value, "\(owner) may run as root", help: "set it to true",
      fixes: [
        report.setting(
          value, to: "true", title: "set runAsNonRoot to true", safety: .changesBehavior)
      ])
  }
}
