import ManifestModel
import ManifestSyntax

/// Flags volumes that are folders of the node.
struct HostPath: PodAdvice {
  static let about = AdviceDescription(
    "PSB005", "host-path", .warning, .recommended,
    "A volume is a path of the node.",
    why: """
      What such a volume holds differs from node to node and stays behind when the pod leaves; and \
      the files of the node are a way out of the container. The baseline Pod Security Standard \
      forbids hostPath volumes.
      """,
    bad: [
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers:
        - name: app
          image: nginx:1.29.1
          volumeMounts: [{name: data, mountPath: /data}]
        volumes:
        - name: data
          hostPath: # want: volume 'data' is the path '/srv/data' of the node
            path: /srv/data
      """,
      """
      apiVersion: batch/v1
      kind: CronJob
      metadata: {name: clean}
      spec:
        schedule: "0 3 * * *"
        jobTemplate:
          spec:
            template:
              spec:
                restartPolicy: Never
                containers: [{name: app, image: "busybox:1.37"}]
                volumes:
                - {name: logs, hostPath: {path: /var/log, type: Directory}} # want: '/var/log'
      """,
    ],
    good: [
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers:
        - name: app
          image: nginx:1.29.1
          volumeMounts: [{name: data, mountPath: /srv/data}]
        volumes:
        - {name: data, emptyDir: {}}
        - {name: certificates, persistentVolumeClaim: {claimName: certificates}}
      """,
      """
      apiVersion: v1
      kind: PersistentVolume
      metadata: {name: disk}
      spec:
        capacity: {storage: 1Gi}
        accessModes: [ReadWriteOnce]
        hostPath: {path: /srv/disk}
      """,
    ])

  static let needs = ["hostPath"]

  static func check(_ pod: AdvicePod, into report: inout AdviceReport) {
    for volume in pod.spec.node[.volumes]?.items ?? NodeRef.value(.null).items {
      guard let source = volume["hostPath"] else { continue }
      let path = source["path"]?.string ?? ""
      report.flag(
        at: source,
        "volume '\(volume[.name]?.string ?? "")' is the path '\(path)' of the node",
        help: "use a PersistentVolumeClaim, an emptyDir, or a ConfigMap", anchor: .key)
    }
  }
}
