import ClusterControl
import ClusterStore
import ManifestSchema
import ManifestSyntax

extension LocalCluster {
  /// Answers any request of the API but a watch, which ``watch(_:)`` does.
  public func answer(_ request: APIRequest) -> APIResponse {
    do throws(StatusError) {
      if let fixed = fixedAnswer(request) { return fixed }
      if request.method == "GET", let found = try documentAnswer(request) { return found }
      return try objectAnswer(request)
    } catch { return APIResponse(error) }
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

  /// Discovery: what is served.
  private func documentAnswer(_ request: APIRequest) throws(StatusError) -> APIResponse? {
    let accept = AcceptHeader(request.accept)
    return try read { (session) throws(StatusError) in
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
    guard let target = RequestTarget(path: request.path, in: catalog) else { throw .noSuchPath() }
    return target
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
    var objects: [Value] = []
    let end = try walk(query) { (entry) throws(StatusError) in
      let object = Conversion.convert(try ObjectCodec.value(entry), to: query.resource)
      guard query.selection.matches(object) else { return false }
      objects.append(object)
      return true
    }
    return try response(objects, end.metadata, target.resource, form, request)
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
      guard !text.isEmpty else { throw refuse("is forbidden without a resourceVersion") }
    default: throw refuse("'\(match)' must be Exact or NotOlderThan")
    }
  }
}

// MARK: - Forms

extension ClusterSession {
  /// One object in the form that the client wants.
  func response(
    _ code: Int, _ object: Value, _ resource: ServedResource, _ form: ObjectForm,
    _ request: APIRequest, warnings: [String] = []
  ) throws(StatusError) -> APIResponse {
    switch form {
    case .json: return APIResponse(code: code, object, warnings: warnings)
    case .yaml:
      return APIResponse(
        code: code, contentType: MediaType.yaml, body: Array(YAMLWriter.write(object).utf8),
        warnings: warnings)
    case .partial: return APIResponse(code: code, PartialObject.of(object), warnings: warnings)
    case .table:
      var metadata = ValueMap()
      metadata["resourceVersion"] = object["metadata"]?["resourceVersion"]
      let table = try table([object], resource).value(
        metadata: .map(metadata), including: try included(request))
      return APIResponse(code: code, table, warnings: warnings)
    }
  }

  private func response(
    _ objects: [Value], _ metadata: Value, _ resource: ServedResource, _ form: ObjectForm,
    _ request: APIRequest
  ) throws(StatusError) -> APIResponse {
    switch form {
    case .partial: return APIResponse(code: 200, PartialObject.list(objects, metadata: metadata))
    case .table:
      let table = try table(objects, resource)
      return APIResponse(
        code: 200, table.value(metadata: metadata, including: try included(request)))
    case .json, .yaml:
      let list: Value = [
        "kind": .string(resource.listKind), "apiVersion": .string(resource.apiVersion),
        "metadata": metadata, "items": .list(objects),
      ]
      if form == .json { return APIResponse(code: 200, list) }
      return APIResponse(
        code: 200, contentType: MediaType.yaml, body: Array(YAMLWriter.write(list).utf8))
    }
  }

  /// Objects as a table, with ages as of now.
  public func table(_ objects: [Value], _ resource: ServedResource) throws(StatusError) -> Table {
    guard let now = Time(time) else { throw .internalError("the clock shows no time") }
    return Table(of: objects, kind: resource.gvk, definition: try definition(resource), now: now)
  }

  private func definition(_ resource: ServedResource) throws(StatusError) -> Value? {
    guard resource.isCustom,
      let definitions = catalog.preferred(.customResourceDefinitions)
    else { return nil }
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
