import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Flags shell syntax that no shell reads.
struct ShellSyntaxWithoutShell: PodAdvice {
  static let about = AdviceDescription(
    "COR004", "shell-syntax-without-shell", .warning, .recommended, fix: .hint,
    "Commands or arguments are written for a shell, and none reads them.",
    why: """
      Kubernetes starts the program itself: variables as `$HOST`, `&&`, `|`, `>` and `~` reach it \
      as they are written. `$(HOST)` is replaced; for the rest a shell has to be called.
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
          command: [/app/server, --host=$HOST] # want: '$HOST' is for a shell
      """,
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers:
        - name: app
          image: nginx:1.29.1
          command:
          - /app/migrate
          - "&&" # want: '&&' is for a shell
          - /app/server
        - name: other
          image: nginx:1.29.1
          args:
          - --data=${DATA_FOLDER} # want: '${DATA_FOLDER}' is for a shell
          - ~/settings.yaml # want: '~/' is for a shell
        - name: joined
          image: nginx:1.29.1
          command: [/app/migrate && /app/server] # want: '&&' is for a shell
        - name: piped
          image: nginx:1.29.1
          command: [/app/dump | gzip] # want: '|' is for a shell
        - name: argument
          image: nginx:1.29.1
          args: [/app/migrate && /app/server] # want: '&&' is for a shell
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
          command: [/bin/sh, -c]
          args: ["/app/migrate && exec /app/server --host=$HOST > /dev/stdout"]
        - name: other
          image: nginx:1.29.1
          command: [python, -c, "import os; print(os.environ['HOST'] > 'a')"]
      """,
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers:
        - name: app
          image: nginx:1.29.1
          args: ["--match=^/a|/b$", "--files=*.yaml", "--url=http://web/?a=1&b=2;c", --host=$(HOST)]
        - name: other
          image: nginx:1.29.1
          args: ["--query=rate(errors[5m]) > 0.5", "--price=$5", "--home=a~b", "--format=$remote_addr"]
      """,
    ])

  static let needs = ["args", "command"]

  static func check(_ pod: AdvicePod, into report: inout AdviceReport) {
    for container in pod.containers {
      let line = CommandLine(container)
      guard !line.texts.isEmpty, !line.runsScript else { continue }
      // Nobody knows what the entry point of an image makes of a first argument with spaces; only
      // commands that are plainly joined are told then.
      let isOpaque = !line.hasCommand && line.texts.first?.contains(" ") == true
      for (number, (item, text)) in zip(line.items, line.texts).enumerated() {
        let isProgram = number == 0 && line.hasCommand
        guard let found = (isProgram ? Self.joint(in: text) : nil) ?? syntax(in: text),
          let (tree, id) = item.treeNode
        else { continue }
        if isOpaque, found != "&&", found != "||" { continue }
        report.flag(
          span: tree.span(id), path: item.path,
          "'\(found)' is for a shell, and none reads it here: the program gets it as it is",
          help: found.hasPrefix("$")
            ? "write $(NAME) for a variable of the container" : "call a shell: [sh, -c, '…']")
      }
    }
  }

  private static let words: Set<String> = [
    "&&", "||", "|", ">", ">>", "<", ";", "2>&1", "2>", "&>", "<<", "&",
  ]

  /// What joins commands in the place of a program's name, which has no such thing.
  private static func joint(in text: String) -> String? {
    for mark in [" | ", " > ", " >> ", " < ", "; "] where text.contains(mark) {
      return String(mark.drop { $0 == " " }.prefix { $0 != " " })
    }
    return nil
  }

  /// The first piece of shell syntax in a text.
  private static func syntax(in text: String) -> String? {
    if words.contains(text) { return text }
    if text.hasPrefix("~/") || text.holds("=~/") { return "~/" }
    if !text.hasPrefix("-") {
      if text.holds(" && ") { return "&&" }
      if text.holds(" || ") { return "||" }
    }
    if text.hasSuffix(";"), text.utf8.count > 1, text.dropLast().allSatisfy({ $0.isLetter }) {
      return ";"
    }
    return variable(in: text)
  }

  /// `$NAME` or `${NAME}`, in capitals as variables are written.
  private static func variable(in text: String) -> String? {
    guard text.holds("$") else { return nil }
    var rest = text[...]
    while let dollar = rest.firstIndex(of: "$") {
      rest = rest[rest.index(after: dollar)...]
      let isBraced = rest.first == "{"
      let name = (isBraced ? rest.dropFirst() : rest).prefix {
        $0 == "_" || $0.isASCII && ($0.isUppercase || $0.isNumber)
      }
      guard let first = name.first, !first.isNumber, name.count > 1 else { continue }
      let end = rest[name.endIndex...].first
      if isBraced {
        if end == "}" { return "${\(name)}" }
        if end == ":" { return "${\(name):…}" }
      } else if end.map({ !$0.isLetter && !$0.isNumber }) ?? true {
        return "$\(name)"
      }
    }
    return nil
  }
}
