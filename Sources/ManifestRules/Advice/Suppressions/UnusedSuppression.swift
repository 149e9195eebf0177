import ManifestSyntax

/// Flags suppressions that leave nothing out.
struct UnusedSuppression: SuppressionAdvice {
  static let about = AdviceDescription(
    "SUP001", "unused-suppression", .warning, .recommended, fix: .safe,
    "A comment or annotation suppresses a finding that is not there.",
    why: """
      A suppression outlives its reason easily. As long as it stands it would hide the next \
      mistake of its kind. A suppression of a rule that is switched off is not counted as unused.
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
          resources: {requests: {memory: 64Mi}} # kmf: ignore[RES001] was missing # want: RES001
      """,
      """
      apiVersion: v1
      kind: ConfigMap
      metadata:
        name: web
        annotations:
          kmf.dev/ignore: "PSB003=needs the devices" # want: PSB003
      """,
    ],
    good: [
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers:
        # kmf: ignore[RES001] a test pod
        - name: app
          image: nginx:1.29.1
      """,
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: web}
      data:
        text: |
          # kmf: ignore[RES001] this is text
      """,
    ])

  static func message(
    for suppression: Suppression, isWatched: Bool, today: String
  ) -> (message: String, help: String)? {
    guard suppression.uses == 0, isWatched else { return nil }
    return (
      "nothing is left out for \(suppression.rules.joined(separator: ", "))",
      "remove the suppression"
    )
  }
}
