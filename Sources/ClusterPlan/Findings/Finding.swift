import ClusterControl
import ManifestModel
import ManifestSyntax

/// Something about a rollout that one should know before it begins.
public struct Finding: Hashable, Sendable {
  /// What it means for the rollout, the gravest last.
  public enum Severity: String, Hashable, Sendable, Comparable, CaseIterable {
    case note, risk, disruption, blocked

    public static func < (left: Severity, right: Severity) -> Bool {
      (allCases.firstIndex(of: left) ?? 0) < (allCases.firstIndex(of: right) ?? 0)
    }
  }

  /// `B1`.
  public var code: String
  public var severity: Severity
  /// The workload that it is about.
  public var object: String
  public var message: String
  /// The step, the sum, the objects that show it.
  public var proof: String
  /// What to do.
  public var help: String

  public init(
    _ code: String, _ severity: Severity, _ workload: WorkloadForecast, _ message: String,
    proof: String, help: String
  ) {
    self.init(code, severity, workload.object.fullLabel, message, proof: proof, help: help)
  }

  public init(
    _ code: String, _ severity: Severity, _ object: String, _ message: String, proof: String,
    help: String
  ) {
    self.code = code
    self.severity = severity
    self.object = object
    self.message = message
    self.proof = proof
    self.help = help
  }
}

/// A condition of rollouts that is worth a word.
public protocol FindingRule: Sendable {
  /// `B1`.
  static var code: String { get }
  /// A few words, without a full stop.
  static var title: String { get }
  /// What happens, and why.
  static var why: String { get }
  static func find(_ scope: FindingScope) -> [Finding]
}

/// All of them, in the order of their codes.
public enum FindingRules {
  public static let all: [any FindingRule.Type] = [
    B01Deadlock.self, B02Exclusive.self, B03RoundedDown.self, B04BothZero.self, B05Quota.self,
    B06BudgetIgnored.self, B07BudgetOfOne.self, B08Deadline.self, B09Probes.self, B10Outage.self,
    B11Draining.self, B12LabelsLeave.self, B13Selector.self, B14SameTag.self, B15Missing.self,
    B16Autoscaled.self, B17Paused.self, B18NoWayBack.self, B19Together.self, B20Preemption.self,
    B21Spread.self, B22FewerNodes.self, B23Outgrown.self, B24HeldWhileStopping.self,
  ]

  /// The rule of a code such as `B1`, in any case.
  public static func rule(_ code: String) -> (any FindingRule.Type)? {
    all.first { $0.code.lowercased() == code.lowercased() }
  }
}

/// What rules look at: the forecast, and the cluster as it is when everything is written.
public struct FindingScope: Sendable {
  public let forecast: Forecast
  let state: ClusterState
  /// Whether there is no cluster, so that an empty one stands in.
  var isStandIn = false

  var workloads: [WorkloadForecast] { forecast.workloads }
}

extension WorkloadForecast {
  /// The spec of the pods as it is applied.
  var podSpec: Value { after["spec"]?["template"]?["spec"] ?? .emptyMap }
  var oldPodSpec: Value? { before?["spec"]?["template"]?["spec"] }
  var containers: [Value] { podSpec["containers"]?.list ?? [] }
  var podLabels: [String: String] {
    after["spec"]?["template"]?["metadata"]?["labels"]?.map?.texts ?? [:]
  }
  var oldPodLabels: [String: String]? {
    before?["spec"]?["template"]?["metadata"]?["labels"]?.map?.texts
  }
  var isRolling: Bool { strategy == "RollingUpdate" }
  /// What the manifest says of a limit of the strategy: `25%`.
  func written(_ limit: String) -> Value? {
    after["spec"]?["strategy"]?["rollingUpdate"]?[limit]
  }
}
