import ClusterControl
import ClusterStore
import ManifestSchema
import ManifestSyntax

/// One thing that a watch tells.
public struct WatchEvent: Hashable, Sendable {
  public enum Kind: String, Hashable, Sendable {
    case added = "ADDED"
    case modified = "MODIFIED"
    case deleted = "DELETED"
    case bookmark = "BOOKMARK"
    case error = "ERROR"
  }

  public var kind: Kind
  /// The object; for errors a Status.
  public var object: Value

  public init(_ kind: Kind, _ object: Value) {
    self.kind = kind
    self.object = object
  }

  /// As the API sends it.
  public var value: Value { ["type": .string(kind.rawValue), "object": object] }
}

/// What to watch.
public struct WatchQuery: Hashable, Sendable {
  public var resource: ServedResource
  /// nil for all namespaces, and for what belongs to the whole cluster.
  public var namespace: String?
  /// Only the object of this name.
  public var name: String?
  public var selection = Selection()
  /// Tell what happened after this moment; nil to begin with what is there.
  public var resourceVersion: Revision?
  /// Whether to tell from time to time how far the watch has come.
  public var allowsBookmarks = false
  /// Whether to begin with what is there and to mark where that ends.
  public var sendsInitialEvents = false

  public init(_ resource: ServedResource, namespace: String? = nil) {
    self.resource = resource
    self.namespace = resource.isNamespaced ? namespace : nil
  }
}

/// The changes of a selection of objects, in order, without gap or repeat.
///
/// It never waits: ask for the next events when the store has changed. To whoever sees only the
/// selection, what enters it is new and what leaves it is gone.
public struct ObjectWatch: Sendable {
  public let query: WatchQuery
  /// Whether nothing more will come; the last event was an error.
  public private(set) var isEnded = false
  private let cluster: LocalCluster
  private var watch: Watch
  private var initial: [WatchEvent]
  private var bookmarked: Revision

  /// How many events pass unseen before a bookmark says how far the watch has come.
  private static let bookmarkInterval: Revision = 500

  init(_ query: WatchQuery, _ cluster: LocalCluster) throws(StatusError) {
    self.query = query
    self.cluster = cluster
    let prefix = StoreKeys.prefix(query.resource.stored, namespace: query.namespace)
    var start = query.resourceVersion ?? 0
    initial = []
    if start == 0 || query.sendsInitialEvents {
      var list = ObjectListQuery(query.resource, namespace: query.namespace)
      list.selection = query.selection
      list.resourceVersion = query.resourceVersion
      let page = try cluster.read { (session) throws(StatusError) in try session.list(list) }
      start = page.revision
      for object in page.objects where query.name.map({ object.hasName($0) }) ?? true {
        initial.append(WatchEvent(.added, object))
      }
    }
    watch = Watch(cluster.store, below: prefix, after: start)
    bookmarked = start
    if query.sendsInitialEvents {
      initial.append(
        bookmark(start, annotations: ["k8s.io/initial-events-end": "true"]))
    }
  }

  /// The next events, at most about `limit`; empty when there are none yet.
  public mutating func next(limit: Int = 1000) -> [WatchEvent] {
    if isEnded { return [] }
    if !initial.isEmpty {
      defer { initial = [] }
      return initial
    }
    let events: [Event]
    do throws(StoreError) { events = try watch.next(limit: limit) } catch {
      isEnded = true
      return [WatchEvent(.error, StatusError(error).value)]
    }
    var told = events.compactMap { event($0) }
    if !told.isEmpty {
      bookmarked = watch.revision
    } else if query.allowsBookmarks, watch.revision - bookmarked >= Self.bookmarkInterval {
      bookmarked = watch.revision
      told.append(bookmark(watch.revision))
    }
    return told
  }

  /// How far the watch has come, for clients that come back later.
  public func bookmark() -> WatchEvent { bookmark(watch.revision) }

  private func bookmark(_ revision: Revision, annotations: Value? = nil) -> WatchEvent {
    var metadata: Value = ["resourceVersion": .string(String(revision)), "creationTimestamp": nil]
    if let annotations { metadata["annotations"] = annotations }
    return WatchEvent(
      .bookmark,
      [
        "kind": .string(query.resource.kind), "apiVersion": .string(query.resource.apiVersion),
        "metadata": metadata,
      ])
  }

  private func event(_ event: Event) -> WatchEvent? {
    if let name = query.name, StoreKeys.resourceKey(of: event.key)?.name != name { return nil }
    let previous = event.previous.flatMap { object($0) }
    let wasSelected = previous.map(query.selection.matches) ?? false
    guard case .put(let entry, _) = event, let new = object(entry) else {
      return wasSelected ? gone(previous, event.revision) : nil
    }
    // What compaction took away was there all the same.
    let isKnown = wasSelected || previous == nil && entry.version > 1
    switch (isKnown, query.selection.matches(new)) {
    case (true, true): return WatchEvent(.modified, new)
    case (false, true): return WatchEvent(.added, new)
    case (true, false): return gone(previous ?? new, event.revision)
    case (false, false): return nil
    }
  }

  private func gone(_ object: Value?, _ revision: Revision) -> WatchEvent? {
    guard var object else { return nil }
    object.setResourceVersion(revision)
    return WatchEvent(.deleted, object)
  }

  private func object(_ entry: Entry) -> Value? {
    (try? ObjectCodec.value(entry)).map { Conversion.convert($0, to: query.resource) }
  }
}

extension Value {
  fileprivate func hasName(_ name: String) -> Bool { metadataText("name") == name }
}

extension LocalCluster {
  /// Watches objects.
  ///
  /// - Throws: 410 where the moment to begin at was compacted away, 504 where it is to come.
  public func watch(_ query: WatchQuery) throws(StatusError) -> ObjectWatch {
    if let revision = query.resourceVersion, revision > 0 {
      let summary: StoreSummary
      do { summary = try store.summary() } catch { throw StatusError(error) }
      if revision > summary.currentRevision {
        throw .tooLargeResourceVersion(revision, current: summary.currentRevision)
      }
    }
    return try ObjectWatch(query, self)
  }

  /// The watch that a request asks for; nil where it asks for something else.
  public func watch(_ request: APIRequest) throws(StatusError) -> ObjectWatch? {
    guard request.method == "GET" else { return nil }
    let word = request.queryValue("watch") ?? ""
    let isAsked = word == "1" || word == "true"
    // Nearly all reads are none; only the old form says so in its path.
    guard isAsked || request.segments.contains("watch") else { return nil }
    let query = try read { (session) throws(StatusError) -> WatchQuery? in
      guard let target = RequestTarget(request, in: session.catalog),
        isAsked || target.isWatch
      else { return nil }
      return try session.watchQuery(request, target)
    }
    guard let query else { return nil }
    return try watch(query)
  }
}

extension ClusterSession {
  fileprivate func watchQuery(
    _ request: APIRequest, _ target: RequestTarget
  ) throws(StatusError) -> WatchQuery {
    guard target.resource.allows("watch"), target.subresource.isEmpty else {
      throw .methodNotAllowed()
    }
    let list = try listQuery(request, target)
    var query = WatchQuery(target.resource, namespace: target.namespace)
    query.name = target.name
    query.selection = list.selection
    query.resourceVersion = list.resourceVersion
    query.allowsBookmarks = request.queryValue("allowWatchBookmarks") == "true"
    if request.queryValue("sendInitialEvents") == "true" {
      guard request.queryValue("resourceVersionMatch") == "NotOlderThan" else {
        throw .invalid(
          group: "meta.k8s.io", kind: "ListOptions", "",
          [
            StatusError.Cause(
              reason: "FieldValueForbidden",
              message: "sendInitialEvents requires resourceVersionMatch to be NotOlderThan",
              field: "resourceVersionMatch")
          ])
      }
      query.sendsInitialEvents = true
    }
    return query
  }
}
