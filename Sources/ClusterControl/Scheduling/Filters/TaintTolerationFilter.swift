import ManifestSchema

/// Keeps pods off nodes whose taints they do not tolerate.
enum TaintTolerationFilter {
  static func judge(
    _ shape: PodShape, _ node: NodeFacts, _ version: KubernetesVersion
  ) -> Rejection? {
    guard let taint = shape.untoleratedTaint(of: node) else { return nil }
    // Newer schedulers say the same of all taints, so that equal reasons are counted together.
    let reason =
      version.minor >= 36
      ? "node(s) had untolerated taint(s)"
      : "node(s) had untolerated taint {\(taint.key): \(taint.value)}"
    return Rejection(.taintToleration, reason, isFinal: true)
  }
}
