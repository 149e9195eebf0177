import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Flags volumes in memory that may take all of it.
struct MemoryBackedEmptyDir: PodAdvice {
  static let about = AdviceDescription(
    "RES008", "memory-backed-emptydir", .warning, .recommended,
    "A volume in memory has no size.",
    why: """
      What is written into such a volume counts as memory of the containers that write it. Without \
      sizeLimit the files may take all that the limits allow, or half of the node's memory, and \
      containers are killed for it.
      """,
    bad: [
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers: [{name: app, image: "nginx:1.29.1"}]
        volumes:
        - name: cache
          emptyDir: # want: the volume 'cache' lies in memory and has no sizeLimit
            medium: Memory
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
            volumes:
            - {name: settings, configMap: {name: web}}
            - {name: cache, emptyDir: {medium: Memory, sizeLimit: null}} # want: the volume 'cache' lies in
      """,
    ],
    good: [
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers: [{name: app, image: "nginx:1.29.1"}]
        volumes:
        - {name: cache, emptyDir: {medium: Memory, sizeLimit: 64Mi}}
      """,
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers: [{name: app, image: "nginx:1.29.1"}]
        volumes:
        - {name: cache, emptyDir: {}}
        - {name: disk, emptyDir: {medium: ""}}
      """,
    ])

  static let needs = ["medium"]

  static func check(_ pod: AdvicePod, into report: inout AdviceReport) {
    for volume in pod.spec.node.list(.volumes) {
      guard let empty = volume["emptyDir"], let medium = empty["medium"],
        medium.string == "Memory", empty["sizeLimit"] == nil
      else { continue }
      report.flag(
        at: empty,
        "the volume '\(volume[.name]?.string ?? "")' lies in memory and has no sizeLimit",
        help: "set sizeLimit, and count it in the memory limits", anchor: .key,
        related: [report.related("in memory", at: medium, of: pod.object)])
    }
  }
}
