/// Looking things up in containers of thousands of entries or items.
///
/// Children are linked, so finding one costs a walk. That is best for containers of common size,
/// but thousands of findings in one of thousands of entries would take time by the square. The
/// first look-up in a crowded container therefore notes where its children are.
extension Tree {
  /// The children of a crowded container.
  enum Crowd {
    /// The keys of a mapping by their hash, in order.
    case keys([UInt32: [UInt32]])
    case items([UInt32])
  }

  /// From so many children on a container is crowded.
  static let crowdCountMin: UInt32 = 48

  /// What one step leads to: the value, and its key where the container is a mapping.
  public func part(_ step: FieldPath.Step, of node: NodeID) -> (key: NodeID?, value: NodeID)? {
    let container = resolved(node)
    let isCrowded = records[Int(container.index)].count >= Self.crowdCountMin && !isShared
    switch step {
    case .field(let name), .key(let name):
      guard isCrowded, kind(container) == .mapping else {
        return entry(container, name).map { ($0.key, $0.value) }
      }
      return crowdedEntry(container, name)
    case .index(let position):
      guard isCrowded, kind(container) == .sequence else {
        return item(container, at: position).map { (nil, $0) }
      }
      guard case .items(let items) = crowd(in: container), items.indices.contains(position)
      else { return nil }
      return (nil, NodeID(items[position]))
    }
  }

  private func crowdedEntry(_ mapping: NodeID, _ name: String) -> (key: NodeID?, value: NodeID)? {
    guard case .keys(let keys) = crowd(in: mapping) else { return nil }
    var name = name
    return name.withUTF8 { bytes in
      let bytes = UnsafeRawBufferPointer(bytes)
      let found = keys[KeyHash.of(bytes)]?.last {
        let record = records[Int($0)]
        return Int(record.count) == bytes.count && isEqual(self.bytes(of: record), bytes)
      }
      return found.map { (NodeID($0), NodeID(records[Int($0)].next)) }
    }
  }

  private func crowd(in container: NodeID) -> Crowd {
    if let known = knownCrowd(container.index) { return known }
    let crowd: Crowd
    if kind(container) == .mapping {
      var keys: [UInt32: [UInt32]] = [:]
      for (key, _) in entries(container) { keys[keyHash(key), default: []].append(key.index) }
      crowd = .keys(keys)
    } else {
      crowd = .items(items(container).map(\.index))
    }
    remember(crowd, of: container.index)
    return crowd
  }
}
