import ClusterControl
import ClusterStore
import ManifestSchema
import ManifestSyntax

/// The way of a write through admission and allocation into the store.
extension ClusterSession {
  func admissionRequest(
    _ operation: AdmissionRequest.Operation, _ place: Place, _ options: WriteOptions
  ) -> AdmissionRequest {
    AdmissionRequest(
      operation, place.key, kind: place.resource.gvk,
      subresource: options.subresource.isEmpty ? nil : options.subresource, user: options.user,
      isDryRun: isDryRun, seed: generator.next())
  }

  /// Lets every step of admission complete the object.
  func admit(
    _ object: inout Value, old: Value?, _ request: AdmissionRequest, _ place: Place
  ) throws(StatusError) {
    do throws(AdmissionRefusal) {
      try admission.mutate(&object, old: old, request, self)
    } catch { throw StatusError(error, place.resource, place.name) }
  }

  /// Asks every step of admission whether the write may be done.
  func approve(
    _ object: Value?, old: Value?, _ request: AdmissionRequest, _ place: Place
  ) throws(StatusError) -> AdmissionOutcome {
    do throws(AdmissionRefusal) {
      return try admission.validate(object, old: old, request, self)
    } catch { throw StatusError(error, place.resource, place.name) }
  }

  /// Gives the object what it needs of the cluster's addresses and ports.
  func allocate(
    _ object: inout Value, old: Value?, _ owner: AllocationOwner, _ table: PendingAllocations,
    _ place: Place
  ) throws(StatusError) {
    do throws(AdmissionRefusal) {
      switch place.resource.resource {
      case .services:
        var allocator = ServiceAllocator(
          network: network, table: table, owner: owner, seed: generator.next(),
          isDryRun: isDryRun)
        if let old {
          try allocator.update(&object, replacing: old)
        } else {
          try allocator.create(&object)
        }
      case .nodes where old == nil: try podRanges(table)?.allocate(&object, for: owner)
      default: break
      }
    } catch { throw StatusError(error, place.resource, place.name) }
  }

  /// Takes back what a deleted object had.
  func release(_ object: Value, _ place: Place) throws(StatusError) -> PendingAllocations {
    let table = PendingAllocations(access)
    let owner = AllocationOwner(place.key, uid: object.metadataText("uid"))
    do throws(AdmissionRefusal) {
      switch place.resource.resource {
      case .services:
        try ServiceAllocator(network: network, table: table, owner: owner, seed: 0)
          .delete(object)
      case .nodes: try podRanges(table)?.release(object, of: owner)
      default: break
      }
    } catch { throw StatusError(error, place.resource, place.name) }
    return table
  }

  private var network: ServiceNetwork {
    let ranges = settings.serviceCIDRs.compactMap { CIDR($0) }
    return ServiceNetwork(serviceCIDRs: ranges, nodePorts: settings.nodePortRange) ?? .standard
  }

  private func podRanges(_ table: PendingAllocations) -> PodCIDRAllocator? {
    CIDR(settings.podCIDR).flatMap {
      PodCIDRAllocator(
        cluster: $0, reserved: settings.serviceCIDRs.compactMap { CIDR($0) }, table: table)
    }
  }

  /// Writes the object and all that goes with it, as one; returns the object's revision.
  func store(
    _ object: Value, at place: Place, _ allocations: PendingAllocations?,
    _ outcome: AdmissionOutcome, isNew: Bool
  ) throws(StatusError) -> Revision {
    let key = storeKey(place.resource, place.namespace, place.name)
    var writes = try sideWrites(allocations, outcome, place)
    let storage = workshop.catalog.storage(of: place.resource)
    let kept = Conversion.convert(object, to: storage)
    writes.append(.put(key, ObjectCodec.storedBytes(kept)))
    let commit = try commit(
      Transaction(if: isNew ? [.absent(key)] : [], writes), making: isNew ? place : nil)
    return commit.revision(ofWrite: writes.count - 1)
  }

  func sideWrites(
    _ allocations: PendingAllocations?, _ outcome: AdmissionOutcome, _ place: Place
  ) throws(StatusError) -> [Transaction.Write] {
    var writes: [Transaction.Write] = []
    do throws(AdmissionRefusal) { writes += try allocations?.writes() ?? [] } catch {
      throw StatusError(error, place.resource, place.name)
    }
    writes += outcome.updates.compactMap(write)
    if place.resource.resource == .customResourceDefinitions {
      writes.append(.put(StoreKeys.definitions, Array(place.name.utf8)))
    }
    return writes
  }

  private func write(_ update: AdmissionOutcome.Update) -> Transaction.Write? {
    guard let resource = catalog.preferred(update.key.resource) else { return nil }
    let key = storeKey(resource, update.key.namespace, update.key.name)
    return .put(key, ObjectCodec.storedBytes(update.object))
  }
}

/// What quotas say is in use, where no step of admission has just said it.
extension ClusterSession {
  /// The quotas as they are once `old` gives way to `new`; nil is an object that goes.
  func quotas(
    replacing old: Value, by new: Value?, _ place: Place
  ) throws(StatusError) -> [AdmissionOutcome.Update] {
    guard let namespace = place.namespace else { return [] }
    do throws(AdmissionRefusal) {
      return try QuotaStatus.updates(
        replacing: old, by: new, place.resource.resource, namespace: namespace, self)
    } catch { throw StatusError(error, place.resource, place.name) }
  }

  /// Counts for the quotas of a namespace, after one was made or changed.
  func countQuotas(_ place: Place) throws(StatusError) {
    guard place.resource.resource == .resourceQuotas, let namespace = place.namespace else {
      return
    }
    let updates: [AdmissionOutcome.Update]
    do throws(AdmissionRefusal) {
      updates = try QuotaStatus.updates(namespace: namespace, self)
    } catch { throw StatusError(error, place.resource, place.name) }
    if !updates.isEmpty { _ = try commit(Transaction(updates.compactMap(write))) }
  }
}
