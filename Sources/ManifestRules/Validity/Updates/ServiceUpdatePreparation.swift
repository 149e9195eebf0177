import ManifestModel
import ManifestSchema
import ManifestSyntax

/// What the server makes of a new Service before the rules see it: values that the old one was
/// given are filled in, and those that no longer make sense are taken out where nobody changed
/// them.
struct ServiceUpdatePreparation {
  let old: ServiceDraft
  let new: ServiceDraft
  let network: ClusterNetwork

  /// Nil where one of the objects has no spec.
  init?(old: Tree, new: Tree, network: ClusterNetwork) {
    guard let old = ServiceDraft(old), let new = ServiceDraft(new) else { return nil }
    self.old = old
    self.new = new
    self.network = network
  }

  /// Completes both objects; reports what keeps the server from allocating addresses, after which
  /// it says nothing else.
  func run(into report: inout Report) {
    ServiceAllocations.complete(old, in: network)
    restoreAddresses()
    restorePorts()
    joinAddresses()
    settleFamilies(into: &report)
    if !report.hasErrors { dropWhatNoLongerApplies() }
  }

  // MARK: - Filling in

  /// AL-02: addresses stay unless the manifest says otherwise.
  private func restoreAddresses() {
    guard old.needsClusterIP, new.needsClusterIP else { return }
    if new.clusterIP.isEmpty, !old.clusterIP.isEmpty { new.set("clusterIP", to: old.clusterIP) }
    if new.clusterIPs.isEmpty, new.clusterIP == old.clusterIP {
      new.set("clusterIPs", to: old.clusterIPs)
    }
  }

  /// AL-05, AL-06: ports stay by the name of the entry.
  private func restorePorts() {
    if old.needsNodePort, new.needsNodePort {
      let used = old.nodePorts.intersection(new.nodePorts)
      var byName: [String: Int32] = [:]
      for port in old.spec.ports { byName[port.name ?? ""] = port.nodePort ?? 0 }
      new.setNodePorts { _, port in
        guard (port.nodePort ?? 0) == 0, let known = byName[port.name ?? ""], known != 0,
          !used.contains(known)
        else { return nil }
        return known
      }
    }
    if old.needsHealthCheckPort, new.needsHealthCheckPort,
      (new.spec.healthCheckNodePort ?? 0) == 0, let known = old.spec.healthCheckNodePort
    {
      new.tree.set("healthCheckNodePort", in: new.node, to: .int(Int64(known)))
    }
  }

  /// AL-03, AL-04: the single address and the list follow each other.
  private func joinAddresses() {
    let isSameList = old.clusterIPs == new.clusterIPs
    guard old.clusterIP != new.clusterIP else {
      if new.clusterIPs.isEmpty, !old.clusterIPs.isEmpty {
        new.set("clusterIPs", to: old.clusterIPs)
      }
      return
    }
    if new.clusterIP.isEmpty {
      if isSameList { new.remove("clusterIPs") }
    } else if isSameList || new.clusterIPs.isEmpty {
      new.set("clusterIPs", to: [new.clusterIP])
    }
  }

  // MARK: - Families

  /// Settles policy and families; what the cluster cannot give is refused here.
  private func settleFamilies(into report: inout Report) {
    guard new.type != "ExternalName", !isUnchangedDualStack else { return }
    if new.policy == nil, let known = old.policy { new.set("ipFamilyPolicy", to: known) }
    ServiceAddressRules.check(ServiceAddresses(new.spec), into: &report)
    if report.hasErrors { return }
    trimSecondFamily()
    refuseRelease(into: &report)
    ServiceAddressRules.checkStack(ServiceAddresses(new.spec), into: &report)
    refuseForeignAddresses(into: &report)
    if report.hasErrors { return }
    let addresses = ServiceAddresses(new.spec)
    if addresses.clusterIP != ServiceAddresses.none || addresses.hasSelector {
      refuseForeignFamilies(addresses, into: &report)
      if report.hasErrors { return }
    }
    ServiceFamilies.complete(new, in: network)
    allocate()
  }

  private var isUnchangedDualStack: Bool {
    new.policy == "PreferDualStack" && old.policy == "PreferDualStack" && old.type == new.type
      && new.needsClusterIP && old.clusterIPs == new.clusterIPs && old.families == new.families
  }

  /// AL-10: going back to one family lets go of the second.
  private func trimSecondFamily() {
    guard new.policy == "SingleStack" else { return }
    if new.clusterIPs.count > 1, new.clusterIPs == old.clusterIPs {
      new.set("clusterIPs", to: Array(new.clusterIPs.prefix(1)))
    }
    if new.families.count > 1, new.families == old.families {
      new.set("ipFamilies", to: Array(new.families.prefix(1)))
    }
  }

  private func refuseRelease(into report: inout Report) {
    guard new.policy != "SingleStack" else { return }
    let releasesAddress = !new.clusterIPs.isEmpty && new.clusterIPs.count < old.clusterIPs.count
    let releasesFamily = !new.families.isEmpty && new.families.count < old.families.count
    guard releasesAddress || releasesFamily else { return }
    report.error(
      "SVCU-12", .invalid, at: new.spec.node, releasesAddress ? "clusterIPs" : "ipFamilies",
      """
      the second \(releasesAddress ? "address" : "family") can only be given up together with \
      the policy
      """,
      help: "write 'ipFamilyPolicy: SingleStack'", serverField: "spec.ipFamilyPolicy")
  }

  private func refuseForeignAddresses(into report: inout Report) {
    let addresses = ServiceAddresses(new.spec)
    for (index, text) in addresses.clusterIPs.enumerated() where index >= addresses.families.count {
      guard let family = IPAddress(text)?.unmapped.family else { return }
      let name = family == .v4 ? "IPv4" : "IPv6"
      guard !network.families.contains(name) else { continue }
      report.error(
        "SVA-03", .invalid, at: new.spec.node, addresses.path(of: index),
        "'\(text)' is an \(name) address, and the cluster has none for services",
        help: "write an address of the family \(network.families.joined())")
    }
  }

  private func refuseForeignFamilies(_ addresses: ServiceAddresses, into report: inout Report) {
    if addresses.policy == "RequireDualStack", !network.isDualStack {
      report.error(
        "SVA-04", .invalid, at: new.spec.node, "ipFamilyPolicy",
        "the cluster gives services addresses of one family, as far as the old object shows",
        help: "write 'PreferDualStack', which takes what there is")
    }
    for (index, family) in addresses.families.enumerated()
    where !network.families.contains(family) {
      report.error(
        "SVA-02", .invalid, at: new.spec.node, FieldPath("ipFamilies").index(index),
        "the cluster gives services no \(family) addresses, as far as the old object shows",
        help: "leave 'ipFamilies' to the cluster")
    }
  }

  /// AL-11: what is missing is allocated.
  private func allocate() {
    let known = new.clusterIPs
    guard new.needsClusterIP, new.clusterIP != ServiceAddresses.none,
      known.count < new.families.count
    else { return }
    ServiceAllocations.completeAddresses(new, in: network)
  }

  // MARK: - Taking out

  /// UP-05 to UP-09.
  private func dropWhatNoLongerApplies() {
    if old.needsClusterIP, !new.needsClusterIP { dropAddresses() }
    if old.needsNodePort, !new.needsNodePort, new.nodePorts.isSubset(of: old.nodePorts) {
      new.setNodePorts { _, _ in 0 }
    }
    let (before, after) = (old.spec, new.spec)
    if old.needsHealthCheckPort, !new.needsHealthCheckPort,
      before.healthCheckNodePort == after.healthCheckNodePort
    {
      new.remove("healthCheckNodePort")
    }
    if old.type == "LoadBalancer", new.type != "LoadBalancer" {
      if before.allocateLoadBalancerNodePorts == after.allocateLoadBalancerNodePorts {
        new.remove("allocateLoadBalancerNodePorts")
      }
      if before.loadBalancerClass == after.loadBalancerClass { new.remove("loadBalancerClass") }
    }
    if ServiceExposureRules.isExternallyAccessible(before),
      !ServiceExposureRules.isExternallyAccessible(after),
      before.externalTrafficPolicy == after.externalTrafficPolicy
    {
      new.remove("externalTrafficPolicy")
    }
  }

  private func dropAddresses() {
    if old.clusterIP == new.clusterIP, old.clusterIPs == new.clusterIPs {
      new.remove("clusterIP")
      new.remove("clusterIPs")
    }
    if old.families == new.families { new.remove("ipFamilies") }
    if old.policy == new.policy { new.remove("ipFamilyPolicy") }
  }
}
