import ManifestSchema
import ManifestSyntax

/// What `validate` was asked for.
public struct ValidationOptions: Sendable {
  /// What to do with kinds that no table and no CustomResourceDefinition knows.
  public enum UnknownKinds: String, Sendable, CaseIterable { case error, warn, skip }

  /// The versions to judge by; a finding in any of them counts.
  public var versions: [KubernetesVersion] = [.latest]
  public var unknownKinds = UnknownKinds.warn
  /// `${VAR}` makes a value unknown rather than wrong.
  public var allowsPlaceholders = true
  /// Values for `${VAR}`.
  public var substitutions: [String: String] = [:]
  /// Files given by name that are no manifests are skipped instead of refused.
  public var skipsNonManifests = false
  /// Whether to report what the server would only warn about.
  public var warnings = true

  /// Whether objects that can be decoded are judged by the server's semantic rules.
  public var rules = true

  public init() {}
}
