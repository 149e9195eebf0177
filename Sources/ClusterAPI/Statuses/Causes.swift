import ClusterControl
import ManifestSchema
import ManifestSyntax

extension StatusError {
  /// 422 for what rules and schema found wrong with an object; nil where nothing is.
  static func invalid(
    _ resource: ServedResource, _ name: String, _ found: [Diagnostic]
  ) -> StatusError? {
    let errors = found.filter { $0.severity == .error }
    if errors.isEmpty { return nil }
    return .invalid(
      group: resource.group, kind: resource.kind, name,
      errors.map { diagnostic in
        Cause(
          reason: diagnostic.reason.rawValue, message: resource.safe(diagnostic),
          field: diagnostic.serverField ?? diagnostic.path.description)
      })
  }

  /// What admission said, about an object of `resource`.
  init(_ refusal: AdmissionRefusal, _ resource: ServedResource, _ name: String) {
    if let error = refusal.storeError {
      self.init(error)
      return
    }
    let about = refusal.about
    var details = Details(about?.resource ?? resource.resource, about?.name ?? name)
    if refusal.code == 422 { details.kind = resource.kind }
    details.causes = refusal.causes.map {
      Cause(reason: $0.reason, message: $0.message, field: $0.field)
    }
    details.retryAfterSeconds = refusal.retryAfterSeconds ?? 0
    self.init(
      refusal.code, Reason(rawValue: refusal.reason) ?? .unknown, refusal.message,
      details: details)
  }
}
