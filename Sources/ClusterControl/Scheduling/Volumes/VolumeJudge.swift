import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Where the volumes of one pod allow it to be.
///
/// Claims whose class provisions volumes by itself count as served wherever the class allows: the
/// simulated cluster has no storage to run out of.
struct VolumeJudge: Sendable {
  /// A claim with the volumes that serve it, or could.
  struct Claim: Sendable {
    var key: ResourceKey
    /// Bound already, to a volume that is there.
    var volume: VolumeFacts?
    /// For unbound ones: the volumes to choose from.
    var candidates: [VolumeFacts] = []
    /// Whether a volume can be made, on the nodes that `places` allow.
    var isProvisioned = false
    var places: [NodeTerm] = []
    var isMissing = false
    /// Whether only one pod may use it.
    var isExclusive = false
  }

  /// Why no node at all can take the pod; nil when that depends on the node.
  private(set) var refusal: Rejection?
  private(set) var claims: [Claim] = []
  private let disks: [PodVolumes.Disk]
  private let namespace: String
  private let state: ClusterState

  /// nil for pods whose volumes do not matter.
  init?(_ pod: ClusterObject, _ shape: PodShape, _ state: ClusterState) {
    guard !shape.volumes.isEmpty else { return nil }
    disks = shape.volumes.disks
    namespace = shape.namespace
    self.state = state
    for name in shape.volumes.claims(of: pod.name) {
      guard refusal == nil else { return }
      read(name)
    }
  }

  private mutating func read(_ name: String) {
    let key = ResourceKey(.persistentVolumeClaims, namespace: namespace, name: name)
    guard let object = state.object(key) else {
      refusal = Rejection(
        .volumeBinding, "persistentvolumeclaim \"\(name)\" not found", isFinal: true)
      return
    }
    if object.isTerminating {
      refusal = Rejection(
        .volumeBinding, "persistentvolumeclaim \"\(name)\" is being deleted", isFinal: true)
      return
    }
    let spec = object.value["spec"]
    var claim = Claim(key: key)
    claim.isExclusive = spec?["accessModes"]?.list?.contains("ReadWriteOncePod") ?? false
    if let volume = spec?["volumeName"]?.string, !volume.isEmpty {
      claim.volume = state.object(ResourceKey(.persistentVolumes, name: volume))
        .map(VolumeFacts.init)
      claim.isMissing = claim.volume == nil
    } else {
      prepare(&claim, object)
    }
    claims.append(claim)
  }

  private mutating func prepare(_ claim: inout Claim, _ object: ClusterObject) {
    let name = object.value["spec"]?["storageClassName"]?.string ?? ""
    let kind = state.object(ResourceKey(.storageClasses, name: name))?.value
    let provisioner = kind?["provisioner"]?.string ?? ""
    claim.isProvisioned = !provisioner.isEmpty && provisioner != "kubernetes.io/no-provisioner"
    for topology in kind?["allowedTopologies"]?.list ?? [] {
      claim.places.append(
        NodeTerm([
          "matchExpressions": .list(
            (topology["matchLabelExpressions"]?.list ?? []).map {
              ["key": $0["key"] ?? "", "operator": "In", "values": $0["values"] ?? []]
            })
        ]))
    }
    if kind?["volumeBindingMode"] == "WaitForFirstConsumer" {
      claim.candidates = state.objects(.persistentVolumes).map(VolumeFacts.init)
        .filter { $0.canServe(object) }.sorted { ($0.capacity, $0.name) < ($1.capacity, $1.name) }
    } else if !claim.isProvisioned {
      refusal = Rejection(
        .volumeBinding, "pod has unbound immediate PersistentVolumeClaims", isFinal: true)
    }
  }

  // MARK: - One node

  func judge(_ node: Int32, _ facts: NodeFacts, _ cache: SchedulerCache) -> Rejection? {
    refusal ?? restrictions(node, cache) ?? limits(node, facts, cache) ?? binding(facts)
      ?? zone(facts)
  }

  private func restrictions(_ node: Int32, _ cache: SchedulerCache) -> Rejection? {
    let exclusive = claims.filter(\.isExclusive).map(\.key.name)
    guard !disks.isEmpty || !exclusive.isEmpty else { return nil }
    for (_, pod) in cache.residents(of: node) {
      guard let other = cache.shapes[Int(pod.shape)] else { continue }
      let isClash = disks.contains { disk in other.volumes.disks.contains { $0.clashes(with: disk) }
      }
      if isClash { return Rejection(.volumeRestrictions, "node(s) had no available disk") }
      guard !exclusive.isEmpty, other.namespace == namespace else { continue }
      let used = other.volumes.claims(of: pod.object.name)
      if exclusive.contains(where: used.contains) {
        return Rejection(
          .volumeRestrictions,
          "node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod"
            + " access mode")
      }
    }
    return nil
  }

  /// How many volumes of each driver the node can have at once.
  private func limits(_ node: Int32, _ facts: NodeFacts, _ cache: SchedulerCache) -> Rejection? {
    let wanted = Set(claims.compactMap { $0.volume?.handle })
    guard !wanted.isEmpty,
      let drivers = state.object(ResourceKey(.csiNodes, name: facts.name))?
        .value["spec"]?["drivers"]?.list
    else { return nil }
    var used: Set<VolumeFacts.Handle> = []
    for (_, pod) in cache.residents(of: node) {
      guard let other = cache.shapes[Int(pod.shape)] else { continue }
      for name in other.volumes.claims(of: pod.object.name) {
        let key = ResourceKey(.persistentVolumeClaims, namespace: other.namespace, name: name)
        guard let volume = state.object(key)?.value["spec"]?["volumeName"]?.string,
          let object = state.object(ResourceKey(.persistentVolumes, name: volume)),
          let handle = VolumeFacts(object).handle
        else { continue }
        used.insert(handle)
      }
    }
    for driver in drivers {
      guard let name = driver["name"]?.string, let most = driver["allocatable"]?["count"]?.int64
      else { continue }
      let new = wanted.subtracting(used).count { $0.driver == name }
      if new > 0, used.count(where: { $0.driver == name }) + new > most {
        return Rejection(.nodeVolumeLimits, "node(s) exceed max volume count")
      }
    }
    return nil
  }

  private func binding(_ facts: NodeFacts) -> Rejection? {
    if claims.contains(where: \.isMissing) {
      return Rejection(
        .volumeBinding, "node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)",
        isFinal: true)
    }
    for claim in claims {
      if let volume = claim.volume, !volume.isReachable(from: facts) {
        return Rejection(
          .volumeBinding, "node(s) had volume node affinity conflict", isFinal: true)
      }
    }
    guard choices(on: facts) != nil else {
      return Rejection(
        .volumeBinding, "node(s) didn't find available persistent volumes to bind", isFinal: true)
    }
    return nil
  }

  /// The volumes that unbound claims get on a node, each another; nil when some get none.
  func choices(on facts: NodeFacts) -> [(claim: ResourceKey, volume: String)]? {
    var choices: [(claim: ResourceKey, volume: String)] = []
    for claim in claims where claim.volume == nil && !claim.isMissing {
      let found = claim.candidates.first { volume in
        volume.isReachable(from: facts) && !choices.contains { $0.volume == volume.name }
      }
      if let found {
        choices.append((claim.key, found.name))
      } else {
        let isAllowed = claim.places.isEmpty || claim.places.contains { $0.matches(facts) }
        guard claim.isProvisioned, isAllowed else { return nil }
      }
    }
    return choices
  }

  private func zone(_ facts: NodeFacts) -> Rejection? {
    for volume in claims.compactMap(\.volume) where !volume.isInZone(of: facts) {
      return Rejection(.volumeZone, "node(s) had no available volume zone", isFinal: true)
    }
    return nil
  }
}

extension GroupResource {
  static let csiNodes = GroupResource(group: "storage.k8s.io", "csinodes")
}
