import ManifestSyntax

extension ServiceAllocator {
  /// Allocates the ports of a new service: entries with the same port share one.
  mutating func allocateNodePorts(of new: inout ServiceFields) throws(AdmissionRefusal) {
    var given: [Int: Int] = [:]
    for (index, port) in new.ports.enumerated() {
      if port.nodePort == 0, !new.needsNodePorts { continue }
      if let known = given[port.number] {
        if port.nodePort == 0 {
          new.setNodePort(known, at: index)
        } else if port.nodePort != known {
          try takePort(port.nodePort, at: index)
        }
        continue
      }
      // The first entry of a port takes the number that any of its siblings asks for.
      let wanted = new.ports.first { $0.number == port.number && $0.nodePort != 0 }?.nodePort
      if let wanted { try takePort(wanted, at: index) }
      let number = if let wanted { wanted } else { try pickPort() }
      new.setNodePort(number, at: index)
      given[port.number] = number
    }
  }

  /// Allocates and gives back what the change from `old` makes needed and needless.
  mutating func updateNodePorts(
    of new: inout ServiceFields, _ old: ServiceFields
  ) throws(AdmissionRefusal) {
    let before = old.hasNodePorts ? old.nodePorts : []
    if new.hasNodePorts { try changeNodePorts(of: &new, from: before) }
    let after = new.hasNodePorts ? new.nodePorts : []
    for number in Set(before).subtracting(after).sorted() { try release(.nodePort(number)) }
    if !old.needsHealthCheckPort, new.needsHealthCheckPort {
      try allocateHealthCheckPort(of: &new)
    } else if old.needsHealthCheckPort, !new.needsHealthCheckPort, old.healthCheckPort != 0 {
      try release(.nodePort(old.healthCheckPort))
    }
  }

  private mutating func changeNodePorts(
    of new: inout ServiceFields, from before: [Int]
  ) throws(AdmissionRefusal) {
    var taken = Set(before)
    var seen: Set<[String]> = []
    for (index, port) in new.ports.enumerated() {
      if port.nodePort == 0, !new.needsNodePorts { continue }
      var number = port.nodePort
      if number == 0 {
        number = try pickPort()
        new.setNodePort(number, at: index)
      } else if taken.insert(number).inserted {
        try takePort(number, at: index)
      }
      guard seen.insert([port.protocol, String(number)]).inserted else {
        throw .internal(
          "two ports of the service have the node port \(number) and the protocol "
            + port.protocol)
      }
    }
  }

  mutating func allocateHealthCheckPort(
    of new: inout ServiceFields
  ) throws(AdmissionRefusal) {
    let wanted = new.healthCheckPort
    guard wanted != 0 else {
      new.healthCheckPort = try pickPort()
      return
    }
    // What is no port at all is validation's to refuse.
    guard (1...65535).contains(wanted) else { return }
    if let trouble = try troubleTaking(wanted) {
      throw .internal("the health check's node port \(wanted) \(trouble)")
    }
  }

  private mutating func pickPort() throws(AdmissionRefusal) -> Int {
    let lowest = network.nodePorts.lowerBound
    let table = table
    let index = try network.portBands.pick(&generator) { (index) throws(AdmissionRefusal) in
      try !table.isTaken(.nodePort(lowest + Int(index)))
    }
    guard let index else {
      throw .internal("no node port of the range \(portRangeText) is free")
    }
    let number = lowest + Int(index)
    try take(.nodePort(number))
    return number
  }

  private func takePort(_ number: Int, at index: Int) throws(AdmissionRefusal) {
    guard let trouble = try troubleTaking(number) else { return }
    throw .invalid(label, field: "spec.ports[\(index)].nodePort", "\(number) \(trouble)")
  }

  /// Takes a port that was asked for; says why that cannot be.
  private func troubleTaking(_ number: Int) throws(AdmissionRefusal) -> String? {
    // The server looks at the range only when it really takes a port.
    guard network.nodePorts.contains(number) else {
      return isDryRun ? nil : "is not within the range \(portRangeText)"
    }
    if let holder = try table.owner(of: .nodePort(number)) {
      return holder == owner
        ? "is taken by another port of the service" : "is taken by \(holder.description)"
    }
    try take(.nodePort(number))
    return nil
  }

  private var portRangeText: String {
    "\(network.nodePorts.lowerBound)-\(network.nodePorts.upperBound)"
  }
}
