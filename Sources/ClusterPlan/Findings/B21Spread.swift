import ManifestSyntax

/// Old pods that count when new ones are spread.
enum B21Spread: FindingRule {
  static let code = "B21"
  static let title = "old pods count when the new ones are spread"
  static let why = """
    A spread constraint counts all pods that its selector matches, those of the old version too. \
    During a rollout that can keep a new pod from the only free node, and afterwards the new \
    pods may be spread unevenly. With matchLabelKeys: [pod-template-hash] each version is \
    counted alone.
    """

  static func find(_ scope: FindingScope) -> [Finding] {
    scope.workloads.compactMap { workload in
      guard workload.isRollout, workload.isRolling else { return nil }
      let constraints = workload.podSpec["topologySpreadConstraints"]?.list ?? []
      guard
        let found = constraints.first(where: {
          $0["whenUnsatisfiable"]?.string ?? "DoNotSchedule" == "DoNotSchedule"
            && !($0["matchLabelKeys"]?.list?.contains("pod-template-hash") ?? false)
        })
      else { return nil }
      return Finding(
        code, .risk, workload, title,
        proof: "the constraint over \(found["topologyKey"]?.string ?? "") must hold, with maxSkew "
          + "\(found["maxSkew"]?.int64 ?? 1), and has no matchLabelKeys",
        help: "add matchLabelKeys: [pod-template-hash] to it")
    }
  }
}
