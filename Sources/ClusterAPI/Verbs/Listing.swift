import ClusterControl
import ClusterStore
import ManifestSyntax

/// What to list.
public struct ObjectListQuery: Hashable, Sendable {
  public var resource: ServedResource
  /// nil for all namespaces, and for what belongs to the whole cluster.
  public var namespace: String?
  public var selection = Selection()
  /// The most objects of one page; nil for all.
  public var limit: Int?
  /// Where the page before ended.
  public var continuation: String?
  /// At or after which moment to read; nil for the present.
  public var resourceVersion: Revision?
  /// Whether to read at just that moment.
  public var isExact = false

  public init(_ resource: ServedResource, namespace: String? = nil) {
    self.resource = resource
    self.namespace = resource.isNamespaced ? namespace : nil
  }
}

/// One page of a list.
public struct ObjectPage: Sendable {
  /// In the version of the query's resource, each with its resource version.
  public var objects: [Value]
  /// The moment that was read at.
  public var revision: Revision
  /// For the query of the next page; nil when this is the last.
  public var continuation: String?
  /// How many objects are left; nil where a selection keeps that from being known.
  public var remaining: Int?
}

extension ClusterSession {
  /// The object, in the version of `resource`.
  public func get(
    _ resource: ServedResource, namespace: String? = nil, name: String,
    at revision: Revision? = nil
  ) throws(StatusError) -> Value {
    guard let entry = try entry(resource, namespace, name, at: revision) else {
      throw .notFound(resource.resource, name)
    }
    return Conversion.convert(try ObjectCodec.value(entry), to: resource)
  }

  /// The object's bytes, in the version of `resource`.
  public func getBytes(
    _ resource: ServedResource, namespace: String? = nil, name: String
  ) throws(StatusError) -> [UInt8] {
    guard resource.isStorageVersion else {
      return JSONWriter.bytes(try get(resource, namespace: namespace, name: name))
    }
    guard let entry = try entry(resource, namespace, name) else {
      throw .notFound(resource.resource, name)
    }
    return ObjectCodec.wireBytes(entry)
  }

  /// The objects of a selection, a page at a time.
  public func list(_ query: ObjectListQuery) throws(StatusError) -> ObjectPage {
    var objects: [Value] = []
    let end = try walk(query) { (entry) throws(StatusError) in
      let object = Conversion.convert(try ObjectCodec.value(entry), to: query.resource)
      guard query.selection.matches(object) else { return false }
      objects.append(object)
      return true
    }
    return ObjectPage(
      objects: objects, revision: end.revision, continuation: end.continuation,
      remaining: end.remaining)
  }

  /// The objects of a selection as the bytes of a list; copied as they are stored where possible.
  public func listBytes(_ query: ObjectListQuery) throws(StatusError) -> [UInt8] {
    let isCopy = query.selection.isAll && query.resource.isStorageVersion
    // Entries share their bytes with the store, so that the list is the only copy of them.
    var entries: [Entry] = []
    var others: [UInt8] = []
    let end = try walk(query) { (entry) throws(StatusError) in
      if isCopy {
        entries.append(entry)
        return true
      }
      let object = Conversion.convert(try ObjectCodec.value(entry), to: query.resource)
      guard query.selection.matches(object) else { return false }
      if query.resource.isStorageVersion {
        entries.append(entry)
      } else {
        if !others.isEmpty { others.append(0x2C) }
        others += JSONWriter.bytes(object)
      }
      return true
    }
    var head: Value = [
      "kind": .string(query.resource.listKind),
      "apiVersion": .string(query.resource.apiVersion),
    ]
    head["metadata"] = end.metadata
    var bytes = JSONWriter.bytes(head)
    bytes.removeLast()
    bytes.reserveCapacity(
      entries.reduce(bytes.count + others.count + 16) {
        $0 + $1.value.count + ObjectCodec.versionSizeMax
      })
    bytes += Array(",\"items\":[".utf8)
    for (position, entry) in entries.enumerated() {
      if position > 0 { bytes.append(0x2C) }
      ObjectCodec.append(entry.value, revision: entry.modRevision, to: &bytes)
    }
    bytes += others
    bytes += Array("]}".utf8)
    return bytes
  }
}

/// Where a list ended.
struct ListEnd {
  var revision: Revision
  var continuation: String?
  var remaining: Int?

  /// The metadata of a list.
  var metadata: Value {
    var map = ValueMap()
    map["resourceVersion"] = .string(String(revision))
    if let continuation { map["continue"] = .string(continuation) }
    if let remaining, remaining > 0 { map["remainingItemCount"] = .int(Int64(remaining)) }
    return .map(map)
  }
}

// MARK: - Pages

extension ClusterSession {
  /// Hands every entry of the page to `take`, which says whether it counts.
  func walk(
    _ query: ObjectListQuery, _ take: (Entry) throws(StatusError) -> Bool
  ) throws(StatusError) -> ListEnd {
    let prefix = StoreKeys.prefix(query.resource.stored, namespace: query.namespace)
    var at: Revision? = query.isExact ? query.resourceVersion : nil
    var after: String?
    if let text = query.continuation {
      guard let token = ContinueToken(text) else { throw .badRequest("continue key is not valid") }
      at = token.revision
      after = prefix + token.after
    }
    if let least = query.resourceVersion, !query.isExact { try refuseFuture(least) }
    var left = query.limit.flatMap { $0 > 0 ? $0 : nil }
    while true {
      let size = left.map { query.selection.isAll ? $0 : max($0, 500) }
      let page: Page
      do {
        page = try access.list(
          ListQuery(prefix: prefix, at: at, after: after, limit: size))
      } catch { throw StatusError(error) }
      at = page.revision
      for (index, entry) in page.entries.enumerated() {
        guard try take(entry) else { continue }
        guard let open = left else { continue }
        left = open - 1
        if open == 1 {
          let remaining = page.remaining + page.entries.count - index - 1
          return end(entry.key, prefix, page.revision, remaining, query)
        }
      }
      guard page.remaining > 0, let last = page.entries.last else {
        return ListEnd(revision: page.revision)
      }
      after = last.key
    }
  }

  private func end(
    _ key: String, _ prefix: String, _ revision: Revision, _ remaining: Int,
    _ query: ObjectListQuery
  ) -> ListEnd {
    var end = ListEnd(revision: revision)
    guard remaining > 0 else { return end }
    end.continuation =
      ContinueToken(
        revision: revision, after: String(key.dropFirst(prefix.count))
      ).text
    if query.selection.isAll { end.remaining = remaining }
    return end
  }

  func refuseFuture(_ revision: Revision) throws(StatusError) {
    let current: Revision
    do { current = try access.currentRevision() } catch { throw StatusError(error) }
    if revision > current { throw .tooLargeResourceVersion(revision, current: current) }
  }
}

/// Where a list goes on: what clients send back as `continue`.
struct ContinueToken {
  var revision: Revision
  /// The last key, behind the prefix of the list.
  var after: String

  init(revision: Revision, after: String) {
    self.revision = revision
    self.after = after
  }

  /// Opaque to clients, and safe in a query.
  var text: String {
    let value: Value = ["rv": .int(revision), "start": .string(after)]
    return Base64URL.encode(JSONWriter.bytes(value))
  }

  init?(_ text: String) {
    guard let bytes = Base64URL.decode(text), let value = ObjectCodec.tree(bytes)?.value(),
      let revision = value["rv"]?.int64, revision > 0, let start = value["start"]?.string,
      !start.isEmpty
    else { return nil }
    self.revision = revision
    after = start
  }
}

/// Base64 in the alphabet that needs no escapes in queries.
enum Base64URL {
  private static let alphabet = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

  static func encode(_ bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    var buffer: UInt32 = 0
    var bits: UInt32 = 0
    for byte in bytes {
      buffer = buffer << 8 | UInt32(byte)
      bits += 8
      while bits >= 6 {
        bits -= 6
        text.append(alphabet[Int(buffer >> bits & 63)])
      }
      buffer &= 1 << bits - 1
    }
    if bits > 0 { text.append(alphabet[Int(buffer << (6 - bits) & 63)]) }
    return String(decoding: text, as: UTF8.self)
  }

  static func decode(_ text: String) -> [UInt8]? {
    var bytes: [UInt8] = []
    var buffer: UInt32 = 0
    var bits: UInt32 = 0
    for character in text.utf8 where character != UInt8(ascii: "=") {
      guard let value = alphabet.firstIndex(of: character) else { return nil }
      buffer = (buffer << 6 | UInt32(value)) & 0xFFFF
      bits += 6
      if bits >= 8 {
        bits -= 8
        bytes.append(UInt8(truncatingIfNeeded: buffer >> bits))
      }
    }
    return bytes
  }
}
