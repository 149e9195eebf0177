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
  /// Objects that admission asked for, by their places in the store, until they are written.
  private var remembered: [String: Value?] = [:]
  /// Lists that admission asked for, by what their places begin with.
  private var listed: [String: [Value]] = [:]

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
  public private(set) lazy var time = Timestamp.seconds(moment)

  /// The resource of a key's object, in the version that the cluster prefers.
  ///
  /// - Throws: 404 where there is none.
  public func resource(_ resource: GroupResource) throws(StatusError) -> ServedResource {
    guard let served = catalog.preferred(resource) else { throw .noSuchPath() }
    return served
  }

  /// A new identity: a random UUID.
  func makeUID() -> String {
    // Version 4, variant 1 of RFC 9562.
    let halves = (
      generator.next() & ~0xF000 | 0x4000, generator.next() & ~(0b11 << 62) | 0b10 << 62
    )
    return String(unsafeUninitializedCapacity: 36) { text in
      var place = 0
      for position in 0..<32 {
        if position & 3 == 0, position >= 8, position <= 20 {
          text[place] = UInt8(ascii: "-")
          place += 1
        }
        let half = position < 16 ? halves.0 : halves.1
        let digit = UInt8(truncatingIfNeeded: half >> UInt64(60 - position % 16 * 4)) & 15
        text[place] = digit < 10 ? 48 + digit : 87 + digit
        place += 1
      }
      return place
    }
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
  ///
  /// - Parameter new: The object that the transaction makes, for whoever finds it there already.
  func commit(_ transaction: Transaction, making new: Place? = nil) throws(StatusError) -> Commit {
    for write in transaction.writes { forget(write.key) }
    do throws(StoreError) {
      return try access.commit(transaction)
    } catch {
      if let new, case .exists = error { throw .alreadyExists(new.resource.resource, new.name) }
      throw StatusError(error)
    }
  }

  /// What is written at `key` is not as it is remembered any more.
  private func forget(_ key: String) {
    if !remembered.isEmpty { remembered[key] = nil }
    for prefix in listed.keys where key.hasPrefix(prefix) { listed[prefix] = nil }
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
    let stored = catalog.preferred(key.resource)?.stored ?? key.resource
    let place = StoreKeys.object(stored, namespace: key.namespace, name: key.name)
    if let known = remembered[place] { return known }
    let found: Value?
    do throws(StoreError) {
      found = try access.entry(at: place).flatMap { try? ObjectCodec.value($0) }
    } catch { throw AdmissionRefusal(store: error) }
    remembered[place] = .some(found)
    return found
  }

  public func list(
    _ resource: GroupResource, namespace: String?
  ) throws(AdmissionRefusal) -> [Value] {
    let stored = catalog.preferred(resource)?.stored ?? resource
    let prefix = StoreKeys.prefix(stored, namespace: namespace)
    if let known = listed[prefix] { return known }
    let found: [Value]
    do throws(StoreError) {
      let page = try access.list(prefix)
      found = page.entries.compactMap { try? ObjectCodec.value($0) }
    } catch { throw AdmissionRefusal(store: error) }
    listed[prefix] = found
    return found
  }
}
