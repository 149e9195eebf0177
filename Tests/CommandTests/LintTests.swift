import Foundation
import Testing

/// `kmf lint` as a user sees it.
@Suite struct LintTests {
  private static func pod(_ name: String, _ more: String = "") -> String {
    """
    apiVersion: v1
    kind: Pod
    metadata:
      name: \(name)
      labels: {app: \(name)}
    spec:
      containers:
      - name: app
        image: nginx:1.29.1
        securityContext: {privileged: true}
    \(more)
    """
  }
  private static let service = """
    apiVersion: v1
    kind: Service
    metadata: {name: web}
    spec:
      selector: {app: web}
      ports: [{port: 80}]

    """

  private func repository() throws -> Scratch {
    let scratch = try Scratch()
    try scratch.write("apps/web.yaml", Self.pod("web"))
    try scratch.write("services/web.yaml", Self.service)
    let made = try scratch.shell(
      """
      export GIT_CONFIG_GLOBAL=/dev/null GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@example.com
      export GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@example.com
      git init -q && git add -A && git commit -qm one
      """)
    #expect(made.code == 0, "\(made)")
    return scratch
  }

  @Test func knowsTheWholeRepositoryWhateverItReportsOn() throws {
    let scratch = try repository()
    let part = try scratch.kmf(["lint", "services"])
    #expect(part.code == 0 && part.out.contains("0 warnings"), "\(part)")
    let below = try scratch.kmf(["lint", "--select", "REF001", "web.yaml"], in: "services")
    #expect(below.code == 0, "\(below)")
    let piped = try scratch.kmf(["lint", "--select", "REF001", "-"], input: Self.service)
    #expect(piped.code == 1 && piped.out.contains("REF001"), "\(piped)")
    let all = try scratch.kmf(["lint", "-o", "concise", "--select", "PSB003"])
    #expect(all.code == 1 && all.out.hasPrefix("apps/web.yaml:10:35: error PSB003 "), "\(all)")
    let same = try scratch.kmf(["lint", "--select", "PSB003", "--changed-since", "HEAD", "."])
    #expect(same.code == 0 && same.out.contains("0 files"), "\(same)")
    try scratch.write("apps/new.yaml", Self.pod("new"))
    try scratch.write("apps/web.yaml", Self.pod("wep"))
    let changed = try scratch.kmf([
      "lint", "-o", "concise", "--select", "PSB003,REF001", "--changed-since", "HEAD",
    ])
    #expect(changed.code == 1 && changed.out.split(separator: "\n").count >= 2, "\(changed)")
    #expect(try scratch.kmf(["lint", "--changed-since", "nope", "."]).code == 2)
  }

  @Test func isNeverGreenOnWhatItCannotRead() throws {
    let scratch = try Scratch()
    let cases: [(text: String, code: Int32, says: String)] = [
      ("kind: Pod\n  apiVersion: v1\n", 1, "error"),
      ("apiVersion: v1\nkind: pod\nmetadata: {name: a}\n", 1, "Pod"),
      ("kind: Pod\nmetadata: {name: a}\nspec: {}\n", 1, "apiVersion"),
      ("apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: a}\n", 0, "1 unknown kind"),
    ]
    for (text, code, says) in cases {
      let outcome = try scratch.kmf(["lint", "-"], input: text)
      let said = outcome.out + outcome.err
      #expect(outcome.code == code && said.contains(says), "\(text): \(outcome)")
    }
    try scratch.write("zero.yaml", "apiVersion: v1\nkind: Pod\nmetadata:\n  name: \"a\0\"\n")
    let zero = try scratch.kmf(["lint", "-o", "concise", "."])
    #expect(zero.code == 1 && zero.out.hasPrefix("zero.yaml:4:11: error YML005"), "\(zero)")
    _ = try scratch.shell("rm zero.yaml")
    try scratch.write("chart/Chart.yaml", "apiVersion: v2\nname: c\nversion: 0.1.0\n")
    try scratch.write("chart/templates/a.yaml", "kind: {{ .Kind }}\napiVersion: v1\n")
    let chart = try scratch.kmf(["lint", "."])
    #expect(chart.code == 0 && chart.out.contains("1 a template"), "\(chart)")
    #expect(try scratch.kmf(["lint", "none/"]).code == 2)
    #expect(try scratch.kmf(["lint", "*.nothing"]).code == 2)
    for arguments in [
      ["--select", "NOPE"], ["--preset", "odd"], ["--set", "RES001.x=1"], ["--pss", "x"],
    ] {
      #expect(try scratch.kmf(["lint", "."] + arguments).code == 2, "\(arguments)")
    }
  }

  @Test func keepsABaselineThatSurvivesMovedLinesAndShrinks() throws {
    let scratch = try repository()
    let written = try scratch.kmf(["lint", "--write-baseline", "known.json", "."])
    #expect(written.code == 0 && written.err.contains("findings to 'known.json'"), "\(written)")
    try scratch.write("apps/web.yaml", "# moved\n\n" + Self.pod("web"))
    let known = try scratch.kmf(["lint", "--baseline", "known.json", "."])
    #expect(known.code == 0 && known.out.contains("in the baseline"), "\(known)")
    try scratch.write("apps/new.yaml", Self.pod("new"))
    let new = try scratch.kmf(["lint", "-o", "concise", "--baseline", "known.json", "."])
    #expect(new.code == 1 && !new.out.contains("web.yaml"), "\(new)")
    _ = try scratch.shell("rm apps/*.yaml services/*.yaml")
    try scratch.write("a.yaml", Manifest.good)
    let stale = try scratch.kmf(["lint", "-o", "concise", "--baseline", "known.json", "."])
    #expect(stale.code == 1 && stale.out.contains("known.json:2:"), "\(stale)")
    let broken = try scratch.kmf(["lint", "--baseline", "a.yaml", "."])
    #expect(broken.code == 2 && broken.err.contains("--write-baseline"), "\(broken)")
  }

  @Test func fixesInRoundsUntilNothingIsLeft() throws {
    let scratch = try repository()
    let shown = try scratch.kmf(["lint", "--unsafe-fixes", "--diff", "--select", "PSB003", "."])
    #expect(shown.code == 1 && shown.out.contains("+++ b/apps/web.yaml"), "\(shown)")
    #expect(try scratch.read("apps/web.yaml") == Self.pod("web"))
    let fixed = try scratch.kmf(["lint", "--fix", "--unsafe-fixes", "--select", "PSB003", "."])
    #expect(fixed.code == 0 && fixed.err.contains("fixed 1 finding in 1 file"), "\(fixed)")
    #expect(try !scratch.read("apps/web.yaml").contains("privileged: true"))
    let stale = "# kmf: ignore[PSB003] gone\n" + Manifest.bad
    let piped = try scratch.kmf(["lint", "--fix", "-"], input: stale)
    #expect(piped.code == 0 && piped.out.contains("colour: \"1\""), "\(piped)")
    #expect(!piped.out.contains("kmf: ignore"), "\(piped)")
  }

  @Test func answersFromItsCacheWhatItWouldSayAnyhow() throws {
    let scratch = try repository()
    // Numbers of lines that take more than a byte.
    let lines = String(repeating: "# a line\n", count: 300)
    try scratch.write("apps/web.yaml", lines + Self.pod("web"))
    let first = try scratch.kmf(["lint", "."])
    #expect(try scratch.read(".kmf/.gitignore") == "*\n")
    let stamp = try scratch.shell("stat -c '%i %Y' .kmf/cache/*")
    let second = try scratch.kmf(["lint", "."])
    #expect(first.out == second.out && first.code == second.code)
    #expect(try scratch.shell("stat -c '%i %Y' .kmf/cache/*").out == stamp.out, "not used")
    _ = try scratch.shell("for f in .kmf/cache/*; do echo rubbish >$f; done")
    #expect(try scratch.kmf(["lint", "."]).out == first.out)
    _ = try scratch.shell("for f in .kmf/cache/*; do head -c 100 $f >x; mv x $f; done")
    #expect(try scratch.kmf(["lint", "."]).out == first.out)
    try scratch.write("apps/web.yaml", Self.pod("wep"))
    #expect(try scratch.kmf(["lint", "."]).out != first.out)
    _ = try scratch.shell("rm -r .kmf && chmod a-w . ")
    #expect(try scratch.kmf(["lint", "--no-cache", "."]).out != first.out)
    #expect(try scratch.shell("chmod u+w . && test -e .kmf").code != 0)
  }

  @Test func obeysItsConfiguration() throws {
    let scratch = try repository()
    let cases: [(lint: String, code: Int32, says: String)] = [
      ("select: [PSB003]\n", 1, "error PSB003"),
      ("select: [privileged-container]\n", 1, "error PSB003"),
      ("select: [PSB003]\n  severity: {PSB: info}\n", 0, "note PSB003"),
      ("select: [PSB003]\n  perPath: [{paths: [apps/], ignore: [PSB]}]\n", 0, "0 errors"),
      ("select: [PSB]\n  suppress: [{rules: [PSB], kinds: [Pod], reason: x}]\n", 0, "1 suppressed"),
      ("select: [PSB003]\n  failOn: never\n", 0, "PSB003"),
      ("selct: [PSB003]\n", 2, " "),
      ("select: [NOPE]\n", 2, " "),
    ]
    for (lint, code, says) in cases {
      try scratch.write("kmf.yaml", "lint:\n  \(lint)")
      let outcome = try scratch.kmf(["lint", "-o", "concise", "."])
      #expect(outcome.code == code && (outcome.out + " ").contains(says), "\(lint): \(outcome)")
    }
    try scratch.write("kmf.yaml", "lint: {select: [PSB003], locked: [PSB]}\n")
    try scratch.write("apps/web.yaml", "# kmf: ignore[PSB003] because\n" + Self.pod("web"))
    #expect(try scratch.kmf(["lint", "."]).code == 1, "locked")
    try scratch.write("kmf.yaml", "lint: {select: [PSB003]}\n")
    #expect(try scratch.kmf(["lint", "."]).code == 0)
    #expect(try scratch.kmf(["lint", "--no-suppressions", "."]).code == 1)
    let counted = try scratch.kmf(["lint", "--statistics", "--no-suppressions", "."])
    #expect(counted.code == 1 && counted.out.contains("privileged"), "\(counted)")
  }

  @Test func showsTheWayIntoCommits() throws {
    let scratch = try repository()
    let written = try scratch.kmf(["lint", "--add-hook"], in: "apps")
    #expect(written.code == 0 && written.err.contains("pre-commit install"), "\(written)")
    let text = try scratch.read(".pre-commit-config.yaml")
    #expect(text.hasPrefix("repos:\n  - repo: local\n") && text.contains("id: kmf-fmt"))
    let again = try scratch.kmf(["lint", "--add-hook"])
    #expect(again.code == 0 && text == "repos:\n" + again.out, "\(again)")
    #expect(try Scratch().kmf(["lint", "--add-hook"]).code == 2)
  }

  /// A stand-in for kustomize: the base with a patch, and where it is from.
  private static let kustomize = """
    #!/bin/sh
    test "$1" = build && grep -q originAnnotations "$2/kustomization.yaml" || exit 1
    base=$(realpath --relative-to="$2" "$ROOT/base/pod.yaml")
    cat <<END
    apiVersion: v1
    kind: Pod
    metadata:
      name: prod-web
      annotations:
        config.kubernetes.io/origin: |
          path: $base
    spec:
      hostNetwork: true
      containers:
      - name: app
        image: nginx:1.29.1
        securityContext: {privileged: false}
    END
    """

  @Test func judgesWhatKustomizationsComeTo() throws {
    let scratch = try Scratch()
    try scratch.write("base/kustomization.yaml", "resources: [pod.yaml]\n")
    try scratch.write("base/pod.yaml", Self.pod("web"))
    try scratch.write(
      "prod/kustomization.yaml", "resources: [../base]\npatches: [{path: p.yaml}]\n")
    try scratch.write(
      "prod/p.yaml",
      "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  hostNetwork: true\n")
    try scratch.write("bin/kustomize", Self.kustomize)
    _ = try scratch.shell("chmod +x bin/kustomize")
    let path = scratch.folder.appendingPathComponent("bin").path + ":/usr/bin:/bin"
    let environment = ["PATH": path, "ROOT": scratch.folder.path]
    let arguments = ["lint", "-o", "concise", "--select", "PSB002,PSB003", "."]
    let rendered = try scratch.kmf(arguments, environment: environment)
    #expect(rendered.out.hasPrefix("prod/p.yaml:5:16: error PSB002"), "\(rendered)")
    #expect(!rendered.out.contains("PSB003"), "\(rendered)")
    let plain = try scratch.kmf(arguments + ["--no-render"], environment: environment)
    #expect(plain.out.hasPrefix("base/pod.yaml:10:35: error PSB003"), "\(plain)")
    try scratch.write("bin/kustomize", "#!/bin/sh\necho 'it: does not: work' >&2\nexit 1\n")
    let failed = try scratch.kmf(arguments + ["--no-cache"], environment: environment)
    #expect(
      failed.out == plain.out && failed.err.contains("'prod' cannot be rendered"), "\(failed)")
  }

  /// What a kustomization says itself is found in it.
  @Test func findingsStandInTheKustomizationThatCausesThem() throws {
    let scratch = try Scratch()
    try scratch.write("base/kustomization.yaml", "resources: [pod.yaml]\n")
    let pod = Self.pod("web").replacingOccurrences(of: ":1.29.1", with: "")
    try scratch.write("base/pod.yaml", pod)
    try scratch.write(
      "prod/kustomization.yaml",
      """
      namespace: kube-system
      resources: [../base]
      images:
      - name: nginx
        newTag: latest
      patches:
      - target: {kind: Pod}
        patch: |-
          - op: add
            path: /spec/hostNetwork
            value: true

      """)
    let rendered = Self.kustomize.replacingOccurrences(of: ":1.29.1", with: ":latest")
      .replacingOccurrences(of: "  annotations:", with: "  namespace: kube-system\n  annotations:")
    try scratch.write("bin/kustomize", rendered)
    _ = try scratch.shell("chmod +x bin/kustomize")
    let path = scratch.folder.appendingPathComponent("bin").path + ":/usr/bin:/bin"
    let outcome = try scratch.kmf(
      ["lint", "-o", "concise", "--select", "PSB002,IMG001,SEC013", "."],
      environment: ["PATH": path, "ROOT": scratch.folder.path])
    let places = outcome.out.split(separator: "\n").dropLast().map {
      $0.split(separator: " ").prefix(3).joined(separator: " ")
    }
    let wanted = [
      "prod/kustomization.yaml:1:12: warning SEC013",
      "prod/kustomization.yaml:5:11: warning IMG001",
      "prod/kustomization.yaml:10:7: error PSB002",
    ]
    #expect(places == wanted, "\(outcome)")
  }

  @Test func thePageAboutLintingTellsTheTruth() throws {
    let scratch = try Scratch()
    try scratch.write("a.yaml", Manifest.good)
    let page = try String(
      contentsOf: Scratch.project.appendingPathComponent("docs/lint.md"), encoding: .utf8)
    let start = try #require(page.range(of: "# kmf.yaml;"))
    let end = try #require(page.range(of: "```", range: start.upperBound..<page.endIndex))
    let text = String(page[start.lowerBound..<end.lowerBound])
    try scratch.write("kmf.yaml", text)
    try scratch.write("kmf-baseline.json", "{\"version\":1,\"findings\":[]}\n")
    // Nothing of what the page suppresses is there.
    let outcome = try scratch.kmf(["lint", "-o", "concise", "--ignore", "SUP001", "."])
    #expect(outcome.code == 0, "\(outcome)")
    let schema = Scratch.project.appendingPathComponent("docs/kmf.schema.json").path
    let checked = try scratch.shell(
      """
      python3 -c 'import jsonschema, yaml' 2>/dev/null || { echo skipped; exit 0; }
      python3 -c 'import json, sys, jsonschema, yaml
      schema = json.load(open(sys.argv[1]))
      jsonschema.validate(yaml.safe_load(open("kmf.yaml")), schema)
      for wrong in [{"lnt": {}}, {"lint": {"rules": {"RES001": {"x": 1}}}}, {"jobs": 0}]:
        assert not jsonschema.Draft7Validator(schema).is_valid(wrong), wrong' '\(schema)'
      """)
    if checked.out.contains("skipped") { print("skipped: python3 has no jsonschema or yaml") }
    #expect(checked.code == 0, "\(checked)")
  }

  /// What the templates for CI run.
  @Test func theTemplatesForCIWork() throws {
    let scratch = try repository()
    try scratch.write("kmf.yaml", "lint: {select: [PSB003]}\n")
    var count = 0
    for name in ["action.yml", "gitlab.yml"] {
      let text = try String(
        contentsOf: Scratch.project.appendingPathComponent("docs/ci/\(name)"), encoding: .utf8)
      for line in text.split(separator: "\n") {
        guard let start = line.range(of: " kmf ") else { continue }
        guard line.contains("run: kmf") || line.contains("- kmf") else { continue }
        var command = String(line[start.upperBound...])
        for (variable, value) in [
          ("${{ inputs.arguments }}", ""), ("${{ inputs.paths }}", "."), ("$KMF_ARGUMENTS", ""),
          ("$KMF_PATHS", "."),
        ] {
          command = command.replacingOccurrences(of: variable, with: value)
        }
        let outcome = try scratch.shell("\"$KMF\" \(command)")
        #expect(outcome.code == 1, "\(command): \(outcome)")
        #expect(!outcome.out.isEmpty, "\(command): \(outcome)")
        count += 1
      }
    }
    #expect(count == 4)
    for name in ["gl-code-quality.json", "kmf.xml"] {
      #expect(try scratch.read(name).contains("PSB003"), "\(name)")
    }
  }
}
