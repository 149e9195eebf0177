import ManifestSchema
import ManifestSyntax

/// What can be done with one resource: its paths with their operations.
///
/// Clients look here for more than documentation: `kubectl` leaves the checking of fields to a
/// server whose PATCH of a kind has a parameter `fieldValidation`.
struct ResourceOperations {
  private let resource: ServedResource
  private let version: KubernetesVersion

  init(_ resource: ServedResource, version: KubernetesVersion) {
    self.resource = resource
    self.version = version
  }

  /// The paths with their items, in a fixed order.
  mutating func paths(_ components: inout ComponentSchemas) -> [(path: String, item: Value)] {
    let root = resource.group.isEmpty ? "/api/v1" : "/apis/\(resource.apiVersion)"
    let folder = resource.isNamespaced ? "\(root)/namespaces/{namespace}" : root
    var paths: [(path: String, item: Value)] = []
    if resource.isNamespaced, resource.allows("list") {
      var item: Value = ["get": operation(.list, "ForAllNamespaces", &components)]
      item["parameters"] = .list(OperationParameters.listing)
      paths.append(("\(root)/\(resource.plural)", item))
    }
    paths.append(("\(folder)/\(resource.plural)", collection(&components)))
    let one = "\(folder)/\(resource.plural)/{name}"
    let item = object(&components)
    if item.map?.isEmpty == false { paths.append((one, with(item, ["name"]))) }
    for part in Subresource.all(of: resource, in: version) {
      paths.append(("\(one)/\(part.name)", subresource(part, &components)))
    }
    return paths
  }

  private mutating func collection(_ components: inout ComponentSchemas) -> Value {
    var item = Value.emptyMap
    if resource.allows("list") { item["get"] = operation(.list, "", &components) }
    if resource.allows("create") { item["post"] = operation(.post, "", &components) }
    if resource.allows("deletecollection") {
      item["delete"] = operation(.deletecollection, "", &components)
    }
    return with(item, [])
  }

  private mutating func object(_ components: inout ComponentSchemas) -> Value {
    var item = Value.emptyMap
    let operations: [(verb: String, method: String, action: Action)] = [
      ("get", "get", .get), ("update", "put", .put), ("delete", "delete", .delete),
      ("patch", "patch", .patch),
    ]
    for (verb, method, action) in operations where resource.allows(verb) {
      item[method] = operation(action, "", &components)
    }
    return item
  }

  private mutating func subresource(
    _ part: Subresource, _ components: inout ComponentSchemas
  ) -> Value {
    var item = Value.emptyMap
    let suffix = part.name.prefix(1).uppercased() + part.name.dropFirst()
    let operations: [(verb: String, method: String, action: Action)] = [
      ("get", "get", .get), ("create", "post", .post), ("update", "put", .put),
      ("delete", "delete", .delete), ("patch", "patch", .patch),
    ]
    for (verb, method, action) in operations where part.verbs.contains(verb) {
      item[method] = operation(action, suffix, kind: part.kind, &components)
    }
    return with(item, ["name"])
  }

  /// The item with the parameters that its path has.
  private func with(_ item: Value, _ names: [String]) -> Value {
    let names = names + (resource.isNamespaced ? ["namespace"] : [])
    var item = item
    item["parameters"] = .list(names.map(OperationParameters.inPath) + [OperationParameters.pretty])
    return item
  }
}

/// Single operations.
extension ResourceOperations {
  private enum Action: String {
    case get, list, post, put, patch, delete, deletecollection

    /// How the operation's id begins.
    var word: String {
      switch self {
      case .get: "read"
      case .post: "create"
      case .put: "replace"
      case .deletecollection: "deleteCollection"
      case .list, .patch, .delete: rawValue
      }
    }

    var parameters: [Value] {
      switch self {
      case .get: []
      case .list: OperationParameters.listing
      case .post, .put: OperationParameters.writing
      case .patch: OperationParameters.writing + [OperationParameters.force]
      case .delete: OperationParameters.deleting
      case .deletecollection: OperationParameters.listing + OperationParameters.deleting
      }
    }
  }

  private mutating func operation(
    _ action: Action, _ suffix: String, kind: GroupVersionKind? = nil,
    _ components: inout ComponentSchemas
  ) -> Value {
    let kind = kind ?? resource.gvk
    let isEverywhere = suffix == "ForAllNamespaces"
    let scope = resource.isNamespaced && !isEverywhere ? "Namespaced" : ""
    let id = "\(action.word)\(apiWords)\(scope)\(resource.kind)\(suffix)"
    var value: Value = [
      "operationId": .string(id),
      "tags": [.string(([tag] + [resource.version]).joined(separator: "_"))],
    ]
    // The parameters of the list over all namespaces stand with its path.
    let parameters = isEverywhere ? [] : action.parameters
    if !parameters.isEmpty { value["parameters"] = .list(parameters) }
    if let body = body(of: action, kind, &components) {
      value["requestBody"] = [
        "required": .bool(action != .delete && action != .deletecollection), "content": body,
      ]
    }
    value["responses"] = responses(to: action, kind, &components)
    value["x-kubernetes-action"] = .string(action.rawValue)
    value["x-kubernetes-group-version-kind"] = kind.value
    return value
  }

  private func body(
    of action: Action, _ kind: GroupVersionKind, _ components: inout ComponentSchemas
  ) -> Value? {
    switch action {
    case .get, .list: return nil
    case .post, .put: return Self.content(["*/*"], components.reference(to: kind))
    case .patch:
      var types = [
        "application/apply-patch+yaml", "application/json-patch+json",
        "application/merge-patch+json",
      ]
      // Nobody knows the merge keys of a custom kind.
      if !resource.isCustom { types.append("application/strategic-merge-patch+json") }
      return Self.content(types, components.patch())
    case .delete, .deletecollection:
      return Self.content(
        ["*/*"], components.shared(ComponentNames.deleteOptions, "DeleteOptions"))
    }
  }

  private func responses(
    to action: Action, _ kind: GroupVersionKind, _ components: inout ComponentSchemas
  ) -> Value {
    let schema: Value
    switch action {
    case .list: schema = components.reference(toListOf: kind, kind: resource.listKind)
    case .delete, .deletecollection: schema = components.shared(ComponentNames.status, "Status")
    case .get, .post, .put, .patch: schema = components.reference(to: kind)
    }
    let answer = { (text: String) -> Value in
      [
        "description": .string(text),
        "content": Self.content(["application/json", "application/yaml"], schema),
      ]
    }
    var responses: Value = ["200": answer("OK")]
    if [.post, .put, .patch].contains(action) { responses["201"] = answer("Created") }
    if action == .post || action == .delete { responses["202"] = answer("Accepted") }
    return responses
  }

  private static func content(_ types: [String], _ schema: Value) -> Value {
    .map(ValueMap(types.map { (key: $0, value: ["schema": schema]) }))
  }

  /// `AppsV1`, `RbacAuthorizationV1`.
  private var apiWords: String {
    let words = groupWords.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    return words + resource.version.prefix(1).uppercased() + resource.version.dropFirst()
  }

  private var tag: String {
    groupWords.enumerated().map { position, word in
      position == 0 ? word : word.prefix(1).uppercased() + word.dropFirst()
    }.joined()
  }

  private var groupWords: [String] {
    if resource.group.isEmpty { return ["core"] }
    let group =
      resource.group.hasSuffix(".k8s.io") ? resource.group.dropLast(7) : resource.group[...]
    return group.split(separator: ".").map(String.init)
  }
}

/// Parameters of requests, as OpenAPI describes them.
enum OperationParameters {
  static let pretty = query("pretty", "string", "'true' asks for an answer with line breaks.")

  /// What asks for a part of the objects, or for their changes.
  static let listing = [
    query("allowWatchBookmarks", "boolean", "Whether a watch may send bookmarks."),
    query("continue", "string", "Where the page before ended."),
    query("fieldSelector", "string", "Conditions on fields of the objects."),
    query("labelSelector", "string", "Conditions on labels of the objects."),
    query("limit", "integer", "How many objects a page has at most."),
    query("resourceVersion", "string", "The version to answer from."),
    query("resourceVersionMatch", "string", "How the answer's version relates to that one."),
    query("sendInitialEvents", "boolean", "Whether a watch begins with what there is."),
    query("timeoutSeconds", "integer", "When the server ends the answer."),
    query("watch", "boolean", "Whether to answer with changes as they happen."),
  ]

  /// What goes with every object that is written.
  static let writing = [
    query("dryRun", "string", "'All' goes through everything and stores nothing."),
    query("fieldManager", "string", "Who writes; owns the fields afterwards."),
    query(
      "fieldValidation", "string",
      "What becomes of unknown and doubled fields: Strict, Warn, Ignore."),
  ]

  static let force = query(
    "force", "boolean", "Whether an apply takes fields from those who own them.")

  static let deleting = [
    query("dryRun", "string", "'All' goes through everything and stores nothing."),
    query("gracePeriodSeconds", "integer", "How long the object may take to end."),
    query("orphanDependents", "boolean", "The old form of propagationPolicy."),
    query(
      "propagationPolicy", "string",
      "What becomes of what the object owns: Orphan, Background, Foreground."),
  ]

  /// A part of the path.
  static func inPath(_ name: String) -> Value {
    parameter(name, "string", "path", name == "name" ? "The object's name." : "Its namespace.")
      .adding(["required": true])
  }

  private static func query(_ name: String, _ type: String, _ words: String) -> Value {
    parameter(name, type, "query", words)
  }

  private static func parameter(
    _ name: String, _ type: String, _ place: String, _ words: String
  ) -> Value {
    [
      "name": .string(name), "in": .string(place), "description": .string(words),
      "schema": ["type": .string(type), "uniqueItems": true],
    ]
  }
}
