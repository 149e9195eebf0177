/// Something to say about a manifest: what is wrong, where, and what to do.
///
/// A diagnostic names a field, never a line: the same rule speaks about a file, a request body and
/// a stored object. A reporter finds the line with ``Tree/span(of:at:)``. Only trouble that has no
/// field (a syntax error, the second of two equal keys) carries a ``span`` of its own.
public struct Diagnostic: Hashable, Sendable {
  /// How bad it is.
  public enum Severity: String, Hashable, Sendable, Comparable, CaseIterable {
    case note, warning, error
    public static func < (a: Severity, b: Severity) -> Bool { a.rank < b.rank }
    private var rank: Int { self == .note ? 0 : self == .warning ? 1 : 2 }
  }

  /// What kind of trouble, in the API machinery's cause words, with a few of kmf's own.
  public enum Reason: String, Hashable, Sendable, CaseIterable {
    case required = "FieldValueRequired"
    case invalid = "FieldValueInvalid"
    case notSupported = "FieldValueNotSupported"
    case duplicate = "FieldValueDuplicate"
    case forbidden = "FieldValueForbidden"
    case tooLong = "FieldValueTooLong"
    case tooMany = "FieldValueTooMany"
    case typeInvalid = "FieldValueTypeInvalid"
    case notFound = "FieldValueNotFound"
    /// A field that the type does not have.
    case unknownField = "UnknownField"
    /// A key written twice in one mapping.
    case duplicateField = "DuplicateField"
    /// Text that is neither YAML nor JSON.
    case syntaxError = "SyntaxError"
    /// An apiVersion and kind that the target version does not serve.
    case unknownKind = "UnknownKind"
    /// A field that the target version does not have yet, or no longer.
    case version = "VersionMismatch"
    /// Something the server accepts and ignores or warns about.
    case warning = "ServerWarning"
    /// A document that is not a Kubernetes object.
    case notAManifest = "NotAManifest"
    /// Something the server accepts and a linter would rather not see.
    case advice = "Advice"
  }

  /// Which part of a mapping entry the reader should look at.
  public enum Anchor: Hashable, Sendable { case value, key }

  /// A place in a file that need not be the one at hand.
  public struct Location: Hashable, Sendable {
    public var file: String
    public var start: Position
    public var end: Position
    public init(file: String, start: Position, end: Position) {
      self.file = file
      self.start = start
      self.end = end
    }
  }

  /// A second place that explains the first.
  public struct Related: Hashable, Sendable {
    public var path: FieldPath
    public var span: Span?
    public var message: String
    /// The place, where it is in another text.
    public var elsewhere: Location?
    public init(path: FieldPath, span: Span? = nil, message: String) {
      self.path = path
      self.span = span
      self.message = message
    }
  }

  /// The rule's stable id: `DEC-09`, `CTR-02`, `YAML-03`.
  public var code: String
  public var severity: Severity
  public var reason: Reason
  /// The true API path of the field.
  public var path: FieldPath
  /// The path that the API server prints, where it is another one.
  public var serverField: String?
  /// What is wrong and what would be right; lower case, no full stop.
  public var message: String
  /// What to do, as an order to the reader.
  public var help: String?
  /// Why it is so: background for who wants it.
  public var notes: [String]
  public var anchor: Anchor
  /// The place in the source, where it cannot be found from ``path``.
  public var span: Span?
  public var related: [Related]
  public var fixes: [FixIt]

  public init(
    _ code: String, _ severity: Severity = .error, _ reason: Reason, at path: FieldPath,
    _ message: String, help: String? = nil, notes: [String] = [], anchor: Anchor = .value,
    serverField: String? = nil, span: Span? = nil, related: [Related] = [], fixes: [FixIt] = []
  ) {
    self.code = code
    self.severity = severity
    self.reason = reason
    self.path = path
    self.message = message
    self.help = help
    self.notes = notes
    self.anchor = anchor
    self.serverField = serverField
    self.span = span
    self.related = related
    self.fixes = fixes
  }
}

/// A change to the object that removes the trouble.
public struct FixIt: Hashable, Sendable {
  /// Whether applying the change can alter what the cluster does.
  public enum Safety: String, Hashable, Sendable { case safe, changesBehavior }

  /// One change to one field; never a line number.
  public enum Edit: Hashable, Sendable {
    /// Sets the field to a scalar written as plain YAML text: `3`, `"on"`, `Always`.
    case set(FieldPath, to: String)
    /// Gives the field another name, keeping its value.
    case rename(FieldPath, to: String)
    /// Removes the field or item.
    case remove(FieldPath)
    /// Replaces the bytes of `span`, for trouble below the level of fields.
    case replace(Span, with: String)
  }

  /// What the change does, as an order to the reader: "rename to `replicas`".
  public var title: String
  public var safety: Safety
  public var edits: [Edit]

  public init(_ title: String, safety: Safety, edits: [Edit]) {
    self.title = title
    self.safety = safety
    self.edits = edits
  }
}
