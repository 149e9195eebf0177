import Synchronization

/// Counts objects on a terminal while they are compared or applied.
final class PlanningProgress: Sendable {
  private let shown = Mutex<Progress?>(nil)

  /// Tells that `done` of `total` objects are done.
  func update(_ done: Int, _ total: Int) {
    shown.withLock { progress in
      if progress == nil { progress = Progress(total: total, of: "objects") }
      progress?.update(done)
    }
  }

  /// Takes the line away.
  func end() { shown.withLock { $0?.clear() } }
}
