import ManifestRules
import ManifestSyntax
import Testing

/// The formats that services read, held against what their published schemas demand.
struct ServiceReportTests {
  /// Text that means something in every format that it must mean nothing in.
  private static let nasty =
    "a\"b'c<d>&e]]>\n\r\t%0A::x,#\\ \u{1}\u{7F}\u{85}\u{2028}\u{FFFF}\u{FEFF}é😀 --> *"

  private static var hostile: [FileResult] {
    var sample = Sample(
      "./a b/%&<\"'\n,:#é😀.yaml", "a: \(nasty.filter { $0 != "\n" })\nb: 1\nb: 1\n")
    sample.document("Kind<&>", nasty, namespace: nasty, .invalid)
    let diagnostic = Diagnostic(
      "Z-01", .error, .invalid, at: FieldPath([.field("a"), .key(nasty), .index(3)]), nasty,
      help: nasty, notes: [nasty], serverField: nasty)
    sample.finding(diagnostic, at: "a", related: [(nasty, "b")])
    // Two findings that are alike in everything but their place.
    for turn in 0...1 {
      sample.finding(
        Diagnostic("Z-02", .note, .warning, at: "b", nasty), at: "b: 1", turn: turn)
    }
    sample.document("Kind<&>", nasty, namespace: nasty, line: 3, .skipped, skip: nasty)
    var gone = FileResult(file: "/abs/\(nasty)")
    gone.failure = Diagnostic("IO-01", .error, .notFound, at: .root, nasty)
    return [sample.file, gone]
  }

  private static let runs: [(String, [FileResult])] = [
    ("shop", Sample.shop), ("hostile", hostile), ("empty", []),
    ("nothing to say", [FileResult(file: "a.yaml")]),
  ]

  private static func json(_ text: String) -> Value? {
    let document = JSONReader.read(SourceText(text))
    return document.diagnostics.isEmpty ? document.tree?.value() : nil
  }

  // MARK: - JSON

  @Test func jsonHasThePromisedShape() throws {
    let members = [
      "code", "severity", "reason", "field", "message", "help", "file", "line", "column", "endLine",
      "endColumn", "byteOffset",
    ]
    for (name, files) in Self.runs {
      let text = Sample.report(JSONReport.self, files)
      let report = try #require(Self.json(text), "\(name): not JSON")
      #expect(report.map?.keys == ["summary", "results"], "\(name)")
      let counts = try #require(report["summary"]?.map)
      #expect(
        counts.keys.prefix(8) == [
          "files", "documents", "valid", "invalid", "skipped", "errors", "warnings", "durationMs",
        ])
      let results = try #require(report["results"]?.list)
      var statuses: [String: Int64] = [:]
      for result in results {
        #expect(
          result.map?.keys.prefix(8) == [
            "file", "document", "line", "apiVersion", "kind", "namespace", "name", "status",
          ])
        statuses[result["status"]?.string ?? "", default: 0] += 1
        for diagnostic in result["diagnostics"]?.list ?? [] {
          #expect(diagnostic.map?.keys.prefix(12) == members[...], "\(name)")
        }
      }
      #expect(statuses["skipped", default: 0] == counts["skipped"]?.int64, "\(name)")
      let failed = (counts["invalid"]?.int64 ?? 0) + (counts["unreadable"]?.int64 ?? 0)
      #expect(statuses["invalid", default: 0] == failed, "\(name)")
      let lines = Sample.report(JSONLines.self, files).split(separator: "\n").map {
        Self.json(String($0))
      }
      #expect(lines.dropLast() == results.map { $0 }[...], "\(name): jsonl says the same")
      #expect(lines.last == ["summary": .map(counts)], "\(name)")
    }
    let first = Self.json(Sample.report(JSONReport.self, Self.hostile))?["results"]?[0]
    #expect(first?["name"] == .string(Self.nasty))
    #expect(first?["diagnostics"]?[0]?["message"] == .string(Self.nasty))
    #expect(first?["diagnostics"]?[0]?["serverField"] == .string(Self.nasty))
  }

  // MARK: - SARIF 2.1.0

  @Test func sarifObeysItsSchema() throws {
    for (name, files) in Self.runs {
      let log = try #require(Self.json(Sample.report(Sarif.self, files)), "\(name): not JSON")
      #expect(log["version"] == "2.1.0")
      #expect(log["$schema"]?.string?.hasPrefix("https://") == true)
      let runs = try #require(log["runs"]?.list)
      #expect(runs.count == 1)
      let driver = try #require(runs[0]["tool"]?["driver"])
      #expect(driver["name"] == "kmf" && driver["version"] == "1.2.3")
      #expect(["utf16CodeUnits", "unicodeCodePoints"].contains(runs[0]["columnKind"]?.string))
      let rules = try #require(driver["rules"]?.list)
      let ids = rules.compactMap { $0["id"]?.string }
      #expect(ids.count == rules.count && Set(ids).count == ids.count, "\(name): rule ids")
      for rule in rules { Self.checkLevel(rule["defaultConfiguration"]?["level"]) }
      let invocation = try #require(runs[0]["invocations"]?[0])
      #expect(invocation["executionSuccessful"]?.bool == files.allSatisfy { $0.failure == nil })
      for remark in invocation["toolExecutionNotifications"]?.list ?? [] {
        Self.checkLevel(remark["level"])
        #expect(remark["message"]?["text"]?.string?.isEmpty == false)
        for location in remark["locations"]?.list ?? [] { Self.checkLocation(location) }
      }
      var fingerprints: Set<String> = []
      for result in runs[0]["results"]?.list ?? [] {
        Self.checkLevel(result["level"])
        let index = try #require(result["ruleIndex"]?.int64)
        #expect(ids[Int(index)] == result["ruleId"]?.string)
        #expect(result["message"]?["text"]?.string?.isEmpty == false)
        let print = try #require(result["partialFingerprints"]?["kmfFinding/v1"]?.string)
        #expect(fingerprints.insert(print).inserted, "\(name): fingerprint twice")
        #expect(result["locations"]?.list?.count == 1)
        let related = result["relatedLocations"]?.list ?? []
        for location in (result["locations"]?.list ?? []) + related { Self.checkLocation(location) }
        for fix in result["fixes"]?.list ?? [] { try Self.checkFix(fix) }
      }
    }
    let log = Self.json(Sample.report(Sarif.self, Sample.shop))
    let fix = log?["runs"]?[0]?["results"]?[0]?["fixes"]?[0]?["artifactChanges"]?[0]
    #expect(fix?["replacements"]?[0]?["insertedContent"]?["text"] == "3")
    let notes = log?["runs"]?[0]?["invocations"]?[0]?["toolExecutionNotifications"]?.list ?? []
    #expect(notes.last?["message"]?["text"]?.string?.contains("1 unknown kind") == true)
  }

  private static func checkLevel(_ level: Value?) {
    #expect(["none", "note", "warning", "error"].contains(level?.string ?? "absent"))
  }

  private static func checkArtifact(_ artifact: Value?) {
    let uri = artifact?["uri"]?.string ?? ""
    #expect(!uri.isEmpty)
    let plain = "-._~/@+=%".unicodeScalars
    for scalar in uri.unicodeScalars {
      let isPlain =
        scalar.properties.isASCIIHexDigit || ("a"..."z").contains(scalar)
        || ("A"..."Z").contains(scalar) || plain.contains(scalar)
      #expect(isPlain || uri.hasPrefix("file:///") && scalar == ":", "\(uri)")
    }
    // A relative reference says what it is relative to, an absolute one must not.
    #expect((artifact?["uriBaseId"] == nil) == uri.hasPrefix("file:///"), "\(uri)")
  }

  private static func checkRegion(_ region: Value?) {
    let numbers = ["startLine", "startColumn", "endLine", "endColumn"].map {
      region?[$0]?.int64 ?? 0
    }
    #expect(numbers.allSatisfy { $0 >= 1 })
    #expect((numbers[0], numbers[1]) <= (numbers[2], numbers[3]))
  }

  private static func checkLocation(_ location: Value) {
    let place = location["physicalLocation"]
    checkArtifact(place?["artifactLocation"])
    if let region = place?["region"] { checkRegion(region) }
  }

  private static func checkFix(_ fix: Value) throws {
    let changes = try #require(fix["artifactChanges"]?.list)
    #expect(!changes.isEmpty)
    for change in changes {
      checkArtifact(change["artifactLocation"])
      let replacements = try #require(change["replacements"]?.list)
      #expect(!replacements.isEmpty)
      for replacement in replacements { checkRegion(replacement["deletedRegion"]) }
    }
  }

  // MARK: - GitLab

  @Test func gitlabObeysItsSchema() throws {
    for (name, files) in Self.runs {
      let issues = try #require(Self.json(Sample.report(GitLab.self, files))?.list, "\(name)")
      var fingerprints: Set<String> = []
      for issue in issues {
        for member in ["description", "check_name", "fingerprint"] {
          #expect(issue[member]?.string?.isEmpty == false, "\(name): \(member)")
        }
        let severity = issue["severity"]?.string ?? ""
        #expect(["info", "minor", "major", "critical", "blocker"].contains(severity))
        let path = issue["location"]?["path"]?.string ?? "./"
        #expect(!path.hasPrefix("./"), "\(name): \(path)")
        #expect((issue["location"]?["lines"]?["begin"]?.int64 ?? 0) >= 1)
        let print = issue["fingerprint"]?.string ?? ""
        #expect(fingerprints.insert(print).inserted, "\(name)")
      }
    }
  }

  @Test func fingerprintsStayWhileLinesMove() {
    func prints(_ head: String, _ excerpts: [String]) -> [String?] {
      var sample = Sample("a.yaml", head + "a: 1\nb: 2\n")
      sample.document("Kind", "x")
      for excerpt in excerpts {
        let path = FieldPath([.field(String(excerpt.prefix(1)))])
        sample.finding(Diagnostic("X-1", .error, .invalid, at: path, "\(head)"), at: excerpt)
      }
      let issues = Self.json(Sample.report(GitLab.self, [sample.file]))?.list ?? []
      return issues.map { $0["fingerprint"]?.string }
    }
    let before = prints("", ["a: 1", "b: 2"])
    #expect(prints("# one\n\n# two\n", ["a: 1", "b: 2"]) == before)
    #expect(prints("# one\n", ["b: 2"]) == [before[1]])
    #expect(Set(before).count == 2)
  }

  // MARK: - XML

  @Test func junitObeysItsSchema() throws {
    let inCase: Set = ["skipped", "error", "failure", "system-out", "system-err", "properties"]
    for (name, files) in Self.runs {
      let text = Sample.report(JUnit.self, files)
      let root = try #require(SmallXML.parse(text), "\(name): not well-formed\n\(text)")
      #expect(root.name == "testsuites")
      for suite in root.children {
        #expect(suite.name == "testsuite" && suite.attributes["name"]?.isEmpty == false)
        #expect(Self.counts(suite) == Self.attributes(suite), "\(name)")
        let names = suite.children.map { $0.attributes["name"] ?? "" }
        #expect(Set(names).count == names.count, "\(name): names twice")
        for test in suite.children {
          #expect(test.name == "testcase")
          for attribute in ["name", "classname", "time"] {
            #expect(test.attributes[attribute]?.isEmpty == false, "\(name): \(attribute)")
          }
          #expect(Set(test.children.map(\.name)).isSubset(of: inCase))
          let verdicts = test.children.filter { !$0.name.hasPrefix("system") }
          #expect(verdicts.count <= 1, "\(name)")
        }
      }
      #expect(Self.counts(root) == Self.attributes(root), "\(name): totals")
    }
    let hostile = SmallXML.parse(Sample.report(JUnit.self, Self.hostile))
    let shown = hostile?.all("failure").first?.attributes["message"] ?? ""
    #expect(shown.contains("]]>\n\r\t%0A") && shown.contains("\\u{1}") && shown.contains("é😀"))
  }

  private static func counts(_ element: SmallXML) -> [String] {
    ["testcase", "failure", "error", "skipped"].map { String(element.all($0).count) }
  }

  private static func attributes(_ element: SmallXML) -> [String] {
    ["tests", "failures", "errors", "skipped"].map { element.attributes[$0] ?? "absent" }
  }

  @Test func checkstyleObeysItsSchema() throws {
    for (name, files) in Self.runs {
      let text = Sample.report(Checkstyle.self, files)
      let root = try #require(SmallXML.parse(text), "\(name): not well-formed\n\(text)")
      #expect(root.name == "checkstyle" && root.attributes["version"] != nil)
      #expect(root.children.allSatisfy { $0.name == "file" && $0.attributes["name"] != nil })
      #expect(root.all("error").count == files.flatMap(Sample.diagnostics).count, "\(name)")
      for error in root.all("error") {
        #expect((Int(error.attributes["line"] ?? "") ?? 0) >= 1)
        #expect((Int(error.attributes["column"] ?? "") ?? 0) >= 1)
        let severity = error.attributes["severity"] ?? ""
        #expect(["ignore", "info", "warning", "error"].contains(severity))
        #expect(error.attributes["message"]?.isEmpty == false)
        #expect(error.attributes["source"]?.hasPrefix("kmf.") == true)
      }
    }
  }

  // MARK: - Lines

  @Test func githubCommandsAreOneLineEachWorstFirst() {
    var many = Sample("m.yaml", "a: 1\n")
    many.document("Kind", "x", .invalid)
    for severity in [Diagnostic.Severity.warning, .error] {
      for number in 0..<11 {
        let diagnostic = Diagnostic("X-1", severity, .invalid, at: "a", "no \(number)")
        many.finding(diagnostic, at: "1")
      }
    }
    for (name, files) in Self.runs + [("many", [many.file])] {
      let rows = Sample.report(GitHub.self, files).split(separator: "\n")
      let commands = rows.filter { $0.hasPrefix("::") }
      #expect(commands.count == files.flatMap(Sample.diagnostics).count, "\(name)")
      let ranks = commands.map { row in
        ["::error ", "::warning ", "::notice "].firstIndex { row.hasPrefix($0) } ?? 9
      }
      #expect(ranks == ranks.sorted() && !ranks.contains(9), "\(name)")
      #expect(rows.filter { !$0.hasPrefix("::") }.allSatisfy { $0.hasPrefix("kmf: ") }, "\(name)")
      #expect(rows.contains { $0.contains("at most 10 errors") } == (name == "many"), "\(name)")
    }
    let hostile = Sample.report(GitHub.self, Self.hostile)
    #expect(
      hostile.contains("file=a b/%25&<\"'%0A%2C%3A#é😀.yaml,line=1,col=1,endLine=1,endColumn=2,"))
    #expect(hostile.contains("]]>%0A%0D\t%250A::x,#"))
  }

  @Test func tapCountsItsPointsAndItsBlocksAreYAML() throws {
    for (name, files) in Self.runs {
      let rows = Sample.report(TAP.self, files).split(separator: "\n").map(String.init)
      #expect(rows.first == "TAP version 14")
      let points = rows.filter { $0.hasPrefix("ok ") || $0.hasPrefix("not ok ") }
      #expect(
        rows.last?.hasPrefix(points.isEmpty ? "1..0" : "1..\(points.count)") == true, "\(name)")
      for (number, point) in points.enumerated() {
        #expect(point.contains("ok \(number + 1) - "), "\(name)")
        let bare = point.replacing("\\\\", with: "").replacing("\\#", with: "")
        let directives = bare.split(separator: "#", omittingEmptySubsequences: false).dropFirst()
        #expect(
          directives.count <= 1 && directives.allSatisfy { $0.hasPrefix(" SKIP ") }, "\(bare)")
      }
      let inner = rows.filter { $0.hasPrefix("  ") }.map { $0.dropFirst(2) }
      var reader = DocumentReader(SourceText(inner.joined(separator: "\n")))
      while let block = reader.next() {
        #expect(block.diagnostics.isEmpty, "\(name)")
        guard !block.isEmpty else { continue }
        let tree = try #require(block.tree)
        #expect(tree.value()["diagnostics"]?.list?.isEmpty == false, "\(name)")
        if name == "hostile" {
          #expect(tree.value()["diagnostics"]?[0]?["message"] == .string(Self.nasty))
        }
      }
    }
  }
}
