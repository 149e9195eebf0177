import ManifestSyntax

/// A difference that was approved, to be applied just so later, or not at all.
///
/// It holds what it changes and relies on: each object's uid, and of each field that changes the
/// value that it had. Whatever else happens to an object (status, other fields, resource versions)
/// does not make it stale. Of Secrets it holds digests only: their values come from the manifests
/// when it is applied, and must have these digests.
public struct SavedPlan: Sendable {
  /// Raised when plans of before cannot be understood any more.
  public static let formatVersion: Int64 = 1

  /// What the plan does to one object.
  public struct Step: Sendable {
    public var object: ObjectIdentity
    public var action: ObjectChange.Action
    public var uid: String?
    public var source: ManifestSource?
    /// What is applied; nil for deletions. Masked for Secrets.
    public var config: Value?
    /// The keyed digest of a Secret's config; nil where the config itself is there.
    public var secretDigest: String?
    /// The fields that change, masked, as `json` output has them.
    public var fields: [Value]
    /// What a replacement costs.
    public var losses: [String]
  }

  public var toolVersion: String
  /// Which cluster it is for: the uid of its kube-system namespace.
  public var clusterUID: String
  public var options: PlanOptions
  /// Where the manifests were, for Secrets to be read again.
  public var paths: [String]
  public var kustomizations: [String]
  public var steps: [Step]
  /// The other objects of the set, which stay as they are.
  public var kept: [Inventory.Member]

  /// Saves what `set` would do.
  ///
  /// - Parameter set: Not masked; what is secret in it goes no further.
  public init(
    _ set: ChangeSet, options: PlanOptions, clusterUID: String, paths: [String],
    kustomizations: [String], toolVersion: String, masker: Masker
  ) {
    self.options = options
    self.clusterUID = clusterUID
    self.paths = paths
    self.kustomizations = kustomizations
    self.toolVersion = toolVersion
    steps = set.changes.filter { $0.isChange || $0.adoptsFields }.map { Step($0, masker) }
    kept = set.changes.filter { $0.action == .unchanged && !$0.adoptsFields }.compactMap {
      change in change.uid.map { Inventory.Member(change.object, uid: $0) }
    }
  }

  init(
    toolVersion: String, clusterUID: String, options: PlanOptions, paths: [String],
    kustomizations: [String], steps: [Step], kept: [Inventory.Member]
  ) {
    self.toolVersion = toolVersion
    self.clusterUID = clusterUID
    self.options = options
    self.paths = paths
    self.kustomizations = kustomizations
    self.steps = steps
    self.kept = kept
  }

  /// Whether it can only be applied with its manifests at hand.
  public var needsManifests: Bool { steps.contains { $0.secretDigest != nil } }

  /// The digest that `diff` and `apply` print: `sha256:…`.
  public var digest: String {
    "sha256:" + SHA256.hex(SHA256.digest(JSONWriter.bytes(.map(contents))))
  }

  /// The file's text.
  public var text: String {
    var map = contents
    map["digest"] = .string(digest)
    return JSONWriter.string(.map(map), .indented) + "\n"
  }

  private var contents: ValueMap {
    var map = ValueMap()
    map["kmfPlan"] = .int(Self.formatVersion)
    map["tool"] = .string(toolVersion)
    map["cluster"] = .string(clusterUID)
    map["options"] = optionsValue
    map["paths"] = .list(paths.map(Value.string))
    map["kustomizations"] = .list(kustomizations.map(Value.string))
    map["steps"] = .list(steps.map(\.value))
    map["kept"] = .list(kept.map(\.value))
    return map
  }

  private var optionsValue: Value {
    var map = ValueMap()
    map["fieldManager"] = .string(options.manager)
    map["onConflict"] = .string(options.onConflict.rawValue)
    map["namespace"] = .string(options.namespace)
    if options.skipsUnknownKinds { map["skipsUnknownKinds"] = true }
    if let set = options.set { map["set"] = .string(set) }
    map["prune"] = .bool(options.prunes)
    map["pruneMax"] = .int(Int64(options.prunedMax))
    return .map(map)
  }
}

extension SavedPlan.Step {
  init(_ change: ObjectChange, _ masker: Masker) {
    let masked = masker.mask(change)
    object = change.object
    action = change.action
    uid = change.uid
    source = change.source
    config = masked.config
    secretDigest = change.object.isSecret ? change.config.map(masker.digest) : nil
    fields = masked.fields.map(JSONChanges.field)
    losses = change.replacement?.losses ?? []
  }

  fileprivate var value: Value {
    var map = ValueMap()
    map["object"] = object.value
    map["action"] = .string(action.rawValue)
    if let uid { map["uid"] = .string(uid) }
    if let source {
      map["source"] = ["file": .string(source.file), "line": .int(Int64(source.line))]
    }
    if let secretDigest { map["secretDigest"] = .string(secretDigest) }
    if let config { map["config"] = config }
    map["fields"] = .list(fields)
    if !losses.isEmpty { map["losses"] = .list(losses.map(Value.string)) }
    return .map(map)
  }
}

extension Masker {
  /// The digest of a whole manifest.
  func digest(_ config: Value) -> String { digest(JSONWriter.bytes(config)) }
}
