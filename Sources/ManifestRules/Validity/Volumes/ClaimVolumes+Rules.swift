extension ClaimVolumes {
  static let rules: [RuleDescription] =
    volumes + claims
    + SelectorChecks.rules(
      on: .pod, at: "spec.volumes[0] = \(head)selector: ", end: "}}}}")

  private static let volumes: [RuleDescription] = [
    RuleDescription(
      "VOL-36", "a volume of a claim names its claim",
      bad: "spec.volumes = [{name: v, persistentVolumeClaim: {}}]",
      good: "spec.volumes = [{name: v, persistentVolumeClaim: {claimName: Any_Name}}]"),
    RuleDescription(
      "VOL-37", "a claim that the pod makes is not named as an existing one",
      bad: "spec.volumes = [\(whole), {name: w, persistentVolumeClaim: {claimName: web-v}}]",
      good: "spec.volumes = [\(whole), {name: w, persistentVolumeClaim: {claimName: v}}]"),
    RuleDescription(
      "VOL-65", "an ephemeral volume has a template of its claim",
      bad: "spec.volumes = [{name: v, ephemeral: {}}]", good: "spec.volumes = [\(whole)]"),
    RuleDescription(
      "VOL-66", "the name of the claim that a pod makes is a DNS name",
      bad: """
        metadata.name = \(String(repeating: "a", count: 252))
        spec.volumes = [\(whole)]
        """,
      good: """
        metadata.name = \(String(repeating: "a", count: 251))
        spec.volumes = [\(whole)]
        """),
  ]

  private static let claims: [RuleDescription] = [
    RuleDescription(
      "PVCT-01", "a claim that a pod makes has labels and annotations only",
      bad: template("metadata: {name: a}"), template("metadata: {finalizers: []}"),
      good: template("metadata: {labels: {a: b}, name: ''}")),
    RuleDescription(
      "PVCT-02", "labels and annotations of a claim are sound",
      bad: template("metadata: {labels: {a: 'b c'}}"),
      template("metadata: {annotations: {'a b': c}}"),
      good: template("metadata: {labels: {a: b}, annotations: {a: b c}}")),
    RuleDescription(
      "PVCT-03", "a claim has access modes",
      bad: claim("resources: {requests: {storage: 1Gi}}"), good: claim(sound)),
    RuleDescription(
      "PVCT-04", "access modes are known ones",
      bad: claim("accessModes: [RWO], resources: {requests: {storage: 1Gi}}"), good: claim(sound)),
    RuleDescription(
      "PVCT-05", "ReadWriteOncePod stands alone",
      bad: claim("accessModes: [ReadWriteOncePod, ReadWriteOnce]"),
      good: claim("accessModes: [ReadWriteOncePod, ReadWriteOncePod]")),
    RuleDescription(
      "PVCT-06", "a claim has a size",
      bad: claim("accessModes: [ReadWriteOnce], resources: {limits: {storage: 1Gi}}"),
      good: claim(sound)),
    RuleDescription(
      "PVCT-07", "a claim's size is above zero", bad: claim("resources: {requests: {storage: 0}}"),
      good: claim("resources: {requests: {storage: 1}}")),
    .untestable(
      "PVCT-08", "a claim's selector is sound", because: "findings carry the codes LSEL-*"),
    RuleDescription(
      "PVCT-09", "a claim's class is a DNS name", bad: claim("storageClassName: Fast"),
      good: claim("storageClassName: ''")),
    RuleDescription(
      "PVCT-10", "a claim's volumeMode is Filesystem or Block", bad: claim("volumeMode: block"),
      good: claim("volumeMode: Block")),
    RuleDescription(
      "PVCT-11", "a claim's dataSource is whole", bad: claim("dataSource: {kind: A, name: b}"),
      claim("dataSource: {apiGroup: a_b, kind: A, name: b}"),
      claim("dataSource: {kind: PersistentVolumeClaim}"),
      good: claim("dataSource: {kind: PersistentVolumeClaim, name: b}")),
    RuleDescription(
      "PVCT-12", "a claim's dataSourceRef is whole",
      bad: claim("dataSourceRef: {kind: A, name: b}"),
      claim("dataSourceRef: {apiGroup: a, kind: A, name: b, namespace: c.d}"),
      good: claim("dataSourceRef: {apiGroup: a, kind: A, name: b, namespace: c}")),
    RuleDescription(
      "PVCT-13", "dataSource and dataSourceRef name the same",
      bad: claim(
        "dataSource: {apiGroup: a, kind: A, name: b}, "
          + "dataSourceRef: {apiGroup: a, kind: A, name: c}"),
      good: claim(
        "dataSource: {apiGroup: a, kind: A, name: b}, "
          + "dataSourceRef: {apiGroup: a, kind: A, name: b}")),
    RuleDescription(
      "PVCT-14", "a claim's class of attributes is a DNS name",
      bad: claim("volumeAttributesClassName: Fast"),
      good: claim("volumeAttributesClassName: fast")),
  ]

  private static let sound =
    "accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}"
  private static let head = "{name: v, ephemeral: {volumeClaimTemplate: {spec: {"
  private static let whole = "\(head)\(sound)}}}}"

  private static func claim(_ spec: String) -> RuleExample {
    "spec.volumes = [\(head)\(spec)}}}}]"
  }

  private static func template(_ fields: String) -> RuleExample {
    "spec.volumes = [{name: v, ephemeral: {volumeClaimTemplate: {\(fields), spec: {\(sound)}}}}]"
  }
}
