import Foundation
import Testing

@testable import ClusterEngine

/// Small scopes, exhaustively: whatever order controllers act in, the laws hold at every state and
/// all runs end alike.
///
/// The usual run takes one node and one replica whole, and the shorter scenarios of two. With
/// `KMF_SCOPE=3` every scenario of up to three nodes and three replicas is tried in every order,
/// and those on late caches that come to an end (``Scenario/isWithinReach``); build for release
/// first (CONTRIBUTING.md).
@Suite struct InterleavingTests {
  private static let scope = ProcessInfo.processInfo.environment["KMF_SCOPE"].flatMap(Int.init)

  @Test func everyOrderOfControllersEndsTheSame() {
    let scenarios = Scenario.all(max: Self.scope ?? 2, hasCaches: false)
    judge(scenarios.filter { Self.scope != nil || $0.isShort })
  }

  @Test func everyOrderOfNewsEndsTheSame() {
    let scenarios = Scenario.all(max: Self.scope ?? 1, hasCaches: true)
    judge(scenarios.filter { Self.scope == nil ? $0.isShort : $0.isWithinReach })
  }

  /// Leaving out what makes no difference leaves no ends and no breaches out.
  @Test func fewerOrdersEndTheSame() {
    let scenarios = Scenario.all(max: 2, hasCaches: false) + Scenario.all(max: 1, hasCaches: true)
    for scenario in scenarios.filter(\.isShort) {
      let (all, some) = (scenario.explore(), scenario.explore(isReduced: true))
      #expect(Set(all.ends.keys) == Set(some.ends.keys), "\(scenario)")
      #expect(all.breaches == some.breaches && all.stateCount >= some.stateCount, "\(scenario)")
    }
  }

  private func judge(_ scenarios: [Scenario]) {
    let isLong = Self.scope != nil
    var (states, transitions, schedules) = (0, 0, 0.0)
    for scenario in scenarios {
      let start = ContinuousClock.now
      let found = scenario.explore(isReduced: scenario.hasCaches && isLong)
      let usual = scenario.usualEnd()
      #expect(found.breaches.isEmpty, "\(scenario)")
      #expect(!usual.isEmpty && found.ends.keys.allSatisfy { $0 == usual }, "\(scenario)")
      states += found.stateCount
      transitions += found.transitionCount
      schedules += found.scheduleCount
      if isLong {
        let time = start.duration(to: .now)
        report("\(scenario): \(found.stateCount) states, \(found.scheduleCount) schedules, \(time)")
      }
    }
    if isLong {
      report(
        "\(scenarios.count) scenarios, \(states) states, \(transitions) steps,"
          + " \(schedules) schedules")
    }
    #expect(states > 100)
  }

  /// Long runs show how far they are.
  private func report(_ text: String) {
    FileHandle.standardError.write(Data((text + "\n").utf8))
  }
}
