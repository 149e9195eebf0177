import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Flags routes that lead to a Service, or a port of one, that is not there.
struct RouteBackendMissing: UniverseAdvice {
  static let about = AdviceDescription(
    "REF016", "route-backend-missing", .error, .recommended, fix: .hint,
    "An Ingress or a route leads to a Service or a port that does not exist.",
    why: """
      Every request for the route is answered with 503 or 500. The server stores such objects \
      without a word, since the Service might come later.
      """,
    bad: [
      """
      apiVersion: networking.k8s.io/v1
      kind: Ingress
      metadata: {name: web}
      spec:
        rules:
        - http:
            paths:
            - path: /
              pathType: Prefix
              backend:
                service:
                  name: wep # want: no Service 'wep' is in the repository
                  port: {number: 80}
            - path: /api
              pathType: Prefix
              backend: {service: {name: web, port: {name: htpp}}} # want: has no port 'htpp'
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: web}
      spec:
        selector: {app: web}
        ports: [{name: http, port: 80}]
      """,
      """
      apiVersion: gateway.networking.k8s.io/v1
      kind: HTTPRoute
      metadata: {name: web}
      spec:
        parentRefs: [{name: gateway}]
        rules:
        - backendRefs:
          - name: web
            port: 8080 # want: the Service 'web' has no port 8080
      --- # file: web.yaml
      apiVersion: v1
      kind: Service
      metadata: {name: web}
      spec:
        selector: {app: web}
        ports: [{port: 80, targetPort: 8080}]
      """,
    ],
    good: [
      """
      apiVersion: networking.k8s.io/v1
      kind: Ingress
      metadata: {name: web, namespace: shop}
      spec:
        defaultBackend: {resource: {apiGroup: example.com, kind: Bucket, name: files}}
        rules:
        - http:
            paths:
            - {path: /, pathType: Prefix, backend: {service: {name: web, port: {name: http}}}}
            - {path: /x, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}
      --- # file: services/web.yaml
      apiVersion: v1
      kind: Service
      metadata: {name: web}
      spec:
        selector: {app: web}
        ports: [{name: http, port: 80}]
      """,
      """
      apiVersion: gateway.networking.k8s.io/v1
      kind: HTTPRoute
      metadata: {name: web, namespace: shop}
      spec:
        rules:
        - backendRefs:
          - {name: web, namespace: other, port: 80}
          - {group: example.com, kind: Lambda, name: nowhere}
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: web, namespace: other}
      spec:
        selector: {app: web}
        ports: [{port: 80}]
      """,
    ])

  static let kinds = ["Ingress", "HTTPRoute", "GRPCRoute", "TCPRoute", "TLSRoute", "UDPRoute"]

  /// A Service that a route leads to.
  private struct Backend {
    var nameNode: NodeRef
    var port: NodeRef?
    var namespace: String?
  }

  static func check(
    _ object: AdviceObject, in universe: Universe, into report: inout AdviceReport
  ) {
    guard let spec = object.node[.spec] else { return }
    let backends = object.kind == "Ingress" ? ofIngress(spec) : ofRoute(spec)
    for backend in backends {
      guard let name = backend.nameNode.string, !name.isEmpty else { continue }
      switch universe.find("Service", name, for: object, in: backend.namespace) {
      case .objects(let services):
        checkPort(backend, services, into: &report)
      case .elsewhere(let others):
        let space = backend.namespace ?? universe.namespace(of: object) ?? ""
        report.flag(
          at: backend.nameNode, "no Service '\(name)' is in namespace '\(space)'",
          related: others.prefix(3).map {
            report.related("there is one here", at: $0.place, of: $0)
          }
        )
      case .missing:
        let near = universe.name(meantBy: name, ofKind: "Service", near: object)
        report.flag(
          at: backend.nameNode, "no Service '\(name)' is in the repository",
          help: near.map { "did you mean '\($0)'?" }
            ?? "add it, or declare it as external where something else makes it")
      default: continue
      }
    }
  }

  private static func ofIngress(_ spec: NodeRef) -> [Backend] {
    var nodes: [NodeRef] = []
    if let node = spec["defaultBackend"] ?? spec["backend"] { nodes.append(node) }
    for rule in spec.list("rules") {
      guard let http = rule["http"] else { continue }
      for path in http.list("paths") {
        if let node = path["backend"] { nodes.append(node) }
      }
    }
    return nodes.compactMap { node in
      if let service = node["service"], let name = service[.name] {
        let port = service["port"]
        return Backend(nameNode: name, port: port?["number"] ?? port?[.name])
      }
      return node["serviceName"].map { Backend(nameNode: $0, port: node["servicePort"]) }
    }
  }

  private static func ofRoute(_ spec: NodeRef) -> [Backend] {
    var nodes: [NodeRef] = []
    for rule in spec.list("rules") {
      nodes += Array(rule.list("backendRefs"))
      for filter in rule.list("filters") {
        if let node = filter["requestMirror"]?["backendRef"] { nodes.append(node) }
      }
    }
    return nodes.compactMap { node in
      guard node[.kind]?.string ?? "Service" == "Service", node["group"]?.string ?? "" == "",
        let name = node[.name]
      else { return nil }
      return Backend(nameNode: name, port: node["port"], namespace: node[.namespace]?.string)
    }
  }

  private static func checkPort(
    _ backend: Backend, _ services: [AdviceObject], into report: inout AdviceReport
  ) {
    guard let node = backend.port else { return }
    let name = node.string
    let number = node.int64
    guard name != nil || number != nil else { return }
    var known: [String] = []
    for service in services {
      // Custom kinds of this name, and names for other hosts, say nothing of their ports.
      guard service.gvk.group.isEmpty, let spec = service.node[.spec] else { return }
      let ports = Array(spec.list(.ports))
      if ports.isEmpty { return }
      for port in ports {
        if let name, port[.name]?.string == name { return }
        if let number, port["port"]?.int64 == number { return }
        known.append(
          (name == nil ? nil : port[.name]?.string) ?? port["port"]?.int64.map(String.init) ?? "")
      }
    }
    let shown = name.map { "'\($0)'" } ?? number.map { "\($0)" } ?? ""
    let near = name.flatMap { EditDistance.nearest(to: $0, in: known) }
    report.flag(
      at: node, "the Service '\(backend.nameNode.string ?? "")' has no port \(shown)",
      help: near.map { "did you mean '\($0)'?" }
        ?? "it has \(Set(known).sorted().joined(separator: ", "))",
      related: services.prefix(3).map { report.related("the Service", at: $0.place, of: $0) })
  }
}
