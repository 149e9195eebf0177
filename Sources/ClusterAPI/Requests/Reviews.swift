import ManifestSyntax

/// Questions that clients ask by creating objects which are never stored: who am I, may I.
///
/// Nobody is kept out of a local cluster, so the answer is always yes.
enum Reviews {
  private static let user: Value = [
    "username": "kmf", "groups": ["system:masters", "system:authenticated"],
  ]

  /// The answer, if the resource is one of these; nil for others.
  static func answer(
    _ resource: ServedResource, _ document: ParsedDocument, _ request: APIRequest
  ) throws(StatusError) -> APIResponse? {
    guard resource.verbs == ["create"], resource.kind != "Binding" else { return nil }
    var object = try RequestBody.value(of: document)
    guard object.map != nil else { throw .badRequest("error decoding the body: it is no object") }
    object["kind"] = .string(resource.kind)
    object["apiVersion"] = .string(resource.apiVersion)
    switch resource.kind {
    case "SelfSubjectReview": object["status"] = ["userInfo": user]
    case "TokenReview": object["status"] = ["authenticated": true, "user": user]
    case "SelfSubjectRulesReview":
      object["status"] = [
        "resourceRules": [["verbs": ["*"], "apiGroups": ["*"], "resources": ["*"]]],
        "nonResourceRules": [["verbs": ["*"], "nonResourceURLs": ["*"]]], "incomplete": false,
      ]
    default: object["status"] = ["allowed": true]
    }
    return APIResponse(code: 201, object)
  }
}
