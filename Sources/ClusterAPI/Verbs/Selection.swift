import ManifestSchema
import ManifestSyntax

/// Which objects of a resource are meant: by labels and by fields.
public struct Selection: Hashable, Sendable {
  public var labels: LabelSelector
  public var fields: FieldSelector

  public init(labels: LabelSelector = LabelSelector(), fields: FieldSelector = FieldSelector()) {
    self.labels = labels
    self.fields = fields
  }

  /// Whether it takes every object.
  public var isAll: Bool { labels.isEmpty && fields.terms.isEmpty }

  /// Reads the selectors of a request about `resource`.
  public init(
    labels labelText: String, fields fieldText: String, for resource: ServedResource
  ) throws(StatusError) {
    do throws(LabelSelector.ParseError) { labels = try LabelSelector(parsing: labelText) } catch {
      throw .badRequest("unable to parse label selector: \(error.message)")
    }
    guard let read = FieldSelector(parsing: fieldText) else {
      throw .badRequest("invalid field selector: '\(fieldText)'")
    }
    fields = read
    for term in fields.terms where !SelectableFields.names(of: resource).contains(term.field) {
      throw .badRequest("field label not supported: \(term.field)")
    }
  }

  public func matches(_ object: Value) -> Bool {
    if isAll { return true }
    if !labels.isEmpty {
      var known: [String: String] = [:]
      for entry in object["metadata"]?["labels"]?.map?.entries ?? [] {
        known[entry.key] = entry.value.string ?? ""
      }
      guard labels.matches(known) else { return false }
    }
    if fields.terms.isEmpty { return true }
    var values: [String: String] = [:]
    for term in fields.terms { values[term.field] = SelectableFields.text(term.field, object) }
    return fields.matches(values)
  }
}

/// The fields by which objects of a kind can be selected.
enum SelectableFields {
  private static let every: Set<String> = ["metadata.name", "metadata.namespace"]

  private static let ofKind: [GroupVersionKind: Set<String>] = {
    let event: Set<String> = [
      "involvedObject.kind", "involvedObject.namespace", "involvedObject.name",
      "involvedObject.uid", "involvedObject.apiVersion", "involvedObject.resourceVersion",
      "involvedObject.fieldPath", "reason", "reportingComponent", "source", "type",
    ]
    func core(_ kind: String) -> GroupVersionKind {
      GroupVersionKind(group: "", version: "v1", kind: kind)
    }
    return [
      core("Pod"): [
        "spec.nodeName", "spec.restartPolicy", "spec.schedulerName", "spec.serviceAccountName",
        "spec.hostNetwork", "status.phase", "status.podIP", "status.podIPs",
        "status.nominatedNodeName",
      ],
      core("Node"): ["spec.unschedulable"],
      core("Namespace"): ["status.phase"],
      core("Secret"): ["type"],
      core("Service"): ["spec.clusterIP", "spec.type"],
      core("ReplicationController"): ["status.replicas"],
      core("Event"): event,
      GroupVersionKind(group: "events.k8s.io", version: "v1", kind: "Event"): [
        "regarding.kind", "regarding.namespace", "regarding.name", "regarding.uid",
        "regarding.apiVersion", "regarding.resourceVersion", "regarding.fieldPath", "reason",
        "reportingController", "type",
      ],
      GroupVersionKind(group: "apps", version: "v1", kind: "ReplicaSet"): ["status.replicas"],
      GroupVersionKind(group: "batch", version: "v1", kind: "Job"): ["status.successful"],
      GroupVersionKind(
        group: "certificates.k8s.io", version: "v1", kind: "CertificateSigningRequest"): [
          "spec.signerName"
        ],
    ]
  }()

  static func names(of resource: ServedResource) -> Set<String> {
    let own = ofKind[resource.gvk] ?? []
    return resource.isNamespaced ? every.union(own) : own.union(["metadata.name"])
  }

  /// The field's text as selectors compare it; empty where there is none.
  static func text(_ field: String, _ object: Value) -> String {
    switch field {
    case "status.podIP": return object["status"]?["podIP"]?.string ?? ""
    case "status.podIPs":
      return object["status"]?["podIPs"]?.list?.first?["ip"]?.string ?? ""
    case "status.successful": return plain(object["status"]?["succeeded"], empty: "0")
    case "status.replicas": return plain(object["status"]?["replicas"], empty: "0")
    case "spec.unschedulable", "spec.hostNetwork":
      return plain(part(field, object), empty: "false")
    case "source", "reportingComponent":
      let source = object["source"]?["component"]?.string ?? ""
      return source.isEmpty ? object["reportingComponent"]?.string ?? "" : source
    default: return plain(part(field, object), empty: "")
    }
  }

  private static func part(_ field: String, _ object: Value) -> Value? {
    var part: Value? = object
    for name in field.split(separator: ".") { part = part?[String(name)] }
    return part
  }

  private static func plain(_ value: Value?, empty: String) -> String {
    switch value {
    case .string(let text)?: text
    case .bool(let truth)?: truth ? "true" : "false"
    case .int(let number)?: String(number)
    default: empty
    }
  }
}
