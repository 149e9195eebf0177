import ClusterControl
import ManifestSyntax

/// A manifest and an autoscaler that want different numbers.
enum B16Autoscaled: FindingRule {
  static let code = "B16"
  static let title = "the manifest and an autoscaler both set the number of pods"
  static let why = """
    The manifest's replicas are written at once; the autoscaler puts its own number back, within \
    15 seconds upwards and up to five minutes downwards. In between there are too few pods, or \
    too many.
    """

  static func find(_ scope: FindingScope) -> [Finding] {
    scope.workloads.compactMap { workload in
      guard workload.action == .update, let scaler = scope.scalers(workload).first,
        let before = workload.before?["spec"]?["replicas"]?.int64,
        let after = workload.after["spec"]?["replicas"]?.int64, before != after
      else { return nil }
      return Finding(
        code, .risk, workload, "the number of pods jumps and comes back: \(title)",
        proof: "replicas go from \(before) to \(after), and horizontalpodautoscaler/\(scaler.name) "
          + "scales them",
        help: "leave spec.replicas out of the manifest")
    }
  }
}
