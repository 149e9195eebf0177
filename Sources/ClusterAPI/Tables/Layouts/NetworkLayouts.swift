import ManifestSyntax

/// Services, what stands behind them, and what leads to them.
enum NetworkLayouts {
  static let services: [TableColumn] = [
    .name, .field("Type", ["spec", "type"]),
    .text("Cluster-IP", "The first address within the cluster.") {
      $0.list(["spec", "clusterIPs"]).first?.string ?? "<none>"
    },
    .text("External-IP", "Addresses outside of the cluster.", externalAddresses),
    .text("Port(s)", "Ports, with the nodes' ports after a colon.", ports), .age,
    .text("Selector", "Labels of the pods behind it.", isWide: true) {
      LabelText.labels($0.at(["spec", "selector"]))
    },
  ]

  static let endpoints: [TableColumn] = [
    .name, .text("Endpoints", "Addresses and ports behind the service.", subsets), .age,
  ]

  static let endpointSlices: [TableColumn] = [
    .name, .field("AddressType", ["addressType"]),
    .text("Ports", "Ports of each endpoint.") {
      shortened(
        $0.list(["ports"]).map { port in
          port["port"]?.int64.map(String.init) ?? port["name"]?.string ?? "*"
        })
    },
    .text("Endpoints", "Addresses of the endpoints.") {
      shortened($0.list(["endpoints"]).flatMap { $0["addresses"]?.list ?? [] }.map(\.cellText))
    }, .age,
  ]

  static let ingresses: [TableColumn] = [
    .name, .field("Class", ["spec", "ingressClassName"], absent: "<none>"),
    .text("Hosts", "Hosts that requests are meant for.", hosts),
    .text("Address", "Where the load balancer is reached.", loadBalancer),
    .text("Ports", "Ports that are open.") {
      $0.count(["spec", "tls"]) > 0 ? "80, 443" : "80"
    }, .age,
  ]

  static let ingressClasses: [TableColumn] = [
    .name, .field("Controller", ["spec", "controller"]),
    .text("Parameters", "The object with further settings.") {
      guard let parameters = $0.at(["spec", "parameters"]), parameters != .null else {
        return "<none>"
      }
      let kind = parameters["kind"]?.string ?? ""
      let group = parameters["apiGroup"]?.string.map { ".\($0)" } ?? ""
      return "\(kind)\(group)/\(parameters["name"]?.string ?? "")"
    }, .age,
  ]

  static let networkPolicies: [TableColumn] = [
    .name, .selector("Pod-Selector", at: ["spec", "podSelector"], isWide: false), .age,
  ]

  static let serviceCIDRs: [TableColumn] = [
    .name,
    .text("CIDRs", "Ranges of addresses for services.") {
      $0.list(["spec", "cidrs"]).map(\.cellText).joined(separator: ",")
    }, .age,
  ]

  static let ipAddresses: [TableColumn] = [
    .name,
    .text("ParentRef", "The object that holds the address.") {
      guard let parent = $0.at(["spec", "parentRef"]), parent != .null else { return "<none>" }
      let parts = ["resource", "group"].compactMap { parent[$0]?.string }.filter { !$0.isEmpty }
      let place = ["namespace", "name"].compactMap { parent[$0]?.string }.filter { !$0.isEmpty }
      return ([parts.joined(separator: ".").lowercased()] + place).joined(separator: "/")
    },
  ]

  /// Up to three of the texts, and how many more there are.
  static func shortened(_ texts: [String], absent: String = "<unset>") -> String {
    if texts.isEmpty { return absent }
    let shown = texts.prefix(3).joined(separator: ",")
    return texts.count > 3 ? "\(shown) + \(texts.count - 3) more..." : shown
  }

  @Sendable private static func externalAddresses(_ service: TableSubject) -> String {
    let written = service.list(["spec", "externalIPs"]).map(\.cellText)
    switch service.text(["spec", "type"]) {
    case "ClusterIP", "NodePort": return written.isEmpty ? "<none>" : written.joined(separator: ",")
    case "LoadBalancer":
      let balancer = loadBalancer(service)
      let all = (balancer.isEmpty ? [] : [balancer]) + written
      return all.isEmpty ? "<pending>" : all.joined(separator: ",")
    case "ExternalName": return service.text(["spec", "externalName"])
    default: return "<unknown>"
    }
  }

  @Sendable private static func ports(_ service: TableSubject) -> String {
    let ports = service.list(["spec", "ports"]).map { port in
      let node = port["nodePort"]?.int64 ?? 0
      return "\(port["port"]?.int64 ?? 0)\(node > 0 ? ":\(node)" : "")"
        + "/\(port["protocol"]?.string ?? "")"
    }
    return ports.isEmpty ? "<none>" : ports.joined(separator: ",")
  }

  @Sendable private static func loadBalancer(_ subject: TableSubject) -> String {
    let addresses = subject.list(["status", "loadBalancer", "ingress"]).compactMap { ingress in
      [ingress["ip"]?.string, ingress["hostname"]?.string].compactMap { $0 }
        .first { !$0.isEmpty }
    }
    return Set(addresses).sorted().joined(separator: ",")
  }

  @Sendable private static func hosts(_ ingress: TableSubject) -> String {
    let rules = ingress.list(["spec", "rules"])
    let hosts = rules.compactMap { $0["host"]?.string }.filter { !$0.isEmpty }
    if hosts.isEmpty { return "*" }
    let shown = hosts.prefix(3).joined(separator: ",")
    return hosts.count > 3 ? "\(shown) + \(rules.count - 3) more..." : shown
  }

  @Sendable private static func subsets(_ endpoints: TableSubject) -> String {
    var all: [String] = []
    for subset in endpoints.list(["subsets"]) {
      let addresses = (subset["addresses"]?.list ?? []).map { $0["ip"]?.string ?? "" }
      let ports = subset["ports"]?.list ?? []
      if ports.isEmpty { all += addresses }
      for port in ports {
        all += addresses.map { address in
          let host = address.contains(":") ? "[\(address)]" : address
          return "\(host):\(port["port"]?.int64 ?? 0)"
        }
      }
    }
    return shortened(all, absent: endpoints.list(["subsets"]).isEmpty ? "<none>" : "")
  }
}
