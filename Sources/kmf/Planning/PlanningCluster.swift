import ClusterAPI
import ClusterPlan
import ClusterStore
import Glibc
import ManifestSyntax

/// The cluster that manifests are compared with.
struct PlanningCluster {
  /// Where the key for masking secrets is kept.
  private static let maskingKey = "settings/masking"

  let cluster: LocalCluster
  let masker: Masker
  /// Whether there was no cluster, so that an empty one stands in.
  let isMissing: Bool
  let place: ClusterPlace

  /// - Parameters:
  ///   - isWriting: Whether a missing cluster is made; else an empty one stands in.
  ///   - savesPlan: Whether a plan is made, which means this cluster and no other: a missing one
  ///     is made, so that a plan can be the beginning.
  ///   - mustExist: Whether nothing else will do than a cluster that is there.
  init(
    _ options: ClusterOptions, isWriting: Bool, savesPlan: Bool = false, mustExist: Bool = false
  ) throws(CommandFailure) {
    place = try options.place()
    isMissing = !isWriting && !savesPlan && !mustExist && !place.exists
    let chosen = isMissing ? ClusterPlace(kind: .memory) : place
    if savesPlan, !place.exists {
      Complaint.writeLine("kmf: an empty cluster is made at \(place.address), for the plan")
    }
    cluster = try chosen.cluster(for: isWriting || savesPlan ? .writing : .existing)
    masker = try Self.masker(cluster, isWriting: isWriting || savesPlan)
  }

  /// What masks secrets: with the cluster's own key, so that equal values look equal in every
  /// output; with a new one as long as it has none.
  private static func masker(
    _ cluster: LocalCluster, isWriting: Bool
  ) throws(CommandFailure) -> Masker {
    if let known = try key(of: cluster) { return Masker(key: known) }
    var bytes: [UInt8] = []
    for _ in 0..<32 { bytes.append(UInt8.random(in: 0...255)) }
    let text = Array(SHA256.hex(bytes).utf8)
    guard isWriting else { return Masker(key: text) }
    do throws(StatusError) {
      let kept = try cluster.transaction { (session) throws(StatusError) in
        // Somebody else may have come first.
        if let known = try session.note(at: maskingKey) { return known.value }
        try session.setNote(text, at: maskingKey)
        return text
      }
      return Masker(key: kept)
    } catch { throw CommandFailure(error) }
  }

  private static func key(of cluster: LocalCluster) throws(CommandFailure) -> [UInt8]? {
    do throws(StatusError) {
      return try cluster.read { (session) throws(StatusError) in
        try session.note(at: maskingKey)?.value
      }
    } catch { throw CommandFailure(error) }
  }

  /// What `body` gives, or why the cluster refused.
  func checked<Outcome>(
    _ body: () throws(StatusError) -> Outcome
  ) throws(CommandFailure) -> Outcome {
    do throws(StatusError) { return try body() } catch { throw CommandFailure(error) }
  }

  /// The definitions of the cluster's custom kinds.
  func definitions() throws(CommandFailure) -> [Value] {
    do throws(StatusError) {
      return try cluster.read { (session) throws(StatusError) in
        let resource = try session.resource(.customResourceDefinitions)
        return try session.list(ObjectListQuery(resource)).objects
      }
    } catch { throw CommandFailure(error) }
  }
}

extension ClusterPlace {
  /// Whether there is something at this place.
  var exists: Bool {
    switch kind {
    case .memory: true
    case .file(let path): access(path, F_OK) == 0
    }
  }
}

extension CommandFailure {
  /// What a cluster refused outright.
  init(_ error: StatusError) { self.init(error.message, help: error.remedy) }
}
