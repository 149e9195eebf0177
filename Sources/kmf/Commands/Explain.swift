import ArgumentParser
import ClusterPlan
import ManifestRules
import ManifestSchema
import ManifestSyntax

/// `kmf explain`.
struct Explain: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Explain a finding's code, a kind or a field.",
    discussion: """
      kmf explain DEC-09
      kmf explain RES001
      kmf explain B1
      kmf explain deployment
      kmf explain deployment.spec.strategy
      kmf explain po.spec.containers.resizePolicy --kubernetes-version 1.30

      A kind is called by its name in any case, its plural or a short name.
      """)

  @Argument(
    help: "A code such as DEC-09, or a kind and fields such as deployment.spec.strategy.",
    completion: .custom { _, _, prefix in Explain.words(completing: prefix) })
  var subject: String

  @OptionGroup var target: VersionOption
  @OptionGroup var definitions: DefinitionsOption

  @Option(help: ArgumentHelp("The API to look in, where several have the kind.", valueName: "name"))
  var apiVersion: String?

  @Option(name: [.short, .long], help: "How to show it: text or json.")
  var output: TextOrJSON = .text

  func run() throws {
    if let entry = RuleBook.entry(subject) { return answer(entry) }
    if let rule = AdviceRegistry.rule(subject) { return answer(AdvicePage(rule.about)) }
    if let rule = FindingRules.rule(subject) { return answer(rule) }
    if let near = Self.nearestCode(to: subject) {
      throw CommandFailure("no rule has the code '\(subject)'", help: "did you mean \(near)?")
    }
    let search = FieldSearch(
      target.range, in: try definitions.schema(target.range.last))
    let found = try search.find(subject, apiVersion: apiVersion)
    let explanation = FieldExplanation(search: search, found: found)
    switch output {
    case .text: Answer.print(explanation.text)
    case .json: Answer.print(explanation.value)
    }
  }

  /// The nearest code where `text` looks like one: `ABC-12`.
  private static func nearestCode(to text: String) -> String? {
    let parts = text.split(separator: "-")
    guard parts.count >= 2, parts.last?.allSatisfy(\.isNumber) == true, !text.contains(".") else {
      return nil
    }
    let codes = RuleBook.all.map(\.code)
    return NearestWord.of(text, among: codes) ?? codes.first
  }

  private func answer(_ page: AdvicePage) {
    switch output {
    case .text: Answer.print(page.text)
    case .json: Answer.print(page.value)
    }
  }

  private func answer(_ rule: any FindingRule.Type) {
    switch output {
    case .text: Answer.print("\(rule.code): \(rule.title)\n\n\(rule.why)")
    case .json:
      Answer.print([
        "code": .string(rule.code), "title": .string(rule.title), "why": .string(rule.why),
      ])
    }
  }

  private func answer(_ entry: RuleEntry) {
    guard output == .text else {
      return Answer.print([
        "code": .string(entry.code), "title": .string(entry.title),
        "summary": .string(entry.summary), "why": .string(entry.why),
        "bad": entry.bad.map(Value.string) ?? .null, "good": entry.good.map(Value.string) ?? .null,
      ])
    }
    var text = "\(entry.code): \(entry.title)\n\n\(entry.summary)\n\n\(entry.why)"
    for (label, example) in [("Wrong", entry.bad), ("Right", entry.good)] {
      guard let example else { continue }
      let lines = example.split(separator: "\n", omittingEmptySubsequences: false)
      text += "\n\n\(label):\n" + lines.map { "  \($0)" }.joined(separator: "\n")
    }
    Answer.print(text)
  }

  /// Kinds and, once a kind and a dot are there, its fields.
  private static func words(completing prefix: String) -> [String] {
    let search = FieldSearch(VersionRange(.latest, .latest), in: Schema())
    guard let dot = prefix.lastIndex(of: ".") else {
      return search.kinds.map { $0.gvk.kind.lowercased() } + RuleBook.all.map(\.code)
    }
    let start = String(prefix[..<dot])
    guard let found = try? search.find(start, apiVersion: nil), let type = found.inside else {
      return []
    }
    return search.fields(of: type).map { "\(start).\($0.name)" }
  }
}
