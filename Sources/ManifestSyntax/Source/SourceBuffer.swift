import CLibYAML

/// Room for the bytes of an input while they arrive; becomes a ``SourceText`` without a copy.
public struct SourceBuffer: ~Copyable {
  private var storage: UnsafeMutableRawPointer
  private var capacity: Int
  /// How many bytes have arrived.
  public private(set) var count = 0

  /// An empty buffer with room for `capacity` bytes before it has to grow.
  public init(capacity: Int) {
    self.capacity = max(capacity, 16)
    storage = SourceBuffer.allocate(self.capacity)
  }

  deinit { free(storage) }

  /// What has arrived so far.
  public var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: storage, count: count) }

  /// Offers at least `room` free bytes to `fill`, which returns how many it wrote.
  public mutating func append(
    room: Int = 1, _ fill: (UnsafeMutableRawBufferPointer) -> Int
  ) {
    if capacity - count < room {
      capacity = max(capacity + capacity / 2, count + room)
      guard let grown = realloc(storage, capacity + SourceText.padding) else {
        preconditionFailure("no memory for a source of \(capacity) bytes")
      }
      storage = grown
    }
    let free = UnsafeMutableRawBufferPointer(start: storage + count, count: capacity - count)
    let written = fill(free)
    precondition((0...free.count).contains(written), "more bytes than there was room for")
    count += written
  }

  /// Hands the memory over to a source, which frees it.
  consuming func release() -> UnsafeMutableRawPointer {
    let storage = storage
    discard self
    return storage
  }

  /// Memory for `count` bytes and the padding behind them.
  static func allocate(_ count: Int) -> UnsafeMutableRawPointer {
    guard let storage = malloc(count + SourceText.padding) else {
      preconditionFailure("no memory for a source of \(count) bytes")
    }
    return storage
  }
}
