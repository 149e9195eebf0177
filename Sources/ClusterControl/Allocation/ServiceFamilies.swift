import ManifestSchema
import ManifestSyntax

/// Which families of addresses a service gets: what it says, what its addresses say, what the
/// cluster has.
extension ServiceAllocator {
  /// Completes policy and families; refuses what the cluster does not have.
  ///
  /// - Returns: false when the spec makes no sense, so that validation will refuse it.
  func settleFamilies(
    of new: inout ServiceFields, old: ServiceFields?
  ) throws(AdmissionRefusal) -> Bool {
    guard new.type != "ExternalName" else { return true }
    guard new.needsClusterIP else { return false }
    // Such services do not follow a cluster that gets or loses a second family.
    if let old, isUnchangedDualStack(new, old) { return true }
    if new.policy == nil { new.policy = old?.policy ?? Self.defaultPolicy(new) }
    if let old { Self.trimSecondFamily(of: &new, old) }
    guard new.areAddressesReadable,
      ["SingleStack", "PreferDualStack", "RequireDualStack"].contains(new.policy)
    else { return false }
    try refuseTwoOfOne(new)
    try addFamiliesOfAddresses(to: &new)
    if new.isHeadless, !new.hasSelector {
      // Nobody but the endpoints' writer knows what it leads to, so any family goes.
      if new.families.isEmpty { new.families = defaultFamily }
      if new.policy != "SingleStack" { Self.addOtherFamily(to: &new) }
      return true
    }
    try refuseForeignFamilies(new)
    if new.families.isEmpty { new.families = defaultFamily }
    if new.policy != "SingleStack", network.isDualStack { Self.addOtherFamily(to: &new) }
    return true
  }

  private var defaultFamily: [String] { network.ranges.prefix(1).map(\.family) }

  private static func defaultPolicy(_ fields: ServiceFields) -> String {
    fields.isHeadless && !fields.hasSelector ? "RequireDualStack" : "SingleStack"
  }

  private static func addOtherFamily(to fields: inout ServiceFields) {
    guard fields.families.count == 1 else { return }
    fields.families.append(fields.families[0] == "IPv4" ? "IPv6" : "IPv4")
  }

  private func isUnchangedDualStack(_ new: ServiceFields, _ old: ServiceFields) -> Bool {
    new.policy == "PreferDualStack" && old.policy == "PreferDualStack" && old.type == new.type
      && old.clusterIPs == new.clusterIPs && old.families == new.families
  }

  /// Going back to one family lets go of the second.
  private static func trimSecondFamily(of new: inout ServiceFields, _ old: ServiceFields) {
    guard old.policy == "RequireDualStack" || old.policy == "PreferDualStack",
      new.policy == "SingleStack"
    else { return }
    if new.clusterIPs.count > 1, new.clusterIPs == old.clusterIPs {
      new.clusterIPs = Array(new.clusterIPs.prefix(1))
    }
    if new.families.count > 1, new.families == old.families {
      new.families = Array(new.families.prefix(1))
    }
  }

  private func refuse(_ causes: [AdmissionRefusal.Cause]) throws(AdmissionRefusal) {
    guard let first = causes.first else { return }
    throw AdmissionRefusal(
      code: 422, reason: "Invalid",
      message: "\(label) is invalid: \(first.field): \(first.message)"
        + (causes.count > 1 ? ", and \(causes.count - 1) more" : ""),
      causes: causes)
  }

  private static func cause(_ field: String, _ message: String) -> AdmissionRefusal.Cause {
    AdmissionRefusal.Cause(reason: "FieldValueInvalid", message: message, field: field)
  }

  private func refuseTwoOfOne(_ fields: ServiceFields) throws(AdmissionRefusal) {
    guard fields.policy == "SingleStack" else { return }
    var causes: [AdmissionRefusal.Cause] = []
    for (name, count) in [
      ("clusterIPs", fields.clusterIPs.count), ("ipFamilies", fields.families.count),
    ] where count == 2 {
      causes.append(
        Self.cause(
          "spec.ipFamilyPolicy",
          "is 'SingleStack' while \(name) has two entries; write 'PreferDualStack' or "
            + "'RequireDualStack'"))
    }
    try refuse(causes)
  }

  private func addFamiliesOfAddresses(to fields: inout ServiceFields) throws(AdmissionRefusal) {
    guard !fields.isHeadless else { return }
    var causes: [AdmissionRefusal.Cause] = []
    for (index, text) in fields.clusterIPs.enumerated() where index >= fields.families.count {
      guard let address = IPAddress(text) else { continue }
      let family = AddressRange.family(of: address.unmapped)
      if network.range(family) == nil {
        causes.append(
          Self.cause(
            "spec.clusterIPs[\(index)]",
            "'\(text)' is an \(family) address, and the cluster has none for services"))
      } else {
        fields.families.append(family)
      }
    }
    try refuse(causes)
  }

  private func refuseForeignFamilies(_ fields: ServiceFields) throws(AdmissionRefusal) {
    var causes: [AdmissionRefusal.Cause] = []
    if fields.policy == "RequireDualStack", !network.isDualStack {
      causes.append(
        Self.cause(
          "spec.ipFamilyPolicy", "is 'RequireDualStack', and the cluster has one family only"))
    }
    for (index, family) in fields.families.enumerated() where network.range(family) == nil {
      causes.append(
        Self.cause(
          "spec.ipFamilies[\(index)]", "the cluster has no \(family) addresses for services"))
    }
    try refuse(causes)
  }
}
