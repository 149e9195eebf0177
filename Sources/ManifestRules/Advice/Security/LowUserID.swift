import ManifestModel
import ManifestSyntax

/// Flags users and groups that may be somebody on the node.
struct LowUserID: PodAdvice {
  static let about = AdviceDescription(
    "SEC009", "low-uid", .note, .optional,
    "A container runs with a user or group that the node may have too.",
    why: """
      The numbers of users in containers are those of the node. A process that gets out is whoever \
      has its number there, so a high one is nobody. Pods with a user namespace of their own pass.
      """,
    parameters: [
      AdviceParameter("min-uid", .integer(10000), "the lowest number that is fine")
    ],
    bad: [
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        securityContext:
          runAsUser: 1000 # want: user 1000 of container 'app' is below 10000
        containers:
        - name: app
          image: nginx:1.29.1
          securityContext:
            runAsGroup: 3000 # want: group 3000 of container 'app' is below 10000
        - name: other
          image: nginx:1.29.1
          securityContext: {runAsUser: 10001}
      """,
      AdviceExample(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers:
          - name: app
            image: nginx:1.29.1
            securityContext:
              runAsUser: 999 # want: user 999 of container 'app' is below 1000
        """, set: ["min-uid": "1000"]),
    ],
    good: [
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        securityContext: {runAsUser: 1000, runAsGroup: 10000}
        containers:
        - {name: app, image: "nginx:1.29.1", securityContext: {runAsUser: 10000}}
      """,
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        hostUsers: false
        containers:
        - {name: app, image: "nginx:1.29.1", securityContext: {runAsUser: 1000}}
      """,
    ])

  static let needs = ["runAsUser", "runAsGroup"]

  static func check(_ pod: AdvicePod, into report: inout AdviceReport) {
    if pod.hasOwnUsers { return }
    let floor = Int64(report.integer("min-uid"))
    for (field, title) in [("runAsUser", "user"), ("runAsGroup", "group")] {
      let path = FieldPath([.field(field)])
      var isPodsTold = false
      for container in pod.containers {
        guard let value = container.security(path), let number = value.node.int64, number < floor
        else { continue }
        if value.level == .pod {
          if isPodsTold { continue }
          isPodsTold = true
        }
        report.flag(
          at: value.node, "\(title) \(number) of \(container.title) is below \(floor)",
          help: "choose a number of at least \(floor)")
      }
    }
  }
}
