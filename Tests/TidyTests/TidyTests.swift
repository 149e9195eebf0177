import Foundation
import Testing

/// Keeps the promises that no compiler checks: who imports whom, and sizes.
@Suite struct TidyTests {
  /// What each module may import besides the standard library. A module that is missing here fails.
  private static let allowedImports: [String: Set<String>] = [
    "CLibYAML": [],
    "CSchemas": [],
    "ManifestSyntax": ["CLibYAML"],
    "ManifestSchema": ["CSchemas", "ManifestSyntax"],
    "ManifestModel": ["ManifestSchema", "ManifestSyntax"],
    "ManifestMerge": ["ManifestSchema", "ManifestSyntax"],
    "ManifestRules": ["ManifestModel", "ManifestSchema", "ManifestSyntax"],
    "CSQLite": [],
    "ClusterStore": [],
    "ClusterControl": ["ClusterStore", "ManifestModel", "ManifestSchema", "ManifestSyntax"],
    "ClusterEngine": ["ClusterControl", "ManifestSchema", "ManifestSyntax"],
    "ClusterAPI": [
      "ClusterControl", "ClusterStore", "ManifestMerge", "ManifestModel", "ManifestRules",
      "ManifestSchema", "ManifestSyntax",
    ],
    "ControlPlane": [
      "ClusterAPI", "ClusterControl", "ClusterEngine", "ClusterStore", "ManifestSchema",
      "ManifestSyntax",
    ],
    "ClusterPlan": [
      "ClusterAPI", "ClusterControl", "ClusterEngine", "ClusterStore", "ManifestMerge",
      "ManifestModel", "ManifestRules", "ManifestSchema", "ManifestSyntax",
    ],
    "CStoreFaults": [],
    "store-torture": ["CStoreFaults", "ClusterStore", "Glibc", "StoreSQLite"],
    "StoreSQLite": ["CSQLite", "ClusterStore", "Glibc"],
    "InputFiles": ["Glibc", "ManifestSyntax"],
    "ObjectPrinting": ["ManifestSchema", "ManifestSyntax"],
    "kmf": [
      "ArgumentParser", "ClusterAPI", "ClusterControl", "ClusterEngine", "ClusterPlan",
      "ClusterStore", "ControlPlane", "Dispatch", "Glibc", "InputFiles", "ManifestMerge",
      "ManifestModel", "ManifestRules", "ManifestSchema",
      "ManifestSyntax",
      "ObjectPrinting", "StoreSQLite",
    ],
    "kmf-generate": edge,
    "kmf-conformance": edge.union(["ClusterAPI", "ClusterStore", "ManifestMerge"]),
    "CBaseline": [],
    "kmf-bench": edge.union([
      "CBaseline", "CSQLite", "ClusterAPI", "ClusterControl", "ClusterEngine", "ClusterStore",
      "StoreSQLite",
    ]),
  ]
  private static let edge: Set<String> = [
    "CLibYAML", "CSchemas", "Dispatch", "FoundationEssentials", "Glibc", "InputFiles",
    "ManifestModel", "ManifestRules", "ManifestSchema", "ManifestSyntax",
  ]
  private static let standardLibrary: Set<String> = ["Swift", "Synchronization"]

  private static let widthMax = 100
  private static let textWidthMax = 180
  private static let functionLinesMax = 70
  private static let fileLinesMax = 600

  private static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  @Test func modulesImportOnlyWhatIsBelowThem() throws {
    for file in try SourceFile.all(below: Self.root.appendingPathComponent("Sources")) {
      guard let allowed = Self.allowedImports[file.module] else {
        Issue.record("\(file.path): module '\(file.module)' is not in the table of TidyTests")
        continue
      }
      for name in file.imports where !allowed.union(Self.standardLibrary).contains(name) {
        Issue.record("\(file.path): '\(file.module)' may not import '\(name)'")
      }
    }
  }

  @Test func filesAndFunctionsStaySmall() throws {
    for folder in ["Sources", "Tests"] {
      for file in try SourceFile.all(below: Self.root.appendingPathComponent(folder)) {
        // Nobody reads generated files from top to bottom.
        if file.isGenerated { continue }
        if file.lines.count > Self.fileLinesMax {
          Issue.record("\(file.path): \(file.lines.count) lines, at most \(Self.fileLinesMax)")
        }
        for (index, line) in file.lines.enumerated() where !Self.fits(line) {
          Issue.record("\(file.path):\(index + 1): \(line.count) columns, at most \(Self.widthMax)")
        }
        for function in file.functions where function.lineCount > Self.functionLinesMax {
          Issue.record(
            "\(file.path):\(function.line): a function of \(function.lineCount) lines"
          )
        }
      }
    }
  }

  /// A line fits, or is long only for a text in quotes: an example reads best in one piece. What an
  /// example of a lint rule wants to hear stands behind it and counts for nothing.
  private static func fits(_ line: String) -> Bool {
    let line = line.firstRange(of: " # want: ").map { String(line[..<$0.lowerBound]) } ?? line
    if line.count <= widthMax { return true }
    guard line.count <= textWidthMax, let first = line.firstIndex(of: "\""),
      let last = line.lastIndex(of: "\""), first < last
    else { return false }
    return line[..<first].count + line[last...].count <= widthMax
  }

  @Test func generatedFilesSaySoFirst() throws {
    for file in try SourceFile.all(below: Self.root.appendingPathComponent("Sources")) {
      let looksGenerated =
        ["Registry.swift", "Schemas.c"].contains(file.name)
        || file.path.contains("/ManifestModel/Views/")
      if looksGenerated, !file.isGenerated, file.lines.count > 3 {
        Issue.record("\(file.path): line 1 must say 'Generated by', with the command")
      }
      let late = file.lines.dropFirst().prefix(5).contains { $0.hasPrefix("// Generated by") }
      #expect(!late, "\(file.path): 'Generated by' belongs in line 1")
    }
  }

  @Test func everyModuleExplainsItself() throws {
    let sources = Self.root.appendingPathComponent("Sources")
    let architecture = try String(
      contentsOf: Self.root.appendingPathComponent("docs/architecture.md"), encoding: .utf8)
    for module in try FileManager.default.contentsOfDirectory(atPath: sources.path) {
      let readme = sources.appendingPathComponent("\(module)/README.md").path
      #expect(FileManager.default.fileExists(atPath: readme), "Sources/\(module) has no README.md")
      #expect(architecture.contains("| `\(module)` |"), "docs/architecture.md has no row \(module)")
    }
  }

  /// The measure of functions is made by hand, so it is tested too.
  @Test func measuresFunctions() {
    let text = """
      struct A {
        func one() {
          let text = "{ not a brace"  // {
          if text.isEmpty { return }
        }
        init(
          a: Int
        ) { self.a = a }
        let long = \"\"\"
          func in a string {
          \"\"\"
        func declaredOnly()
        func two() -> Int { 2 }
      }
      """
    let file = SourceFile(path: "Sources/m/a.swift", text: text)
    #expect(file.functions.map(\.line) == [2, 6, 13])
    #expect(file.functions.map(\.lineCount) == [4, 3, 1])
  }
}
