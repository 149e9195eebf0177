import Foundation
import Testing

/// What is left out of lint's findings, and what is said about that.
@Suite struct LintSuppressionTests {
  private static func pod(_ comment: String = "") -> String {
    """
    apiVersion: v1
    kind: Pod
    metadata: {name: web}
    spec:
      containers:
      - name: app
        image: nginx:1.29.1
        securityContext: {privileged: true} \(comment)

    """
  }

  @Test func programsSeeWhatIsSuppressedAndWhy() throws {
    let scratch = try Scratch()
    let pod = Self.pod("# kmf: ignore[PSB003] a device until=2100-01-01")
    try scratch.write("web.yaml", pod)
    try scratch.write(
      "kmf.yaml",
      "lint: {select: [PSB003, REL006], suppress: [{rules: [REL006], reason: by hand}]}\n")
    let wanted = [
      "PSB003": ["inSource", "a device"], "REL006": ["external", "by hand"],
    ]
    // The second run answers from the cache.
    for run in 1...2 {
      for (format, list, code, holder) in [
        ("json", "suppressed", "code", "suppression"),
        ("sarif", "results", "ruleId", "suppressions"),
      ] {
        let outcome = try scratch.kmf(["lint", "-o", format, "."])
        #expect(outcome.code == 0, "\(outcome)")
        let object = try JSONSerialization.jsonObject(with: Data(outcome.out.utf8))
        let top = object as? [String: Any]
        let results = (top?["results"] ?? top?["runs"]) as? [[String: Any]]
        let findings = results?.lazy.compactMap { $0[list] as? [[String: Any]] }.first ?? []
        var found: [String: [String]] = [:]
        for finding in findings {
          let one = (finding[holder] as? [[String: String]])?.first ?? finding[holder]
          let members = one as? [String: String]
          found[finding[code] as? String ?? ""] = [
            members?["kind"] ?? "", members?["justification"] ?? "",
          ]
        }
        #expect(found == wanted, "run \(run), \(format): \(outcome.out)")
      }
    }
  }

  /// Suppressions of the configuration are judged like those in files, once all files are seen.
  @Test func suppressionsOfTheConfigurationAreJudgedToo() throws {
    let scratch = try Scratch()
    try scratch.write("apps/web.yaml", Self.pod())
    try scratch.write("other/web.yaml", Self.pod())
    try scratch.write(
      "kmf.yaml",
      """
      lint:
        presets: [strict]
        select: [PSB003]
        suppress:
        - {rules: [PSB003], paths: [apps/], reason: a device}
        - {rules: [PSB003], paths: [other/], reason: a device, until: "2020-01-01"}
        - {rules: [NET001], reason: none are left}
        - {rules: [REL006]}
        - {rules: [SEC009], reason: the rule is off}

      """)
    _ = try scratch.shell("git init -q")
    let late = "kmf.yaml:6:5: warning SUP003"
    let unused = "kmf.yaml:7:5: warning SUP001"
    let bare = "kmf.yaml:8:5: note SUP002"
    let cases: [(arguments: [String], says: [String])] = [
      (["."], [late, unused, bare]), (["."], [late, unused, bare]), (["apps"], [late, bare]),
      (["--ignore", "SUP", "."], []), (["--preset", "recommended", "."], [late]),
    ]
    for (arguments, says) in cases {
      let outcome = try scratch.kmf(["lint", "-o", "concise"] + arguments)
      let found = outcome.out.split(separator: "\n").filter { $0.hasPrefix("kmf.yaml:") }
      let isRight = zip(found, says).allSatisfy { $0.hasPrefix($1) } && found.count == says.count
      #expect(isRight, "\(arguments): \(outcome)")
      let isTold = outcome.out.contains("other/web.yaml:8:35: error PSB003")
      #expect(isTold == (arguments != ["apps"]), "\(arguments): \(outcome)")
    }
  }

  @Test func baselinesAreStaleOnlyWhereTheirRulesRan() throws {
    let scratch = try Scratch()
    try scratch.write("apps/web.yaml", Self.pod())
    try scratch.write("other/web.yaml", Self.pod())
    let written = try scratch.kmf(["lint", "--write-baseline", "known.json", "."])
    #expect(written.code == 0, "\(written)")
    try scratch.write("apps/web.yaml", Manifest.good)
    let cases: [(arguments: [String], count: Int)] = [
      (["--select", "PSB003,SUP", "."], 1), (["--select", "PSB003", "."], 0),
      (["--select", "PSB003,REL006,SUP", "apps"], 2), (["--select", "PSB,SUP", "other"], 0),
    ]
    for (arguments, count) in cases {
      let outcome = try scratch.kmf(
        ["lint", "-o", "concise", "--baseline", "known.json"] + arguments)
      let stale = outcome.out.split(separator: "\n").filter { $0.hasPrefix("known.json:") }
      #expect(stale.count == count, "\(arguments): \(outcome)")
    }
  }

  /// What a rule calls a credential is in no report, whatever else is told about its line.
  @Test func credentialsAppearInNoReport() throws {
    let scratch = try Scratch()
    try scratch.write(
      "web.yaml",
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers:
        - name: app
          image: nginx:1.29.1
          args: [--password=canary-$HOME, --listen=:80]
          env:
          - {name: DB_PASSWORD, value: canary-in-text} # kmf: ignore[COR004] no
          - {name: ADMIN_PASSWORD, value: canary-left-out} # kmf: ignore[SEC004] known
      ---
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: web}
      data:
        password: canary-alone-1
        settings: |
          db.password=canary-Xa9bY8cZ7d

      """)
    let formats = [
      "pretty", "concise", "json", "jsonl", "sarif", "junit", "github", "gitlab", "checkstyle",
      "tap",
    ]
    for format in formats {
      let outcome = try scratch.kmf(["lint", "--preset", "all", "-o", format, "."])
      #expect(outcome.code == 1 && outcome.out.contains("SEC004"), "\(format): \(outcome)")
      #expect(!outcome.out.contains("canary"), "\(format): \(outcome)")
    }
    let shown = try scratch.kmf(["lint", "--select", "SEC004", "."])
    #expect(shown.out.contains("args: [••••"), "\(shown)")
  }
}
