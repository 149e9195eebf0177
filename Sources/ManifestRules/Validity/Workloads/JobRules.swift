import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Jobs and CronJobs: pods that end, and when they begin.
enum JobRules: KindRules {
  static let title = "Jobs and CronJobs"
  static let kinds = [
    GroupVersionKind(group: "batch", version: "v1", kind: "Job"),
    GroupVersionKind(group: "batch", version: "v1", kind: "CronJob"),
  ]
  /// A CronJob's Jobs add eleven characters to its name.
  private static let cronJobNameMax = 52

  static func check(_ object: ObjectSubject, into report: inout Report) {
    guard let spec = object.node[.spec] else { return }
    guard object.gvk.kind == "CronJob" else { return checkJob(spec, into: &report) }
    if let name = object.node[.metadata]?[.name]?.string, !object.isUpdate,
      name.utf8.count > cronJobNameMax, let metadata = object.node[.metadata]
    {
      report.error(
        "CRON-01", .invalid, at: metadata, "name",
        """
        the name has \(name.utf8.count) characters; a CronJob's has \(cronJobNameMax) at most, \
        as its Jobs add to it
        """,
        help: "choose a shorter name")
    }
    if let schedule = spec["schedule"]?.string, !schedule.isEmpty,
      let problem = CronSchedule.problem(in: schedule)
    {
      report.error(
        "CRON-02", .invalid, at: spec, "schedule", "'\(schedule)' is no schedule: \(problem)",
        help: "write five fields, like '0 3 * * *', or a word like '@daily'")
    }
    if let job = spec["jobTemplate"]?["spec"] { checkJob(job, into: &report) }
  }

  private static func checkJob(_ spec: NodeRef, into report: inout Report) {
    if let template = spec[.template]?["spec"] {
      let policy = template["restartPolicy"]?.string ?? "Always"
      if policy != "OnFailure", policy != "Never" {
        report.error(
          "JOB-01", .required, at: template, "restartPolicy",
          "the pods of a Job end, so restartPolicy cannot be '\(policy)'",
          help: "write 'Never' or 'OnFailure'")
      }
    }
    if spec["completionMode"]?.string == "Indexed", spec["completions"] == nil {
      report.error(
        "JOB-02", .required, at: spec, "completions",
        "a Job that numbers its pods must know how many there are", help: "set 'completions'")
    }
  }

  static let rules: [RuleDescription] = [
    RuleDescription(
      "JOB-01", "The pods of a Job do not always restart.", on: .job,
      bad: "spec.template.spec.restartPolicy = Always", "spec.template.spec.restartPolicy =",
      good: "spec.template.spec.restartPolicy = OnFailure"),
    RuleDescription(
      "JOB-02", "A Job with numbered pods says how many.", on: .job,
      bad: "spec.completionMode = Indexed\nspec.parallelism = 2",
      good: "spec.completionMode = Indexed\nspec.completions = 3"),
    RuleDescription(
      "CRON-01", "The name of a CronJob has 52 characters at most.", on: .cronJob,
      bad: "metadata.name = a23456789-123456789-123456789-123456789-123456789-123",
      good: "metadata.name = a23456789-123456789-123456789-123456789-123456789-12"),
    RuleDescription(
      "CRON-02", "The schedule of a CronJob can be read.", on: .cronJob,
      bad: "spec.schedule = '* * * *'", "spec.schedule = '60 * * * *'",
      "spec.schedule = '0 0 * * 7'", "spec.schedule = '@dayly'",
      good: "spec.schedule = '*/5 0-6,22 1 JAN-jun mon'", "spec.schedule = '@daily'",
      "spec.schedule = '@every 1h30m'"),
  ]
}
