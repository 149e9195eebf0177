import Synchronization

/// Tells whoever asked that a store has a new revision, so that a watch need not poll.
///
/// It knows only commits made through the store object that it belongs to; another process's are
/// found by asking for the current revision.
public final class ChangeSignal: Sendable {
  private struct Listeners {
    var next = 0
    var calls: [Int: @Sendable (Revision) -> Void] = [:]
  }

  private let listeners = Mutex(Listeners())

  public init() {}

  /// Calls `listener` with the revision after each commit, on the thread that made it, until the
  /// subscription is cancelled or dropped. It must return quickly and not write to the store.
  public func subscribe(_ listener: @escaping @Sendable (Revision) -> Void) -> Subscription {
    let id = listeners.withLock { listeners in
      listeners.next += 1
      listeners.calls[listeners.next] = listener
      return listeners.next
    }
    return Subscription(signal: self, id: id)
  }

  /// For stores: tells everyone. Called without any lock held.
  public func announce(_ revision: Revision) {
    let calls = listeners.withLock { $0.calls.isEmpty ? [] : Array($0.calls.values) }
    for call in calls { call(revision) }
  }

  /// Ends the calls when it is dropped.
  public final class Subscription: Sendable {
    private let signal: ChangeSignal
    private let id: Int

    init(signal: ChangeSignal, id: Int) {
      self.signal = signal
      self.id = id
    }

    /// Ends the calls; one that has begun may still be running.
    public func cancel() { signal.listeners.withLock { $0.calls[id] = nil } }

    deinit { cancel() }
  }
}
