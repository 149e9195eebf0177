import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Flags schedules that cannot be what is meant.
struct CronScheduleAdvice: ObjectAdvice {
  static let about = AdviceDescription(
    "JOB004", "cron-schedule", .error, .recommended,
    "A schedule cannot be read, never fires, fires every minute, or carries a time zone.",
    why: """
      The server refuses schedules that it cannot read, and time zones in them. It takes days that \
      no month has, and runs that start every minute, which is rarely what anybody wants.
      """,
    supersedes: ["CRON-02"],
    bad: [
      """
      apiVersion: batch/v1
      kind: CronJob
      metadata: {name: report}
      spec:
        schedule: "0 3 31 2 *" # want: the schedule '0 3 31 2 *' never fires
        jobTemplate:
          spec:
            template: {spec: {restartPolicy: Never, containers: [{name: app, image: "app:1.0"}]}}
      """,
      """
      apiVersion: batch/v1
      kind: CronJob
      metadata: {name: report}
      spec:
        schedule: "*/1 * * * *" # want: the schedule '*/1 * * * *' fires every minute
        jobTemplate:
          spec:
            template: {spec: {restartPolicy: Never, containers: [{name: app, image: "app:1.0"}]}}
      """,
      """
      apiVersion: batch/v1
      kind: CronJob
      metadata: {name: report}
      spec:
        schedule: CRON_TZ=Europe/Berlin 0 3 * * * # want: the schedule carries a time zone
        jobTemplate:
          spec:
            template: {spec: {restartPolicy: Never, containers: [{name: app, image: "app:1.0"}]}}
      """,
      """
      apiVersion: batch/v1
      kind: CronJob
      metadata: {name: report}
      spec:
        schedule: "0 3 * * 8" # want: the schedule '0 3 * * 8' cannot be read
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
        schedule: "0 3 29 2 *"
        timeZone: Europe/Berlin
        jobTemplate:
          spec:
            template: {spec: {restartPolicy: Never, containers: [{name: app, image: "app:1.0"}]}}
      """,
      """
      apiVersion: batch/v1
      kind: CronJob
      metadata: {name: report}
      spec:
        schedule: "*/2 0-6,22 31 FEB,apr MON"
        jobTemplate:
          spec:
            template: {spec: {restartPolicy: Never, containers: [{name: app, image: "app:1.0"}]}}
      """,
      """
      apiVersion: batch/v1
      kind: CronJob
      metadata: {name: report}
      spec:
        schedule: "@every 1h30m"
        jobTemplate:
          spec:
            template: {spec: {restartPolicy: Never, containers: [{name: app, image: "app:1.0"}]}}
      """,
    ])

  static let kinds = ["CronJob"]

  static func check(_ object: AdviceObject, into report: inout AdviceReport) {
    guard let node = object.node[.spec]?["schedule"], let text = node.string, !text.isEmpty else {
      return
    }
    if text.hasPrefix("TZ=") || text.hasPrefix("CRON_TZ=") {
      report.flag(
        at: node, "the schedule carries a time zone, which the server refuses",
        help: "name the zone in timeZone")
    } else if let problem = CronSchedule.problem(in: text) {
      report.flag(
        at: node, "the schedule '\(text)' cannot be read: \(problem)",
        help: "write five fields, like '0 3 * * *', or a word like '@daily'")
    } else if CronSchedule.neverFires(text) {
      report.flag(
        at: node, "the schedule '\(text)' never fires: no month it names has the day",
        help: "choose a day that exists; '0 0 28-31 * *' runs on the last days of each month")
    } else if CronSchedule.firesEveryMinute(text) {
      report.flag(
        at: node, "the schedule '\(text)' fires every minute",
        help: "name a minute, or use a Deployment for work that never pauses")
    }
  }
}
