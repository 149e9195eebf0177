import ManifestSchema
import Testing

@testable import ClusterEngine

@Suite struct EngineTests {
  @Test func timersGoOffInOrder() {
    var timers = TimerQueue<Int>()
    let start = Time(seconds: 100)
    for (item, second) in [(1, 5), (2, 3), (3, 3), (1, 9), (4, 1), (2, 2)] {
      timers.set(item, at: start.advanced(bySeconds: Int64(second)))
    }
    var popped: [Int] = []
    while let item = timers.pop(at: start.advanced(bySeconds: 10)) { popped.append(item) }
    #expect(popped == [4, 2, 3, 1])
    #expect(timers.isEmpty)
  }
}
