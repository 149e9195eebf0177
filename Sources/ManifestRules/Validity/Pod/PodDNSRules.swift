import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Name resolution: the DNS settings of pods and their host aliases (DNS-01 … DNS-10).
enum PodDNSRules: PodRules {
  static let title = "Name resolution"
  static let needs = ["dnsConfig", "dnsPolicy", "hostAliases"]

  private static let nameserversMax = 3

  static func check(_ pod: PodSubject, into report: inout Report) {
    checkSettings(pod.spec, into: &report)
    let reading: IPAddress.Reading = report.version.minor >= 36 ? .strict : .legacy
    for (index, alias) in pod.spec.hostAliases.enumerated() {
      let item = FieldPath([.field("hostAliases"), .index(index)])
      let address = alias.ip ?? ""
      LabelChecks.refuse(
        "DNS-09", NetworkFormat.ip(address, reading), of: address, as: "the address of a host",
        at: pod.spec.node, item.field("ip"), into: &report)
      for (number, name) in alias.hostnames.enumerated() {
        LabelChecks.refuse(
          "DNS-10", NameFormat.dnsSubdomain(name), of: name, as: "the name of a host",
          at: pod.spec.node, item.field("hostnames").index(number), into: &report)
      }
    }
  }

  private static func checkSettings(_ spec: PodSpec, into report: inout Report) {
    let settings = spec.dnsConfig
    if spec.dnsPolicy == "None" {
      guard let settings else {
        return report.error(
          "DNS-01", .required, at: spec.node, "dnsConfig",
          "'dnsPolicy: None' takes no settings from elsewhere, and there is no 'dnsConfig'",
          help: "add 'dnsConfig' with 'nameservers'")
      }
      guard !settings.nameservers.isEmpty else {
        return report.error(
          "DNS-02", .required, at: spec.node, "dnsConfig.nameservers",
          "'dnsPolicy: None' takes no name servers from elsewhere, and none are listed",
          help: "list at least one address in 'nameservers'")
      }
    }
    guard let settings else { return }
    checkServers(settings, into: &report)
    checkSearches(settings, into: &report)
    for (index, option) in settings.options.enumerated() where (option.name ?? "").isEmpty {
      let item = FieldPath([.field("options"), .index(index)])
      report.error(
        "DNS-08", .required, at: settings.node, item.field("name"), "the option has no name",
        help: "add 'name', or remove the option", server: item)
    }
  }

  private static func checkServers(_ settings: PodDNSConfig, into report: inout Report) {
    let servers = settings.nameservers
    if servers.count > nameserversMax {
      report.error(
        "DNS-03", .invalid, at: settings.node, "nameservers",
        "there are \(servers.count) name servers; resolvers use \(nameserversMax) at most",
        help: "keep \(nameserversMax) of them")
    }
    let reading: IPAddress.Reading = report.version.minor >= 36 ? .strict : .legacy
    for (index, server) in servers.enumerated() {
      LabelChecks.refuse(
        "DNS-04", NetworkFormat.ip(server, reading), of: server, as: "a name server",
        at: settings.node, FieldPath([.field("nameservers"), .index(index)]), into: &report)
    }
  }

  private static func checkSearches(_ settings: PodDNSConfig, into report: inout Report) {
    let searches = Array(settings.searches)
    // The limits of old resolvers held until 1.26.
    let (countMax, bytesMax) = report.version.minor >= 26 ? (32, 2048) : (6, 256)
    if searches.count > countMax {
      report.error(
        "DNS-05", .invalid, at: settings.node, "searches",
        "there are \(searches.count) search domains; at most \(countMax) are allowed",
        help: "keep \(countMax) of them")
    }
    let bytes = searches.reduce(0) { $0 + $1.utf8.count } + max(searches.count - 1, 0)
    if bytes > bytesMax {
      report.error(
        "DNS-06", .invalid, at: settings.node, "searches",
        "the search domains have \(bytes) bytes with a blank between them; at most \(bytesMax) are "
          + "allowed", help: "keep fewer or shorter ones")
    }
    let isRelaxed = report.version.minor >= 33
    for (index, search) in searches.enumerated() where !(isRelaxed && search == ".") {
      let name = search.hasSuffix(".") ? search.dropLast() : search[...]
      LabelChecks.refuse(
        "DNS-07",
        isRelaxed ? NameFormat.dnsSubdomainWithUnderscore(name) : NameFormat.dnsSubdomain(name),
        of: search, as: "a search domain", at: settings.node,
        FieldPath([.field("searches"), .index(index)]), into: &report)
    }
  }

  static let rules: [RuleDescription] = [
    RuleDescription(
      "DNS-01", "dnsPolicy None has a dnsConfig", bad: "spec.dnsPolicy = None",
      good: "spec.dnsPolicy = None\nspec.dnsConfig = {nameservers: [1.1.1.1]}"),
    RuleDescription(
      "DNS-02", "dnsPolicy None has name servers",
      bad: "spec.dnsPolicy = None\nspec.dnsConfig = {searches: [a]}",
      good: "spec.dnsPolicy = Default\nspec.dnsConfig = {searches: [a]}"),
    RuleDescription(
      "DNS-03", "there are at most three name servers",
      bad: "spec.dnsConfig.nameservers = [1.1.1.1, 1.1.1.2, 1.1.1.3, 1.1.1.4]",
      good: "spec.dnsConfig.nameservers = [1.1.1.1, 1.1.1.2, 1.1.1.3]"),
    RuleDescription(
      "DNS-04", "name servers are addresses",
      bad: "spec.dnsConfig.nameservers = [dns.example.com]",
      "spec.dnsConfig.nameservers = [10.0.0.010]",
      "spec.dnsConfig.nameservers = ['::ffff:1.2.3.4']",
      good: "spec.dnsConfig.nameservers = [10.0.0.10, '2001:db8::1']"),
    RuleDescription(
      "DNS-05", "there are at most 32 search domains",
      bad: searches(Array(repeating: "a", count: 33)),
      good: searches(Array(repeating: "a", count: 32))),
    RuleDescription(
      "DNS-06", "the search domains have at most 2048 bytes together",
      bad: searches(Array(repeating: String(repeating: "a", count: 204), count: 10)),
      good: searches(Array(repeating: String(repeating: "a", count: 203), count: 10))),
    RuleDescription(
      "DNS-07", "search domains are DNS names, underscores and a dot at the end allowed",
      bad: searches(["A.example"]), searches([".."]), searches([""]),
      good: searches([".", "_tcp.example.com.", "a_b"])),
    RuleDescription(
      "DNS-08", "an option has a name", bad: "spec.dnsConfig.options = [{value: '2'}]",
      good: "spec.dnsConfig.options = [{name: ndots}]"),
    RuleDescription(
      "DNS-09", "a host alias has an address", bad: "spec.hostAliases = [{hostnames: [a]}]",
      "spec.hostAliases = [{ip: 1.2.3}]", good: "spec.hostAliases = [{ip: 127.0.0.1}]"),
    RuleDescription(
      "DNS-10", "the names of a host alias are DNS names",
      bad: "spec.hostAliases = [{ip: 127.0.0.1, hostnames: [a, a_b]}]",
      good: "spec.hostAliases = [{ip: 127.0.0.1, hostnames: [a.b.example]}]"),
  ]

  private static func searches(_ names: [String]) -> RuleExample {
    "spec.dnsConfig.searches = [\(names.map { "'\($0)'" }.joined(separator: ", "))]"
  }
}
