import Foundation
import Testing

/// `kmf lint` on Helm charts, with a stand-in for helm that prints what the real one would.
@Suite struct LintChartTests {
  private static let web = """
    {{- if .Values.enabled }}
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: {{ include "shop.fullname" . }}
      labels:
        {{- include "shop.labels" . | nindent 4 }}
    spec:
      replicas: {{ .Values.replicas }}
      selector:
        matchLabels:
          app: {{ .Release.Name }}
      template:
        metadata:
          labels:
            app: {{ .Release.Name }}
        spec:
          containers:
            - name: web
              image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
              env:
                {{- range $k, $v := .Values.env }}
                - name: {{ $k }}
                  value: {{ $v }}
                {{- end }}
              securityContext:
                privileged: true
              resources:
                {{- toYaml .Values.resources | nindent 12 }}
    {{- end }}
    ---
    apiVersion: v1
    kind: Service
    metadata:
      name: web
    spec:
      selector:
        app: {{ .Release.Name }}-x
      ports:
        - port: 80
          targetPort: http

    """
  /// As helm does, Services first.
  private static let output = """
    ---
    # Source: shop/templates/web.yaml
    apiVersion: v1
    kind: Service
    metadata:
      name: web
    spec:
      selector:
        app: shop-x
      ports:
        - port: 80
          targetPort: http
    ---
    # Source: shop/charts/db/templates/db.yaml
    apiVersion: v1
    kind: Pod
    metadata:
      name: shop-db
      annotations: {kmf.dev/ignore: "REL006=an example"}
    spec:
      hostNetwork: true
      containers:
        - name: db
          image: postgres:17.2
    ---
    # Source: shop/charts/packed/templates/a.yaml
    apiVersion: v1
    kind: Pod
    metadata:
      name: shop-packed
      labels: {app: packed}
    spec:
      containers:
        - name: a
          image: packed
    ---
    # Source: shop/templates/web.yaml
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: shop
      labels:
        app.kubernetes.io/name: shop
        helm.sh/chart: shop-0.1.0
    spec:
      replicas: 2
      selector:
        matchLabels:
          app: shop
      template:
        metadata:
          labels:
            app: shop
        spec:
          containers:
            - name: web
              image: "nginx:latest"
              env:
                - name: A
                  value: "x"
                - name: DEBUG
                  value: yes
              securityContext:
                privileged: true
              resources:
                requests:
                  cpu: 100m
                  memory: 900

    """

  private func repository(helm: String) throws -> Scratch {
    let scratch = try Scratch()
    let chart = "apiVersion: v2\nname: NAME\nversion: 0.1.0\n"
    for (name, text) in [
      ("deploy/my-shop/Chart.yaml", chart.replacingOccurrences(of: "NAME", with: "shop")),
      ("deploy/my-shop/values.yaml", "replicas: 2\n"),
      ("deploy/my-shop/templates/_helpers.tpl", "{{ define \"shop.fullname\" }}shop{{ end }}\n"),
      ("deploy/my-shop/templates/web.yaml", Self.web),
      ("deploy/my-shop/templates/none.yaml", "{{ if .Values.x }}\nkind: ConfigMap\n{{ end }}\n"),
      (
        "deploy/my-shop/charts/db/Chart.yaml",
        chart.replacingOccurrences(of: "NAME", with: "db")
      ),
      (
        "deploy/my-shop/charts/db/templates/db.yaml",
        """
        apiVersion: v1
        kind: Pod
        metadata:
          name: {{ .Release.Name }}-db
        spec:
          hostNetwork: true
          containers:
            - name: db
              image: {{ .Values.image }}

        """
      ),
      (
        "plain.yaml",
        """
        apiVersion: v1
        kind: Service
        metadata: {name: packed, namespace: prod}
        spec: {selector: {app: packed}, ports: [{port: 80, targetPort: nowhere}]}

        """
      ),
      ("output", Self.output), ("bin/helm", "#!/bin/sh\n\(helm)\n"),
    ] { try scratch.write(name, text) }
    _ = try scratch.shell("chmod +x bin/helm; git init -q")
    return scratch
  }

  private func lint(
    _ scratch: Scratch, _ more: [String], isThere: Bool = true
  ) throws -> Scratch.Outcome {
    let folder = scratch.folder.appendingPathComponent("bin").path
    let path = (isThere ? folder + ":" : "") + "/usr/bin:/bin"
    return try scratch.kmf(
      ["lint", "-o", "concise"] + more, environment: ["PATH": path, "ROOT": scratch.folder.path])
  }

  private static let helm = """
    echo "$*" >>"$ROOT/log"
    test "$1" = template && cat "$ROOT/output"
    """

  @Test func findingsAboutWhatChartsComeToStandInTheirTemplates() throws {
    let scratch = try repository(helm: Self.helm)
    let rules = "PSB002,PSB003,IMG001,YML002,REF001,REF002,RES006,REL006,RES003,MET001"
    let found = try lint(scratch, ["--select", rules, "."])
    let lines = found.out.split(separator: "\n").map { line in
      line.split(separator: " ").prefix(3).filter { $0 != "error" && $0 != "warning" }
        .joined(separator: " ")
    }
    let templates = "deploy/my-shop/templates"
    for (place, code) in [
      ("\(templates)/web.yaml:20:19:", "IMG001"), ("\(templates)/web.yaml:24:22:", "YML002"),
      ("\(templates)/web.yaml:27:25:", "PSB003"), ("\(templates)/web.yaml:29:13:", "RES006"),
      ("\(templates)/web.yaml:37:3:", "REF001"),
      ("deploy/my-shop/charts/db/templates/db.yaml:6:16:", "PSB002"),
      // A pod of a packed chart is no file to report on, but known.
      ("plain.yaml:4:64:", "REF002"),
    ] {
      #expect(lines.contains("\(place) \(code)"), "\(place) \(code): \(found)")
    }
    #expect(found.code == 1 && !found.out.contains("MET001"), "\(found)")
    #expect(found.out.contains("1 a template that comes to nothing"), "\(found)")
    #expect(found.out.contains("; 1 suppressed"), "\(found)")
    let log = try scratch.read("log")
    let folder = scratch.folder.appendingPathComponent("deploy/my-shop").path
    #expect(log.hasPrefix("template shop \(folder) --namespace shop --kube-version 1."), "\(log)")
    #expect(!log.contains("my-shop/charts"), "\(log)")

    let again = try lint(scratch, ["--select", rules, "."])
    #expect(try again.out == found.out && scratch.read("log") == log, "not from the cache")
    try scratch.write("deploy/my-shop/templates/_helpers.tpl", "{{/* other */}}\n")
    _ = try lint(scratch, ["--select", rules, "."])
    #expect(try scratch.read("log") != log, "helpers are no YAML, but count")

    let fixed = try lint(scratch, ["--fix", "--unsafe-fixes", "--select", rules, "."])
    #expect(fixed.code == 1, "\(fixed)")
    #expect(try scratch.read("deploy/my-shop/templates/web.yaml") == Self.web)
    let one = try lint(scratch, ["--select", "PSB003", "\(templates)/web.yaml"])
    #expect(one.out.contains("\(templates)/web.yaml:27:25: error PSB003"), "\(one)")
  }

  /// Charts that are useless without values have some for their tests.
  @Test func valuesOfTestsHelpWhereTheChartHasNone() throws {
    let scratch = try repository(
      helm: "case \"$*\" in *ci/b-values.yaml*) cat \"$ROOT/output\";; *) exit 1;; esac")
    try scratch.write("deploy/my-shop/ci/a-values.yaml", "a: 1\n")
    try scratch.write("deploy/my-shop/ci/b-values.yaml", "b: 1\n")
    let found = try lint(scratch, ["--select", "PSB003", "."])
    #expect(found.out.contains("web.yaml:27:25: error PSB003"), "\(found)")
    #expect(found.err.isEmpty, "\(found)")
  }

  @Test func chartsThatAreNotRenderedAreTold() throws {
    let scratch = try repository(helm: "echo 'Error: chart is odd' >&2; exit 1")
    let cases: [(isThere: Bool, arguments: [String], says: String)] = [
      (true, ["."], "the chart 'deploy/my-shop' cannot be rendered"),
      (true, ["deploy/my-shop"], "not judged: chart is odd\n"),
      (false, ["."], "helm is not installed"), (true, ["plain.yaml"], ""),
      (false, ["--no-render", "."], ""),
    ]
    for (isThere, arguments, says) in cases {
      let found = try lint(
        scratch, ["--no-cache", "--select", "PSB003"] + arguments, isThere: isThere)
      let isTold = says.isEmpty ? found.err.isEmpty : found.err.contains(says)
      #expect(found.code == 0 && isTold, "\(arguments): \(found)")
      let isCounted = found.out.contains("3 a template that has not been rendered")
      #expect(isCounted || arguments == ["plain.yaml"], "\(arguments): \(found)")
    }
  }
}
