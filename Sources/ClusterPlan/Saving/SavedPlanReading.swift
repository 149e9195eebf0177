import ClusterControl
import ManifestSyntax

/// Why a file is no plan that can be applied.
public enum PlanFileError: Error, Hashable, Sendable {
  case notAPlan
  /// Of a format that this version does not know.
  case unknownFormat(Int64)
  /// Its content is not what its digest says.
  case altered

  public var message: String {
    switch self {
    case .notAPlan: "it is no saved plan"
    case .unknownFormat(let version): "its format \(version) is not known to this version"
    case .altered: "it was changed after it was saved: its digest does not fit"
    }
  }
}

extension SavedPlan {
  /// Whether a text claims to be a plan, to tell it from manifests.
  public static func isPlan(_ bytes: UnsafeRawBufferPointer) -> Bool {
    let start = String(decoding: bytes.prefix(64), as: UTF8.self)
    return start.hasPrefix("{") && start.contains("\"kmfPlan\"")
  }

  /// Reads what ``text`` wrote.
  public init(_ source: SourceText) throws(PlanFileError) {
    let document = JSONReader.read(source)
    guard let value = document.tree?.value(), document.diagnostics.isEmpty,
      let version = value["kmfPlan"]?.int64
    else { throw .notAPlan }
    guard version == Self.formatVersion else { throw .unknownFormat(version) }
    var options = PlanOptions()
    let words = value["options"]
    options.manager = words?["fieldManager"]?.string ?? options.manager
    options.onConflict =
      words?["onConflict"]?.string.flatMap(PlanOptions.OnConflict.init(rawValue:)) ?? .fail
    options.namespace = words?["namespace"]?.string ?? options.namespace
    options.set = words?["set"]?.string
    options.skipsUnknownKinds = words?["skipsUnknownKinds"]?.bool ?? false
    options.prunes = words?["prune"]?.bool ?? false
    options.prunedMax = words?["pruneMax"]?.int64.map { Int(clamping: $0) } ?? options.prunedMax
    var steps: [Step] = []
    for item in value["steps"]?.list ?? [] {
      guard let step = Step(item) else { throw .notAPlan }
      steps.append(step)
    }
    self.init(
      toolVersion: value["tool"]?.string ?? "", clusterUID: value["cluster"]?.string ?? "",
      options: options, paths: Self.strings(value["paths"]),
      kustomizations: Self.strings(value["kustomizations"]), steps: steps,
      kept: (value["kept"]?.list ?? []).compactMap(Inventory.Member.init))
    guard value["digest"]?.string == digest else { throw .altered }
  }

  fileprivate static func strings(_ value: Value?) -> [String] {
    value?.list?.compactMap(\.string) ?? []
  }
}

extension SavedPlan.Step {
  fileprivate init?(_ value: Value) {
    guard let object = value["object"].flatMap(ObjectIdentity.init(value:)),
      let action = value["action"]?.string.flatMap(ObjectChange.Action.init(rawValue:))
    else { return nil }
    self.object = object
    self.action = action
    uid = value["uid"]?.string
    source = value["source"].flatMap { source in
      guard let file = source["file"]?.string, let line = source["line"]?.int64 else { return nil }
      return ManifestSource(file: file, line: Int(clamping: line))
    }
    config = value["config"]
    secretDigest = value["secretDigest"]?.string
    fields = value["fields"]?.list ?? []
    losses = SavedPlan.strings(value["losses"])
  }
}

extension ObjectIdentity {
  /// As inventories and plans keep it.
  var value: Value {
    var map = ValueMap()
    map["apiVersion"] = .string(apiVersion)
    map["kind"] = .string(kind)
    map["group"] = .string(resource.group)
    map["plural"] = .string(resource.plural)
    map["singular"] = .string(singular)
    if let namespace { map["namespace"] = .string(namespace) }
    map["name"] = .string(name)
    return .map(map)
  }

  init?(value: Value) {
    guard let kind = value["kind"]?.string, let plural = value["plural"]?.string,
      let name = value["name"]?.string
    else { return nil }
    self.init(
      apiVersion: value["apiVersion"]?.string ?? "v1", kind: kind,
      resource: GroupResource(group: value["group"]?.string ?? "", plural),
      singular: value["singular"]?.string ?? kind.lowercased(),
      namespace: value["namespace"]?.string, name: name)
  }
}
