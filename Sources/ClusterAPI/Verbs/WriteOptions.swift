import ClusterStore
import ManifestSyntax

/// How a write is to be done.
public struct WriteOptions: Hashable, Sendable {
  /// What becomes of fields that nobody knows and of those that are written twice.
  public enum FieldValidation: String, Hashable, Sendable, CaseIterable {
    case strict = "Strict"
    case warn = "Warn"
    case ignore = "Ignore"
  }

  /// Who writes, for the ownership of fields; nil where the request names nobody.
  public var fieldManager: String?
  /// What the client calls itself: the field manager of requests that name none.
  public var userAgent: String?
  /// For applied configurations: take fields that others own.
  public var force = false
  public var fieldValidation = FieldValidation.warn
  /// `status`, `scale`, `resize`, `ephemeralcontainers`; empty for the object itself.
  public var subresource = ""
  /// Who asks, for admission.
  public var user: String?

  public init(
    fieldManager: String? = nil, force: Bool = false,
    fieldValidation: FieldValidation = .warn, subresource: String = ""
  ) {
    self.fieldManager = fieldManager
    self.force = force
    self.fieldValidation = fieldValidation
    self.subresource = subresource
  }

  /// The name under which fields are owned.
  var manager: String {
    if let fieldManager, !fieldManager.isEmpty { return fieldManager }
    let first = userAgent?.prefix { $0 != "/" } ?? ""
    return String(first.prefix(128))
  }
}

/// What a write came to.
public struct Written: Sendable {
  /// As the request's version has it, with its resource version.
  public var object: Value
  /// Whether the object is new.
  public var isCreated = false
  /// Whether anything was stored; a write that changes nothing is none.
  public var isChanged = true
  /// Whether the write removed the object, since only its last finalizer had kept it.
  public var isRemoved = false
  /// What the server would say in Warning headers.
  public var warnings: [String] = []
}
