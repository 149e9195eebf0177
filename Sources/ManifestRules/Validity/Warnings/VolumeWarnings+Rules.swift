extension VolumeWarnings {
  private static func lost(_ code: String, _ volume: String) -> RuleDescription {
    RuleDescription(
      code, "Volumes are of a kind that clusters still mount.",
      bad: RuleExample(stringLiteral: "spec.volumes = [{name: v, \(volume)}]"),
      good: "spec.volumes = [{name: v, emptyDir: {}}]")
  }

  static let rules: [RuleDescription] = [
    lost("WRN-08", "photonPersistentDisk: {pdID: a}"),
    lost("WRN-09", "gitRepo: {repository: a}"),
    lost(
      "WRN-10", "scaleIO: {gateway: a, system: b, volumeName: c, secretRef: {name: d}}"),
    lost("WRN-11", "flocker: {datasetName: a}"),
    lost("WRN-12", "storageos: {volumeName: a}"),
    lost("WRN-13", "quobyte: {registry: 'a:1', volume: b}"),
    lost("WRN-14", "glusterfs: {endpoints: a, path: b}"),
    lost("WRN-15", "cephfs: {monitors: [a]}"),
    lost("WRN-16", "rbd: {monitors: [a], image: b}"),
    RuleDescription(
      "WRN-17", "A claim asks for whole bytes.",
      bad:
        """
        spec.volumes = [{name: v, ephemeral: {volumeClaimTemplate: {spec: {accessModes: \
        [ReadWriteOnce], resources: {requests: {storage: 1500m}}}}}}]
        """,
      good:
        """
        spec.volumes = [{name: v, ephemeral: {volumeClaimTemplate: {spec: {accessModes: \
        [ReadWriteOnce], resources: {requests: {storage: 1500M}}}}}}]
        """
    ),
    RuleDescription(
      "WRN-18", "The files of a configMap lie at different places.",
      bad:
        """
        spec.volumes = [{name: v, configMap: {name: a, items: [{key: a, path: f}, {key: b, \
        path: f}]}}]
        """,
      """
      spec.volumes = [{name: v, configMap: {name: a, items: [{key: a, path: f}, {key: b, path: \
      f/g}]}}]
      """,
      good:
        """
        spec.volumes = [{name: v, configMap: {name: a, items: [{key: a, path: f}, {key: b, \
        path: fg}]}}]
        """
    ),
    RuleDescription(
      "WRN-19", "The files of a secret lie at different places.",
      bad:
        """
        spec.volumes = [{name: v, secret: {secretName: a, items: [{key: a, path: f}, {key: b, \
        path: f}]}}]
        """,
      good:
        """
        spec.volumes = [{name: v, secret: {secretName: a, items: [{key: a, path: f}, {key: b, \
        path: g}]}}]
        """
    ),
    RuleDescription(
      "WRN-20", "The files of a downwardAPI volume lie at different places.",
      bad:
        """
        spec.volumes = [{name: v, downwardAPI: {items: [{path: f/g, fieldRef: {fieldPath: \
        metadata.name}}, {path: f, fieldRef: {fieldPath: metadata.uid}}]}}]
        """,
      good:
        """
        spec.volumes = [{name: v, downwardAPI: {items: [{path: f/g, fieldRef: {fieldPath: \
        metadata.name}}, {path: f/h, fieldRef: {fieldPath: metadata.uid}}]}}]
        """
    ),
    RuleDescription(
      "WRN-21", "The files of a projected volume lie at different places.",
      bad:
        """
        spec.volumes = [{name: v, projected: {sources: [{configMap: {name: a, items: [{key: a, \
        path: t}]}}, {serviceAccountToken: {path: t}}]}}]
        """,
      good:
        """
        spec.volumes = [{name: v, projected: {sources: [{configMap: {name: a, items: [{key: a, \
        path: s}]}}, {serviceAccountToken: {path: t}}]}}]
        """
    ),
    .untestable("WRN-22", "Reserved.", because: "the list names no condition"),
    RuleDescription(
      "WRN-23", "Each source of a projected volume projects something.",
      bad: "spec.volumes = [{name: v, projected: {sources: [{}]}}]",
      good: "spec.volumes = [{name: v, projected: {sources: [{secret: {name: a}}]}}]"),
  ]
}
