import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Flags names that cannot be names of hosts.
struct HostnameHostileName: ObjectAdvice {
  static let about = AdviceDescription(
    "APW009", "hostname-hostile-name", .warning, .recommended,
    "The name of an object is no name for a host, and its pods take theirs from it.",
    why: """
      Pods have their name as the name of their host. One with dots, or of more than 63 \
      characters, is cut off or taken for a domain by programs that ask for it.
      """,
    supersedes: ["WRN-40"],
    bad: [
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata:
        name: web.v1 # want: 'web.v1' cannot be the name of a host
      spec:
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec: {containers: [{name: app, image: "nginx:1.29.1"}]}
      """,
      """
      apiVersion: batch/v1
      kind: CronJob
      metadata: {name: report.daily} # want: 'report.daily' cannot be the name of a host
      spec:
        schedule: "0 3 * * *"
        jobTemplate:
          spec:
            template: {spec: {restartPolicy: Never, containers: [{name: app, image: "app:1.0"}]}}
      """,
    ],
    good: [
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web-v1}
      spec:
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec: {containers: [{name: app, image: "nginx:1.29.1"}]}
      """,
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: web.v1}
      ---
      apiVersion: apps/v1
      kind: DaemonSet
      metadata: {name: agent.v1}
      spec:
        selector: {matchLabels: {app: agent}}
        template:
          metadata: {labels: {app: agent}}
          spec: {containers: [{name: app, image: "agent:1.0"}]}
      """,
    ])

  static let kinds = ["Pod", "ReplicaSet", "Deployment", "Job", "CronJob"]

  static func check(_ object: AdviceObject, into report: inout AdviceReport) {
    guard ["", "apps", "batch"].contains(object.gvk.group), !object.name.isEmpty,
      let problem = NameFormat.dnsLabel(object.name).first,
      NameFormat.dnsSubdomain(object.name).isEmpty
    else { return }
    report.flag(
      at: object.place,
      "'\(object.name)' cannot be the name of a host, as pods take theirs from it",
      help: "choose a name without dots, of 63 characters at most", notes: [problem])
  }
}
