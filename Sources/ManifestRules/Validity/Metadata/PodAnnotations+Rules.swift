extension PodAnnotations {
  static let rules: [RuleDescription] = [
    RuleDescription(
      "ANN-01", "the mirror of a static pod names its node",
      bad: "metadata.annotations = {kubernetes.io/config.mirror: x}",
      good: """
        metadata.annotations = {kubernetes.io/config.mirror: x}
        spec.nodeName = node-1
        """),
    RuleDescription(
      "ANN-02", "tolerations in an annotation are a JSON list",
      bad: tolerations("no JSON"), tolerations(#"{"key":"a"}"#), tolerations(#"[{"key":1}]"#),
      good: tolerations(#"[{"key":"a","operator":"Exists"}]"#), tolerations("")),
    RuleDescription(
      "ANN-03", "tolerations in an annotation obey the rules of tolerations",
      bad: tolerations(#"[{"value":"a"}]"#), tolerations(#"[{"key":"a","operator":"equal"}]"#),
      tolerations(#"[{"key":"a","effect":"Never"}]"#),
      tolerations(#"[{"key":"a","tolerationSeconds":3}]"#),
      good: tolerations(#"[{"Key":"a","value":"b","effect":"NoSchedule"}]"#)),
    RuleDescription(
      "ANN-04", "a deletion cost is a whole number of 32 bits",
      bad: cost("+5"), cost("007"), cost("1.5"), cost(""), cost("2147483648"),
      good: cost("-5"), cost("0"), cost("2147483647")),
    RuleDescription(
      "ANN-05", "the seccomp annotation of a pod names a profile",
      bad: "metadata.annotations = {\(seccompKey): Unconfined}",
      "metadata.annotations = {\(seccompKey): localhost/../etc}",
      good: "metadata.annotations = {\(seccompKey): localhost/a/b.json}"),
    RuleDescription(
      "ANN-06", "the seccomp annotation of a container names a profile",
      bad: "metadata.annotations = {\(seccompPrefix)app: localhost//etc}",
      good: "metadata.annotations = {\(seccompPrefix)app: docker/default}"),
    RuleDescription(
      "ANN-07", "an AppArmor annotation is for a container of the pod",
      bad: "metadata.annotations = {\(appArmorPrefix)other: unconfined}",
      good: "metadata.annotations = {\(appArmorPrefix)app: unconfined}"),
    RuleDescription(
      "ANN-08", "an AppArmor annotation names a profile",
      bad: "metadata.annotations = {\(appArmorPrefix)app: Unconfined}",
      good: "metadata.annotations = {\(appArmorPrefix)app: localhost/mine}",
      "metadata.annotations = {\(appArmorPrefix)app: ''}"),
  ]

  private static func cost(_ value: String) -> RuleExample {
    "metadata.annotations = {controller.kubernetes.io/pod-deletion-cost: '\(value)'}"
  }

  private static func tolerations(_ json: String) -> RuleExample {
    "metadata.annotations = {scheduler.alpha.kubernetes.io/tolerations: '\(json)'}"
  }
}
