import Glibc

/// Threads for work that keeps a processor busy.
///
/// Plain threads instead of a pool: their stacks have a size that we choose (manifests nest, and
/// the checkers recurse), and a run that needs only one starts none.
enum Workers {
  private static let stackBytes = 16 << 20

  /// One for each processor.
  static var suitableCount: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

  /// Runs `body` on `count` threads, the caller's among them, and waits for all.
  ///
  /// Where the system gives fewer threads, the others do the work: `body` takes what is left to do.
  static func run(_ count: Int, _ body: @escaping @Sendable () -> Void) {
    var threads: [pthread_t] = []
    for _ in 1..<max(count, 1) {
      guard let thread = start(body) else { break }
      threads.append(thread)
    }
    body()
    for thread in threads { pthread_join(thread, nil) }
  }

  private final class Errand {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }

  private static func start(_ body: @escaping @Sendable () -> Void) -> pthread_t? {
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setstacksize(&attributes, stackBytes)
    let errand = Unmanaged.passRetained(Errand(body))
    var thread = pthread_t()
    let code = pthread_create(
      &thread, &attributes,
      { context in
        // The creator passes the errand, always.
        if let context { Unmanaged<Errand>.fromOpaque(context).takeRetainedValue().body() }
        return nil
      }, errand.toOpaque())
    guard code == 0 else {
      errand.release()
      return nil
    }
    return thread
  }
}

/// A lock that threads can also wait at, for values that several threads share.
///
/// `@unchecked Sendable`: the value is touched only while the lock is held.
final class Monitor<Value>: @unchecked Sendable {
  private var value: Value
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private let condition: UnsafeMutablePointer<pthread_cond_t>

  init(_ value: sending Value) {
    self.value = value
    mutex = .allocate(capacity: 1)
    mutex.initialize(to: pthread_mutex_t())
    condition = .allocate(capacity: 1)
    condition.initialize(to: pthread_cond_t())
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(condition, nil)
  }

  deinit {
    pthread_cond_destroy(condition)
    pthread_mutex_destroy(mutex)
    condition.deallocate()
    mutex.deallocate()
  }

  /// Changes the value while nobody else can see it; then wakes those who wait for a change.
  func change<Result>(_ body: (inout Value) -> Result) -> Result {
    pthread_mutex_lock(mutex)
    defer {
      pthread_cond_broadcast(condition)
      pthread_mutex_unlock(mutex)
    }
    return body(&value)
  }

  /// Waits until `body` returns something.
  func wait<Result>(_ body: (inout Value) -> Result?) -> Result {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    while true {
      if let result = body(&value) { return result }
      pthread_cond_wait(condition, mutex)
    }
  }
}
