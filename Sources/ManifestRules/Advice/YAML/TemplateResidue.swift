import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Flags what a template left behind.
struct TemplateResidue: SourceAdvice {
  static let about = AdviceDescription(
    "YML006", "template-residue", .error, .recommended,
    "A value holds a piece of a template that nobody filled in.",
    why: """
      A manifest that is applied has to be complete: `{{ … }}`, `${TAG}`, `<no value>`, `%!s(` or \
      CHANGEME in it mean that a step was left out, or that a value was missing. Templates of \
      charts are not looked at, and neither are scripts, files in ConfigMaps, and repositories \
      whose variables Flux fills in.
      """,
    supersedes: ["DEC-27"],
    bad: [
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers:
        - name: app
          image: "nginx:{{ .Values.tag }}" # want: '{{ .Values.tag }}' was not filled in
        - name: other
          image: registry.example.com/web:${TAG} # want: '${TAG}' was not filled in
      """,
      """
      apiVersion: v1
      kind: Secret
      metadata: {name: web, namespace: <no value>} # want: '<no value>' was left by a template
      stringData:
        password: CHANGEME # want: 'CHANGEME' was not filled in
        user: "%!s(<nil>)" # want: '%!s(' was left by a template
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
          command: [sh, -c, "exec server --port=${PORT} --format='{{ .Name }}'"]
          env: [{name: SCRIPT, value: "echo changeme; if true; then\\necho ${HOME}; fi"}]
      """,
      """
      apiVersion: v1
      kind: ConfigMap
      metadata:
        name: web
        annotations: {note: "please CHANGEME to the name of your own shop, as the guide says"}
      data:
        nginx.conf: |
          server_name ${HOST};
          return 200 "{{ hello }}";
      ---
      apiVersion: example.com/v1
      kind: Rollout
      metadata: {name: web}
      spec: {name: "{{inputs.parameters.name}}"}
      """,
    ])

  static func check(_ document: AdviceDocument, into report: inout AdviceReport) {
    for diagnostic in document.diagnostics {
      guard let span = diagnostic.span, diagnostic.message.hasPrefix("this is a template") else {
        continue
      }
      report.flag(
        span: span, "a piece of a template was not filled in",
        help: "apply what the template renders; keep templates in a folder of their own")
    }
    guard let tree = document.tree, TemplateWalk.mayFind(in: document) else { return }
    for object in document.objects {
      guard let node = object.node.treeNode?.id else { continue }
      let walk = TemplateWalk(object, tree, report)
      walk.visit(node) { found, span in
        let how =
          found.hasPrefix("<") || found.hasPrefix("%")
          ? "was left by a template" : "was not filled in"
        report.flag(
          span: span.span, path: tree.path(to: span.node), "'\(found)' \(how)",
          help: "fill it in before the manifest is applied")
      }
    }
  }
}
