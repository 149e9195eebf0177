import ManifestSchema
import ManifestSyntax

/// A condition in a status.
public struct StatusCondition: Hashable, Sendable {
  public var type: String
  public var status: String
  /// nil where the kind has no such field, or nobody set it.
  public var lastUpdate: Time?
  public var lastTransition: Time?
  public var reason: String
  public var message: String

  public init(
    _ type: String, _ status: String, reason: String, message: String = "", at now: Time,
    hasUpdateTime: Bool = false
  ) {
    self.type = type
    self.status = status
    lastUpdate = hasUpdateTime ? now.wholeSeconds : nil
    lastTransition = now.wholeSeconds
    self.reason = reason
    self.message = message
  }

  public init(_ value: Value) {
    type = value["type"]?.string ?? ""
    status = value["status"]?.string ?? ""
    lastUpdate = value["lastUpdateTime"]?.string.flatMap { Time($0) }
    lastTransition = value["lastTransitionTime"]?.string.flatMap { Time($0) }
    reason = value["reason"]?.string ?? ""
    message = value["message"]?.string ?? ""
  }

  public var value: Value {
    var map = ValueMap()
    map["type"] = .string(type)
    map["status"] = .string(status)
    if let lastUpdate { map["lastUpdateTime"] = .string(lastUpdate.description) }
    if let lastTransition { map["lastTransitionTime"] = .string(lastTransition.description) }
    if !reason.isEmpty { map["reason"] = .string(reason) }
    if !message.isEmpty { map["message"] = .string(message) }
    return .map(map)
  }
}

extension [StatusCondition] {
  public init(_ status: Value?) {
    self = (status?["conditions"]?.list ?? []).map { StatusCondition($0) }
  }

  public func named(_ type: String) -> StatusCondition? { first { $0.type == type } }

  public mutating func remove(_ type: String) { removeAll { $0.type == type } }

  /// Sets a condition unless its status and reason are so already; the time of the last transition
  /// only moves when the status does.
  public mutating func set(_ condition: StatusCondition) {
    var condition = condition
    if let current = named(condition.type) {
      if current.status == condition.status, current.reason == condition.reason { return }
      if current.status == condition.status { condition.lastTransition = current.lastTransition }
    }
    remove(condition.type)
    append(condition)
  }
}

extension Time {
  /// Without the part of a second, as the API keeps times.
  public var wholeSeconds: Time { Time(seconds: seconds) }

  public func advanced(by duration: Duration) -> Time {
    let (seconds, attoseconds) = duration.components
    return advanced(bySeconds: seconds, nanoseconds: attoseconds / 1_000_000_000)
  }

  /// The time from `other` to this.
  public func duration(since other: Time) -> Duration {
    .nanoseconds(nanoseconds(since: other))
  }
}
