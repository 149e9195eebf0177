import ClusterControl
import ClusterStore
import ManifestMerge
import ManifestRules
import ManifestSchema
import ManifestSyntax

/// The tools to read, judge and write objects of one cluster: the schema with the cluster's custom
/// kinds, and everything that stands on it.
///
/// Belongs to one thread at a time, like the schema; see ``WorkshopPool``.
final class Workshop {
  let schema: Schema
  let catalog: ResourceCatalog
  let defaulter: Defaulter
  let rendering: Rendering
  let types: MergeTypes
  let runner: RuleRunner
  /// The revision of the definitions that the custom kinds are from.
  let definitions: Revision
  private var managers: [Endpoint: FieldManager] = [:]

  private struct Endpoint: Hashable {
    var gvk: GroupVersionKind
    var subresource: String
  }

  /// - Parameter definitions: The stored CustomResourceDefinitions.
  init(version: KubernetesVersion, definitions: [Value], revision: Revision) {
    schema = Schema(version: version)
    var storageVersions: [GroupResource: String] = [:]
    for definition in definitions { Self.install(definition, schema, &storageVersions) }
    catalog = ResourceCatalog(schema: schema, storageVersions: storageVersions)
    defaulter = Defaulter(schema: schema)
    rendering = Rendering(schema: schema)
    types = MergeTypes(schema: schema)
    runner = RuleRunner(version: version)
    self.definitions = revision
  }

  private static func install(
    _ definition: Value, _ schema: Schema, _ storageVersions: inout [GroupResource: String]
  ) {
    let text = SourceText(name: "<definition>", bytes: JSONWriter.bytes(definition))
    guard let tree = JSONReader.read(text).tree, let kinds = CustomKinds.read(tree).kinds else {
      return
    }
    let versions = definition["spec"]?["versions"]?.list ?? []
    let served = Set(versions.filter { $0["served"] == true }.compactMap { $0["name"]?.string })
    CustomKinds(kinds.kinds.filter { served.contains($0.gvk.version) }).install(into: schema)
    let group = definition["spec"]?["group"]?.string ?? ""
    let plural = definition["spec"]?["names"]?["plural"]?.string ?? ""
    let storage = versions.first { $0["storage"] == true }
    if let version = storage?["name"]?.string {
      storageVersions[GroupResource(group: group, plural)] = version
    }
  }

  /// The kind of the resource's objects.
  func kind(_ resource: ServedResource) -> Kind {
    guard let kind = schema.kind(apiVersion: resource.apiVersion, kind: resource.kind) else {
      preconditionFailure("every resource of the catalog is of a kind of the schema")
    }
    return kind
  }

  /// What keeps the managed fields at one endpoint of a resource.
  func fieldManager(_ resource: ServedResource, subresource: String) -> FieldManager {
    let endpoint = Endpoint(gvk: resource.gvk, subresource: subresource)
    if let known = managers[endpoint] { return known }
    var filters: [String: OwnershipFilter] = [:]
    for version in catalog.resources
    where version.group == resource.group && version.kind == resource.kind {
      filters[version.apiVersion] = ResetFields.filter(version, subresource)
    }
    let manager = FieldManager(
      apiVersion: resource.apiVersion, kind: resource.kind, subresource: subresource,
      empty: resource.isCustom ? nil : rendering.empty(kind(resource)), filters: filters,
      types: types,
      convert: { [unowned self] object, apiVersion in converted(object, to: apiVersion) })
    managers[endpoint] = manager
    return manager
  }

  /// The object in the terms of another version that is served; nil where there is none.
  func converted(_ object: Value, to apiVersion: String) -> Value? {
    let kind = object["kind"]?.string ?? ""
    guard let resource = catalog.resource(apiVersion: apiVersion, kind: kind) else { return nil }
    return Conversion.convert(object, to: resource)
  }
}

/// The fields that an endpoint does not take, though its objects have them.
enum ResetFields {
  static func filter(_ resource: ServedResource, _ subresource: String) -> OwnershipFilter? {
    switch subresource {
    case "status": return status(resource)
    case "ephemeralcontainers":
      return .including([[.field("spec"), .field("ephemeralContainers")]])
    case "resize":
      return .including(
        ["containers", "initContainers"].flatMap { list in
          ["resources", "resizePolicy"].map { part in
            [.field("spec"), .field(list), .anything, .field(part)]
          }
        })
    default:
      if resource.gvk.group == "certificates.k8s.io", resource.kind == "CertificateSigningRequest" {
        return .excluding(
          "status", "spec.uid", "spec.username", "spec.groups", "spec.extra")
      }
      return resource.has(subresource: "status") ? .excluding("status") : nil
    }
  }

  private static func status(_ resource: ServedResource) -> OwnershipFilter {
    if resource.isCustom { return .excluding("spec", "metadata") }
    switch (resource.group, resource.kind) {
    case ("", "Pod"):
      return .excluding("spec", "metadata.deletionTimestamp", "metadata.ownerReferences")
    case ("apps", "Deployment"): return .excluding("spec", "metadata.labels")
    default: return .excluding("spec")
    }
  }
}
