import ManifestSchema
import ManifestSyntax
import Testing

@testable import ManifestRules

/// Every lint rule's examples are its tests: bad ones are found where they say, good ones are not.
struct AdviceExampleTests {
  @Test func badExamplesAreFoundAtTheirLines() {
    for rule in AdviceRegistry.all.map({ $0.about }) {
      #expect(rule.bad.count >= 2, "\(rule.code) needs two bad examples")
      for (number, example) in rule.bad.enumerated() {
        let found = AdviceExampleRun.findings(example, of: rule, .only(rule.code))
          .filter { $0.diagnostic.code == rule.code }
        let name = "\(rule.code) bad \(number)"
        let wants = example.files.flatMap { file in
          file.wants.map { (file: file.name, line: $0.line, words: $0.words) }
        }
        #expect(!wants.isEmpty, "\(name) says no '# want:'")
        for want in wants {
          #expect(
            found.contains {
              $0.file == want.file && $0.line == want.line
                && $0.diagnostic.message.contains(want.words)
            }, "\(name): nothing like '\(want.words)' at \(want.file):\(want.line): \(shown(found))"
          )
        }
        for finding in found {
          #expect(
            wants.contains { $0.file == finding.file && $0.line == finding.line },
            "\(name): unwanted: \(shown([finding]))")
        }
      }
    }
  }

  @Test func goodExamplesAreLeftAlone() {
    for rule in AdviceRegistry.all.map({ $0.about }) {
      #expect(rule.good.count >= 2, "\(rule.code) needs two good examples")
      for (number, example) in rule.good.enumerated() {
        let found = AdviceExampleRun.findings(example, of: rule, .only(rule.code))
          .filter { $0.diagnostic.code == rule.code }
        #expect(found.isEmpty, "\(rule.code) good \(number): \(shown(found))")
      }
    }
  }

  /// A rule that is missing is noticed: nothing else says what its examples ask for. The pages of
  /// `docs/rules` name every rule, so one that is not in the registry is noticed by them.
  @Test func noRuleCanGoMissingUnnoticed() {
    for rule in AdviceRegistry.all.map({ $0.about }) {
      var others = AdviceSelection.everything
      others.ignore = [rule.code]
      others.parameters = [:]
      for (number, example) in rule.bad.enumerated() {
        let wants = example.files.reduce(0) { $0 + $1.wants.count }
        let left = AdviceExampleRun.findings(example, of: rule, others)
          .filter { $0.diagnostic.code == rule.code }
        #expect(wants > 0 && left.isEmpty, "\(rule.code) bad \(number): \(shown(left))")
      }
    }
  }

  /// A rule that says it can fix does, and then has nothing more to say there.
  @Test func fixesRemoveWhatTheyFix() {
    for rule in AdviceRegistry.all.map({ $0.about })
    where rule.fixing == .safe || rule.fixing == .unsafe {
      var fixedCount = 0
      for (number, example) in rule.bad.enumerated() {
        let before = AdviceExampleRun.findings(example, of: rule, .only(rule.code))
        let fixed = AdviceExampleRun.fixed(example, of: rule, .only(rule.code))
        guard !fixed.isEmpty else { continue }
        fixedCount += 1
        var after = example
        after.text = example.files.map { file in
          let text = fixed[file.name].map { String(decoding: $0, as: UTF8.self) } ?? file.text
          return "--- # file: \(file.name)\n" + text
        }.joined()
        let left = AdviceExampleRun.findings(after, of: rule, .only(rule.code))
        #expect(
          left.count < before.count, "\(rule.code) bad \(number) is not fixed: \(after.text)")
      }
      #expect(fixedCount > 0, "\(rule.code) says that it fixes, and fixes none of its examples")
    }
  }

  @Test func codesAndNamesAreWellFormed() {
    let rules = AdviceRegistry.all.map { $0.about }
    #expect(Set(rules.map(\.code)).count == rules.count, "a code is there twice")
    #expect(Set(rules.map(\.name)).count == rules.count, "a name is there twice")
    for rule in rules {
      #expect(rule.code.count == 6, "\(rule.code)")
      #expect(rule.summary.hasSuffix("."), "\(rule.code): the summary is a sentence")
      #expect(!rule.why.isEmpty, "\(rule.code)")
    }
  }

  private func shown(_ found: [AdviceExampleRun.Found]) -> String {
    found.map { "\($0.file):\($0.line): \($0.diagnostic.message)" }.joined(separator: "; ")
  }
}
