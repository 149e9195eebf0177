import Synchronization

/// Counts hours of virtual time on a terminal, for who sees nothing else of a long simulation.
final class SimulationProgress: Sendable {
  private let shown: Mutex<Progress>

  init(of span: Duration, isQuiet: Bool) {
    let hours = Int(span.components.seconds / 3600)
    shown = Mutex(Progress(total: hours, of: "hours simulated", isQuiet: isQuiet))
  }

  /// Tells how much time has passed.
  func update(_ passed: Duration) {
    shown.withLock { $0.update(Int(passed.components.seconds / 3600)) }
  }

  /// Takes the line away.
  func end() { shown.withLock { $0.clear() } }
}
