import ManifestSyntax

/// One object as a manifest gives it.
public struct Manifest: Sendable {
  /// As written, without defaults.
  public var value: Value
  public var source: ManifestSource
  /// What validation found wrong with it; nil where nothing is.
  public var problem: ChangeError?
  /// A digest of the text that it was written as, if unchanged objects are to be known by it.
  public var digest: [UInt8]?

  public init(
    _ value: Value, source: ManifestSource, problem: ChangeError? = nil, digest: [UInt8]? = nil
  ) {
    self.value = value
    self.source = source
    self.problem = problem
    self.digest = digest
  }
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
  /// Whether what must be made anew may be.
  public var allowsReplacement = false
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
  /// Whether ownership is shown like other fields.
  public var showsManagedFields = false

  public init() {}
}
