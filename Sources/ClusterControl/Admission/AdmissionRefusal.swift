import ClusterStore

/// Why a request is not carried out; the caller answers it as a Status and keeps nothing.
public struct AdmissionRefusal: Error, Hashable, Sendable {
  /// One of the things that are wrong, where the server names several.
  public struct Cause: Hashable, Sendable {
    /// As Status causes spell it: `FieldValueInvalid`, `NamespaceTerminating`.
    public var reason: String
    public var message: String
    /// The server's path of the field; may be empty.
    public var field: String

    public init(reason: String, message: String, field: String = "") {
      self.reason = reason
      self.message = message
      self.field = field
    }
  }

  /// The HTTP status.
  public var code: Int
  /// As a Status spells it: `Forbidden`, `NotFound`, `Invalid`, `InternalError`.
  public var reason: String
  public var message: String
  public var causes: [Cause]
  /// The object that the refusal is about, where it is not the one of the request.
  public var about: ResourceKey?
  public var retryAfterSeconds: Int?
  /// What the store said, when that is why.
  public var storeError: StoreError?

  public init(
    code: Int, reason: String, message: String, causes: [Cause] = [], about: ResourceKey? = nil
  ) {
    self.code = code
    self.reason = reason
    self.message = message
    self.causes = causes
    self.about = about
  }

  /// A refusal because the store cannot be read or written.
  public init(store error: StoreError) {
    self.init(code: 500, reason: "InternalError", message: error.message)
    storeError = error
  }

  /// 403, as most steps refuse.
  public static func forbidden(
    _ request: AdmissionRequest, _ why: String, causes: [Cause] = []
  ) -> AdmissionRefusal {
    AdmissionRefusal(
      code: 403, reason: "Forbidden", message: "\(request.label) is forbidden: \(why)",
      causes: causes)
  }

  /// 422 with one cause.
  public static func invalid(
    _ label: String, field: String, _ why: String, reason: String = "FieldValueInvalid"
  ) -> AdmissionRefusal {
    AdmissionRefusal(
      code: 422, reason: "Invalid", message: "\(label) is invalid: \(field): \(why)",
      causes: [Cause(reason: reason, message: why, field: field)])
  }

  /// 500.
  public static func `internal`(_ why: String) -> AdmissionRefusal {
    AdmissionRefusal(
      code: 500, reason: "InternalError", message: "Internal error occurred: \(why)",
      causes: [Cause(reason: "", message: why)])
  }
}
