import ManifestSchema
import ManifestSyntax

extension ServiceAllocator {
  /// Allocates an address of every family that the service has none of.
  mutating func allocateAddresses(of new: inout ServiceFields) throws(AdmissionRefusal) {
    guard new.type != "ExternalName", !new.isHeadless else { return }
    var addresses = new.clusterIPs
    for (index, family) in new.families.enumerated() {
      if index < addresses.count {
        try takeAddress(addresses[index], family, all: new.clusterIPs)
      } else {
        addresses.append(try pickAddress(family))
      }
    }
    new.clusterIPs = addresses
    new.clusterIP = addresses.first ?? ""
  }

  /// Allocates and gives back what the change from `old` makes needed and needless.
  mutating func updateAddresses(
    of new: inout ServiceFields, _ old: ServiceFields
  ) throws(AdmissionRefusal) {
    if old.type == "ExternalName" {
      if new.type != "ExternalName" { try allocateAddresses(of: &new) }
      return
    }
    if old.isHeadless { return }
    if new.type == "ExternalName" {
      for text in old.clusterIPs { try releaseAddress(text) }
      return
    }
    if old.families.count == 1, new.families.count == 2 {
      var addresses = new.clusterIPs
      if addresses.count < 2 {
        addresses.append(try pickAddress(new.families[1]))
      } else {
        try takeAddress(addresses[1], new.families[1], all: addresses)
      }
      new.clusterIPs = addresses
    } else if old.families.count == 2, new.families.count == 1, old.clusterIPs.count == 2 {
      try releaseAddress(old.clusterIPs[1])
    }
  }

  private mutating func pickAddress(_ family: String) throws(AdmissionRefusal) -> String {
    guard let range = network.range(family) else {
      throw .internal("the cluster has no \(family) addresses for services")
    }
    if isDryRun { return range.placeholder.description }
    guard let address = try range.pick(&generator, in: table) else {
      throw .internal("no address of the range \(range.cidr) is free")
    }
    try take(.address(address.description))
    return address.description
  }

  private func takeAddress(
    _ text: String, _ family: String, all addresses: [String]
  ) throws(AdmissionRefusal) {
    guard let address = IPAddress(text)?.unmapped else {
      throw .internal("'\(text)' is no address")
    }
    guard let range = network.range(family), range.contains(address) else {
      let ranges = network.ranges.map(\.cidr.description).joined(separator: ", ")
      throw .invalid(
        label, field: "spec.clusterIPs",
        "'\(text)' is not among the addresses for services (\(ranges))")
    }
    if isDryRun { return }
    if let holder = try table.owner(of: .address(address.description)) {
      throw .invalid(
        label, field: "spec.clusterIPs", "'\(text)' is taken by \(holder.description)")
    }
    try take(.address(address.description))
  }

  private func releaseAddress(_ text: String) throws(AdmissionRefusal) {
    guard let address = IPAddress(text)?.unmapped else { return }
    try release(.address(address.description))
  }
}
