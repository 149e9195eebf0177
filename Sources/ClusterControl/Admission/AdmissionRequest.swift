import ManifestSchema

/// What is asked for, as far as it is not in the object.
public struct AdmissionRequest: Sendable {
  public enum Operation: String, Hashable, Sendable {
    case create = "CREATE"
    case update = "UPDATE"
    case delete = "DELETE"
    case connect = "CONNECT"
  }

  public var operation: Operation
  /// The object of the request; its name is empty while it is still to be generated.
  public var key: ResourceKey
  public var kind: GroupVersionKind
  /// `status`, `scale`, `ephemeralcontainers`, `resize`, `binding` …; nil for the object itself.
  public var subresource: String?
  public var user: String?
  public var isDryRun: Bool
  /// Where all chance of this request comes from; a new one for every request.
  public var seed: UInt64
  /// Whether a pod was sent with `overhead: {}`: stored pods do not show it, and yet it needs a
  /// RuntimeClass.
  public var hasEmptyOverhead = false

  public init(
    _ operation: Operation, _ key: ResourceKey, kind: GroupVersionKind, subresource: String? = nil,
    user: String? = nil, isDryRun: Bool = false, seed: UInt64
  ) {
    self.operation = operation
    self.key = key
    self.kind = kind
    self.subresource = subresource
    self.user = user
    self.isDryRun = isDryRun
    self.seed = seed
  }

  public var resource: GroupResource { key.resource }
  public var namespace: String? { key.namespace }

  /// How messages call the object: `pods "web"`.
  public var label: String { "\(resource) \"\(key.name)\"" }

  /// Whether it is about objects of `resource` themselves, none of their parts.
  func isAbout(_ resource: GroupResource, _ operations: Operation...) -> Bool {
    subresource == nil && key.resource == resource && operations.contains(operation)
  }
}
