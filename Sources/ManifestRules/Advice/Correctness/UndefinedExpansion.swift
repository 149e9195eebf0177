import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Flags `$(NAME)` that stays as it is.
struct UndefinedExpansion: PodAdvice {
  static let about = AdviceDescription(
    "COR003", "undefined-expansion", .warning, .recommended,
    "`$(NAME)` names no variable of the container.",
    why: """
      The kubelet replaces `$(NAME)` in commands and arguments by a variable of the container, and \
      in the value of a variable by one that is defined earlier. What it does not find it leaves \
      as it is, so the program gets the parentheses.
      """,
    bad: [
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers:
        - name: app
          image: nginx:1.29.1
          args:
          - --port=$(PORT)
          - --host=$(HOST) # want: '$(HOST)' names no variable of container 'app'
          env:
          - {name: PORT, value: "80"}
      """,
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers:
        - name: app
          image: nginx:1.29.1
          env:
          - name: URL
            value: http://$(HOST):80 # want: '$(HOST)' names no variable that is defined before 'URL'
          - {name: HOST, value: web}
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
          command: [sh, -c, "echo $(date) $(hostname) $$(HOST)"]
          env:
          - {name: HOST, value: web}
          - {name: URL, value: "http://$(HOST):$(DB_SERVICE_PORT)"}
      """,
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers:
        - name: app
          image: nginx:1.29.1
          args: [--host=$(HOST), --literal=$$(HOST)]
          envFrom: [{configMapRef: {name: web}}]
      """,
    ])

  static let needs = ["env", "args", "command"]

  static func check(_ pod: AdvicePod, into report: inout AdviceReport) {
    for container in pod.containers where mayExpand(container) && !hasOthers(container) {
      var known: Set<String> = []
      for variable in container.node.list(.env) {
        let name = variable[.name]?.string ?? ""
        if let value = variable[.value], let text = value.string {
          for used in names(in: text, isScript: false)
          where !known.contains(used) && !isOfService(used) {
            report.flag(
              at: value, "'$(\(used))' names no variable that is defined before '\(name)'",
              help: "define it above, or write $$(\(used)) for the text itself")
          }
        }
        if !name.isEmpty { known.insert(name) }
      }
      let isScript = CommandLine(container).runsShell
      for field in ["command", "args"] {
        for item in container.node.list(field) {
          guard let text = item.string else { continue }
          let isLine = isScript || text.contains { $0.isWhitespace }
          for used in names(in: text, isScript: isLine)
          where !known.contains(used) && !isOfService(used) {
            report.flag(
              at: item, "'$(\(used))' names no variable of \(container.title)",
              help: "define it under env, or write $$(\(used)) for the text itself")
          }
        }
      }
    }
  }

  /// Whether a text of the container has `$(` in it.
  private static func mayExpand(_ container: AdviceContainer) -> Bool {
    container.node.list(.env).contains { $0[.value]?.holds("$(") ?? false }
      || container.node.list(.command).contains { $0.holds("$(") }
      || container.node.list(.args).contains { $0.holds("$(") }
  }

  /// Whether variables come from elsewhere as well.
  private static func hasOthers(_ container: AdviceContainer) -> Bool {
    container.node.list(.envFrom).first { _ in true } != nil
  }

  /// The names in `$(NAME)`; in scripts those alone that are not likely to be commands.
  private static func names(in text: String, isScript: Bool) -> [String] {
    guard text.holds("$(") else { return [] }
    var names: [String] = []
    var rest = text[...]
    while let dollar = rest.firstIndex(of: "$") {
      rest = rest[rest.index(after: dollar)...]
      // Two of them stand for one.
      if rest.first == "$" {
        rest = rest.dropFirst()
        continue
      }
      guard rest.first == "(", let end = rest.firstIndex(of: ")") else { continue }
      let name = rest[rest.index(after: rest.startIndex)..<end]
      rest = rest[rest.index(after: end)...]
      let isName =
        !name.isEmpty && name.first?.isNumber == false
        && name.utf8.allSatisfy { byte in
          (0x30...0x39).contains(byte) || byte == 0x5F || (0x41...0x5A).contains(byte)
            || !isScript && ((0x61...0x7A).contains(byte) || byte == 0x2E || byte == 0x2D)
        }
      if isName { names.append(String(name)) }
    }
    return names
  }

  /// Whether it is one of the variables that tell of the Services of the namespace.
  private static func isOfService(_ name: String) -> Bool {
    name.hasSuffix("_SERVICE_HOST") || name.hasSuffix("_SERVICE_PORT") || name.hasSuffix("_PORT")
      || name.contains("_SERVICE_PORT_") || name.contains("_PORT_")
  }
}
