import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Flags volumes that nobody mounts.
struct UnusedVolume: PodUniverseAdvice {
  static let about = AdviceDescription(
    "COR002", "unused-volume", .warning, .recommended, fix: .unsafe,
    "A volume is mounted by no container.",
    why: """
      The kubelet sets the volume up all the same: a pod waits for a claim or a Secret that it has \
      no use for. Mostly a mount was forgotten, or the name of one is misspelt.
      """,
    bad: [
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers: [{name: app, image: "nginx:1.29.1"}]
        volumes:
        - name: cache # want: no container mounts the volume 'cache'
          emptyDir: {}
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
            containers:
            - name: app
              image: nginx:1.29.1
              volumeMounts: [{name: data, mountPath: /data}]
            volumes:
            - {name: data, emptyDir: {}}
            - {name: settings, configMap: {name: web}} # want: no container mounts the volume 'settings'
      """,
    ],
    good: [
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        initContainers:
        - {name: setup, image: "busybox:1.37", volumeMounts: [{name: data, mountPath: /data}]}
        containers:
        - {name: app, image: "nginx:1.29.1", volumeDevices: [{name: disk, devicePath: /dev/xvda}]}
        volumes:
        - {name: data, emptyDir: {}}
        - {name: disk, persistentVolumeClaim: {claimName: disk}}
      """,
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers: [{name: app, image: "nginx:1.29.1"}]
      """,
    ])

  static let needs = ["volumes"]

  static func check(
    _ pod: AdvicePod, in universe: Universe, into report: inout AdviceReport
  ) {
    let volumes = pod.spec.node.list(.volumes)
    guard volumes.first(where: { _ in true }) != nil else { return }
    var mounted: Set<String> = []
    let lists = [Key.volumeMounts, Key("volumeDevices")]
    for container in pod.containers {
      for list in lists {
        for mount in container.node.list(list) {
          if let name = mount[.name]?.string { mounted.insert(name) }
        }
      }
    }
    for volume in volumes {
      guard let name = volume[.name], let text = name.string, !mounted.contains(text),
        !universe.isOverlaid("volumeMounts", text),
        // Sidecars that are put in later are told of volumes by annotations.
        !pod.annotations.values.contains(where: { $0.contains(text) })
      else { continue }
      let near = EditDistance.nearest(
        to: text, in: mounted.subtracting(volumes.compactMap { $0[.name]?.string }).sorted())
      report.flag(
        at: name, "no container mounts the volume '\(text)'",
        help: near.map { "'\($0)' is mounted: is it the same?" } ?? "mount it, or remove it",
        fixes: [
          report.removing(volume, title: "remove the volume", safety: .changesBehavior)
        ])
    }
  }
}
