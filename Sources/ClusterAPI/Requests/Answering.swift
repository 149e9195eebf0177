import ClusterControl
import ClusterStore
import ManifestSchema
import ManifestSyntax

extension LocalCluster {
  /// Answers any request of the API.
  ///
  /// Of a watch it tells what has happened so far; whoever wants more asks for a watch himself.
  public func answer(_ request: APIRequest) -> APIResponse {
    do throws(StatusError) {
      if let fixed = fixedAnswer(request) { return fixed }
      if var watch = try watch(request) { return Self.first(of: &watch) }
      if request.method == "GET", let found = try documentAnswer(request) { return found }
      return try objectAnswer(request)
    } catch { return APIResponse(error) }
  }

  private static func first(of watch: inout ObjectWatch) -> APIResponse {
    var body: [UInt8] = []
    while true {
      let events = watch.next()
      if events.isEmpty {
        return APIResponse(code: 200, contentType: APIResponse.jsonLines, body: body)
      }
      for event in events { body += JSONWriter.bytes(event.value) + [0x0A] }
    }
  }

  /// What does not depend on the cluster's content.
  private func fixedAnswer(_ request: APIRequest) -> APIResponse? {
    guard request.method == "GET" else { return nil }
    switch request.path {
    case "/healthz", "/livez", "/readyz": return APIResponse(code: 200, text: "ok")
    case "/version", "/version/":
      return APIResponse(code: 200, Discovery.version(settings.gitVersion))
    default: return nil
    }
  }

  /// Discovery and OpenAPI: what is served, and how it looks.
  private func documentAnswer(_ request: APIRequest) throws(StatusError) -> APIResponse? {
    // Paths of objects are the most, and longer than those of any document.
    let parts = request.segments
    guard parts.first == "openapi" || parts.count <= 3 else { return nil }
    let accept = AcceptHeader(request.accept)
    return try read { (session) throws(StatusError) in
      if parts.first == "openapi" { return try session.openAPI(request) }
      let discovery = Discovery(session.catalog, version: settings.version)
      guard let (type, body) = discovery.answer(path: request.path, accept: accept) else {
        return nil
      }
      return APIResponse(code: 200, contentType: type, body: JSONWriter.bytes(body))
    }
  }

  private func objectAnswer(_ request: APIRequest) throws(StatusError) -> APIResponse {
    switch request.method {
    case "GET":
      return try read { (session) throws(StatusError) in try session.answerRead(request) }
    case "POST", "PUT", "PATCH", "DELETE":
      return try transaction(dryRun: request.isDryRun) { (session) throws(StatusError) in
        try session.answerWrite(request)
      }
    default: throw .methodNotAllowed()
    }
  }
}

// MARK: - Reads

extension ClusterSession {
  func target(_ request: APIRequest) throws(StatusError) -> RequestTarget {
    guard let target = RequestTarget(request, in: catalog) else { throw .noSuchPath() }
    return target
  }

  func openAPI(_ request: APIRequest) throws(StatusError) -> APIResponse {
    let resource = try self.resource(.customResourceDefinitions)
    let definitions = try list(ObjectListQuery(resource)).objects
    let documents = OpenAPIDocuments(
      schema: workshop.schema, catalog: catalog, definitions: definitions)
    guard let document = documents.answer(path: request.path) else { throw .noSuchPath() }
    return APIResponse(code: 200, document)
  }

  func answerRead(_ request: APIRequest) throws(StatusError) -> APIResponse {
    let target = try target(request)
    guard let form = ObjectForm(AcceptHeader(request.accept)) else {
      throw StatusError(
        406, .notAcceptable,
        "only the following media types are accepted: application/json, application/yaml")
    }
    guard let name = target.name else { return try answerList(request, target, form) }
    guard target.subresource.isEmpty || target.resource.has(subresource: target.subresource) else {
      throw .noSuchPath()
    }
    guard target.resource.allows("get") else { throw .methodNotAllowed() }
    switch target.subresource {
    case "", "status", "resize", "ephemeralcontainers":
      if form == .json {
        return APIResponse(
          code: 200,
          body: try getBytes(target.resource, namespace: target.namespace, name: name))
      }
      let object = try get(target.resource, namespace: target.namespace, name: name)
      return try response(200, object, target.resource, form, request)
    case "scale":
      let scale = try scale(target.resource, namespace: target.namespace, name: name)
      return APIResponse(code: 200, scale)
    default: throw .methodNotAllowed()
    }
  }

  private func answerList(
    _ request: APIRequest, _ target: RequestTarget, _ form: ObjectForm
  ) throws(StatusError) -> APIResponse {
    guard target.resource.allows("list") else { throw .methodNotAllowed() }
    let query = try listQuery(request, target)
    if form == .json {
      return APIResponse(code: 200, body: try listBytes(query))
    }
    let page = try list(query)
    let end = ListEnd(
      revision: page.revision, continuation: page.continuation, remaining: page.remaining)
    let list: Value = [
      "kind": .string(target.resource.listKind), "apiVersion": .string(target.resource.apiVersion),
      "metadata": end.metadata, "items": .list(page.objects),
    ]
    return try response(200, list, target.resource, form, request)
  }

  func listQuery(
    _ request: APIRequest, _ target: RequestTarget
  ) throws(StatusError) -> ObjectListQuery {
    var query = ObjectListQuery(target.resource, namespace: target.namespace)
    query.selection = try Selection(
      labels: request.queryValue("labelSelector") ?? "",
      fields: request.queryValue("fieldSelector") ?? "", for: target.resource)
    if let text = request.queryValue("limit"), !text.isEmpty {
      guard let number = Int(text), number >= 0 else {
        throw .badRequest("limit is '\(text)'; it must be a number that is not negative")
      }
      query.limit = number
    }
    query.continuation = request.queryValue("continue").flatMap { $0.isEmpty ? nil : $0 }
    try setMoment(&query, request)
    return query
  }

  private func setMoment(
    _ query: inout ObjectListQuery, _ request: APIRequest
  ) throws(StatusError) {
    let text = request.queryValue("resourceVersion") ?? ""
    let match = request.queryValue("resourceVersionMatch") ?? ""
    func refuse(_ message: String) -> StatusError {
      .invalid(
        group: "meta.k8s.io", kind: "ListOptions", "",
        [
          StatusError.Cause(
            reason: "FieldValueForbidden", message: message, field: "resourceVersionMatch")
        ])
    }
    if !text.isEmpty {
      guard let revision = Revision(text), revision >= 0 else {
        throw .badRequest("resourceVersion is '\(text)'; it must be a number")
      }
      if revision > 0 { query.resourceVersion = revision }
      if query.continuation != nil, revision > 0 {
        throw .badRequest(
          "specifying resource version is not allowed when using continue")
      }
    }
    switch match {
    case "": query.isExact = query.limit ?? 0 > 0 && query.resourceVersion != nil
    case "Exact":
      guard query.resourceVersion != nil else {
        throw refuse("Exact is forbidden without a resourceVersion other than 0")
      }
      query.isExact = true
    case "NotOlderThan":
      let isStream = request.queryValue("sendInitialEvents") == "true"
      guard !text.isEmpty || isStream else {
        throw refuse("is forbidden without a resourceVersion")
      }
    default: throw refuse("'\(match)' must be Exact or NotOlderThan")
    }
  }
}

// MARK: - Forms

extension ClusterSession {
  /// An object or a list in the form that the client wants.
  func response(
    _ code: Int, _ answer: Value, _ resource: ServedResource, _ form: ObjectForm,
    _ request: APIRequest, warnings: [String] = []
  ) throws(StatusError) -> APIResponse {
    switch form {
    case .json: return APIResponse(code: code, answer, warnings: warnings)
    case .yaml:
      return APIResponse(
        code: code, contentType: form.contentType, body: Array(YAMLWriter.write(answer).utf8),
        warnings: warnings)
    case .table, .partial:
      guard let now = Time(time) else { throw .internalError("the clock shows no time") }
      let value = form.value(
        of: answer, kind: resource.gvk, definition: definition(resource), now: now,
        including: try included(request))
      return APIResponse(code: code, value, warnings: warnings)
    }
  }

  /// The CustomResourceDefinition of a custom kind.
  public func definition(_ resource: ServedResource) -> Value? {
    guard resource.isCustom, let definitions = catalog.preferred(.customResourceDefinitions) else {
      return nil
    }
    return try? get(definitions, name: "\(resource.plural).\(resource.group)")
  }

  private func included(_ request: APIRequest) throws(StatusError) -> Table.IncludedObject {
    guard let word = request.queryValue("includeObject"), !word.isEmpty else { return .metadata }
    guard let known = Table.IncludedObject(rawValue: word) else {
      throw .badRequest("includeObject is '\(word)'; it must be None, Metadata or Object")
    }
    return known
  }
}
