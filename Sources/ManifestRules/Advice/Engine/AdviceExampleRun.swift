import ManifestSchema
import ManifestSyntax

/// Lints the files of an example as if they were a repository.
enum AdviceExampleRun {
  /// One finding with its place.
  struct Found {
    var file: String
    var line: Int
    var diagnostic: Diagnostic
  }

  /// What `selection` finds in the example; its parameters go to the rule `code`.
  static func findings(
    _ example: AdviceExample, of rule: AdviceDescription, _ selection: AdviceSelection
  ) -> [Found] {
    var selection = selection
    for (name, text) in example.parameters {
      guard let parameter = rule.parameters.first(where: { $0.name == name }),
        let setting = parameter.kind.setting(text)
      else { continue }
      selection.parameters[rule.code, default: [:]][name] = setting
    }
    let universe = universe(example)
    // Suppressions are about other rules, which have to be on.
    if rule.family == "SUP" { selection.presets = [.all] }
    let linter = Linter(universe, selection: selection, versions: [example.version])
    let policy = SuppressionPolicy(today: "2026-07-01")
    return universe.files.flatMap { file in
      let lines = LineTable(file.source)
      return linter.advice(on: file, under: policy).advice.map { advice in
        Found(
          file: file.name, line: lines.line(of: advice.diagnostic.span?.start ?? 0),
          diagnostic: advice.diagnostic)
      }
    }
  }

  /// The files of an example, known together.
  static func universe(_ example: AdviceExample) -> Universe {
    var options = ValidationOptions()
    options.versions = [example.version]
    var context = ValidationContext(options: options)
    let sources = example.files.map { SourceText(name: $0.name, $0.text) }
    for source in sources { context.survey(source) }
    let builder = UniverseBuilder(context)
    return builder.universe(sources.map { builder.read($0) })
  }

  /// The texts after all fixes of `code` that can be applied, by file; empty where there are none.
  static func fixed(
    _ example: AdviceExample, of rule: AdviceDescription, _ selection: AdviceSelection
  ) -> [String: [UInt8]] {
    let universe = universe(example)
    var fixed: [String: [UInt8]] = [:]
    for found in findings(example, of: rule, selection) {
      guard fixed[found.file] == nil,
        let file = universe.files.first(where: { $0.name == found.file })
      else { continue }
      for fix in found.diagnostic.fixes {
        var edits = fix.edits.compactMap(TextEdit.init)
        if edits.count < fix.edits.count {
          let start = found.diagnostic.span?.start ?? 0
          guard
            let document = file.documents.last(where: { $0.range.lowerBound <= Int(start) }),
            let tree = document.tree
          else { continue }
          edits = SourceEditor.apply(fix.edits, to: tree)
        }
        if !edits.isEmpty, let bytes = TextEdit.apply(edits, to: file.source) {
          fixed[found.file] = bytes
          break
        }
      }
    }
    return fixed
  }
}
