import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Addresses and address families of Services.
///
/// The server looks at them before it allocates what is missing, and says nothing else when they
/// are wrong.
enum ServiceAddressRules: KindRules {
  static let title = "Addresses of Services"
  static let needs = [
    "clusterIP", "clusterIPs", "healthCheckNodePort", "ipFamilies", "ipFamilyPolicy", "nodePort",
  ]
  static let kinds = ServiceRules.kinds
  static let comesFirst = true

  static func check(_ object: ObjectSubject, into report: inout Report) {
    guard let spec = object.node[.spec].flatMap(ServiceSpec.read) else { return }
    let addresses = ServiceAddresses(spec)
    check(addresses, into: &report)
    if report.hasErrors || addresses.type == "ExternalName" { return }
    checkStack(addresses, into: &report)
    // An update takes ports of the nodes by other rules.
    if report.hasErrors || object.isUpdate { return }
    NodePortAllocation.check(spec, into: &report)
  }

  /// Judges addresses, families and policy by themselves and against each other.
  static func check(_ addresses: ServiceAddresses, into report: inout Report) {
    guard addresses.type != "ExternalName" else { return }
    checkAgreement(addresses, into: &report)
    checkFamilies(addresses, into: &report)
    if let policy = addresses.policy {
      report.refuseUnknown(
        "SVC-29", policy, among: ["SingleStack", "PreferDualStack", "RequireDualStack"],
        at: addresses.spec.node, "ipFamilyPolicy")
    }
    guard checkFormats(addresses, into: &report) else { return }
    checkPairs(addresses, into: &report)
  }

  private static func checkAgreement(_ addresses: ServiceAddresses, into report: inout Report) {
    let node = addresses.spec.node
    if addresses.clusterIP.isEmpty {
      guard let first = addresses.clusterIPs.first else { return }
      report.error(
        "SVC-26", .invalid, at: node, "clusterIPs",
        "clusterIPs is set and clusterIP is not; both must name the same first address",
        help: "set 'clusterIP: \(first)', or leave both to the cluster")
    } else if let first = addresses.clusterIPs.first, first != addresses.clusterIP {
      report.error(
        "SVC-25", .invalid, at: node, "clusterIPs",
        """
        the first of clusterIPs is '\(first)' and clusterIP is '\(addresses.clusterIP)'; they \
        must 
        """
          + "be the same", help: "write the same address in both, or only 'clusterIP'")
    }
  }

  private static func checkFamilies(_ addresses: ServiceAddresses, into report: inout Report) {
    var seen: Set<String> = []
    for (index, family) in addresses.families.enumerated() {
      let part = FieldPath("ipFamilies").index(index)
      report.refuseUnknown(
        "SVC-27", family, among: ["IPv4", "IPv6"], at: addresses.spec.node, part)
      guard !seen.insert(family).inserted else { continue }
      report.error(
        "SVC-28", .duplicate, at: addresses.spec.node, part,
        "the family '\(family)' is listed twice", help: "list each family once")
    }
  }

  /// Returns whether every address can be read.
  private static func checkFormats(
    _ addresses: ServiceAddresses, into report: inout Report
  ) -> Bool {
    var areFine = true
    let node = addresses.spec.node
    let reading: IPAddress.Reading = report.version.minor >= 36 ? .strict : .legacy
    for (index, address) in addresses.clusterIPs.enumerated() {
      if index == 0, address == ServiceAddresses.none {
        guard addresses.clusterIPs.count > 1 else { continue }
        areFine = false
        report.error(
          "SVC-30", .invalid, at: node, "clusterIPs",
          "'None' says that the service has no address, so no other address can follow",
          help: "keep 'None' alone, or list addresses only")
        continue
      }
      let problems = NetworkFormat.ip(address, reading)
      if !problems.isEmpty { areFine = false }
      report.refuse(
        "SVC-31", problems, of: address, as: "address of a service", at: node,
        addresses.path(of: index), server: FieldPath("clusterIPs").index(index))
    }
    if addresses.clusterIPs.count > 2 {
      report.error(
        "SVC-32", .invalid, at: node, "clusterIPs",
        """
        there are \(addresses.clusterIPs.count) addresses; a service has one of each family at \
        most
        """,
        help: "keep one IPv4 and one IPv6 address")
    }
    return areFine
  }

  /// Two addresses belong to two families, in the order of the families.
  private static func checkPairs(_ addresses: ServiceAddresses, into report: inout Report) {
    let node = addresses.spec.node
    guard !addresses.isHeadless else { return }
    let known = addresses.clusterIPs.map { IPAddress($0)?.unmapped.family }
    if known.count > 1, !(known.contains(.v4) && known.contains(.v6)) {
      report.error(
        "SVC-33", .invalid, at: node, "clusterIPs", "two addresses are of the same family",
        help: "keep one IPv4 and one IPv6 address")
    }
    for (index, (family, wanted)) in zip(known, addresses.families).enumerated() {
      let isWrong = wanted == "IPv4" && family == .v6 || wanted == "IPv6" && family == .v4
      guard isWrong else { continue }
      report.error(
        "SVC-34", .invalid, at: node, addresses.path(of: index),
        "'\(addresses.clusterIPs[index])' is not of the family '\(wanted)' that ipFamilies names "
          + "for it", help: "put addresses and families in the same order",
        server: FieldPath("clusterIPs").index(index))
    }
  }

  /// A service of one family has one address and one family.
  static func checkStack(_ addresses: ServiceAddresses, into report: inout Report) {
    guard addresses.effectivePolicy == "SingleStack" else { return }
    let part: FieldPath = addresses.policy == nil ? "" : "ipFamilyPolicy"
    func refuse(_ code: String, _ what: String, _ field: FieldPath, _ report: inout Report) {
      report.error(
        code, .invalid, at: addresses.spec.node, part.isRoot ? field : part,
        """
        ipFamilyPolicy is 'SingleStack'\(part.isRoot ? " by default" : ""), but there are two \
        \(what)
        """,
        help: "write 'ipFamilyPolicy: PreferDualStack', or keep one of them",
        serverField: "spec.ipFamilyPolicy")
    }
    if addresses.clusterIPs.count == 2 { refuse("SVA-07", "addresses", "clusterIPs", &report) }
    if addresses.families.count == 2 { refuse("SVA-08", "families", "ipFamilies", &report) }
  }
}
