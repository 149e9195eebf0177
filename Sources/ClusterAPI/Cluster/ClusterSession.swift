import ClusterControl
import ClusterStore
import ManifestSchema
import ManifestSyntax

/// All verbs on objects over one batch of a store, or over the store itself for reading.
///
/// It reads its own writes. Every verb does all of what it is asked for, or throws and does
/// nothing; what was done before it stays.
public final class ClusterSession {
  public let settings: ClusterSettings
  /// Whether what is written will be discarded.
  public let isDryRun: Bool
  /// The time of everything in this session, in seconds since 1970.
  public let moment: Double
  let access: any StoreAccess
  private(set) var workshop: Workshop
  let admission: AdmissionChain
  var generator: SeededGenerator
  private(set) var hasChangedDefinitions = false
  /// Objects that admission asked for, until something is written.
  private var remembered: [ResourceKey: Value?] = [:]
  private var listed: [Listing: [Value]] = [:]

  private struct Listing: Hashable {
    var resource: GroupResource
    var namespace: String?
  }

  init(
    access: any StoreAccess, workshop: Workshop, settings: ClusterSettings,
    admission: AdmissionChain, moment: Double, seed: UInt64, isDryRun: Bool
  ) {
    self.access = access
    self.workshop = workshop
    self.settings = settings
    self.admission = admission
    self.moment = moment
    self.isDryRun = isDryRun
    generator = SeededGenerator(seed: seed)
  }

  /// Every resource that the cluster serves now.
  public var catalog: ResourceCatalog { workshop.catalog }

  /// The session's time as objects write it.
  public var time: String { Timestamp.seconds(moment) }

  /// The resource of a key's object, in the version that the cluster prefers.
  ///
  /// - Throws: 404 where there is none.
  public func resource(_ resource: GroupResource) throws(StatusError) -> ServedResource {
    guard let served = catalog.preferred(resource) else { throw .noSuchPath() }
    return served
  }

  /// A new identity: a random UUID.
  func makeUID() -> String {
    let digits = Array("0123456789abcdef".utf8)
    var bytes: [UInt8] = []
    for number in [generator.next(), generator.next()] {
      for shift in stride(from: 56, through: 0, by: -8) {
        bytes.append(UInt8(truncatingIfNeeded: number >> UInt64(shift)))
      }
    }
    // Version 4, variant 1 of RFC 9562.
    bytes[6] = bytes[6] & 0x0F | 0x40
    bytes[8] = bytes[8] & 0x3F | 0x80
    var text: [UInt8] = []
    for (index, byte) in bytes.enumerated() {
      if [4, 6, 8, 10].contains(index) { text.append(0x2D) }
      text += [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }
    return String(decoding: text, as: UTF8.self)
  }
}

// MARK: - The store

extension ClusterSession {
  /// The entry of an object; nil when there is none.
  func entry(
    _ resource: ServedResource, _ namespace: String?, _ name: String, at revision: Revision? = nil
  ) throws(StatusError) -> Entry? {
    let key = storeKey(resource, namespace, name)
    do { return try access.entry(at: key, revision: revision) } catch { throw StatusError(error) }
  }

  func storeKey(_ resource: ServedResource, _ namespace: String?, _ name: String) -> String {
    StoreKeys.object(
      resource.stored, namespace: resource.isNamespaced ? namespace ?? "" : nil, name: name)
  }

  /// Writes everything that belongs to one change.
  func commit(_ transaction: Transaction) throws(StatusError) -> Commit {
    remembered.removeAll(keepingCapacity: true)
    listed.removeAll(keepingCapacity: true)
    do { return try access.commit(transaction) } catch { throw StatusError(error) }
  }

  /// Reads the custom kinds anew, after a definition was written.
  func refreshDefinitions() throws(StatusError) {
    hasChangedDefinitions = true
    let pool = WorkshopPool(version: settings.version)
    workshop = try pool.take(for: access)
  }
}

extension ClusterSession: ClusterReader {
  public func object(_ key: ResourceKey) throws(AdmissionRefusal) -> Value? {
    if let known = remembered[key] { return known }
    let stored = catalog.preferred(key.resource)?.stored ?? key.resource
    let found: Value?
    do throws(StoreError) {
      let place = StoreKeys.object(stored, namespace: key.namespace, name: key.name)
      found = try access.entry(at: place).flatMap { try? ObjectCodec.value($0) }
    } catch { throw AdmissionRefusal(store: error) }
    remembered[key] = .some(found)
    return found
  }

  public func list(
    _ resource: GroupResource, namespace: String?
  ) throws(AdmissionRefusal) -> [Value] {
    let listing = Listing(resource: resource, namespace: namespace)
    if let known = listed[listing] { return known }
    let stored = catalog.preferred(resource)?.stored ?? resource
    let found: [Value]
    do throws(StoreError) {
      let page = try access.list(StoreKeys.prefix(stored, namespace: namespace))
      found = page.entries.compactMap { try? ObjectCodec.value($0) }
    } catch { throw AdmissionRefusal(store: error) }
    listed[listing] = found
    return found
  }
}
