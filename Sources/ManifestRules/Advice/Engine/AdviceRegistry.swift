/// Every lint rule, summed up from the shelves of `Advice/`.
///
/// Each topic has a list of its own in `Advice/TOPIC/Registry+TOPIC.swift`, sorted by code.
public enum AdviceRegistry {
  /// All rules, in the order of their topics.
  public static let all: [any AdviceRule.Type] =
    yaml + correctness + applyWarnings + references + podSecurity + security + images + resources
    + probes + reliability + jobs + network + deprecations + metadata + suppressions

  /// The rule of a code or a name, in whatever case it is written.
  public static func rule(_ text: String) -> (any AdviceRule.Type)? {
    let wanted = text.lowercased()
    return all.first { $0.about.code.lowercased() == wanted || $0.about.name == wanted }
  }
}
