/// Conditions and writes: if every condition holds, every write is done; otherwise none is.
///
/// Conditions are judged on the state before the first write. Writes are done in their order, and
/// each takes a revision of its own, so that a watch can resume behind any of them; readers see all
/// of them or none. A key may be written more than once.
public struct Transaction: Hashable, Sendable {
  /// What must hold.
  public enum Condition: Hashable, Sendable {
    /// The key does not exist; refused as `exists`.
    case absent(String)
    /// The key exists; refused as `absent`.
    case present(String)
    /// The last write of the key was `at`; refused as `conflict`, or `absent` when it is gone.
    /// 0 means that it does not exist.
    case unchanged(String, at: Revision)
  }

  /// What to do.
  public enum Write: Hashable, Sendable {
    case put(String, [UInt8])
    /// Deletes a key. One that does not exist refuses the transaction as `absent`.
    case delete(String)

    public var key: String {
      switch self {
      case .put(let key, _), .delete(let key): key
      }
    }
  }

  public var conditions: [Condition]
  public var writes: [Write]

  public init(if conditions: [Condition] = [], _ writes: [Write]) {
    self.conditions = conditions
    self.writes = writes
  }
}

/// What a transaction came to.
public struct Commit: Hashable, Sendable {
  /// The store's revision afterwards.
  public var revision: Revision
  /// How many writes it made.
  public var writeCount: Int

  public init(revision: Revision, writeCount: Int) {
    self.revision = revision
    self.writeCount = writeCount
  }

  /// The revision that the write at `index` took.
  public func revision(ofWrite index: Int) -> Revision {
    precondition(index >= 0 && index < writeCount, "no such write in the transaction")
    return revision - Revision(writeCount - 1 - index)
  }
}

extension Transaction.Condition {
  public var key: String {
    switch self {
    case .absent(let key), .present(let key), .unchanged(let key, _): key
    }
  }

  /// The refusal, if the key's last write was `found` (0: the key does not exist).
  public func refusal(found: Revision) -> StoreError? {
    switch self {
    case .absent(let key):
      return found == 0 ? nil : .exists(key: key, revision: found)
    case .present(let key):
      return found == 0 ? .absent(key: key) : nil
    case .unchanged(let key, let expected):
      if found == expected { return nil }
      if found == 0 { return .absent(key: key) }
      if expected == 0 { return .exists(key: key, revision: found) }
      return .conflict(key: key, expected: expected, found: found)
    }
  }
}

extension Transaction {
  /// Throws what refuses the transaction, given the last write of each key (0: there is none).
  ///
  /// Stores call it before they write, so that a refusal never needs undoing.
  public func judge(
    _ lastWrite: (String) throws(StoreError) -> Revision
  ) throws(StoreError) {
    for condition in conditions {
      if let refusal = condition.refusal(found: try lastWrite(condition.key)) { throw refusal }
    }
    // Most transactions delete nothing, or one key that a condition has just found.
    if writes.count == 1, case .delete(let key) = writes[0] {
      guard try lastWrite(key) != 0 else { throw .absent(key: key) }
      return
    }
    guard writes.contains(where: { if case .delete = $0 { true } else { false } }) else { return }
    // Bytes, since two different keys may be equal as text.
    var isPresent: [[UInt8]: Bool] = [:]
    for write in writes {
      let bytes = Array(write.key.utf8)
      switch write {
      case .put: isPresent[bytes] = true
      case .delete(let key):
        let exists: Bool
        if let known = isPresent[bytes] { exists = known } else { exists = try lastWrite(key) != 0 }
        guard exists else { throw .absent(key: key) }
        isPresent[bytes] = false
      }
    }
  }
}
