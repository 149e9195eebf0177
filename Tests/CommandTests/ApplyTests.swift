import Foundation
import Testing

/// `diff`, `apply` and plans as a shell sees them: exit codes, sets, kills.
@Suite struct ApplyTests {
  private static let rounds =
    ProcessInfo.processInfo.environment["KMF_KILLS"].flatMap { Int($0) } ?? 6

  private static func maps(_ count: Int, _ value: String) -> String {
    (0..<count).map { index in
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c-\(index), labels: {app: many}}
      data: {value: \(value)}
      """
    }.joined(separator: "\n---\n")
  }

  @Test func exitCodesAreAsDocumented() throws {
    let scratch = try Scratch()
    try scratch.write("a.yaml", Self.maps(2, "one"))
    try scratch.write("bad.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: B_AD}\n")
    try scratch.write(
      "service.yaml",
      """
      apiVersion: v1
      kind: Service
      metadata: {name: web}
      spec: {clusterIP: 10.96.0.50, ports: [{port: 80}]}
      """)
    let steps: [(words: String, code: Int32)] = [
      ("diff a.yaml", 1), ("diff a.yaml --exit-code detailed", 2),
      ("diff bad.yaml", 2), ("diff bad.yaml --exit-code detailed", 1),
      ("diff missing.yaml", 2), ("diff a.yaml -o nothing", 2), ("apply bad.yaml", 1),
      ("apply a.yaml service.yaml", 0), ("diff a.yaml", 0), ("apply a.yaml", 0),
      ("apply a.yaml --prune", 2), ("diff a.yaml --out plan.kmf", 0), ("apply plan.kmf", 0),
    ]
    for step in steps {
      let outcome = try scratch.kmf(step.words.split(separator: " ").map(String.init))
      #expect(outcome.code == step.code, "kmf \(step.words): \(outcome)")
    }
    try scratch.write(
      "service.yaml",
      """
      apiVersion: v1
      kind: Service
      metadata: {name: web}
      spec: {clusterIP: 10.96.0.51, ports: [{port: 80}]}
      """)
    let refused = try scratch.kmf(["apply", "service.yaml"])
    #expect(refused.code == 5 && refused.err.contains("--replace"), "\(refused)")
    let shown = try scratch.kmf(["diff", "service.yaml"])
    #expect(shown.out.contains("-/+ service/web") && shown.out.contains("cluster IP 10.96.0.50"))
    #expect(try scratch.kmf(["apply", "service.yaml", "--replace"]).code == 0)
    try scratch.write("a.yaml", Self.maps(2, "two"))
    #expect(try scratch.kmf(["diff", "a.yaml", "--out", "plan.kmf"]).code == 1)
    let patch = ["patch", "cm", "c-1", "--type", "merge", "-p", #"{"data":{"value":"three"}}"#]
    #expect(try scratch.kmf(patch).code == 0)
    let stale = try scratch.kmf(["apply", "plan.kmf"])
    #expect(stale.code == 6 && stale.err.contains("configmap/c-1"), "\(stale)")
    #expect(try scratch.kmf(["get", "cm", "c-0", "-o", "yaml"]).out.contains("one"))
  }

  /// Standard input, other forms of the same objects, and variables.
  @Test func inputsMayComeAnyWay() throws {
    let scratch = try Scratch()
    let text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {a: \"${VALUE}\"}\n"
    try scratch.write("c.yaml", text)
    #expect(try scratch.kmf(["apply", "c.yaml", "--substitute", "VALUE=x"]).code == 0)
    let other = #"{"kind":"ConfigMap","apiVersion":"v1","data":{"a":"x"},"metadata":{"name":"c"}}"#
    let same = try scratch.kmf(["diff", "-"], input: other)
    #expect(same.code == 0, "\(same)")
    let more = try scratch.kmf(["diff", "c.yaml", "--substitute", "VALUE=y"])
    #expect(more.code == 1 && more.out.contains(#""x" -> "y""#), "\(more)")
    // Kustomizations are rendered by whichever program is there.
    for (program, word) in [("kustomize", "build"), ("kubectl", "kustomize")] {
      let script = "#!/bin/sh\n[ \"$1 $2\" = \"\(word) over\" ] && sed 's/${VALUE}/k/' c.yaml\n"
      try scratch.write("\(program)/\(program)", script)
      let made = try scratch.shell(
        "chmod +x \(program)/\(program); \"$KMF\" diff -k over",
        environment: ["PATH": "\(scratch.folder.path)/\(program):/bin:/usr/bin"])
      #expect(made.code == 1 && made.out.contains(#""x" -> "k""#), "\(program): \(made)")
    }
    let none = try scratch.kmf(["diff", "-k", "over"], environment: ["PATH": "/nowhere"])
    #expect(none.code == 2 && none.err.contains("neither 'kustomize' nor 'kubectl'"), "\(none)")
    // A kind that nobody knows keeps the rest from being applied, unless it is left out.
    try scratch.write("k.yaml", text + "---\napiVersion: x.io/v1\nkind: K\nmetadata: {name: k}\n")
    #expect(try scratch.kmf(["apply", "k.yaml"]).code == 1)
    let skipped = try scratch.kmf(["apply", "k.yaml", "--unknown-kinds", "skip"])
    #expect(skipped.code == 0 && skipped.out.contains("k.x.io/k skipped"), "\(skipped)")
  }

  @Test func aKillLeavesTheStateBeforeOrAfter() throws {
    let scratch = try Scratch()
    let count = 80
    try scratch.write("old.yaml", Self.maps(count, "v0"))
    #expect(try scratch.kmf(["apply", "old.yaml"]).code == 0)
    for round in 1...max(Self.rounds, 1) {
      try scratch.write("new.yaml", Self.maps(count, "v\(round)"))
      #expect(try scratch.kmf(["diff", "new.yaml", "--out", "plan.kmf"]).code == 1)
      let what = round % 2 == 0 ? "new.yaml" : "plan.kmf"
      let delay = Double(round % 10) * 0.03 + 0.01
      let killed = try scratch.shell(
        """
        "$KMF" apply \(what) >applied 2>&1 & one=$!
        sleep \(delay); kill -9 $one; wait $one
        "$KMF" cluster check
        "$KMF" get cm -l app=many -o jsonpath='{range .items[*]}{.data.value}{"\\n"}{end}' |
          sort | uniq -c
        """)
      let lines = killed.out.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
      #expect(lines.contains { $0.hasPrefix("sound: ") }, "round \(round): \(killed)")
      #expect(
        ["\(count) v\(round - 1)", "\(count) v\(round)"].contains(lines.last ?? ""),
        "round \(round): \(killed)")
      // Whatever happened, the plan leads there.
      let again = try scratch.kmf(["apply", "plan.kmf", "-q"])
      #expect(again.code == 0, "round \(round): \(again)")
      #expect(try scratch.kmf(["diff", "new.yaml"]).code == 0, "round \(round)")
    }
  }
}
