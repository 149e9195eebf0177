import ClusterAPI
import ClusterStore
import ManifestSchema
import ManifestSyntax

/// What a cluster's controllers leave for their next run; kept beside the objects. A cluster
/// without it has no controllers: it keeps what it is told and does nothing about it.
public struct ControlPlaneNote: Sendable, Equatable {
  static let key = "settings/control-plane"

  /// The cluster's time when they last ran.
  public var time: Time
  /// How far that was ahead of the clock outside.
  public var ahead: Duration
  /// How far that clock was behind one that nobody had set back.
  public var setBack: Duration
  /// When there is something to do even if nobody writes; nil for never.
  public var next: Time?

  public init(
    time: Time, ahead: Duration = .zero, setBack: Duration = .zero, next: Time? = nil
  ) {
    self.time = time
    self.ahead = ahead
    self.setBack = setBack
    self.next = next
  }

  /// The note in a store; nil where the cluster has no controllers.
  public init?(_ store: any StoreAccess) throws(StoreError) {
    guard let entry = try store.entry(at: Self.key) else { return nil }
    self.init(entry)
  }

  init?(_ session: ClusterSession) throws(StatusError) {
    guard let entry = try session.note(at: Self.key) else { return nil }
    self.init(entry)
  }

  private init?(_ entry: Entry) {
    let text = SourceText(name: Self.key, bytes: entry.value)
    guard let value = JSONReader.read(text).tree?.value(),
      let time = value["time"]?.string.flatMap({ MicroTime($0) })?.time
    else { return nil }
    self.time = time
    ahead = .nanoseconds(value["aheadNanoseconds"]?.int64 ?? 0)
    setBack = .nanoseconds(value["setBackNanoseconds"]?.int64 ?? 0)
    next = value["next"]?.string.flatMap { MicroTime($0) }?.time
  }

  /// Writes the note; says that a cluster has controllers from now on where there was none.
  public func write(_ session: ClusterSession) throws(StatusError) {
    var value: Value = [
      "time": .string(MicroTime(time).description),
      "aheadNanoseconds": .int(ahead.wholeNanoseconds),
      // Makes a note of its own of every run after which the store is another.
      "revision": .int(try session.currentRevision()),
    ]
    if setBack != .zero { value["setBackNanoseconds"] = .int(setBack.wholeNanoseconds) }
    if let next { value["next"] = .string(MicroTime(next).description) }
    try session.setNote(JSONWriter.bytes(value), at: Self.key)
  }

  /// The note, where nobody wrote since.
  static func upToDate(_ session: ClusterSession) throws(StatusError) -> ControlPlaneNote? {
    guard let entry = try session.note(at: key) else { return nil }
    let revision = try session.currentRevision()
    return entry.modRevision == revision ? ControlPlaneNote(entry) : nil
  }

  /// Whether controllers would have something to do: somebody wrote since they ran, or it is time.
  static func isBehind(_ session: ClusterSession, at now: Time) throws(StatusError) -> Bool {
    guard try session.note(at: key) != nil else { return false }
    guard let note = try upToDate(session) else { return true }
    return note.next.map { $0 <= now } ?? false
  }
}

extension Duration {
  /// In nanoseconds, at most what 64 bits hold.
  var wholeNanoseconds: Int64 {
    let (seconds, attoseconds) = components
    let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    return overflow ? (seconds < 0 ? .min : .max) : product &+ attoseconds / 1_000_000_000
  }
}
