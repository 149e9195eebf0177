/// Prefers nodes without taints that the pod would rather avoid.
enum TaintTolerationScore {
  /// How many such taints the node has.
  static func count(_ shape: PodShape, _ node: NodeFacts) -> Int64 {
    Int64(
      node.taints.count { taint in
        taint.effect == "PreferNoSchedule"
          && !shape.tolerations.contains {
            ($0.effect.isEmpty || $0.effect == "PreferNoSchedule") && $0.tolerates(taint)
          }
      })
  }
}

/// Prefers the nodes that the pod's preferred node affinity names.
enum NodeAffinityScore {
  /// The weights of the terms that match.
  static func sum(_ shape: PodShape, _ node: NodeFacts) -> Int64 {
    shape.preferredNodeTerms.reduce(0) { $1.matches(node) ? $0 &+ $1.weight : $0 }
  }
}

/// Brings what plugins count to a scale from 0 to 100.
enum Normalizing {
  /// In proportion to the highest.
  static func toHighest(_ scores: inout [Int64], isReversed: Bool = false) {
    let most = scores.max() ?? 0
    for index in scores.indices {
      let scaled = most == 0 ? 0 : 100 &* scores[index] / most
      scores[index] = isReversed ? 100 - scaled : scaled
    }
  }

  /// In proportion to the place between the lowest and the highest.
  static func betweenEnds(_ scores: inout [Int64]) {
    guard let most = scores.max(), let least = scores.min() else { return }
    let span = Double(most) - Double(least)
    for index in scores.indices {
      scores[index] =
        span > 0 ? Int64(100 * ((Double(scores[index]) - Double(least)) / span)) : 0
    }
  }
}
