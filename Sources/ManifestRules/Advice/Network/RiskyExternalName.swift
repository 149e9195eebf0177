import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Flags names of other hosts that are none, or lead back.
struct RiskyExternalName: ObjectAdvice {
  static let about = AdviceDescription(
    "NET004", "risky-external-name", .warning, .recommended,
    "The external name of a Service is localhost, an address, or has a port or a scheme.",
    why: """
      The name becomes an alias in DNS. An alias cannot be an address and knows no ports; and one \
      for localhost leads every client, such as an Ingress controller, to itself.
      """,
    supersedes: ["SVC-09"],
    bad: [
      """
      apiVersion: v1
      kind: Service
      metadata: {name: db}
      spec:
        type: ExternalName
        externalName: 10.1.2.3 # want: '10.1.2.3' is an address, and DNS takes only names here
      """,
      """
      apiVersion: v1
      kind: Service
      metadata: {name: db}
      spec:
        type: ExternalName
        externalName: localhost # want: 'localhost' leads every client to itself
      """,
      """
      apiVersion: v1
      kind: Service
      metadata: {name: db}
      spec: {type: ExternalName, externalName: "https://db.example.com"} # want: a scheme
      """,
      """
      apiVersion: v1
      kind: Service
      metadata: {name: db}
      spec: {type: ExternalName, externalName: "db.example.com:5432"} # want: a port
      """,
    ],
    good: [
      """
      apiVersion: v1
      kind: Service
      metadata: {name: db}
      spec:
        type: ExternalName
        externalName: localhost.example.com
      """,
      """
      apiVersion: v1
      kind: Service
      metadata: {name: db}
      spec:
        type: ExternalName
        externalName: 10-1-2-3.db.example.com
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: web}
      spec: {selector: {app: web}, ports: [{port: 80}]}
      """,
    ])

  static let kinds = ["Service"]

  static func check(_ object: AdviceObject, into report: inout AdviceReport) {
    guard object.gvk.group.isEmpty, let spec = object.node[.spec],
      spec["type"]?.string == "ExternalName", let node = spec["externalName"],
      let name = node.string, !name.isEmpty
    else { return }
    guard let (problem, help) = problem(in: name) else { return }
    report.flag(at: node, "'\(name)' \(problem)", help: help)
  }

  private static func problem(in name: String) -> (String, String)? {
    var bare = name.lowercased()
    while bare.hasSuffix(".") { bare.removeLast() }
    let isLocal =
      ["localhost", "localhost.localdomain", "localhost4", "localhost6", "ip6-localhost"]
      .contains(bare) || bare.hasSuffix(".localhost")
    if isLocal { return ("leads every client to itself", "name the host that is meant") }
    if IPAddress(bare) != nil {
      return (
        "is an address, and DNS takes only names here",
        "use a Service without selector and an EndpointSlice for addresses"
      )
    }
    if name.contains("://") { return ("has a scheme, and DNS knows none", "write the name alone") }
    if let colon = name.lastIndex(of: ":"), Int(name[name.index(after: colon)...]) != nil {
      return ("has a port, and DNS knows none", "write the name alone")
    }
    return nil
  }
}
