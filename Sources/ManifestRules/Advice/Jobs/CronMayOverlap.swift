import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Flags CronJobs whose runs may overlap.
struct CronMayOverlap: ObjectAdvice {
  static let about = AdviceDescription(
    "JOB002", "cron-may-overlap", .note, .strict, fix: .unsafe,
    "A CronJob starts a run although the last one is not over.",
    why: """
      When a run takes longer than usual the next one starts beside it, on the same data, and \
      slows it down further. Forbid waits for the next time; Replace stops the old run.
      """,
    bad: [
      """
      apiVersion: batch/v1
      kind: CronJob
      metadata: {name: report}
      spec: # want: runs may overlap
        schedule: "0 3 * * *"
        jobTemplate:
          spec:
            template: {spec: {restartPolicy: Never, containers: [{name: app, image: "app:1.0"}]}}
      """,
      """
      apiVersion: batch/v1
      kind: CronJob
      metadata: {name: report}
      spec:
        schedule: "0 3 * * *"
        concurrencyPolicy: Allow # want: runs may overlap
        jobTemplate:
          spec:
            template: {spec: {restartPolicy: Never, containers: [{name: app, image: "app:1.0"}]}}
      """,
    ],
    good: [
      """
      apiVersion: batch/v1
      kind: CronJob
      metadata: {name: report}
      spec:
        schedule: "0 3 * * *"
        concurrencyPolicy: Forbid
        jobTemplate:
          spec:
            template: {spec: {restartPolicy: Never, containers: [{name: app, image: "app:1.0"}]}}
      """,
      """
      apiVersion: batch/v1
      kind: CronJob
      metadata: {name: report}
      spec:
        schedule: "0 3 * * *"
        concurrencyPolicy: Replace
        jobTemplate:
          spec:
            template: {spec: {restartPolicy: Never, containers: [{name: app, image: "app:1.0"}]}}
      """,
    ])

  static let kinds = ["CronJob"]

  static func check(_ object: AdviceObject, into report: inout AdviceReport) {
    guard let spec = object.node[.spec] else { return }
    let fix = report.setting(
      spec, "concurrencyPolicy", to: "Forbid", title: "set concurrencyPolicy to Forbid",
      safety: .changesBehavior)
    let help = "set concurrencyPolicy to Forbid or Replace"
    guard let policy = spec["concurrencyPolicy"] else {
      return report.flag(at: spec, "runs may overlap", help: help, anchor: .key, fixes: [fix])
    }
    guard policy.string == "Allow" else { return }
    report.flag(at: policy, "runs may overlap", help: help, fixes: [fix])
  }
}
