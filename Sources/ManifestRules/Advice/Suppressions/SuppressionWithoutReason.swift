import ManifestSyntax

/// Flags suppressions that do not say why.
struct SuppressionWithoutReason: SuppressionAdvice {
  static let about = AdviceDescription(
    "SUP002", "suppression-without-reason", .note, .strict,
    "A suppression gives no reason.",
    why: """
      Whoever meets a suppression later has to decide whether it still holds, and can do so only \
      when it says what it was for. A date with `until=` is reason enough.
      """,
    bad: [
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers:
        - name: app # kmf: ignore[RES001] # want: gives no reason
          image: nginx:1.29.1
      """,
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          kmf.dev/ignore: RES001 # want: gives no reason
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
        - name: app # kmf: ignore[RES001] until=2999-01-01
          image: nginx:1.29.1
      """,
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          kmf.dev/ignore: "RES001=measured, needs next to nothing"
      spec:
        containers:
        - {name: app, image: "nginx:1.29.1"}
      """,
    ])

  static func message(
    for suppression: Suppression, isWatched: Bool, today: String
  ) -> (message: String, help: String)? {
    guard suppression.reason.isEmpty else { return nil }
    let rules = suppression.rules.joined(separator: ", ")
    return ("the suppression of \(rules) gives no reason", "say why after the brackets")
  }
}
