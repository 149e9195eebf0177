import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Flags commands whose words stand in one text.
struct CommandInOneString: PodAdvice {
  static let about = AdviceDescription(
    "COR005", "command-in-one-string", .warning, .recommended, fix: .hint,
    "A command is one text that holds the program and its flags.",
    why: """
      Each item of a command is one word. A program is looked for whose name is the whole text, \
      spaces included, and none is found: the container cannot start.
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
          command: ["/app/server --port 80"] # want: '/app/server --port 80' is taken for the name of one program
      """,
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers:
        - name: app
          image: node:22.20.0
          command:
          - node server.js # want: 'node server.js' is taken for the name of one program
          args: [--verbose]
      """,
    ],
    good: [
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers:
        - {name: app, image: "nginx:1.29.1", command: [/app/server, --port, "80"]}
        - {name: path, image: "app:1.0", command: ["/opt/My Program/bin/server"]}
      """,
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers:
        - {name: app, image: "nginx:1.29.1", command: [sh, -c, "exec server --port 80"]}
        - {name: one, image: "nginx:1.29.1", command: [server], args: ["two words"]}
      """,
    ])

  static let needs = ["command"]

  static func check(_ pod: AdvicePod, into report: inout AdviceReport) {
    for container in pod.containers {
      let command = Array(container.node.list(.command))
      guard command.count == 1, let text = command[0].string else { continue }
      let words = text.split(whereSeparator: \.isWhitespace)
      guard words.count > 1, !isPath(text, words) else { continue }
      report.flag(
        at: command[0], "'\(text)' is taken for the name of one program",
        help: "write each word as an item: [\(words.prefix(8).joined(separator: ", "))]")
    }
  }

  /// Programs that are called with arguments, wherever they are.
  private static let programs: Set<String> = [
    "sh", "bash", "ash", "python", "python3", "node", "java", "ruby", "php", "perl", "echo",
    "sleep",
    "cat", "tail", "ls", "npm", "npx", "yarn", "go", "dotnet", "nginx", "gunicorn", "uvicorn",
    "celery", "flask", "bundle", "rails", "mvn", "env", "exec", "tini", "dumb-init", "curl", "wget",
  ]

  /// Whether it is the name of a program in folders with spaces in their names.
  private static func isPath(_ text: String, _ words: [Substring]) -> Bool {
    guard text.hasPrefix("/") || text.hasPrefix("./") || text.dropFirst().hasPrefix(":\\") else {
      return false
    }
    if words.dropFirst().contains(where: { $0.hasPrefix("-") || $0.hasPrefix("/") || $0 == "&&" }) {
      return false
    }
    let first = words[0].split(separator: "/").last ?? ""
    return !programs.contains(String(first))
  }
}
