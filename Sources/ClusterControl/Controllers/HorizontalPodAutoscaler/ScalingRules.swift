import ManifestSchema
import ManifestSyntax

/// How fast a number of pods may change in one direction.
struct ScalingRules {
  struct Policy {
    /// A number of pods; otherwise a share in percent.
    var isPods: Bool
    var value: Int64
    var period: Int64
  }

  var window: Int64
  /// nil where the direction is closed.
  var selectsMax: Bool?
  var policies: [Policy]
  var tolerance: Double

  static let usualTolerance = 0.1

  /// What an autoscaler's behaviour says, and what it comes to where it says nothing.
  init(_ rules: Value?, isUp: Bool) {
    window = rules?["stabilizationWindowSeconds"]?.int64 ?? (isUp ? 0 : 300)
    switch rules?["selectPolicy"]?.string {
    case "Disabled": selectsMax = nil
    case "Min": selectsMax = false
    default: selectsMax = true
    }
    policies = (rules?["policies"]?.list ?? []).map { policy in
      Policy(
        isPods: policy["type"] == "Pods", value: max(policy["value"]?.int64 ?? 0, 0),
        period: max(policy["periodSeconds"]?.int64 ?? 15, 1))
    }
    if policies.isEmpty {
      policies = [Policy(isPods: false, value: 100, period: 15)]
      if isUp { policies.append(Policy(isPods: true, value: 4, period: 15)) }
    }
    let written = rules?["tolerance"]?.string.flatMap { Quantity($0) }?.serverMilliValue
    tolerance = written.map { Double($0) / 1000 } ?? Self.usualTolerance
  }
}

/// What an autoscaler remembers: what it recommended lately, and how it scaled.
struct ScalingHistory: Sendable {
  /// When it last looked.
  var lastTurn: Time?
  private var recommendations: [(replicas: Int64, at: Time)] = []
  /// By how much the number changed, up and down.
  private var changes: [(by: Int64, at: Time)] = []

  /// The lowest or highest of the recommendations of the last seconds, and one more.
  private func extreme(
    _ replicas: Int64, _ seconds: Int64, _ now: Time, _ pick: (Int64, Int64) -> Int64
  ) -> Int64 {
    recommendations.filter { now.seconds(since: $0.at) < seconds }
      .reduce(replicas) { pick($0, $1.replicas) }
  }

  /// The recommendation after those of the last minutes were heard, which is then one of them:
  /// where an autoscaler says nothing of its behaviour, the highest.
  mutating func highest(_ replicas: Int64, window: Int64, at now: Time) -> Int64 {
    let high = extreme(replicas, window, now, max)
    remember(replicas, for: window, at: now)
    return high
  }

  /// The same for one that does: the current number, unless all were higher or all were lower.
  mutating func stabilize(
    _ replicas: Int64, current: Int64, up: Int64, down: Int64, at now: Time
  ) -> Int64 {
    let low = extreme(replicas, up, now, min)
    let high = extreme(replicas, down, now, max)
    remember(replicas, for: max(up, down), at: now)
    return min(max(current, low), high)
  }

  private mutating func remember(_ replicas: Int64, for seconds: Int64, at now: Time) {
    recommendations.removeAll { now.seconds(since: $0.at) >= max(seconds, 1) }
    recommendations.append((replicas, now))
  }

  /// Begins with a recommendation from before, where nothing is remembered.
  mutating func begin(with replicas: Int64, at time: Time) {
    if recommendations.isEmpty { recommendations.append((replicas, time)) }
  }

  mutating func note(from old: Int64, to new: Int64, at now: Time) {
    changes.removeAll { now.seconds(since: $0.at) > 3600 }
    changes.append((new - old, now))
  }

  /// How many pods were added and taken away within the last seconds.
  private func moves(within seconds: Int64, _ now: Time) -> (added: Int64, removed: Int64) {
    changes.filter { now.seconds(since: $0.at) < seconds }.reduce(into: (0, 0)) { sum, change in
      if change.by > 0 { sum.0 += change.by } else { sum.1 -= change.by }
    }
  }

  /// The most pods that there may be now.
  func ceiling(_ current: Int64, _ rules: ScalingRules, at now: Time) -> Int64 {
    guard let selectsMax = rules.selectsMax else { return current }
    let limits = rules.policies.map { policy -> Int64 in
      let moves = moves(within: policy.period, now)
      let start = current - moves.added + moves.removed
      if policy.isPods { return start &+ policy.value }
      return Int64((Double(start) * (1 + Double(policy.value) / 100)).rounded(.up))
    }
    return max(current, (selectsMax ? limits.max() : limits.min()) ?? current)
  }

  /// The fewest pods that there may be now.
  func floor(_ current: Int64, _ rules: ScalingRules, at now: Time) -> Int64 {
    guard let selectsMax = rules.selectsMax else { return current }
    let limits = rules.policies.map { policy -> Int64 in
      let moves = moves(within: policy.period, now)
      let start = current + moves.removed - moves.added
      if policy.isPods { return start - policy.value }
      return Int64(Double(start) * (1 - Double(policy.value) / 100))
    }
    return min(current, (selectsMax ? limits.min() : limits.max()) ?? current)
  }
}
