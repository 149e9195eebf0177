import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Flags names that grow too long when the cluster adds to them.
struct DerivedNameTooLong: ObjectAdvice {
  static let about = AdviceDescription(
    "MET004", "derived-name-too-long", .warning, .recommended,
    "A name is too long for what the cluster makes of it.",
    why: """
      A CronJob adds eleven characters to its name for each Job, a StatefulSet eleven for the \
      label of a revision, and a Service is a name in DNS. 63 characters are what labels and names \
      of hosts may have: with longer ones no pods come, or nobody finds them.
      """,
    supersedes: ["CRON-01", "META-03", "META-01", "META-02"],
    bad: [
      """
      apiVersion: apps/v1
      kind: StatefulSet
      metadata:
        name: shop-production-database-primary-replica-set-for-orders # want: the name has 55 characters
      spec:
        selector: {matchLabels: {app: db}}
        template:
          metadata: {labels: {app: db}}
          spec: {containers: [{name: app, image: "postgres:17.6"}]}
      """,
      """
      apiVersion: batch/v1
      kind: CronJob
      metadata: {name: nightly-report-of-everything-that-was-sold-in-the-shop} # want: 54 characters
      spec:
        schedule: "0 3 * * *"
        jobTemplate:
          spec:
            template: {spec: {restartPolicy: Never, containers: [{name: app, image: "app:1.0"}]}}
      """,
    ],
    good: [
      """
      apiVersion: batch/v1
      kind: CronJob
      metadata: {name: nightly-report-of-everything-that-was-sold-in-shops1}
      spec:
        schedule: "0 3 * * *"
        jobTemplate:
          spec:
            template: {spec: {restartPolicy: Never, containers: [{name: app, image: "app:1.0"}]}}
      """,
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: settings-of-the-shop-production-database-primary-replica-set-for-all-orders}
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: shop-production-database-primary-replica-set-for-all-orders}
      spec:
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec: {containers: [{name: app, image: "nginx:1.29.1"}]}
      """,
    ])

  static let kinds = ["CronJob", "StatefulSet", "Service"]

  private static let lengthMax = ["CronJob": 52, "StatefulSet": 52, "Service": 63]
  private static let groups = ["CronJob": "batch", "StatefulSet": "apps", "Service": ""]

  static func check(_ object: AdviceObject, into report: inout AdviceReport) {
    guard let most = lengthMax[object.kind], groups[object.kind] == object.gvk.group,
      object.name.utf8.count > most
    else { return }
    report.flag(
      at: object.place,
      "the name has \(object.name.utf8.count) characters; a \(object.kind)'s has \(most) at most",
      help: "choose a shorter name")
  }
}
