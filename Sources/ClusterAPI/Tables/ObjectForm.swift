import ManifestSchema
import ManifestSyntax

/// The form in which a client wants objects.
public enum ObjectForm: Hashable, Sendable {
  case json
  case yaml
  /// Rows and cells, in JSON.
  case table
  /// Metadata only, in JSON.
  case partial

  /// The content type of an answer in this form.
  public var contentType: String { self == .yaml ? "application/yaml" : "application/json" }

  /// The first form of the header that there is; nil where there is none (406).
  public init?(_ accept: AcceptHeader) {
    for clause in accept.clauses {
      if let form = Self.form(clause) {
        self = form
        return
      }
    }
    return nil
  }

  /// An object, or a list of objects, in this form.
  ///
  /// - Parameters:
  ///   - answer: what was asked for, in full; a list where it has `items` and `kind` is not its
  ///     own.
  ///   - kind: the kind of the single objects.
  ///   - definition: the CustomResourceDefinition of a custom kind.
  ///   - included: what comes with the rows of a table (`includeObject`).
  ///   - isFirst: false for the events of a watch after the first, whose tables name no columns.
  public func value(
    of answer: Value, kind: GroupVersionKind, definition: Value? = nil, now: Time,
    including included: Table.IncludedObject = .metadata, isFirst: Bool = true
  ) -> Value {
    let items = answer["kind"]?.string == kind.kind ? nil : answer["items"]?.list
    switch self {
    case .json, .yaml: return answer
    case .partial:
      guard let items else { return PartialObject.of(answer) }
      return PartialObject.list(items, metadata: answer["metadata"] ?? .emptyMap)
    case .table:
      let table = Table(of: items ?? [answer], kind: kind, definition: definition, now: now)
      var metadata = answer["metadata"] ?? .emptyMap
      if items == nil {
        let version = metadata["resourceVersion"]
        metadata = .emptyMap
        metadata["resourceVersion"] = version
      }
      return table.value(metadata: metadata, including: included, withColumns: isFirst)
    }
  }

  private static func form(_ clause: AcceptHeader.Clause) -> ObjectForm? {
    guard let wanted = clause["as"] else {
      if clause.covers("application/json") { return .json }
      return clause.covers("application/yaml") ? .yaml : nil
    }
    guard clause.covers("application/json"), clause["g"] == "meta.k8s.io",
      ["v1", "v1beta1"].contains(clause["v"] ?? "")
    else { return nil }
    switch wanted {
    case "Table": return .table
    case "PartialObjectMetadata", "PartialObjectMetadataList": return .partial
    default: return nil
    }
  }
}
