import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Flags volumes that no cluster mounts any more.
struct DeadVolumePlugin: PodAdvice, ObjectAdvice {
  static let about = AdviceDescription(
    "APW007", "dead-volume-plugin", .warning, .recommended,
    "A volume is of a kind that no longer works.",
    why: """
      The code for these volumes has left Kubernetes. The server takes them with a warning, and \
      pods that have one never start.
      """,
    supersedes: [
      "WRN-08", "WRN-09", "WRN-10", "WRN-11", "WRN-12", "WRN-13", "WRN-14", "WRN-15", "WRN-16",
    ],
    bad: [
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers: [{name: app, image: "nginx:1.29.1"}]
        volumes:
        - name: code
          gitRepo: # want: volumes of the kind 'gitRepo' no longer work since 1.33
            repository: https://git.example.com/web
      """,
      """
      apiVersion: v1
      kind: PersistentVolume
      metadata: {name: data}
      spec:
        capacity: {storage: 1Gi}
        accessModes: [ReadWriteMany]
        glusterfs: {endpoints: gluster, path: data} # want: 'glusterfs' no longer work since 1.26
      ---
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
            - {name: data, rbd: {monitors: [ceph], image: data}} # want: 'rbd' no longer work since 1.31
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
        - {name: data, nfs: {server: nfs.example.com, path: /}}
        - {name: rbd, emptyDir: {}}
      """,
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers: [{name: app, image: "nginx:1.29.1"}]
        volumes:
        - {name: data, csi: {driver: cephfs.csi.ceph.com}}
      """,
    ])

  static var subjects: [AdviceSubject] { [.pod(Self.self), .object(Self.self)] }

  static let needs = [
    "photonPersistentDisk", "gitRepo", "scaleIO", "flocker", "storageos", "quobyte", "glusterfs",
    "cephfs", "rbd",
  ]

  static let kinds = ["PersistentVolume"]

  /// The kinds of volumes: since when the server warns, and since when they do not work.
  private static let dead: [(field: Key, warns: Int, ends: Int)] = [
    (Key("photonPersistentDisk"), 16, 16), (Key("gitRepo"), 11, 33), (Key("scaleIO"), 16, 22),
    (Key("flocker"), 22, 25), (Key("storageos"), 22, 25), (Key("quobyte"), 22, 25),
    (Key("glusterfs"), 25, 26), (Key("cephfs"), 28, 31), (Key("rbd"), 28, 31),
  ]

  static func check(_ pod: AdvicePod, into report: inout AdviceReport) {
    for volume in pod.spec.node.list(.volumes) { check(volume, into: &report) }
  }

  static func check(_ object: AdviceObject, into report: inout AdviceReport) {
    if let spec = object.node[.spec] { check(spec, into: &report) }
  }

  private static func check(_ node: NodeRef, into report: inout AdviceReport) {
    for kind in dead where report.version.minor >= kind.warns {
      guard let source = node[kind.field] else { continue }
      let field = kind.field.text
      let hasEnded = report.version.minor >= kind.ends
      report.flag(
        at: source,
        hasEnded
          ? "volumes of the kind '\(field)' no longer work since 1.\(kind.ends)"
          : "volumes of the kind '\(field)' are deprecated, and do not work from 1.\(kind.ends) on",
        help: field == "gitRepo"
          ? "clone the repository in an init container, into an emptyDir"
          : "use a CSI driver, or another kind of volume",
        anchor: .key)
    }
  }
}
