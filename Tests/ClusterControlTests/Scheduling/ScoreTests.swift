import Testing

@testable import ClusterControl

/// What nodes are worth, in numbers: those of Kubernetes' own tables, and more of the kind.
@Suite struct ScoreTests {
  /// Facts 163 and 180.
  @Test func resources() {
    let weights = [
      ScoreWeight.taintToleration, ScoreWeight.nodeAffinity, ScoreWeight.podTopologySpread,
      ScoreWeight.interPodAffinity, ScoreWeight.nodeResourcesFit, ScoreWeight.balancedAllocation,
      ScoreWeight.imageLocality,
    ]
    #expect(weights == [3, 2, 2, 2, 1, 1, 1], "163")
    func node(_ cpu: Int64, _ memory: Int64) -> ResourceVector {
      var vector = ResourceVector()
      (vector.cpu, vector.memory) = (cpu, memory)
      return vector
    }
    let least: [(cpu: Int64, memory: Int64, node: ResourceVector, score: Int64)] = [
      (0, 0, node(4000, 10_000), 100), (3000, 5000, node(4000, 10_000), 37),
      (3000, 5000, node(6000, 10_000), 50), (6000, 0, node(4000, 10_000), 50),
      (0, 0, node(0, 0), 0), (6000, 5000, node(10_000, 20_000), 57),
      (11_000, 20_000, node(10_000, 20_000), 0), (1, 1, node(3, 0), 66),
    ]
    for (cpu, memory, node, score) in least {
      #expect(
        LeastAllocated.score(cpu: cpu, memory: memory, of: node) == score,
        "173 \(cpu) \(memory) of \(node)")
    }
    let balance: [(cpu: Int64, memory: Int64, node: ResourceVector, score: Int64)] = [
      (0, 0, node(4000, 10_000), 100), (3000, 5000, node(4000, 10_000), 87),
      (3000, 5000, node(6000, 10_000), 100), (6000, 10_000, node(4000, 10_000), 100),
      (6000, 0, node(6000, 10_000), 50), (1, 0, node(0, 10), 100),
    ]
    for (cpu, memory, node, score) in balance {
      #expect(
        BalancedAllocation.balance(cpu: cpu, memory: memory, node) == score,
        "174 \(cpu) \(memory) of \(node)")
    }
  }

  @Test func normalizing() {
    let table: [(scores: [Int64], isReversed: Bool, result: [Int64])] = [
      ([1, 2, 3, 4], false, [25, 50, 75, 100]), ([1, 2, 3, 4], true, [75, 50, 25, 0]),
      ([1000, 10, 20, 30], false, [100, 1, 2, 3]), ([1000, 10, 20, 30], true, [0, 99, 98, 97]),
      ([1, 1, 1, 1], true, [0, 0, 0, 0]), ([0, 0], true, [100, 100]), ([0, 0], false, [0, 0]),
    ]
    for (scores, isReversed, result) in table {
      var scaled = scores
      Normalizing.toHighest(&scaled, isReversed: isReversed)
      #expect(scaled == result, "175, 176: \(scores)")
    }
    for (scores, result) in [
      ([0, 5, 10], [0, 50, 100]), ([-2, 0], [0, 100]), ([3, 3], [0, 0]),
    ]
      as [([Int64], [Int64])]
    {
      var scaled = scores
      Normalizing.betweenEnds(&scaled)
      #expect(scaled == result, "177: \(scores)")
    }
  }

  @Test func images() {
    let mb: Int64 = 1024 * 1024
    let table: [(sum: Int64, count: Int64, score: Int64)] = [
      (0, 1, 0), (23 * mb, 1, 0), (1000 * mb, 1, 100), (511 * mb, 1, 49), (5000 * mb, 2, 100),
      (250 * mb, 2, 11),
    ]
    for (sum, count, score) in table {
      #expect(ImageLocality.score(sum: sum, count: count) == score, "179 \(sum / mb) MB")
    }
  }

  @Test func logarithm() {
    let known: [(Double, Double)] = [
      (1, 0), (2, 0.693147180559945), (3, 1.098612288668110), (5, 1.609437912434100),
      (12, 2.484906649788000), (1002, 6.90975328164481), (100_000, 11.512925464970229),
    ]
    for (number, value) in known {
      #expect(abs(NaturalLogarithm.of(number) - value) < 1e-12, "178 ln(\(number))")
    }
  }
}
