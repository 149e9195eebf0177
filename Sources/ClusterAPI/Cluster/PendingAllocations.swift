import ClusterControl
import ClusterStore
import ManifestSyntax

/// What one write takes and gives back of the cluster's addresses and ports: held until the object
/// itself is written, so that a refusal leaves nothing taken.
final class PendingAllocations: AllocationTable {
  private let access: any StoreAccess
  private var changes: [AllocationKey: AllocationOwner?] = [:]
  private var order: [AllocationKey] = []

  init(_ access: any StoreAccess) { self.access = access }

  func owner(of key: AllocationKey) throws(AdmissionRefusal) -> AllocationOwner? {
    if let change = changes[key] { return change }
    return try storedOwner(of: key)
  }

  func take(_ key: AllocationKey, for owner: AllocationOwner) throws(AdmissionRefusal) {
    note(key, owner)
  }

  func release(_ key: AllocationKey) throws(AdmissionRefusal) { note(key, nil) }

  /// The writes that make it so.
  func writes() throws(AdmissionRefusal) -> [Transaction.Write] {
    var writes: [Transaction.Write] = []
    for key in order {
      guard let change = changes[key] else { continue }
      let place = StoreKeys.allocation(key)
      if let owner = change {
        writes.append(.put(place, JSONWriter.bytes(owner.value)))
      } else if try storedOwner(of: key) != nil {
        writes.append(.delete(place))
      }
    }
    return writes
  }

  private func note(_ key: AllocationKey, _ owner: AllocationOwner?) {
    if changes.updateValue(owner, forKey: key) == nil { order.append(key) }
  }

  private func storedOwner(of key: AllocationKey) throws(AdmissionRefusal) -> AllocationOwner? {
    do throws(StoreError) {
      guard let entry = try access.entry(at: StoreKeys.allocation(key)) else { return nil }
      return ObjectCodec.tree(entry.value).flatMap { AllocationOwner($0.value()) }
    } catch { throw AdmissionRefusal(store: error) }
  }
}
