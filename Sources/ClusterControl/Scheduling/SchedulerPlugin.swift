/// The parts of the default profile that can keep a pod off a node, in the order in which they are
/// asked.
enum SchedulerPlugin: UInt8, Hashable, Sendable {
  case schedulingGates
  case nodeUnschedulable
  case nodeName
  case taintToleration
  case nodeAffinity
  case nodePorts
  case nodeResourcesFit
  case volumeRestrictions
  case nodeVolumeLimits
  case volumeBinding
  case volumeZone
  case podTopologySpread
  case interPodAffinity

  static let volumes: Set<SchedulerPlugin> = [
    .volumeRestrictions, .nodeVolumeLimits, .volumeBinding, .volumeZone,
  ]
}

/// How much each score of the default profile counts.
enum ScoreWeight {
  static let taintToleration: Int64 = 3
  static let nodeAffinity: Int64 = 2
  static let podTopologySpread: Int64 = 2
  static let interPodAffinity: Int64 = 2
  static let nodeResourcesFit: Int64 = 1
  static let balancedAllocation: Int64 = 1
  static let imageLocality: Int64 = 1
}

/// Why a node cannot take a pod.
struct Rejection: Hashable, Sendable {
  var plugin: SchedulerPlugin
  var reasons: [String]
  /// Whether it would not help if other pods went.
  var isFinal: Bool

  init(_ plugin: SchedulerPlugin, _ reasons: [String], isFinal: Bool = false) {
    self.plugin = plugin
    self.reasons = reasons
    self.isFinal = isFinal
  }

  init(_ plugin: SchedulerPlugin, _ reason: String, isFinal: Bool = false) {
    self.init(plugin, [reason], isFinal: isFinal)
  }
}
