import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Flags Jobs that stay when they are done.
struct JobNeverCleaned: ObjectAdvice {
  static let about = AdviceDescription(
    "JOB003", "job-never-cleaned", .note, .strict,
    "A Job by itself stays for ever when it is done.",
    why: """
      Finished Jobs and their pods stay in the cluster until somebody deletes them, and a Job of \
      the same name cannot be applied with another template as long. ttlSecondsAfterFinished \
      removes them. What a CronJob or a hook makes is removed by those.
      """,
    bad: [
      """
      apiVersion: batch/v1
      kind: Job
      metadata: {name: migrate}
      spec: # want: the Job stays when it is done
        template: {spec: {restartPolicy: Never, containers: [{name: app, image: "app:1.0"}]}}
      """,
      """
      apiVersion: batch/v1
      kind: Job
      metadata: {generateName: migrate-}
      spec: # want: the Job stays when it is done
        activeDeadlineSeconds: 600
        backoffLimit: 2
        template: {spec: {restartPolicy: Never, containers: [{name: app, image: "app:1.0"}]}}
      """,
    ],
    good: [
      """
      apiVersion: batch/v1
      kind: Job
      metadata: {name: migrate}
      spec:
        ttlSecondsAfterFinished: 0
        template: {spec: {restartPolicy: Never, containers: [{name: app, image: "app:1.0"}]}}
      """,
      """
      apiVersion: batch/v1
      kind: CronJob
      metadata: {name: migrate}
      spec:
        schedule: "0 3 * * *"
        jobTemplate:
          spec:
            template: {spec: {restartPolicy: Never, containers: [{name: app, image: "app:1.0"}]}}
      ---
      apiVersion: batch/v1
      kind: Job
      metadata:
        name: hook
        annotations: {helm.sh/hook: post-install, helm.sh/hook-delete-policy: hook-succeeded}
      spec:
        template: {spec: {restartPolicy: Never, containers: [{name: app, image: "app:1.0"}]}}
      """,
    ])

  static let kinds = ["Job"]

  private static let hooks = [
    "helm.sh/hook-delete-policy", "argocd.argoproj.io/hook",
    "argocd.argoproj.io/hook-delete-policy",
  ]

  static func check(_ object: AdviceObject, into report: inout AdviceReport) {
    guard let spec = object.node[.spec], spec["ttlSecondsAfterFinished"] == nil,
      !object.hasController, !hooks.contains(where: { object.annotations[$0] != nil }),
      // Helm deletes a hook before it makes the next one of its name.
      object.name.isEmpty || object.annotations["helm.sh/hook"] == nil
    else { return }
    report.flag(
      at: spec, "the Job stays when it is done", help: "set ttlSecondsAfterFinished",
      anchor: .key)
  }
}
