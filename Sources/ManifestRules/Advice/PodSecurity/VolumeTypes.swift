import ManifestModel
import ManifestSyntax

/// Flags volumes of the kinds that the restricted standard leaves out.
struct VolumeTypes: PodAdvice {
  static let about = AdviceDescription(
    "PSR001", "volume-types", .warning, .strict,
    "A volume is of a kind that the restricted standard does not know.",
    why: """
      Besides paths of the node, drivers that run inside of the kubelet connect pods with storage \
      in the name of the node. The restricted Pod Security Standard takes configMap, csi, \
      downwardAPI, emptyDir, ephemeral, image, persistentVolumeClaim, projected and secret.
      """,
    supersedes: ["PSB005"],
    bad: [
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers: [{name: app, image: "nginx:1.29.1"}]
        volumes:
        - name: data
          nfs: # want: volume 'data' is of the kind 'nfs'
            server: nfs.example.com
            path: /data
      """,
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers: [{name: app, image: "nginx:1.29.1"}]
        volumes:
        - {name: code, gitRepo: {repository: "https://example.com/code.git"}} # want: 'gitRepo'
        - name: logs
          hostPath: {path: /var/log} # want: volume 'logs' is of the kind 'hostPath'
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
        - {name: a, configMap: {name: web}}
        - {name: b, csi: {driver: secrets.example.com}}
        - {name: c, downwardAPI: {items: []}}
        - {name: d, emptyDir: {}}
        - {name: e, image: {reference: "data:1.0"}}
        - {name: f, persistentVolumeClaim: {claimName: data}}
        - {name: g, projected: {sources: []}}
        - {name: h, secret: {secretName: web}}
      """,
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers: [{name: app, image: "nginx:1.29.1"}]
        volumes:
        - name: scratch
          ephemeral:
            volumeClaimTemplate:
              spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
        - name: plain
      """,
    ])

  static let needs = ["volumes"]

  private static let allowed: Set<String> = [
    "configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "image", "persistentVolumeClaim",
    "projected", "secret",
  ]

  static func check(_ pod: AdvicePod, into report: inout AdviceReport) {
    for volume in pod.spec.node[.volumes]?.items ?? NodeRef.value(.null).items {
      for source in Volume(volume).sources where !allowed.contains(source) {
        guard let node = volume[source] else { continue }
        report.flag(
          at: node, "volume '\(volume[.name]?.string ?? "")' is of the kind '\(source)'",
          help: "reach the storage through a PersistentVolumeClaim or a CSI driver", anchor: .key)
      }
    }
  }
}
