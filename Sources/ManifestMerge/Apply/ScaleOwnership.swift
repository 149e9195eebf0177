import ManifestSyntax

/// Carries the ownership of `replicas` between an object and its scale subresource.
///
/// The scale subresource is an object of its own with one field of interest. Who owns the replicas
/// of the workload owns `spec.replicas` of its scale, and the other way round.
public struct ScaleOwnership {
  private static let version = "autoscaling/v1"
  private static let replicas: [PathElement] = [.field("spec"), .field("replicas")]

  private let parent: ManagedFields
  private let apiVersion: String
  private let paths: [String: [PathElement]]

  /// - Parameters:
  ///   - parent: The managed fields of the workload.
  ///   - apiVersion: The version in which it is served.
  ///   - paths: Where each version of the workload keeps its replicas.
  public init(parent: ManagedFields, apiVersion: String, paths: [String: [PathElement]]) {
    self.parent = parent
    self.apiVersion = apiVersion
    self.paths = paths
  }

  /// `spec.replicas` of a workload in `apiVersion`, where most keep it.
  public init(parent: ManagedFields, apiVersion: String) {
    self.init(parent: parent, apiVersion: apiVersion, paths: [apiVersion: Self.replicas])
  }

  /// The managed fields of the scale subresource.
  public func scale() -> ManagedFields {
    ManagedFields(
      parent.entries.compactMap { entry in
        guard let path = paths[entry.apiVersion], entry.fields.contains(path) else { return nil }
        return ManagedEntry(
          Self.writer(entry.writer, in: Self.version), apiVersion: Self.version, time: entry.time,
          fields: FieldSet([Self.replicas]))
      })
  }

  /// The managed fields of the workload after the scale subresource was written.
  public func parent(after scale: ManagedFields) -> ManagedFields {
    var result: [ManagedEntry] = []
    var rest = scale
    for entry in parent.entries {
      // A version that is served no more takes its entries along.
      guard let path = paths[entry.apiVersion] else { continue }
      var entry = entry
      if entry.fields.contains(path) {
        let writer = Self.writer(entry.writer, in: Self.version)
        if rest[writer] == nil {
          entry.fields = entry.fields.subtracting(FieldSet([path]))
        } else {
          rest[writer] = nil
        }
      }
      if !entry.fields.isEmpty { result.append(entry) }
    }
    for entry in rest.entries where entry.fields.contains(Self.replicas) {
      guard let path = paths[apiVersion] else { continue }
      result.append(
        ManagedEntry(
          Self.writer(entry.writer, in: apiVersion), apiVersion: apiVersion, time: entry.time,
          fields: FieldSet([path])))
    }
    return ManagedFields(result)
  }

  private static func writer(
    _ writer: ManagedEntry.Writer, in version: String
  ) -> ManagedEntry.Writer {
    ManagedEntry.Writer(
      writer.manager, writer.operation, apiVersion: version, subresource: writer.subresource)
  }
}
