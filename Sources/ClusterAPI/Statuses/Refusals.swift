import ClusterControl
import ClusterStore
import ManifestSyntax

/// The refusals that many verbs have in common.
extension StatusError {
  /// 404: there is no such object.
  public static func notFound(_ resource: GroupResource, _ name: String) -> StatusError {
    StatusError(
      404, .notFound, "\(resource) \"\(name)\" not found", details: Details(resource, name))
  }

  /// 404: nothing is served at the path.
  public static func noSuchPath() -> StatusError {
    StatusError(404, .notFound, "the server could not find the requested resource")
  }

  /// 409: the name is taken.
  public static func alreadyExists(_ resource: GroupResource, _ name: String) -> StatusError {
    StatusError(
      409, .alreadyExists, "\(resource) \"\(name)\" already exists",
      details: Details(resource, name))
  }

  /// 409: the object is not what the writer thinks it is.
  public static func conflict(
    _ resource: GroupResource, _ name: String, _ because: String
  ) -> StatusError {
    StatusError(
      409, .conflict, "Operation cannot be fulfilled on \(resource) \"\(name)\": \(because)",
      details: Details(resource, name))
  }

  /// 409: somebody else wrote the object first.
  public static func modified(_ resource: GroupResource, _ name: String) -> StatusError {
    conflict(
      resource, name,
      "the object has been modified; please apply your changes to the latest version and try again")
  }

  /// 400: the request makes no sense.
  public static func badRequest(_ message: String) -> StatusError {
    StatusError(400, .badRequest, message)
  }

  /// 403: the object may not be written.
  public static func forbidden(
    _ resource: GroupResource, _ name: String, _ because: String, causes: [Cause] = []
  ) -> StatusError {
    var details = Details(resource, name)
    details.causes = causes
    let what = name.isEmpty ? "\(resource)" : "\(resource) \"\(name)\""
    return StatusError(403, .forbidden, "\(what) is forbidden: \(because)", details: details)
  }

  /// 422: the object's content is wrong.
  public static func invalid(
    group: String, kind: String, _ name: String, _ causes: [Cause]
  ) -> StatusError {
    let qualified = group.isEmpty ? kind : "\(kind).\(group)"
    let texts = causes.map { $0.field.isEmpty ? $0.message : "\($0.field): \($0.message)" }
    let text = texts.count == 1 ? texts[0] : "[\(texts.joined(separator: ", "))]"
    // What cannot even be decoded has neither.
    let subject = qualified.isEmpty && name.isEmpty ? "the object" : "\(qualified) \"\(name)\""
    return StatusError(
      422, .invalid, "\(subject) is invalid: \(text)",
      details: Details(name: name, group: group, kind: kind, causes: causes))
  }

  /// 405: the path does not take the method.
  public static func methodNotAllowed() -> StatusError {
    StatusError(
      405, .methodNotAllowed, "the server does not allow this method on the requested resource")
  }

  /// 500: something that the caller cannot help.
  public static func internalError(_ message: String) -> StatusError {
    StatusError(
      500, .internalError, "Internal error occurred: \(message)",
      details: Details(causes: [Cause(reason: "", message: message)]))
  }

  /// 415: nobody can read a body of that type here.
  public static func unsupportedMediaType(_ accepted: [String]) -> StatusError {
    StatusError(
      415, .unsupportedMediaType,
      "the body of the request was in an unknown format - accepted media types include: "
        + accepted.joined(separator: ", "))
  }

  /// What a store's refusal means to whoever made the request.
  public init(_ error: StoreError) {
    switch error {
    case .expired(let revision, let oldest):
      self = .expired(revision: revision, oldest: oldest)
    case .future(let revision, let current):
      self = .tooLargeResourceVersion(revision, current: current)
    case .conflict(let key, _, _):
      self = StatusError(409, .conflict, "'\(key)' was changed by somebody else; try again")
    case .exists(let key, _): self = StatusError(409, .alreadyExists, "'\(key)' already exists")
    case .absent(let key): self = StatusError(404, .notFound, "'\(key)' not found")
    case .unavailable(let fault): self = .unavailable(fault)
    }
  }

  /// What a cause is called that says how to make a store usable again.
  public static let remedyReason = "StorageUnavailable"

  /// 500, or 503 where the same may succeed later: what keeps the objects refused.
  static func unavailable(_ fault: StorageFault) -> StatusError {
    let details = Details(causes: [Cause(reason: remedyReason, message: fault.remedy)])
    guard case .locked = fault.cause else {
      return StatusError(500, .internalError, fault.message, details: details)
    }
    var error = StatusError(503, .serviceUnavailable, fault.message, details: details)
    error.details.retryAfterSeconds = 1
    return error
  }

  /// What to do where the store is to blame; nil for every other refusal.
  public var remedy: String? {
    details.causes.first { $0.reason == Self.remedyReason }?.message
  }

  /// 410: the revision was compacted away.
  public static func expired(revision: Revision, oldest: Revision) -> StatusError {
    StatusError(
      410, .expired, "too old resource version: \(revision) (\(oldest))")
  }

  /// 504: the revision is still to come.
  static func tooLargeResourceVersion(_ revision: Revision, current: Revision) -> StatusError {
    var error = StatusError(
      504, .timeout, "Timeout: Too large resource version: \(revision), current: \(current)",
      details: Details(
        causes: [
          Cause(
            reason: "ResourceVersionTooLarge", message: "Too large resource version")
        ]))
    error.details.retryAfterSeconds = 1
    return error
  }
}

extension StatusError.Details {
  init(_ resource: GroupResource, _ name: String) {
    self.init(name: name, group: resource.group, kind: resource.plural)
  }
}
