/// A condition on labels: all of its requirements must hold.
public struct LabelSelector: Hashable, Sendable {
  public enum Operator: String, Sendable {
    case `in` = "In"
    case notIn = "NotIn"
    case exists = "Exists"
    case doesNotExist = "DoesNotExist"
    /// Only in node affinity and in the text form.
    case greaterThan = "Gt"
    /// Only in node affinity and in the text form.
    case lessThan = "Lt"
  }

  /// One condition on one label.
  public struct Requirement: Hashable, Sendable {
    public var key: String
    public var `operator`: Operator
    public var values: [String]

    public init(_ key: String, _ operator: Operator, _ values: [String] = []) {
      self.key = key
      self.operator = `operator`
      self.values = values
    }

    /// Whether a set of labels fulfils it.
    ///
    /// The negative operators hold where the label is missing; numbers compare as 64-bit integers,
    /// and nothing else is greater or less.
    public func matches(_ labels: [String: String]) -> Bool {
      let label = labels[key]
      switch `operator` {
      case .in: return label.map(values.contains) ?? false
      case .notIn: return label.map { !values.contains($0) } ?? true
      case .exists: return label != nil
      case .doesNotExist: return label == nil
      case .greaterThan, .lessThan:
        guard let label, values.count == 1, let number = Int64(label),
          let limit = Int64(values[0])
        else { return false }
        return `operator` == .greaterThan ? number > limit : number < limit
      }
    }
  }

  public var requirements: [Requirement]

  /// A selector of `requirements`; without any it selects everything.
  public init(_ requirements: [Requirement] = []) { self.requirements = requirements }

  /// A selector as objects write it; labels come first, sorted, so that equal ones print alike.
  public init(matchLabels: [String: String], matchExpressions: [Requirement] = []) {
    let labels = matchLabels.sorted { $0.key < $1.key }
    requirements = labels.map { Requirement($0.key, .in, [$0.value]) } + matchExpressions
  }

  /// Whether it has no requirement and thus selects everything.
  public var isEmpty: Bool { requirements.isEmpty }

  public func matches(_ labels: [String: String]) -> Bool {
    requirements.allSatisfy { $0.matches(labels) }
  }
}

extension LabelSelector.Requirement: CustomStringConvertible {
  /// The text form: `app=web`, `tier in (a,b)`, `!old`.
  public var description: String {
    let list = values.sorted().joined(separator: ",")
    switch `operator` {
    case .in: return values.count == 1 ? "\(key)=\(list)" : "\(key) in (\(list))"
    case .notIn: return values.count == 1 ? "\(key)!=\(list)" : "\(key) notin (\(list))"
    case .exists: return key
    case .doesNotExist: return "!" + key
    case .greaterThan: return "\(key)>\(list)"
    case .lessThan: return "\(key)<\(list)"
    }
  }
}

extension LabelSelector: CustomStringConvertible {
  /// The text form, which ``init(parsing:)`` reads.
  public var description: String {
    requirements.map(\.description).joined(separator: ",")
  }
}
