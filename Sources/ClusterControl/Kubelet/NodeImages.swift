import ManifestSchema

/// The images on a node: those that are there, those that are on their way, one after the other.
struct NodeImages: Sendable {
  private var arrivals: [String: Time] = [:]
  /// When the line is free for the next image.
  private var free = Time(seconds: 0)

  func has(_ image: String, at now: Time) -> Bool { arrivals[image].map { $0 <= now } ?? false }

  /// Begins to pull an image, unless it is on its way already; returns when it arrives.
  mutating func pull(
    _ image: String, at now: Time, lasting time: Duration, fails: Bool
  ) -> Time {
    if let arrival = arrivals[image], !fails { return max(arrival, now) }
    let arrival = max(free, now).advanced(by: time)
    free = arrival
    if !fails { arrivals[image] = arrival }
    return arrival
  }

  /// An image that was there before anybody looked.
  mutating func add(_ image: String) { arrivals[image] = Time(seconds: 0) }
}
