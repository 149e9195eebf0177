import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Flags rights of files that are written like octal numbers and are none.
struct OctalLookalikeMode: PodAdvice {
  static let about = AdviceDescription(
    "YML003", "octal-lookalike-mode", .warning, .recommended, fix: .unsafe,
    "The rights of files are written in decimal and look like octal digits.",
    why: """
      Without a zero in front `400` is a decimal number, which means 0620: others than the owner \
      may write. `0400` is what was meant.
      """,
    supersedes: ["VOL-18", "VOL-21", "VOL-23", "VOL-67", "VOL-75", "VOL-76"],
    bad: [
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers: [{name: app, image: "nginx:1.29.1"}]
        volumes:
        - name: keys
          secret:
            secretName: web
            defaultMode: 400 # want: '400' is decimal and means 0620
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
            containers: [{name: app, image: "nginx:1.29.1"}]
            volumes:
            - name: all
              projected:
                defaultMode: 440 # want: '440' is decimal and means 0670
                sources:
                - configMap: {name: web, items: [{key: run, path: run, mode: 755}]} # want: '755' is decimal
      """,
    ],
    good: [
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers: [{name: app, image: "nginx:1.29.1"}]
        volumes:
        - {name: keys, secret: {secretName: web, defaultMode: 0400}}
        - {name: decimal, secret: {secretName: web, defaultMode: 420}}
        - {name: own, configMap: {name: web, items: [{key: a, path: a, mode: 0o644}]}}
      """,
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers: [{name: app, image: "nginx:1.29.1"}]
        volumes:
        - {name: all, secret: {secretName: web, items: [{key: a, path: a, mode: 292}]}}
      """,
    ])

  static let needs = ["defaultMode", "mode"]

  static func check(_ pod: AdvicePod, into report: inout AdviceReport) {
    for volume in pod.spec.node.list(.volumes) {
      for name in ["secret", "configMap", "downwardAPI"] {
        if let source = volume[name] { check(source, into: &report) }
      }
      guard let projected = volume[.projected] else { continue }
      check(projected["defaultMode"], into: &report)
      for source in projected.list("sources") {
        for name in ["secret", "configMap", "downwardAPI"] {
          if let part = source[name] { check(part, into: &report) }
        }
      }
    }
  }

  private static func check(_ source: NodeRef, into report: inout AdviceReport) {
    check(source["defaultMode"], into: &report)
    for item in source.list("items") { check(item["mode"], into: &report) }
  }

  private static func check(_ node: NodeRef?, into report: inout AdviceReport) {
    guard let node, let (tree, id) = node.treeNode, tree.kind(id) == .int,
      let number = tree.int64(id)
    else { return }
    let text = tree.string(id)
    guard looksLikeRights(text), let meant = Int(text, radix: 8) else { return }
    let isJSON = tree.style(id) == .json
    let right = isJSON ? String(meant) : "0\(text)"
    report.flag(
      at: node, "'\(text)' is decimal and means 0\(String(number, radix: 8))",
      help: "write \(right)",
      fixes: [report.setting(node, to: right, title: "write \(right)", safety: .changesBehavior)])
  }

  /// Three digits as rights have them: the owner may read, and nobody may do more than the owner.
  private static func looksLikeRights(_ text: String) -> Bool {
    let digits = text.utf8.map { Int($0) - 0x30 }
    guard digits.count == 3, digits.allSatisfy({ [0, 4, 5, 6, 7].contains($0) }) else {
      return false
    }
    return digits[0] >= 4 && digits[1] <= digits[0] && digits[2] <= digits[1]
  }
}
