import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Flags variables that another one of the same name hides.
struct HiddenVariable: PodAdvice {
  static let about = AdviceDescription(
    "APW002", "hidden-env-var", .warning, .recommended, fix: .unsafe,
    "A variable of a container is defined twice.",
    why: """
      The last one counts. `kubectl apply` merges the list by name, so the next change may drop \
      one of the two, and not the one that is expected. A second one that refers to the first, as \
      `$(PATH):/opt/bin` does, is meant so.
      """,
    supersedes: ["WRN-30"],
    bad: [
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers:
        - name: app
          image: nginx:1.29.1
          env:
          - {name: MODE, value: fast}
          - {name: LEVEL, value: info}
          - name: MODE # want: 'MODE' is defined before; this one hides it
            value: slow
      """,
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec:
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec:
            initContainers:
            - name: setup
              image: busybox:1.37
              env:
              - {name: TOKEN, value: none}
              - {name: TOKEN, valueFrom: {secretKeyRef: {name: web, key: token}}} # want: 'TOKEN' is defined
            containers: [{name: app, image: "nginx:1.29.1"}]
      """,
    ],
    good: [
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers:
        - name: app
          image: nginx:1.29.1
          env:
          - {name: EXTRA, value: /opt/bin}
          - {name: EXTRA, value: "$(EXTRA):/opt/sbin"}
      """,
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers:
        - {name: app, image: "nginx:1.29.1", env: [{name: MODE, value: fast}]}
        - {name: other, image: "nginx:1.29.1", env: [{name: MODE, value: slow}, {name: mode, value: a}]}
      """,
    ])

  static let needs = ["env"]

  static func check(_ pod: AdvicePod, into report: inout AdviceReport) {
    for container in pod.containers {
      if DistinctTexts.fill(container.node[.env], under: Key.name) { continue }
      var known: [String: NodeRef] = [:]
      for variable in container.node.list(.env) {
        guard let node = variable[.name], let name = node.string, !name.isEmpty else { continue }
        if let first = known.updateValue(variable, forKey: name),
          !(variable[.value]?.string ?? "").contains("$(\(name))")
        {
          report.flag(
            at: node, "'\(name)' is defined before; this one hides it", help: "remove one of them",
            related: [report.related("the hidden one", at: first, "name", of: pod.object)],
            fixes: [
              report.removing(first, title: "remove the hidden one", safety: .changesBehavior)
            ])
        }
      }
    }
  }
}
