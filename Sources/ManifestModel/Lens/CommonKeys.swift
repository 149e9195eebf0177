import ManifestSyntax

/// Fields that rules look up in every object; hashing their names each time would show.
extension Key {
  public static let apiVersion = Key("apiVersion")
  public static let kind = Key("kind")
  public static let metadata = Key("metadata")
  public static let spec = Key("spec")
  public static let status = Key("status")
  public static let template = Key("template")
  public static let selector = Key("selector")
  public static let matchLabels = Key("matchLabels")
  public static let name = Key("name")
  public static let namespace = Key("namespace")
  public static let labels = Key("labels")
  public static let annotations = Key("annotations")
  public static let resources = Key("resources")
  public static let limits = Key("limits")
  public static let requests = Key("requests")
}
