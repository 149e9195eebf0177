import ManifestSyntax

/// A refusal as the API states it: a `Status` with code, reason and causes.
public struct StatusError: Error, Hashable, Sendable {
  /// Why, in the API's words.
  public enum Reason: String, Hashable, Sendable, CaseIterable {
    case unknown = ""
    case unauthorized = "Unauthorized"
    case forbidden = "Forbidden"
    case notFound = "NotFound"
    case alreadyExists = "AlreadyExists"
    case conflict = "Conflict"
    case gone = "Gone"
    case invalid = "Invalid"
    case serverTimeout = "ServerTimeout"
    case timeout = "Timeout"
    case tooManyRequests = "TooManyRequests"
    case badRequest = "BadRequest"
    case methodNotAllowed = "MethodNotAllowed"
    case notAcceptable = "NotAcceptable"
    case requestEntityTooLarge = "RequestEntityTooLarge"
    case unsupportedMediaType = "UnsupportedMediaType"
    case internalError = "InternalError"
    case expired = "Expired"
    case serviceUnavailable = "ServiceUnavailable"
  }

  /// One of the things that are wrong.
  public struct Cause: Hashable, Sendable {
    /// `FieldValueInvalid`, `FieldManagerConflict`, `NamespaceTerminating`.
    public var reason: String
    public var message: String
    /// The path as the server prints it; empty where the cause is no field.
    public var field: String

    public init(reason: String, message: String, field: String = "") {
      self.reason = reason
      self.message = message
      self.field = field
    }
  }

  /// What the refusal is about.
  public struct Details: Hashable, Sendable {
    public var name = ""
    public var group = ""
    /// The plural, or the kind where the refusal is about the object's own content.
    public var kind = ""
    public var uid = ""
    public var causes: [Cause] = []
    public var retryAfterSeconds = 0

    public init(
      name: String = "", group: String = "", kind: String = "", causes: [Cause] = []
    ) {
      self.name = name
      self.group = group
      self.kind = kind
      self.causes = causes
    }

    var isEmpty: Bool { self == Details() }
  }

  /// The HTTP status code.
  public var code: Int
  public var reason: Reason
  public var message: String
  public var details: Details

  public init(
    _ code: Int, _ reason: Reason, _ message: String, details: Details = Details()
  ) {
    self.code = code
    self.reason = reason
    self.message = message
    self.details = details
  }

  /// The refusal as an object of kind `Status`.
  public var value: Value {
    var status = ValueMap()
    status["kind"] = "Status"
    status["apiVersion"] = "v1"
    status["metadata"] = .emptyMap
    status["status"] = "Failure"
    status["message"] = .string(message)
    if reason != .unknown { status["reason"] = .string(reason.rawValue) }
    if !details.isEmpty { status["details"] = details.value }
    status["code"] = .int(Int64(code))
    return .map(status)
  }
}

extension StatusError.Details {
  fileprivate var value: Value {
    var map = ValueMap()
    for (key, text) in [("name", name), ("group", group), ("kind", kind), ("uid", uid)]
    where !text.isEmpty {
      map[key] = .string(text)
    }
    if !causes.isEmpty {
      map["causes"] = .list(
        causes.map { cause in
          var entry = ValueMap()
          if !cause.reason.isEmpty { entry["reason"] = .string(cause.reason) }
          if !cause.message.isEmpty { entry["message"] = .string(cause.message) }
          if !cause.field.isEmpty { entry["field"] = .string(cause.field) }
          return .map(entry)
        })
    }
    if retryAfterSeconds > 0 { map["retryAfterSeconds"] = .int(Int64(retryAfterSeconds)) }
    return .map(map)
  }
}
