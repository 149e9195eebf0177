import ClusterStore
import ManifestSyntax

/// The form in which objects are kept: compact JSON in their storage version, kind, apiVersion and
/// metadata first, without a resource version. That is the revision of the entry, which readers
/// splice in, so that reading is copying.
public enum ObjectCodec {
  private static let metadataStart = Array("\"metadata\":{".utf8)
  private static let resourceVersion = Array("\"resourceVersion\":\"".utf8)
  /// How many bytes a spliced version and the comma behind the object take at most.
  static let versionSizeMax = resourceVersion.count + 22

  /// The object's bytes as the API gives them in its storage version.
  public static func wireBytes(_ entry: Entry) -> [UInt8] {
    wireBytes(entry.value, revision: entry.modRevision)
  }

  static func wireBytes(_ stored: [UInt8], revision: Revision) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(stored.count + 40)
    append(stored, revision: revision, to: &bytes)
    return bytes
  }

  /// Appends the object's bytes as the API gives them.
  static func append(_ stored: [UInt8], revision: Revision, to bytes: inout [UInt8]) {
    guard let place = insertionPlace(in: stored) else {
      bytes.append(contentsOf: stored)
      return
    }
    bytes.append(contentsOf: stored[..<place])
    bytes.append(contentsOf: resourceVersion)
    bytes.append(contentsOf: String(revision).utf8)
    bytes.append(0x22)
    // Metadata is never empty: it holds the name.
    bytes.append(0x2C)
    bytes.append(contentsOf: stored[place...])
  }

  /// Behind the brace that opens the metadata, which only kind and apiVersion precede; neither
  /// holds text that could be mistaken for it.
  private static func insertionPlace(in stored: [UInt8]) -> Int? {
    stored.withUnsafeBufferPointer { bytes in
      let end = bytes.count - metadataStart.count
      var at = 0
      while at <= end {
        if bytes[at] == 0x22, bytes[at + 1] == 0x6D,
          bytes[at..<at + metadataStart.count].elementsEqual(metadataStart)
        {
          return at + metadataStart.count
        }
        at += 1
      }
      return nil
    }
  }

  /// The object with its resource version.
  ///
  /// - Throws: where the bytes are no object, which only damage explains.
  public static func value(_ entry: Entry) throws(StatusError) -> Value {
    try value(entry.value, revision: entry.modRevision, key: entry.key)
  }

  static func value(
    _ stored: [UInt8], revision: Revision, key: String = ""
  ) throws(StatusError) -> Value {
    guard var object = tree(wireBytes(stored, revision: revision))?.value(), object.map != nil
    else {
      throw .internalError("what is stored at '\(key)' is no object")
    }
    object.restoreOrder()
    return object
  }

  /// The object as a tree, without its resource version.
  static func tree(_ bytes: [UInt8]) -> Tree? {
    JSONReader.read(SourceText(name: "<object>", bytes: bytes)).tree
  }

  /// The bytes to store for an object.
  public static func storedBytes(_ object: Value) -> [UInt8] {
    var object = object
    object.restoreOrder()
    object.change("metadata") { $0["resourceVersion"] = nil }
    return JSONWriter.bytes(object)
  }
}

extension Value {
  private static let metadataOrder: [String] = [
    "name", "generateName", "namespace", "selfLink", "uid", "resourceVersion", "generation",
    "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "labels",
    "annotations", "ownerReferences", "finalizers", "managedFields",
  ]

  /// Puts the object's parts and the fields of its metadata into the order of the API.
  mutating func restoreOrder() {
    restoreMetadataOrder()
    guard case .map(let map) = self else { return }
    let entries = map.entries
    if entries.count >= 3, entries[0].key == "kind", entries[1].key == "apiVersion",
      entries[2].key == "metadata", map["status"] == nil || entries.last?.key == "status"
    {
      return
    }
    var ordered: [ValueMap.Entry] = []
    ordered.reserveCapacity(map.count)
    for name in ["kind", "apiVersion", "metadata"] {
      if let value = map[name] { ordered.append(ValueMap.Entry(key: name, value: value)) }
    }
    let placed = ["kind", "apiVersion", "metadata", "status"]
    ordered += entries.filter { !placed.contains($0.key) }
    if let status = map["status"] { ordered.append(ValueMap.Entry(key: "status", value: status)) }
    self = .map(ValueMap(unique: ordered))
  }

  private mutating func restoreMetadataOrder() {
    guard case .map(let metadata)? = self["metadata"], !Self.isInOrder(metadata) else { return }
    var entries: [ValueMap.Entry] = []
    entries.reserveCapacity(metadata.count)
    for name in Self.metadataOrder {
      if let value = metadata[name] { entries.append(ValueMap.Entry(key: name, value: value)) }
    }
    if entries.count < metadata.count {
      entries += metadata.entries.filter { !Self.metadataOrder.contains($0.key) }
    }
    self["metadata"] = .map(ValueMap(unique: entries))
  }

  private static func isInOrder(_ metadata: ValueMap) -> Bool {
    var rest = metadataOrder[...]
    return metadata.entries.allSatisfy { entry in
      guard let place = rest.firstIndex(of: entry.key) else { return false }
      rest = rest[(place + 1)...]
      return true
    }
  }

  /// Changes the map under `name`, made where there is none.
  mutating func change(_ name: String, _ body: (inout Value) -> Void) {
    let isThere = changePart(name) { part in
      if part == .null { part = .emptyMap }
      body(&part)
    }
    if isThere { return }
    var part = Value.emptyMap
    body(&part)
    self[name] = part
  }

  /// The metadata's text under `name`; empty where there is none.
  func metadataText(_ name: String) -> String { self["metadata"]?[name]?.string ?? "" }
}
