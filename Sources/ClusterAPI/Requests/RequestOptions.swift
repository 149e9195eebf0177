import ManifestSyntax

extension WriteOptions {
  /// What the query of a request says about a write.
  ///
  /// - Parameter isApply: The request applies a configuration, which must name its manager.
  init(_ request: APIRequest, kind: String, isApply: Bool = false) throws(StatusError) {
    self.init()
    userAgent = request.userAgent
    user = request.user
    fieldManager = request.queryValue("fieldManager")
    var causes: [StatusError.Cause] = []
    func refuse(_ reason: String, _ field: String, _ message: String) {
      causes.append(StatusError.Cause(reason: reason, message: message, field: field))
    }
    if isApply {
      if fieldManager ?? "" == "" {
        refuse("FieldValueRequired", "fieldManager", "is required for apply patch")
      }
      force = request.queryValue("force").map { $0 == "true" || $0 == "1" } ?? false
    } else if kind == "PatchOptions", request.queryValue("force") != nil {
      refuse("FieldValueForbidden", "force", "may not be specified for non-apply patch")
    }
    if let manager = fieldManager {
      if manager.utf8.count > 128 {
        refuse("FieldValueTooLong", "fieldManager", "may not be longer than 128 bytes")
      }
      // Printable, as the server's language has it: no controls, no separators but the blank.
      if manager.unicodeScalars.contains(where: { !Self.isPrintable($0) }) {
        refuse(
          "FieldValueInvalid", "fieldManager", "should only contain printable characters")
      }
    }
    for value in request.queryValues("dryRun") where value != "All" {
      refuse("FieldValueNotSupported", "dryRun", "'\(value)' must be All")
    }
    if let word = request.queryValue("fieldValidation"), !word.isEmpty {
      if let known = FieldValidation(rawValue: word) {
        fieldValidation = known
      } else {
        refuse(
          "FieldValueNotSupported", "fieldValidation", "'\(word)' must be Ignore, Warn or Strict")
      }
    }
    if !causes.isEmpty { throw .invalid(group: "meta.k8s.io", kind: kind, "", causes) }
  }

  private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
      .paragraphSeparator:
      false
    case .spaceSeparator: scalar == " "
    default: true
    }
  }
}

extension APIRequest {
  var isDryRun: Bool { queryValues("dryRun").contains("All") }
}
