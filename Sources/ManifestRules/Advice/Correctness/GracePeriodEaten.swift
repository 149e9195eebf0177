import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Flags pods that are killed while they wait.
struct GracePeriodEaten: PodAdvice {
  static let about = AdviceDescription(
    "COR012", "grace-period-eaten", .warning, .recommended, fix: .hint,
    "A hook sleeps as long as the pod has to stop, or longer.",
    why: """
      The seconds of terminationGracePeriodSeconds, 30 where nothing is written, begin before the \
      preStop hook. Where the hook takes them all, the program is killed without a chance to \
      finish its work.
      """,
    bad: [
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        terminationGracePeriodSeconds: 10
        containers:
        - name: app
          image: nginx:1.29.1
          lifecycle:
            preStop:
              sleep:
                seconds: 10 # want: container 'app' sleeps 10 s of the 10 s that it has to stop
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
            containers:
            - name: app
              image: nginx:1.29.1
              lifecycle:
                preStop:
                  exec:
                    command: [sh, -c, "sleep 45 && nginx -s quit"] # want: sleeps 45 s of the 30 s
            - name: other
              image: nginx:1.29.1
              lifecycle: {preStop: {exec: {command: [sleep, 1m]}}} # want: container 'other' sleeps 60 s
      """,
    ],
    good: [
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        terminationGracePeriodSeconds: 60
        containers:
        - name: app
          image: nginx:1.29.1
          lifecycle: {preStop: {exec: {command: [/bin/sleep, "59"]}}}
      """,
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers:
        - name: app
          image: nginx:1.29.1
          lifecycle:
            preStop: {exec: {command: [sh, -c, "while pgrep web; do sleep 1; done; echo sleep 99"]}}
            postStart: {sleep: {seconds: 60}}
      """,
    ])

  static let needs = ["preStop"]

  static func check(_ pod: AdvicePod, into report: inout AdviceReport) {
    let written = pod.spec.node["terminationGracePeriodSeconds"]
    let grace = written?.int64 ?? 30
    guard grace > 0 else { return }
    for container in pod.containers {
      guard let hook = container.node[.lifecycle]?["preStop"], let sleep = Self.sleep(hook),
        sleep.seconds >= Double(grace)
      else { continue }
      let shown = sleep.seconds < 1e9 ? String(Int(sleep.seconds)) : "too many"
      report.flag(
        at: sleep.node,
        "\(container.title) sleeps \(shown) s of the \(grace) s that it has to stop",
        help: "raise terminationGracePeriodSeconds, or sleep for less",
        related: written.map { [report.related("all of the time", at: $0, of: pod.object)] } ?? [])
    }
  }

  /// How long a hook sleeps, and where that stands.
  private static func sleep(_ hook: NodeRef) -> (seconds: Double, node: NodeRef)? {
    if let node = hook["sleep"]?["seconds"] { return node.int64.map { (Double($0), node) } }
    let command = Array(hook["exec"]?.list(.command) ?? NodeRef.value(.null).items)
    let texts = command.map { $0.string ?? "" }
    if texts.count == 2, texts[0].split(separator: "/").last == "sleep" {
      return seconds(texts[1][...]).map { ($0, command[1]) }
    }
    guard let script = texts.indices.last, texts.count >= 2 else { return nil }
    var total = 0.0
    // The first word of each command of the script.
    for part in texts[script].split(whereSeparator: { ";&|\n".contains($0) }) {
      var words = part.split(whereSeparator: \.isWhitespace)[...]
      while let first = words.first, ["do", "then", "exec", "time", "("].contains(first) {
        words = words.dropFirst()
      }
      guard let first = words.first, first.split(separator: "/").last == "sleep" else { continue }
      total += words.dropFirst().first.flatMap(seconds) ?? 0
    }
    return total > 0 ? (total, command[script]) : nil
  }

  private static func seconds(_ text: Substring) -> Double? {
    let units: [Character: Double] = ["s": 1, "m": 60, "h": 3600, "d": 86400]
    if let last = text.last, let factor = units[last] {
      return Double(text.dropLast()).map { $0 * factor }.flatMap { $0.isFinite ? $0 : nil }
    }
    return Double(text).flatMap { $0.isFinite ? $0 : nil }
  }
}
