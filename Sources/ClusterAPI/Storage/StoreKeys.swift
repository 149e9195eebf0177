import ClusterControl

/// Where things are in the store.
///
/// Objects are at `objects/GROUP/PLURAL/NAMESPACE/NAME` or, where they belong to the whole cluster,
/// `objects/GROUP/PLURAL/NAME`; the core group is written `core`. What only one object can hold has
/// a key of its own below `allocations/`.
public enum StoreKeys {
  public static let objects = "objects/"
  public static let allocations = "allocations/"
  /// The cluster's own settings, a JSON object.
  public static let settings = "settings/cluster"
  /// Written whenever a CustomResourceDefinition is: its revision says how old what one knows of
  /// custom kinds is.
  public static let definitions = "settings/definitions"

  /// The key of one object. `resource` is the one that it is stored as.
  public static func object(_ stored: GroupResource, namespace: String?, name: String) -> String {
    prefix(stored, namespace: namespace) + name
  }

  /// What the keys of a resource's objects begin with, in one namespace or (nil) in all.
  public static func prefix(_ stored: GroupResource, namespace: String?) -> String {
    var prefix = objects
    prefix += stored.group.isEmpty ? "core" : stored.group
    prefix += "/"
    prefix += stored.plural
    prefix += "/"
    if let namespace {
      prefix += namespace
      prefix += "/"
    }
    return prefix
  }

  /// The object at `key`; nil for keys of other things.
  public static func resourceKey(of key: String) -> ResourceKey? {
    guard key.hasPrefix(objects) else { return nil }
    let parts = key.dropFirst(objects.count).split(
      separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 3 || parts.count == 4 else { return nil }
    let group = parts[0] == "core" ? "" : String(parts[0])
    let resource = GroupResource(group: group, String(parts[1]))
    return parts.count == 3
      ? ResourceKey(resource, name: String(parts[2]))
      : ResourceKey(resource, namespace: String(parts[2]), name: String(parts[3]))
  }

  public static func allocation(_ key: AllocationKey) -> String { allocations + key.path }
}
