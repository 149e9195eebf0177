import ManifestModel
import ManifestSchema
import ManifestSyntax
import Testing

@testable import ManifestRules

/// Every rule's examples are its tests: bad ones are found, good ones are not.
struct RuleExampleTests {
  @Test func badExamplesAreFoundAndGoodOnesAreNot() {
    for group in RuleRegistry.all {
      for rule in group.rules {
        if rule.untestable != nil { continue }
        #expect(!rule.bad.isEmpty, "\(rule.id) has no bad example")
        #expect(!rule.good.isEmpty, "\(rule.id) has no good example")
        for example in rule.bad {
          let codes = findings(of: rule, example).map(\.code)
          #expect(
            codes.contains(rule.id), "\(rule.id) is silent on: \(example.text) (found \(codes))")
        }
        for example in rule.good {
          let codes = findings(of: rule, example).map(\.code)
          #expect(!codes.contains(rule.id), "\(rule.id) cries at: \(example.text)")
        }
      }
    }
  }

  @Test func idsAreUnique() {
    let ids = RuleRegistry.all.flatMap { $0.rules.map(\.id) }
    let doubled = Dictionary(grouping: ids) { $0 }.filter { $0.value.count > 1 }.keys.sorted()
    #expect(doubled.isEmpty)
  }

  private func findings(of rule: RuleDescription, _ example: RuleExample) -> [Diagnostic] {
    ExampleObjects.findings(of: rule, example)
  }
}
