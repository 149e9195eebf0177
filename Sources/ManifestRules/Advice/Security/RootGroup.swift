import ManifestModel
import ManifestSyntax

/// Flags the group of root.
struct RootGroup: PodAdvice {
  static let about = AdviceDescription(
    "SEC010", "root-group", .warning, .strict,
    "A container belongs to the group of root.",
    why: """
      Much on a node and in images belongs to group 0 and may be read or written by it. Running as \
      another user does not help when the group stays.
      """,
    bad: [
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        securityContext:
          runAsUser: 1000
          fsGroup: 0 # want: the volumes of the pod belong to group 0
          supplementalGroups:
          - 2000
          - 0 # want: the containers of the pod belong to group 0
        containers: [{name: app, image: "nginx:1.29.1"}]
      """,
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        securityContext:
          runAsGroup: 0 # want: container 'app' runs with group 0
        containers:
        - {name: app, image: "nginx:1.29.1"}
        - {name: other, image: "nginx:1.29.1", securityContext: {runAsGroup: 3000}}
      """,
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        securityContext: {runAsGroup: 3000}
        initContainers:
        - name: setup
          image: busybox:1.37
          securityContext: {runAsGroup: 0} # want: container 'setup' runs with group 0
        containers: [{name: app, image: "nginx:1.29.1"}]
      """,
    ],
    good: [
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        securityContext: {runAsGroup: 0, fsGroup: 2000, supplementalGroups: [2000]}
        containers:
        - {name: app, image: "nginx:1.29.1", securityContext: {runAsGroup: 3000}}
      """,
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: nothing-said}
      spec:
        securityContext: {runAsUser: 0}
        containers: [{name: app, image: "nginx:1.29.1"}]
      """,
    ])

  static let needs = ["fsGroup", "supplementalGroups", "runAsGroup"]

  static func check(_ pod: AdvicePod, into report: inout AdviceReport) {
    let help = "choose another group, and give it the files that it needs"
    if let value = pod.security("fsGroup"), value.int64 == 0 {
      report.flag(at: value, "the volumes of the pod belong to group 0", help: help)
    }
    for item in pod.security("supplementalGroups")?.items ?? NodeRef.value(.null).items
    where item.int64 == 0 {
      report.flag(at: item, "the containers of the pod belong to group 0", help: help)
    }
    var isPodsTold = false
    for container in pod.containers {
      guard let value = container.security("runAsGroup"), value.node.int64 == 0 else { continue }
      if value.level == .pod {
        if isPodsTold { continue }
        isPodsTold = true
      }
      report.flag(at: value.node, "\(container.title) runs with group 0", help: help)
    }
  }
}
