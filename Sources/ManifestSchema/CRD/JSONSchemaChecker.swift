import ManifestSyntax

/// Judges a document's nodes against a ``JSONSchema``.
///
/// The walk follows the document, not the schema, so that schemas which contain themselves end
/// where the document does. Alternatives (`anyOf` and its kin) judge a node several times; a budget
/// keeps schemas that abuse them from taking forever.
struct JSONSchemaChecker {
  /// How a node is judged.
  struct Role: OptionSet {
    let rawValue: UInt8
    /// An object with an apiVersion, a kind and metadata.
    static let resource = Role(rawValue: 1)
    /// Within an alternative: it only narrows what the schema around it describes.
    static let branch = Role(rawValue: 2)
    /// The API server knows the fields: those that the schema does not name are no mistakes.
    static let keepsUnknown = Role(rawValue: 4)
  }

  /// A step from the root, made into a `FieldPath` only where there is something to say.
  enum Step {
    case key(NodeID)
    case index(Int)
  }

  static let depthMax = 300
  private static let diagnosticsMax = 10_000

  let schema: Schema
  let definition: JSONSchema
  let kindName: String
  let tree: Tree
  var mode: SchemaChecker.Mode
  var diagnostics: [Diagnostic] = []
  var placeholder: NodeID?
  private let start: [FieldPath.Step]
  private var trail: [Step] = []
  private var budget: Int
  /// Whether something was left unjudged.
  private(set) var isCut = false

  init(
    schema: Schema, definition: JSONSchema, kindName: String, tree: Tree, node: NodeID,
    mode: SchemaChecker.Mode
  ) {
    self.schema = schema
    self.definition = definition
    self.kindName = kindName
    self.tree = tree
    self.mode = mode
    start = node == .root ? [] : tree.path(to: node).steps
    budget = 1_000_000 + 20 * tree.nodeCount
  }

  // MARK: - Where

  /// The path of the node that is being judged.
  var path: FieldPath {
    FieldPath(
      start
        + trail.map { step in
          switch step {
          case .key(let key): .field(tree.string(key))
          case .index(let position): .index(position)
          }
        })
  }

  /// The path within the object, which may be an item of a `List`.
  var pathInObject: FieldPath { FieldPath(Array(path.steps.dropFirst(start.count))) }

  /// Whether the object itself is being judged.
  var isAtObject: Bool { trail.isEmpty }

  mutating func add(
    _ code: String, _ reason: Diagnostic.Reason, at node: NodeID? = nil, _ path: FieldPath,
    _ message: String, help: String? = nil, notes: [String] = [],
    anchor: Diagnostic.Anchor = .value, fixes: [FixIt] = []
  ) {
    guard diagnostics.count < Self.diagnosticsMax else {
      isCut = true
      return
    }
    var diagnostic = Diagnostic(
      code, .error, reason, at: path, message, help: help, notes: notes, anchor: anchor,
      fixes: fixes)
    // What came through an alias has its text elsewhere: show where it is written.
    if let node, tree.kind(node).isScalar, tree.span(node).count > 0 {
      diagnostic.span = tree.span(node)
    }
    diagnostics.append(diagnostic)
  }

  /// Judges what `step` leads to.
  mutating func check(
    _ node: NodeID, under step: Step, as reference: JSONSchema.Reference, _ role: Role
  ) {
    trail.append(step)
    check(node, as: reference, role)
    trail.removeLast()
  }

  /// Does `work` one step further down.
  mutating func inside(_ step: Step, _ work: (inout JSONSchemaChecker) -> Void) {
    trail.append(step)
    work(&self)
    trail.removeLast()
  }

  // MARK: - Values

  private var branchDepth = 0

  mutating func check(_ node: NodeID, as reference: JSONSchema.Reference, _ role: Role) {
    guard budget > 0, trail.count + branchDepth < Self.depthMax else {
      isCut = true
      return
    }
    budget -= 1
    let wanted = definition.node(reference)
    let kind = tree.kind(node)
    if wanted.flags.contains(.never) {
      add("CRD-11", .forbidden, at: node, path, "nothing is allowed here", help: "remove it")
      return
    }
    if mode.allowsPlaceholders, tree.isPlaceholder(node) {
      if wanted.types != .string || wanted.rules >= 0 { placeholder = placeholder ?? node }
      return
    }
    guard hasRightType(node, kind, wanted, role) else { return }
    switch kind {
    case .mapping: checkObject(node, wanted, role)
    case .sequence: checkList(node, wanted, role)
    case .null, .alias: return
    default: break
    }
    guard let rules = definition.rules(of: wanted) else { return }
    if kind.isScalar { checkScalar(node, kind, wanted, rules) }
    if let texts = rules.enumTexts { checkEnum(node, texts, rules) }
    if rules.allOf.isEmpty, rules.anyOf.isEmpty, rules.oneOf.isEmpty, rules.not == nil { return }
    branchDepth += 1
    checkBranches(node, rules, role)
    branchDepth -= 1
  }

  private mutating func hasRightType(
    _ node: NodeID, _ kind: NodeKind, _ wanted: JSONSchema.Node, _ role: Role
  ) -> Bool {
    if wanted.flags.contains(.intOrString) {
      switch kind {
      case .int, .string: return true
      case .float where isWhole(node): return true
      case .null where wanted.flags.contains(.nullable): return true
      default: wrongType(node, expected: "a whole number or a string")
      }
      return false
    }
    if wanted.types.isEmpty || kind == .null && wanted.flags.contains(.nullable) { return true }
    // In a patch, null removes the field.
    if kind == .null && mode.isPatch { return true }
    let types: JSONSchema.Types =
      switch kind {
      case .null, .alias: .null
      case .bool: .boolean
      case .int: [.integer, .number]
      case .float: isWhole(node) ? [.integer, .number] : .number
      case .string: .string
      case .mapping: .object
      case .sequence: .array
      }
    if !wanted.types.isDisjoint(with: types) { return true }
    wrongType(node, expected: wanted.types.description)
    return false
  }

  /// Whether a number has no fraction: JSON does not tell `2.0` from `2`.
  private func isWhole(_ node: NodeID) -> Bool {
    guard case .double(let number)? = tree.number(node) else { return true }
    return number.rounded() == number
  }

  // MARK: - Alternatives

  /// What is wrong with `node` as a value of `reference`; nil when that cannot be said.
  private mutating func trial(
    _ node: NodeID, _ reference: JSONSchema.Reference, _ role: Role
  ) -> [Diagnostic]? {
    let before = (diagnostics, placeholder)
    diagnostics = []
    placeholder = nil
    check(node, as: reference, role.union(.branch))
    let found = diagnostics
    let isUnknown = placeholder != nil
    diagnostics = before.0
    placeholder = before.1 ?? placeholder
    return isUnknown || isCut ? nil : found
  }

  private mutating func checkBranches(_ node: NodeID, _ rules: JSONSchema.Rules, _ role: Role) {
    for reference in rules.allOf { check(node, as: reference, role.union(.branch)) }
    // A patch holds a part of the object only: what an alternative misses may be in the rest.
    guard !mode.isPatch else { return }
    if !rules.anyOf.isEmpty, let failures = trials(node, rules.anyOf, role, stopsAtFirst: true),
      failures.allSatisfy({ !$0.isEmpty })
    {
      add(
        "CRD-11", .invalid, at: node, path,
        "matches none of the alternatives that are allowed here",
        help: "make it match one of them", notes: Self.notes(failures))
    }
    if !rules.oneOf.isEmpty, let failures = trials(node, rules.oneOf, role, stopsAtFirst: false) {
      checkOne(node, failures)
    }
    if let reference = rules.not, let found = trial(node, reference, role), found.isEmpty {
      add(
        "CRD-11", .invalid, at: node, path, "matches what the schema forbids here (not)",
        help: "change it, or see the description of this field")
    }
  }

  private mutating func trials(
    _ node: NodeID, _ references: [JSONSchema.Reference], _ role: Role, stopsAtFirst: Bool
  ) -> [[Diagnostic]]? {
    var failures: [[Diagnostic]] = []
    for reference in references {
      guard let found = trial(node, reference, role) else { return nil }
      failures.append(found)
      if stopsAtFirst, found.isEmpty { break }
    }
    return failures
  }

  private mutating func checkOne(_ node: NodeID, _ failures: [[Diagnostic]]) {
    let matching = failures.indices.filter { failures[$0].isEmpty }
    guard matching.count != 1 else { return }
    if matching.isEmpty {
      return add(
        "CRD-11", .invalid, at: node, path,
        "matches none of the alternatives that are allowed here",
        help: "make it match exactly one of them", notes: Self.notes(failures))
    }
    let numbers = matching.prefix(5).map { "\($0 + 1)" }.joined(separator: " and ")
    add(
      "CRD-11", .invalid, at: node, path,
      "matches \(matching.count) alternatives where exactly one is allowed",
      help: "keep the fields of one alternative",
      notes: ["it matches alternatives \(numbers) of \(failures.count)"])
  }

  private static func notes(_ failures: [[Diagnostic]]) -> [String] {
    failures.prefix(5).enumerated().compactMap { number, found in
      found.first.map { "alternative \(number + 1): \($0.path): \($0.message)" }
    }
  }
}

extension JSONSchema.Types: CustomStringConvertible {
  /// What a manifest writes for it.
  var description: String {
    let names: [(JSONSchema.Types, String)] = [
      (.object, "a mapping"), (.array, "a list"), (.string, "a string"),
      (.number, "a number"), (.integer, "a whole number"), (.boolean, "true or false"),
      (.null, "null"),
    ]
    return names.filter { contains($0.0) }.map(\.1).joined(separator: " or ")
  }
}
