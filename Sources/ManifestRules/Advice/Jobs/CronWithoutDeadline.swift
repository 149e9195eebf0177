import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Flags CronJobs that stop for good after too many missed times.
struct CronWithoutDeadline: ObjectAdvice {
  static let about = AdviceDescription(
    "JOB001", "cron-without-deadline", .warning, .strict,
    "A CronJob does not say how late it may start.",
    why: """
      The controller counts the times that it missed, since the last run where there is no \
      deadline. After more than 100 (a weekend, for a job of every half hour) it only complains. \
      With startingDeadlineSeconds it looks back no further than that.
      """,
    bad: [
      """
      apiVersion: batch/v1
      kind: CronJob
      metadata: {name: report}
      spec: # want: the CronJob does not say how late it may start
        schedule: "0 3 * * *"
        jobTemplate:
          spec:
            template: {spec: {restartPolicy: Never, containers: [{name: app, image: "app:1.0"}]}}
      """,
      """
      apiVersion: batch/v1
      kind: CronJob
      metadata: {name: report}
      spec: # want: the CronJob does not say how late it may start
        schedule: "*/10 * * * *"
        startingDeadlineSeconds: null
        jobTemplate:
          spec:
            activeDeadlineSeconds: 60
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
        startingDeadlineSeconds: 600
        jobTemplate:
          spec:
            template: {spec: {restartPolicy: Never, containers: [{name: app, image: "app:1.0"}]}}
      """,
      """
      apiVersion: batch/v1
      kind: Job
      metadata: {name: report}
      spec:
        template: {spec: {restartPolicy: Never, containers: [{name: app, image: "app:1.0"}]}}
      """,
    ])

  static let kinds = ["CronJob"]

  static func check(_ object: AdviceObject, into report: inout AdviceReport) {
    guard let spec = object.node[.spec], spec["startingDeadlineSeconds"] == nil else { return }
    report.flag(
      at: spec, "the CronJob does not say how late it may start",
      help: "set startingDeadlineSeconds, below the time between two runs", anchor: .key)
  }
}
