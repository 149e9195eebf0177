import ManifestSchema
import ManifestSyntax

/// A named choice of rules.
public enum AdvicePreset: String, Sendable, CaseIterable {
  case recommended, strict
  case podSecurityBaseline = "pss-baseline"
  case podSecurityRestricted = "pss-restricted"
  case all

  /// Whether a rule belongs to it.
  public func contains(_ rule: AdviceDescription) -> Bool {
    switch self {
    case .recommended: rule.membership == .recommended
    case .strict: rule.membership != .optional
    case .podSecurityBaseline: rule.family == "PSB" || rule.family == "SUP"
    case .podSecurityRestricted: ["PSB", "PSR", "SUP"].contains(rule.family)
    case .all: true
    }
  }
}

/// Which rules run, how grave their findings are, and what is set for them.
public struct AdviceSelection: Sendable {
  /// Changes for the files that a pattern names.
  public struct Override: Sendable {
    /// Whether the changes hold for a file of this name.
    public var covers: @Sendable (String) -> Bool
    public var select: [String]
    public var ignore: [String]
    public var severities: [String: Diagnostic.Severity]

    public init(
      covers: @escaping @Sendable (String) -> Bool, select: [String] = [], ignore: [String] = [],
      severities: [String: Diagnostic.Severity] = [:]
    ) {
      self.covers = covers
      self.select = select
      self.ignore = ignore
      self.severities = severities
    }
  }

  /// The presets to begin with; where there are none, the recommended rules, unless ``select``
  /// names others.
  public var presets: [AdvicePreset] = []
  /// Codes, prefixes of codes, or names to add.
  public var select: [String] = []
  /// Codes, prefixes of codes, or names to leave out.
  public var ignore: [String] = []
  /// Severities by code.
  public var severities: [String: Diagnostic.Severity] = [:]
  /// What is set for rules, by code and name of the parameter.
  public var parameters: [String: [String: AdviceSetting]] = [:]
  /// The last one that covers a file has the last word.
  public var overrides: [Override] = []

  /// The version of the Pod Security Standards, where it is not that of the run.
  public var podSecurityVersion: KubernetesVersion?

  public init() {}

  /// Every rule there is.
  public static var everything: AdviceSelection {
    var selection = AdviceSelection()
    selection.presets = [.all]
    return selection
  }

  /// One rule alone.
  static func only(_ code: String) -> AdviceSelection {
    var selection = AdviceSelection()
    selection.select = [code]
    return selection
  }

  /// Whether `rule` runs over a file of this name; nil asks for files that nothing overrides.
  public func isOn(_ rule: AdviceDescription, file: String? = nil) -> Bool {
    var isOn = Self.matches(rule, select)
    if presets.isEmpty {
      if select.isEmpty { isOn = AdvicePreset.recommended.contains(rule) }
    } else if presets.contains(where: { $0.contains(rule) }) {
      isOn = true
    }
    let ignored = Self.specificity(rule, ignore)
    if ignored > 0, ignored >= Self.specificity(rule, select) { isOn = false }
    guard let file else { return isOn }
    for override in overrides where override.covers(file) {
      if Self.matches(rule, override.select) { isOn = true }
      if Self.matches(rule, override.ignore) { isOn = false }
    }
    return isOn
  }

  /// How grave a finding of `rule` is in a file of this name.
  public func severity(of rule: AdviceDescription, file: String) -> Diagnostic.Severity {
    var severity = severities[rule.code] ?? rule.severity
    for override in overrides where override.covers(file) {
      severity = override.severities[rule.code] ?? severity
    }
    return severity
  }

  /// Whether one of `words` names the rule: its code, a prefix of it, its name, or `all`.
  public static func matches(_ rule: AdviceDescription, _ words: [String]) -> Bool {
    words.contains { word in
      let word = word.lowercased()
      if word == "all" || word == rule.name { return true }
      return !word.isEmpty && rule.code.lowercased().hasPrefix(word)
    }
  }

  /// How closely `words` name the rule: by how much of its code at best; 0 where none does.
  private static func specificity(_ rule: AdviceDescription, _ words: [String]) -> Int {
    var best = 0
    for word in words where matches(rule, [word]) {
      let isName = word.lowercased() == rule.name
      best = max(best, isName ? rule.code.count : word.lowercased() == "all" ? 1 : word.count)
    }
    return best
  }

  /// The words by which the rules are found that `word` names, be it by a peer's name for them;
  /// empty for a word that names none.
  public static func codes(_ word: String) -> [String] { PeerNames.codes(word) }

  /// Whether `word` names at least one rule.
  public static func isKnown(_ word: String) -> Bool {
    AdviceRegistry.all.contains { matches($0.about, [word]) }
  }
}
