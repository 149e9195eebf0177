/// What `kmf explain CODE` says about a rule.
public struct RuleEntry: Hashable, Sendable {
  /// The stable id: `DEC-09`.
  public var code: String
  /// What the rule asks, in a few words.
  public var title: String
  /// What a finding means; one or two sentences.
  public var summary: String
  /// Why the API server insists.
  public var why: String
  /// A manifest, or a part of one, that breaks the rule; nil where text cannot show it.
  public var bad: String?
  /// The same as it should be.
  public var good: String?

  public init(
    _ code: String, _ title: String, _ summary: String, why: String, bad: String? = nil,
    good: String? = nil
  ) {
    self.code = code
    self.title = title
    self.summary = summary
    self.why = why
    self.bad = bad
    self.good = good
  }
}

/// The texts of all rules. What checks documents before there are objects adds its entries in
/// ``groups``; the rules of ``RuleRegistry`` bring theirs along.
public enum RuleBook {
  /// The entries by group, each group sorted as it is to be listed.
  public static let groups: [[RuleEntry]] = [
    DecodingRules.mappings, DecodingRules.values, DecodingRules.schema, DecodingRules.text,
    DecodingRules.custom, DecodingRules.operation,
  ]

  /// Every entry: those of the groups, then those of the registry's rules.
  public static var all: [RuleEntry] {
    groups.flatMap { $0 }
      + RuleRegistry.all.flatMap { group in group.rules.map { RuleEntry($0, of: group) } }
  }

  /// The entry of `code`, in whatever case it is written.
  public static func entry(_ code: String) -> RuleEntry? {
    let wanted = code.uppercased()
    return all.first { $0.code == wanted }
  }
}

extension RuleEntry {
  /// What a rule of the registry says of itself: its examples are changes of a valid object.
  init(_ rule: RuleDescription, of group: any RuleGroup.Type) {
    self.init(
      rule.id, group.title, rule.summary,
      why: rule.untestable ?? "The API server checks this before it stores the object.",
      bad: rule.bad.first?.text, good: rule.good.first?.text)
  }
}
