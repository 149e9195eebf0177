import ManifestSyntax

/// How objects are to be deleted.
public struct DeleteOptions: Hashable, Sendable {
  /// What becomes of the objects that the deleted one owns.
  public enum Propagation: String, Hashable, Sendable, CaseIterable {
    case orphan = "Orphan"
    case background = "Background"
    case foreground = "Foreground"
  }

  /// Seconds until a running pod is stopped by force; nil for the pod's own wish.
  public var gracePeriodSeconds: Int64?
  public var propagation: Propagation?
  /// Only the object with this identity.
  public var uid: String?
  /// Only the object as it was at this resource version.
  public var resourceVersion: String?
  /// Who asks, for admission.
  public var user: String?

  public init(gracePeriodSeconds: Int64? = nil, propagation: Propagation? = nil) {
    self.gracePeriodSeconds = gracePeriodSeconds
    self.propagation = propagation
  }

  /// Reads an object of kind `DeleteOptions`.
  init(_ value: Value) throws(StatusError) {
    if let kind = value["kind"]?.string, kind != "DeleteOptions" {
      throw .badRequest("\(kind) cannot be handled as DeleteOptions")
    }
    gracePeriodSeconds = value["gracePeriodSeconds"]?.int64
    if let word = value["propagationPolicy"]?.string { try setPropagation(word) }
    if let orphans = value["orphanDependents"]?.bool {
      propagation = orphans ? .orphan : .background
    }
    uid = value["preconditions"]?["uid"]?.string
    resourceVersion = value["preconditions"]?["resourceVersion"]?.string
  }

  /// Takes what a query says.
  mutating func take(_ request: APIRequest) throws(StatusError) {
    if let text = request.queryValue("gracePeriodSeconds") {
      guard let seconds = Int64(text) else {
        throw .badRequest("gracePeriodSeconds is '\(text)'; it must be a number")
      }
      gracePeriodSeconds = seconds
    }
    if let word = request.queryValue("propagationPolicy") { try setPropagation(word) }
    if let word = request.queryValue("orphanDependents") {
      propagation = word == "true" ? .orphan : .background
    }
  }

  private mutating func setPropagation(_ word: String) throws(StatusError) {
    guard let known = Propagation(rawValue: word) else {
      throw .invalid(
        group: "meta.k8s.io", kind: "DeleteOptions", "",
        [
          StatusError.Cause(
            reason: "FieldValueNotSupported",
            message: "'\(word)' must be Foreground, Background or Orphan",
            field: "propagationPolicy")
        ])
    }
    propagation = known
  }
}

/// What a delete came to.
public struct Deleted: Sendable {
  /// As it was, or as it is while something keeps it.
  public var object: Value
  /// Whether the object is gone.
  public var isGone: Bool
}
