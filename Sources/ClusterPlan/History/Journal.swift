import ClusterAPI
import ClusterStore
import ManifestSyntax

/// What one command did to the cluster as a whole: an apply, a restore.
///
/// Written last in the batch of the command, always at the same key: the store's own history keeps
/// every version of it.
public struct JournalEntry: Hashable, Sendable {
  /// Where the newest one is.
  public static let key = "journal/last"

  /// RFC 3339, in UTC.
  public var time: String
  /// `apply`, `restore`.
  public var command: String
  public var manager: String
  /// The first write that belongs to it; all up to the entry's own do.
  public var first: Revision
  /// `3 created, 1 configured`.
  public var summary: String
  /// The plan that was carried out.
  public var plan: String?

  public init(
    time: String, command: String, manager: String, first: Revision, summary: String,
    plan: String? = nil
  ) {
    self.time = time
    self.command = command
    self.manager = manager
    self.first = first
    self.summary = summary
    self.plan = plan
  }

  func write(_ session: ClusterSession) throws(StatusError) {
    var map = ValueMap()
    map["time"] = .string(time)
    map["command"] = .string(command)
    map["manager"] = .string(manager)
    map["first"] = .int(first)
    map["summary"] = .string(summary)
    if let plan { map["plan"] = .string(plan) }
    try session.setNote(JSONWriter.bytes(.map(map)), at: Self.key)
  }

  init?(_ entry: Entry) {
    let source = SourceText(name: "<journal>", bytes: entry.value)
    guard let value = JSONReader.read(source).tree?.value(), let first = value["first"]?.int64
    else { return nil }
    self.init(
      time: value["time"]?.string ?? "", command: value["command"]?.string ?? "",
      manager: value["manager"]?.string ?? "", first: first,
      summary: value["summary"]?.string ?? "", plan: value["plan"]?.string)
  }
}
