import ManifestSyntax

/// One thing that a controller wants done.
public enum Action: Sendable {
  /// Makes an object; metadata.name may be left to metadata.generateName.
  case create(Value, GroupResource, namespace: String?)
  /// Replaces everything but the status; refused as a conflict when the object has changed since.
  case update(ClusterObject, Value)
  /// Replaces the status and the annotations; refused as a conflict when the object has changed.
  case updateStatus(ClusterObject, Value)
  /// Changes an object as it is now, like a patch; refused when it is gone or another by now.
  case edit(ResourceKey, uid: String, Edit)
  case delete(ResourceKey, Deletion)
  /// Tells people; changes no state that controllers look at.
  case event(Event)

  /// A change of an object that does not depend on the rest of it.
  public struct Edit: Sendable {
    /// What is done, for logs: `adopt`, `bind`.
    public var name: String
    /// Whether the change goes through the status subresource, which never raises the generation.
    public var isStatus: Bool
    /// Whether objects on their way out are left alone.
    public var sparesTerminating: Bool
    public var change: @Sendable (inout Value) -> Void

    public init(
      _ name: String, isStatus: Bool = false, sparesTerminating: Bool = false,
      change: @escaping @Sendable (inout Value) -> Void
    ) {
      self.name = name
      self.isStatus = isStatus
      self.sparesTerminating = sparesTerminating
      self.change = change
    }
  }

  /// How an object is deleted.
  public struct Deletion: Hashable, Sendable {
    public enum Propagation: String, Hashable, Sendable {
      case background = "Background"
      case foreground = "Foreground"
      case orphan = "Orphan"
    }
    /// The object must have this uid.
    public var uid: String?
    /// The object must not have changed since this revision.
    public var revision: Int64?
    /// For pods: nil leaves it to the pod, 0 removes it at once.
    public var graceSeconds: Int64?
    public var propagation: Propagation

    public init(
      uid: String? = nil, revision: Int64? = nil, graceSeconds: Int64? = nil,
      propagation: Propagation = .background
    ) {
      self.uid = uid
      self.revision = revision
      self.graceSeconds = graceSeconds
      self.propagation = propagation
    }
  }

  /// Something worth telling about an object.
  public struct Event: Hashable, Sendable {
    public enum Kind: String, Hashable, Sendable {
      case normal = "Normal"
      case warning = "Warning"
    }
    public var about: ResourceKey
    public var uid: String
    public var kind: Kind
    public var reason: String
    public var message: String
    /// The part of the object that it is about: `spec.containers{web}`.
    public var fieldPath: String?
    /// What objects of the key are called in references.
    public var apiVersion: String
    public var objectKind: String

    public init(
      _ kind: Kind, about object: ClusterObject, reason: String, message: String,
      fieldPath: String? = nil
    ) {
      about = object.key
      uid = object.uid
      self.kind = kind
      self.reason = reason
      self.message = message
      self.fieldPath = fieldPath
      apiVersion = object.value["apiVersion"]?.string ?? ""
      objectKind = object.value["kind"]?.string ?? ""
    }
  }
}

/// Why an action was not carried out.
public struct WriteRefusal: Error, Hashable, Sendable {
  public enum Reason: String, Hashable, Sendable {
    /// The object is not there, or is another one by now.
    case notFound = "NotFound"
    case alreadyExists = "AlreadyExists"
    /// The object has changed since it was read: read it again.
    case conflict = "Conflict"
    /// The namespace is being deleted: nothing can be created in it any more.
    case namespaceTerminating = "NamespaceTerminating"
    case forbidden = "Forbidden"
    case invalid = "Invalid"
    /// The store does not answer, or whatever else is no fault of the action.
    case `internal` = "InternalError"
  }
  public var reason: Reason
  public var message: String

  public init(_ reason: Reason, _ message: String) {
    self.reason = reason
    self.message = message
  }
}

extension Action {
  /// The object that the action is about; nil for events and for names still to be generated.
  public var key: ResourceKey? {
    switch self {
    case .create(let value, let resource, let namespace):
      value["metadata"]?["name"]?.string.map {
        ResourceKey(resource, namespace: namespace, name: $0)
      }
    case .update(let object, _), .updateStatus(let object, _): object.key
    case .edit(let key, _, _), .delete(let key, _): key
    case .event: nil
    }
  }
}
