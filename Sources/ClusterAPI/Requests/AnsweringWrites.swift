import ClusterControl
import ManifestMerge
import ManifestSyntax

extension ClusterSession {
  func answerWrite(_ request: APIRequest) throws(StatusError) -> APIResponse {
    let target = try target(request)
    guard let form = ObjectForm(AcceptHeader(request.accept)) else {
      throw StatusError(
        406, .notAcceptable,
        "only the following media types are accepted: application/json, application/yaml")
    }
    guard target.subresource.isEmpty || target.resource.has(subresource: target.subresource) else {
      throw .noSuchPath()
    }
    switch (request.method, target.name) {
    case ("POST", nil): return try answerCreate(request, target, form)
    case ("POST", let name?): return try answerConnect(request, target, name)
    case ("PUT", let name?): return try answerUpdate(request, target, name, form)
    case ("PATCH", let name?): return try answerPatch(request, target, name, form)
    case ("DELETE", let name?): return try answerDelete(request, target, name, form)
    case ("DELETE", nil): return try answerDeleteCollection(request, target)
    default: throw .methodNotAllowed()
    }
  }

  private func require(_ verb: String, _ target: RequestTarget) throws(StatusError) {
    if target.subresource.isEmpty, !target.resource.allows(verb) { throw .methodNotAllowed() }
  }

  private func answerCreate(
    _ request: APIRequest, _ target: RequestTarget, _ form: ObjectForm
  ) throws(StatusError) -> APIResponse {
    try require("create", target)
    if target.resource.isNamespaced, target.namespace == nil {
      throw .badRequest("an empty namespace may not be set during creation")
    }
    let document = try RequestBody.object(request)
    if let review = try Reviews.answer(target.resource, document, request) { return review }
    if target.resource.kind == "Binding" {
      let binding = try RequestBody.value(of: document)
      return try bind(binding, namespace: target.namespace, name: binding.metadataText("name"))
    }
    let options = try WriteOptions(request, kind: "CreateOptions")
    let written = try create(
      document, in: target.resource, namespace: target.namespace, options: options)
    return try response(
      201, written.object, target.resource, form, request, warnings: written.warnings)
  }

  private func answerUpdate(
    _ request: APIRequest, _ target: RequestTarget, _ name: String, _ form: ObjectForm
  ) throws(StatusError) -> APIResponse {
    try require("update", target)
    var options = try WriteOptions(request, kind: "UpdateOptions")
    options.subresource = target.subresource
    let document = try RequestBody.object(request)
    if target.subresource == "scale" {
      let scale = try RequestBody.value(of: document)
      try checkScale(scale)
      let written = try rescale(
        target.resource, namespace: target.namespace, name: name, options: options
      ) { (change) throws(StatusError) in change.replaced(by: scale, options) }
      return APIResponse(code: 200, written.object, warnings: written.warnings)
    }
    let written = try update(
      document, in: target.resource, namespace: target.namespace, name: name, options: options)
    return try response(written, target, form, request)
  }

  private func checkScale(_ scale: Value) throws(StatusError) {
    let kind = scale["kind"]?.string ?? "Scale"
    let version = scale["apiVersion"]?.string ?? "autoscaling/v1"
    guard kind == "Scale", version == "autoscaling/v1", scale.map != nil else {
      throw .badRequest("\(kind) in \(version) cannot be handled as a Scale of autoscaling/v1")
    }
  }

  private func answerPatch(
    _ request: APIRequest, _ target: RequestTarget, _ name: String, _ form: ObjectForm
  ) throws(StatusError) -> APIResponse {
    try require("patch", target)
    let type = MediaType.plain(request.contentType ?? "")
    let known = [
      MediaType.jsonPatch, MediaType.mergePatch, MediaType.strategicPatch, MediaType.applyPatch,
    ]
    guard known.contains(type) else { throw .unsupportedMediaType(known) }
    let isApply = type == MediaType.applyPatch
    var options = try WriteOptions(request, kind: "PatchOptions", isApply: isApply)
    options.subresource = target.subresource
    if isApply { return try answerApply(request, target, name, form, options) }
    let patch = try RequestBody.patch(request, type)
    if target.subresource == "scale" {
      let written = try rescale(
        target.resource, namespace: target.namespace, name: name, options: options
      ) { (change) throws(StatusError) in try change.patched(by: patch, options) }
      return APIResponse(code: 200, written.object, warnings: written.warnings)
    }
    let written = try self.patch(
      patch, in: target.resource, namespace: target.namespace, name: name, options: options)
    return try response(written, target, form, request)
  }

  private func answerApply(
    _ request: APIRequest, _ target: RequestTarget, _ name: String, _ form: ObjectForm,
    _ options: WriteOptions
  ) throws(StatusError) -> APIResponse {
    let document = try RequestBody.configuration(request)
    let config = try RequestBody.value(of: document)
    var written: Written
    if target.subresource == "scale" {
      written = try rescale(
        target.resource, namespace: target.namespace, name: name, options: options
      ) { (change) throws(StatusError) in try change.applied(config, options) }
    } else {
      written = try apply(
        config, in: target.resource, namespace: target.namespace, name: name, options: options)
    }
    let doubled = document.diagnostics.filter { $0.reason == .duplicateField }
    if !doubled.isEmpty {
      let texts = doubled.map { Workshop.text($0, target.resource) }
      switch options.fieldValidation {
      case .strict:
        throw .badRequest("error strict decoding YAML: " + texts.joined(separator: ", "))
      case .warn: written.warnings += texts
      case .ignore: break
      }
    }
    return target.subresource == "scale"
      ? APIResponse(code: 200, written.object, warnings: written.warnings)
      : try response(written, target, form, request)
  }

  private func response(
    _ written: Written, _ target: RequestTarget, _ form: ObjectForm, _ request: APIRequest
  ) throws(StatusError) -> APIResponse {
    try response(
      written.isCreated ? 201 : 200, written.object, target.resource, form, request,
      warnings: written.warnings)
  }

  // MARK: - Deletes

  private func deleteOptions(_ request: APIRequest) throws(StatusError) -> DeleteOptions {
    let body = try RequestBody.value(request)
    var options = body == .null ? DeleteOptions() : try DeleteOptions(body)
    try options.take(request)
    options.user = request.user
    return options
  }

  private func answerDelete(
    _ request: APIRequest, _ target: RequestTarget, _ name: String, _ form: ObjectForm
  ) throws(StatusError) -> APIResponse {
    try require("delete", target)
    guard target.subresource.isEmpty else { throw .methodNotAllowed() }
    let deleted = try delete(
      target.resource, namespace: target.namespace, name: name,
      options: try deleteOptions(request))
    if !deleted.isGone || target.resource.returnsDeletedObject {
      return try response(200, deleted.object, target.resource, form, request)
    }
    let status: Value = [
      "kind": "Status", "apiVersion": "v1", "metadata": .emptyMap, "status": "Success",
      "details": [
        "name": .string(name), "group": .string(target.resource.group),
        "kind": .string(target.resource.plural),
        "uid": .string(deleted.object.metadataText("uid")),
      ],
    ]
    return APIResponse(code: 200, status)
  }

  private func answerDeleteCollection(
    _ request: APIRequest, _ target: RequestTarget
  ) throws(StatusError) -> APIResponse {
    try require("deletecollection", target)
    if target.resource.isNamespaced, target.namespace == nil { throw .methodNotAllowed() }
    let objects = try deleteCollection(
      try listQuery(request, target), options: try deleteOptions(request))
    let list: Value = [
      "kind": .string(target.resource.listKind),
      "apiVersion": .string(target.resource.apiVersion), "metadata": .emptyMap,
      "items": .list(objects),
    ]
    return APIResponse(code: 200, list)
  }
}
