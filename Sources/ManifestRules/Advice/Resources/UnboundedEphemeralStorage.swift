import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Flags containers that may fill the disk of their node.
struct UnboundedEphemeralStorage: PodAdvice {
  static let about = AdviceDescription(
    "RES007", "unbounded-ephemeral-storage", .note, .optional,
    "A container or an emptyDir may fill the disk of its node.",
    why: """
      Logs, the writable layer of containers and emptyDir volumes lie on the disk of the node. \
      When it is full, the kubelet evicts pods, and not only the one that filled it.
      """,
    bad: [
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers:
        - name: app # want: container 'app' has no limit of ephemeral-storage
          image: nginx:1.29.1
      """,
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers:
        - name: app
          image: nginx:1.29.1
          resources: {limits: {ephemeral-storage: 1Gi}}
        volumes:
        - name: cache
          emptyDir: {} # want: the volume 'cache' has no sizeLimit
      """,
    ],
    good: [
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        initContainers:
        - {name: setup, image: "busybox:1.37"}
        containers:
        - {name: app, image: "nginx:1.29.1", resources: {limits: {ephemeral-storage: 1Gi}}}
        volumes:
        - {name: cache, emptyDir: {sizeLimit: 1Gi}}
      """,
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers:
        - {name: app, image: "nginx:1.29.1", resources: {limits: {ephemeral-storage: 1Gi}}}
        volumes:
        - {name: memory, emptyDir: {medium: Memory}}
        - {name: settings, configMap: {name: web}}
      """,
    ])

  static func check(_ pod: AdvicePod, into report: inout AdviceReport) {
    for container in pod.longRunning where pod.limit("ephemeral-storage", of: container) == nil {
      report.missing(
        FieldPath("resources.limits").key("ephemeral-storage"), in: container.node,
        "\(container.title) has no limit of ephemeral-storage",
        help: "set resources.limits.ephemeral-storage")
    }
    for volume in pod.spec.node.list(.volumes) {
      // What lies in memory is another rule's.
      guard let empty = volume["emptyDir"], empty["sizeLimit"] == nil,
        empty["medium"]?.string != "Memory"
      else { continue }
      report.flag(
        at: empty, "the volume '\(volume[.name]?.string ?? "")' has no sizeLimit",
        help: "set sizeLimit", anchor: .key)
    }
  }
}
