import ManifestSyntax

/// The cluster as one request sees it: its own writes included, nobody else's in between.
///
/// Steps ask for the same few objects (the namespace, its quotas) again and again, so whoever
/// implements it does well to remember what was read.
public protocol ClusterReader {
  /// The object at `key`; nil when there is none.
  ///
  /// - Throws: `AdmissionRefusal.init(store:)` when the store cannot be read.
  func object(_ key: ResourceKey) throws(AdmissionRefusal) -> Value?

  /// All objects of a kind, of one namespace or (nil) of all, in the order of their keys.
  func list(_ resource: GroupResource, namespace: String?) throws(AdmissionRefusal) -> [Value]
}
