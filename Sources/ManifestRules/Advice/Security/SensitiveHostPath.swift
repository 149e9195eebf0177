import ManifestModel
import ManifestSyntax

/// Flags mounts of the node's files that give the node away.
struct SensitiveHostPath: PodAdvice {
  static let about = AdviceDescription(
    "SEC007", "sensitive-host-path", .error, .recommended,
    "A container can write to the node's files, or read its secrets.",
    why: """
      Who can write anywhere on the node can mostly make it run something; and in some places \
      reading is enough, since keys of the kubelet and of other pods lie there. A read-only mount \
      of a harmless folder is fine.
      """,
    bad: [
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: agent}
      spec:
        containers:
        - name: agent
          image: agent:1.0
          volumeMounts:
          - {name: kubelet, mountPath: /kubelet, readOnly: true}
          - {name: data, mountPath: /data}
        volumes:
        - name: kubelet
          hostPath:
            path: /var/lib/kubelet # want: container 'agent' can read '/var/lib/kubelet' of its node
        - name: data
          hostPath:
            path: /srv/data # want: container 'agent' can write to '/srv/data' of its node
      """,
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: agent}
      spec:
        initContainers:
        - name: setup
          image: busybox:1.37
          volumeMounts: [{name: root, mountPath: /host, readOnly: true}]
        containers: [{name: app, image: "agent:1.0"}]
        volumes:
        - {name: root, hostPath: {path: /, type: Directory}} # want: container 'setup' can read '/'
      """,
    ],
    good: [
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: agent}
      spec:
        containers:
        - name: agent
          image: agent:1.0
          volumeMounts: [{name: logs, mountPath: /logs, readOnly: true}]
        volumes:
        - {name: logs, hostPath: {path: /var/log/pods}}
      """,
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: clock}
      spec:
        containers:
        - name: clock
          image: clock:1.0
          volumeMounts: [{name: zone, mountPath: /etc/localtime, readOnly: true}]
        volumes:
        - {name: zone, hostPath: {path: /etc/localtime}}
      """,
    ])

  static let needs = ["hostPath"]

  static func check(_ pod: AdvicePod, into report: inout AdviceReport) {
    for volume in pod.spec.node[.volumes]?.items ?? NodeRef.value(.null).items {
      guard let value = volume["hostPath"]?["path"], let path = value.string,
        let name = volume[.name]?.string
      else { continue }
      let uses = mounts(of: name, in: pod)
      let isSensitive = NodeFile.isSensitive(NodeFile.normalized(path))
      let writer = uses.first { $0.mount["readOnly"]?.bool != true }
      guard let use = writer ?? (isSensitive ? uses.first : nil) else { continue }
      let verb = writer == nil ? "read" : "write to"
      let help =
        isSensitive
        ? "remove the volume; it gives away the node"
        : "set readOnly at the mount, or use a PersistentVolumeClaim"
      report.flag(
        at: value, "\(use.container.title) can \(verb) '\(path)' of its node", help: help,
        related: [report.related("mounted here", at: use.mount, of: pod.object)])
    }
  }

  private static func mounts(
    of volume: String, in pod: AdvicePod
  ) -> [(container: AdviceContainer, mount: NodeRef)] {
    pod.containers.flatMap { container in
      (container.node[.volumeMounts]?.items ?? NodeRef.value(.null).items)
        .filter { $0[.name]?.string == volume }.map { (container, $0) }
    }
  }
}
