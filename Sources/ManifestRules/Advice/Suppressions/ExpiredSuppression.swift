import ManifestSyntax

/// Flags suppressions whose day has passed.
struct ExpiredSuppression: SuppressionAdvice {
  static let about = AdviceDescription(
    "SUP003", "expired-suppression", .warning, .recommended,
    "The day until which a suppression holds has passed.",
    why: """
      `until=DATE` is a promise to have dealt with the finding by then. Afterwards the suppression \
      leaves nothing out any more, and the finding is back.
      """,
    bad: [
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers:
        - name: app # kmf: ignore[RES001] until=2020-12-31 # want: 2020-12-31
          image: nginx:1.29.1
      """,
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          kmf.dev/ignore: "RES001=measuring until=2021-06-30" # want: 2021-06-30
      spec:
        containers:
        - {name: app, image: "nginx:1.29.1"}
      """,
    ],
    good: [
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers:
        - name: app # kmf: ignore[RES001] until=2999-12-31
          image: nginx:1.29.1
      """,
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers:
        - name: app # kmf: ignore[RES001] measured in 2020
          image: nginx:1.29.1
      """,
    ])

  static func message(
    for suppression: Suppression, isWatched: Bool, today: String
  ) -> (message: String, help: String)? {
    guard let until = suppression.until, !suppression.holds(on: today) else { return nil }
    return (
      "the suppression of \(suppression.rules.joined(separator: ", ")) ended on \(until)",
      "deal with the finding, or set another day"
    )
  }
}
