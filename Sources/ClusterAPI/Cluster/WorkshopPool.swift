import ClusterControl
import ClusterStore
import ManifestSchema
import ManifestSyntax
import Synchronization

/// Lends workshops to whoever reads or writes, one at a time, and makes a new one where none fits.
final class WorkshopPool: Sendable {
  /// `@unchecked Sendable`: a workshop in the pool is nobody's, and whoever takes it is the only
  /// one who has it until it is given back.
  private struct Idle: @unchecked Sendable {
    let workshop: Workshop
  }

  private static let idleMax = 8
  private let version: KubernetesVersion
  private let idle = Mutex<[Idle]>([])

  init(version: KubernetesVersion) { self.version = version }

  /// A workshop that knows the custom kinds which `access` has now.
  func take(for access: any StoreAccess) throws(StatusError) -> Workshop {
    let revision: Revision
    do {
      revision = try access.entry(at: StoreKeys.definitions)?.modRevision ?? 0
    } catch { throw StatusError(error) }
    let known = idle.withLock { idle -> Idle? in
      // Those of earlier definitions will not be asked for again.
      idle.removeAll { $0.workshop.definitions < revision }
      let place = idle.lastIndex { $0.workshop.definitions == revision }
      return place.map { idle.remove(at: $0) }
    }
    if let known { return known.workshop }
    return try make(revision, access)
  }

  func giveBack(_ workshop: Workshop) {
    let spare = Idle(workshop: workshop)
    idle.withLock { if $0.count < Self.idleMax { $0.append(spare) } }
  }

  private func make(
    _ revision: Revision, _ access: any StoreAccess
  ) throws(StatusError) -> Workshop {
    var definitions: [Value] = []
    if revision > 0 {
      let prefix = StoreKeys.prefix(.customResourceDefinitions, namespace: nil)
      let page: Page
      do { page = try access.list(prefix) } catch { throw StatusError(error) }
      for entry in page.entries { definitions.append(try ObjectCodec.value(entry)) }
    }
    return Workshop(version: version, definitions: definitions, revision: revision)
  }
}

extension GroupResource {
  public static let customResourceDefinitions = GroupResource(
    group: "apiextensions.k8s.io", "customresourcedefinitions")
  static let jobs = GroupResource(group: "batch", "jobs")
}
