import ManifestSyntax

/// A rule about suppressions themselves: it sees one, and what it left out, and nothing else.
protocol SuppressionAdvice: AdviceRule {
  /// - Parameter isWatched: whether the rules that it names are on, so its uses mean something.
  static func message(
    for suppression: Suppression, isWatched: Bool, today: String
  ) -> (message: String, help: String)?
}

extension SuppressionAdvice {
  static var subjects: [AdviceSubject] { [] }
}

/// What is left out of the findings of a run, and by what day it is judged.
public struct SuppressionPolicy: Sendable {
  /// Whether comments and annotations count.
  public var honoursSource = true
  /// Codes, or beginnings of codes, that nobody may suppress in a file.
  public var locked: [String] = []
  public var configured: [ConfiguredSuppression] = []
  /// Today, as `YYYY-MM-DD`.
  public var today: String

  public init(today: String) { self.today = today }
}

/// What a file is told once suppressions have had their say.
public struct SettledAdvice: Sendable {
  public var advice: [Linter.Advice] = []
  /// What was left out.
  public var suppressed: [SuppressedAdvice] = []
  /// Which suppressions of the configuration left something out, in their order.
  public var used: [Int] = []

  public init() {}
}

/// A finding that a suppression leaves out, and what the suppression says of it.
public struct SuppressedAdvice: Sendable {
  public var advice: Linter.Advice
  public var kind: SuppressedFinding.Kind
  /// The reason that was given; empty for none.
  public var justification: String

  init(_ advice: Linter.Advice, _ suppression: Suppression) {
    self.advice = advice
    kind = suppression.kind
    justification = suppression.reason
  }
}

extension Linter {
  /// What the rules have to say about a file, without what its suppressions leave out, and with
  /// what there is to say about those.
  public func advice(on file: AdviceFile, under policy: SuppressionPolicy) -> SettledAdvice {
    let all = advice(on: file)
    var suppressions = policy.configured.enumerated().flatMap { number, item in
      item.suppressions(in: file, number: number)
    }
    if policy.honoursSource { suppressions += SuppressionReader(file).suppressions }
    var settled = SettledAdvice()
    guard !suppressions.isEmpty else {
      settled.advice = all
      return settled
    }
    for item in all {
      if let reason = suppression(of: item, among: &suppressions, file, policy) {
        settled.suppressed.append(SuppressedAdvice(item, reason))
      } else {
        settled.advice.append(item)
      }
    }
    let said = remarks(on: suppressions, file, policy.today)
    for item in said {
      // A rule about suppressions can itself be suppressed, but counts for nothing then.
      var others = suppressions.filter { $0.place?.span != item.diagnostic.span }
      if let reason = suppression(of: item, among: &others, file, policy) {
        settled.suppressed.append(SuppressedAdvice(item, reason))
      } else {
        settled.advice.append(item)
      }
    }
    settled.used = Set(suppressions.filter { $0.uses > 0 }.compactMap(\.number)).sorted()
    return settled
  }

  /// What leaves a finding out; nil where nothing does. All that would are marked as used.
  private func suppression(
    of item: Advice, among suppressions: inout [Suppression], _ file: AdviceFile,
    _ policy: SuppressionPolicy
  ) -> Suppression? {
    guard let rule = AdviceRegistry.byCode[item.diagnostic.code] else { return nil }
    let isLocked = AdviceSelection.matches(rule, policy.locked)
    var found: Suppression?
    for index in suppressions.indices
    where suppressions[index].covers(item, rule, file) {
      let isOurs = suppressions[index].place == nil
      guard isOurs || !isLocked else { continue }
      suppressions[index].uses += 1
      // What stands in the file is told before what the configuration says.
      if suppressions[index].holds(on: policy.today), found == nil || !isOurs {
        found = suppressions[index]
      }
    }
    return found
  }

  private func remarks(
    on suppressions: [Suppression], _ file: AdviceFile, _ today: String
  ) -> [Advice] {
    var said: [Advice] = []
    for rule in AdviceRegistry.suppressions {
      guard let check = rule as? any SuppressionAdvice.Type, isOn(check.about, file) else {
        continue
      }
      for suppression in suppressions {
        guard let place = suppression.place,
          let remark = check.message(
            for: suppression, isWatched: isWatched(suppression, file), today: today)
        else { continue }
        var fixes: [FixIt] = []
        if check.about.fixing == .safe, let removal = place.removal {
          fixes = [FixIt("remove the suppression", safety: .safe, edits: [removal])]
        }
        let diagnostic = Diagnostic(
          check.about.code, severity(of: check.about, file), .advice, at: place.path,
          remark.message, help: remark.help, span: place.span, fixes: fixes)
        said.append(
          Advice(document: place.document, position: place.position, diagnostic: diagnostic))
      }
    }
    return said
  }

  /// Whether all rules that a suppression names are on: one that is off finds nothing anyhow.
  private func isWatched(_ suppression: Suppression, _ file: AdviceFile) -> Bool {
    let named = AdviceRegistry.all.map { $0.about }.filter {
      AdviceSelection.matches($0, suppression.rules)
    }
    if suppression.rules.contains("all") { return true }
    return !named.isEmpty && named.allSatisfy { isOn($0, file) }
  }
}

extension AdviceRegistry {
  /// What the rules say of themselves, by code.
  static let byCode = Dictionary(all.map { ($0.about.code, $0.about) }) { first, _ in first }

  /// The rule that stale entries of baselines come under.
  public static var unusedSuppression: AdviceDescription { UnusedSuppression.about }
}
