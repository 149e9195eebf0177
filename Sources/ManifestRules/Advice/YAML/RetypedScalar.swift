import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Flags text that YAML takes for something else.
struct RetypedScalar: SourceAdvice {
  static let about = AdviceDescription(
    "YML002", "retyped-scalar", .error, .recommended, fix: .safe,
    "A value that has to be text is read as a number, as true or false, or as null.",
    why: """
      YAML 1.1, which Kubernetes reads, takes `yes`, `on`, `n`, `1.10`, `1e3` and `0777` for truth \
      values and numbers. Where text is asked for the server refuses them, and lenient tools \
      change them: 1.10 becomes 1.1, and 0777 becomes 511. Quotes keep them as they are.
      """,
    supersedes: ["DEC-08"],
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
          - {name: DEBUG, value: yes} # want: 'yes' is read as true, and text is asked for
          - {name: VERSION, value: 1.10} # want: '1.10' is read as 1.1
          args: [--port, 8080] # want: '8080' is read as a number
          command: [run, null] # want: 'null' is read as null
      """,
      """
      apiVersion: v1
      kind: ConfigMap
      metadata:
        name: web
        labels: {commit: 1234e56} # want: '1234e56' is read as
        annotations:
          example.com/enabled: y # want: 'y' is read as true
      data:
        on: fast # want: the key 'on' is read as 'true'
        mode: 0777 # want: '0777' is read as 511
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
          - {name: DEBUG, value: "yes"}
          - {name: TAGGED, value: !!str 8080}
          - {name: VERSION, value: 1.20.3}
          - {name: TIME, value: 12:30:45}
          ports: [{containerPort: 0x50}]
          livenessProbe: {httpGet: {path: /, port: 8080}}
      """,
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: web, labels: {commit: "1234e56"}}
      data:
        empty:
        mode: '0777'
        word: yess
      immutable: yes
      """,
    ])

  static func check(_ document: AdviceDocument, into report: inout AdviceReport) {
    guard let tree = document.tree else { return }
    let mayHoldNulls = tree.hasRewrittenScalars
    for object in document.objects {
      guard let kind = Self.kind(of: object, report.schema), let node = object.node.treeNode?.id
      else { continue }
      if RetypedLook(schema: report.schema, tree: tree).mayFind(in: node, as: kind.type) {
        checkTexts(node, kind, tree, into: &report)
      }
      if mayHoldNulls { checkNulls(object, tree, into: &report) }
    }
  }

  private static func checkTexts(
    _ node: NodeID, _ kind: Kind, _ tree: Tree, into report: inout AdviceReport
  ) {
    var mode = SchemaChecker.Mode()
    mode.isRuled = true
    var checker = SchemaChecker(schema: report.schema, tree: tree, mode: mode)
    checker.check(node, as: kind.type)
    for diagnostic in checker.diagnostics where diagnostic.code == "DEC-08" {
      guard let found = tree.node(at: diagnostic.path) else { continue }
      flag(tree, found, diagnostic.path, into: &report)
    }
  }

  /// The kind of an object; of one whose API has gone, what took its place.
  private static func kind(of object: AdviceObject, _ schema: Schema) -> Kind? {
    if let known = schema.kind(apiVersion: object.gvk.apiVersion, kind: object.kind) {
      return known
    }
    return schema.removal(of: object.gvk)?.replacement.flatMap {
      schema.kind(apiVersion: $0, kind: object.kind)
    }
  }

  /// Null counts as not written, so the schema has nothing against it; but `~` and `null` may be
  /// meant as text where people choose the words.
  private static func checkNulls(
    _ object: AdviceObject, _ tree: Tree, into report: inout AdviceReport
  ) {
    let metadata = object.node[.metadata]
    let maps = [
      metadata?[.labels], metadata?[.annotations], object.node["data"],
      object.node["stringData"], object.node[.spec]?[.selector],
      object.node[.spec]?[.selector]?[.matchLabels],
    ]
    for case let map? in maps { checkMap(map, tree, into: &report) }
    guard let pod = report.universe.pod(of: object) else { return }
    for map in [pod.template[.metadata]?[.labels], pod.template[.metadata]?[.annotations]] {
      if let map, pod.workload != .pod { checkMap(map, tree, into: &report) }
    }
    for container in pod.containers {
      for variable in container.node.list(.env) {
        if let value = variable.member(named: "value") { checkNull(value, tree, into: &report) }
      }
      for field in ["command", "args"] {
        for item in container.node.list(field) { checkNull(item, tree, into: &report) }
      }
    }
  }

  private static func checkMap(_ map: NodeRef, _ tree: Tree, into report: inout AdviceReport) {
    for (key, value) in map.entries {
      checkNull(value, tree, into: &report)
      checkKey(key, value, tree, into: &report)
    }
  }

  /// Keys are text always, but not always the text that is written: `on` is `true`.
  private static func checkKey(
    _ key: NodeRef, _ value: NodeRef, _ tree: Tree, into report: inout AdviceReport
  ) {
    guard let (own, node) = key.treeNode, own === tree, tree.style(node) == .plain,
      !tree.isMerged(node)
    else { return }
    let span = tree.span(node)
    let written = tree.source.bytes[Int(span.start)..<Int(span.end)]
    // Tags and anchors say what is meant.
    guard let first = written.first, first != UInt8(ascii: "!"), first != UInt8(ascii: "&"),
      !written.elementsEqual(tree.bytes(node))
    else { return }
    let text = String(decoding: written, as: UTF8.self)
    report.flag(
      span: span, path: value.path, "the key '\(text)' is read as '\(tree.string(node))'",
      help: "quote it: \"\(text)\"",
      fixes: [
        FixIt("quote it", safety: .safe, edits: [.replace(span, with: "\"\(text)\"")])
      ])
  }

  private static func checkNull(
    _ value: NodeRef, _ tree: Tree, into report: inout AdviceReport
  ) {
    guard value.isNull, let (own, node) = value.treeNode, own === tree,
      !tree.string(node).isEmpty
    else { return }
    flag(tree, node, value.path, into: &report)
  }

  private static func flag(
    _ tree: Tree, _ node: NodeID, _ path: FieldPath, into report: inout AdviceReport
  ) {
    let kind = tree.kind(node)
    guard kind.isScalar, kind != .string else { return }
    let text = tree.string(node)
    let meaning: String
    if kind == .null {
      meaning = "null"
    } else if let value = tree.bool(node) {
      meaning = value ? "true" : "false"
    } else {
      let number = ScalarResolution.jsonText(ofNumber: tree.bytes(node))
      meaning = number == text ? "a number" : number
    }
    let span = tree.span(node)
    report.flag(
      span: span, path: path, "'\(text)' is read as \(meaning), and text is asked for",
      help: "quote it: \"\(text)\"",
      fixes: [
        FixIt("quote it", safety: .safe, edits: [.replace(span, with: "\"\(text)\"")])
      ])
  }
}
