import ManifestSyntax

/// Judges a parsed document against the tables, node by node, without building a second tree.
///
/// Decoding (rules DEC-*): unknown fields, wrong types, numbers out of range, text that is no
/// quantity, time or base64. Where no semantic rules exist for a type, the words of its table stand
/// in for them: required fields, enumerations, limits.
public struct SchemaChecker {
  /// How strictly to judge.
  public struct Mode: Hashable, Sendable {
    /// The document is a kustomize patch: nothing is required, directives are understood.
    public var isPatch = false
    /// Semantic rules judge required fields, enumerations and limits: leave those to them.
    public var isRuled = false
    /// `${VAR}` makes a value unknown rather than wrong.
    public var allowsPlaceholders = true
    public init() {}
  }

  let schema: Schema
  let tree: Tree
  var mode: Mode
  public internal(set) var diagnostics: [Diagnostic] = []
  /// The first placeholder that kept a value from being judged.
  public internal(set) var placeholder: NodeID?
  /// Whether something was found that the server's decoder stops at.
  public internal(set) var hasTypeErrors = false

  /// A checker of one document.
  public init(schema: Schema, tree: Tree, mode: Mode = Mode()) {
    self.schema = schema
    self.tree = tree
    self.mode = mode
  }

  /// Judges the mapping at `node` as an object of `type`.
  public mutating func check(_ node: NodeID, as type: TypeID) {
    guard tree.kind(node) == .mapping else { return checkNoMapping(node, "an object") }
    var seen: UInt64 = 0
    for (key, value) in tree.entries(node) {
      guard let index = schema.field(of: type, hash: tree.keyHash(key), name: tree.bytes(key))
      else {
        unnamed(key, value, of: type)
        continue
      }
      let row = schema.row(index)
      if !row.isAvailable, !tree.isSynthetic(key) {
        // To that server it is a field like any other that it does not know.
        unavailable(key, index, of: type)
        continue
      }
      if row.requiredIndex >= 0, tree.kind(value) != .null {
        seen |= 1 << UInt64(row.requiredIndex & 63)
      }
      if row.type.objectType == nil, !row.traits.isDisjoint(with: Self.checkedWords) {
        checkWords(value, index, of: type)
      }
      check(value, as: row.type, named: key)
    }
    let required = schema.requiredCount(of: type)
    if required > 0, !mode.isRuled, !mode.isPatch, seen.nonzeroBitCount < required {
      missing(in: node, type, seen)
    }
  }

  private static let checkedWords: FieldRow.Traits = [.hasEnum, .hasLimits]

  /// Judges any value; `key` is the key that it stands under, for messages.
  mutating func check(_ node: NodeID, as type: FieldType, named key: NodeID?) {
    switch type.shape {
    case .scalar(let scalar): checkScalar(node, scalar)
    case .object(let id):
      if tree.kind(node) == .mapping {
        checkObject(node, id)
      } else {
        checkNoMapping(node, "an object")
      }
    case .list(let element):
      guard tree.kind(node) == .sequence else { return checkNoList(node, of: element) }
      for item in tree.items(node) { check(item, as: element, named: nil) }
    case .map(let element):
      guard tree.kind(node) == .mapping else { return checkNoMapping(node, "a map") }
      for (key, value) in tree.entries(node) where !isDirective(key) {
        check(value, as: element, named: key)
      }
    case .objectOr(let id, let alternative): checkAlternative(node, id, alternative)
    }
  }

  /// Judges the mapping at `node` as an object of `type`, leaving to the semantic rules what is
  /// theirs where they know the type.
  public mutating func checkObject(_ node: NodeID, _ type: TypeID) {
    let before = mode
    if !mode.isRuled, schema.isRuled(type) { mode.isRuled = true }
    check(node, as: type)
    mode = before
  }

  private mutating func checkAlternative(_ node: NodeID, _ id: TypeID, _ alternative: Alternative) {
    switch (alternative, tree.kind(node)) {
    case (_, .mapping): check(node, as: id)
    case (.bool, .bool): break
    case (.list, .sequence):
      for item in tree.items(node) { check(item, as: FieldType(id), named: nil) }
    case (.strings, .sequence): for item in tree.items(node) { checkScalar(item, .string) }
    default: checkNoMapping(node, "an object")
    }
  }

  func isDirective(_ key: NodeID) -> Bool {
    mode.isPatch && tree.bytes(key).first == UInt8(ascii: "$")
  }
}
