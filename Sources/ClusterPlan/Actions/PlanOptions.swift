import ManifestSyntax

/// One object as a manifest gives it.
public struct Manifest: Sendable {
  /// What the manifest calls the object.
  public var apiVersion: String
  public var kind: String
  public var namespace: String?
  public var name: String?
  public var source: ManifestSource
  /// What validation found wrong with it; nil where nothing is.
  public var problem: ChangeError?
  /// The digest of the text that it was written as; nil where it has none of its own.
  public var digest: [UInt8]?
  private let load: @Sendable () -> Value?

  /// A manifest whose object is at hand.
  public init(
    _ value: Value, source: ManifestSource, problem: ChangeError? = nil, digest: [UInt8]? = nil
  ) {
    let metadata = value["metadata"]
    self.init(
      apiVersion: value["apiVersion"]?.string ?? "", kind: value["kind"]?.string ?? "",
      namespace: metadata?["namespace"]?.string, name: metadata?["name"]?.string, source: source,
      problem: problem, digest: digest, load: { value })
  }

  /// A manifest whose text was applied before: its object is read when somebody needs it.
  public init(
    apiVersion: String, kind: String, namespace: String?, name: String?, source: ManifestSource,
    problem: ChangeError? = nil, digest: [UInt8]?, load: @escaping @Sendable () -> Value?
  ) {
    self.apiVersion = apiVersion
    self.kind = kind
    self.namespace = namespace
    self.name = name
    self.source = source
    self.problem = problem
    self.digest = digest
    self.load = load
  }

  /// What the server alone writes in metadata: an export that comes back is no reason to refuse it.
  public static let serverFields = [
    "managedFields", "resourceVersion", "uid", "creationTimestamp", "generation", "selfLink",
    "deletionTimestamp", "deletionGracePeriodSeconds",
  ]

  /// The object as written, without defaults.
  public var value: Value { load() ?? .emptyMap }
}

/// How manifests are compared and applied.
public struct PlanOptions: Sendable {
  /// What to do where others own a field that the manifest sets otherwise.
  public enum OnConflict: String, Hashable, Sendable, CaseIterable {
    /// Refuse the object, and so the whole set.
    case fail
    /// Take the fields.
    case force
    /// Leave the object alone.
    case skip
  }

  /// Who owns what is applied.
  public var manager = "kmf"
  public var onConflict = OnConflict.fail
  /// Whether what server-side apply refuses is written in another way if there is one, and said:
  /// for what is not kept.
  public var isRehearsal = false
  /// Whether what must be made anew may be.
  public var allowsReplacement = false
  /// Whether objects of kinds that the cluster does not know are left out instead of refused.
  public var skipsUnknownKinds = false
  /// The namespace of objects that name none.
  public var namespace = "default"
  /// The inventory that the manifests are; nil where none is kept.
  public var set: String?
  /// Whether objects of the set go away that the manifests no longer hold.
  public var prunes = false
  /// So many objects go away without a question.
  public var prunedMax = 10
  /// Whether the one who asks has agreed to what needs agreement.
  public var isConfirmed = false
  /// Whether to find out what differs without meaning.
  public var explainsIgnored = false
  /// Whether to tell only what others changed since it was applied.
  public var isDrift = false
  /// Told how many objects of how many are done, now and then.
  public var progress: (@Sendable (_ done: Int, _ total: Int) -> Void)?
  /// Whether ownership is shown like other fields.
  public var showsManagedFields = false

  public init() {}
}
