import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Collects what rules find in one object.
///
/// Rules name a node and a path within it; where that is in the object is worked out only when
/// there is something to say.
public struct Report {
  /// The Kubernetes version that the object is judged by.
  public let version: KubernetesVersion
  public private(set) var diagnostics: [Diagnostic] = []
  /// The first value that could not be judged because another program fills it in later.
  public private(set) var placeholder: NodeID?
  /// The path of the object within its document, for objects that are items of a list.
  private let prefix: FieldPath

  public init(version: KubernetesVersion, prefix: FieldPath = .root) {
    self.version = version
    self.prefix = prefix
  }

  /// Notes that the cluster would refuse the object.
  ///
  /// - Parameters:
  ///   - node: Where the trouble is, or the container of what is missing.
  ///   - part: The path within `node`; empty for the node itself.
  ///   - server: The path that the server prints, within `node`, where it is another one.
  ///   - serverField: The whole path that the server prints, where it does not even begin as
  ///     `node`'s.
  public mutating func error(
    _ code: String, _ reason: Diagnostic.Reason, at node: NodeRef, _ part: FieldPath = .root,
    _ message: String, help: String? = nil, notes: [String] = [], server: FieldPath? = nil,
    serverField: String? = nil, fixes: [FixIt] = []
  ) {
    add(code, .error, reason, node, part, message, help, notes, server, serverField, fixes)
  }

  /// Notes that the server would accept the object with a warning (WRN-*) or drop a part of it
  /// (DRP-*).
  public mutating func warning(
    _ code: String, at node: NodeRef, _ part: FieldPath = .root, _ message: String,
    help: String? = nil, notes: [String] = [], fixes: [FixIt] = []
  ) {
    add(code, .warning, .warning, node, part, message, help, notes, nil, nil, fixes)
  }

  /// Makes warnings of the errors found since `first` in the part at `path`.
  ///
  /// The server stores a StatefulSet without looking at the spec of its pods, and refuses the pods.
  mutating func soften(from first: Int, below place: @autoclosure () -> FieldPath) {
    guard diagnostics.count > first else { return }
    let path = place()
    for index in diagnostics.indices.dropFirst(first)
    where diagnostics[index].path.steps.starts(with: path.steps) {
      guard diagnostics[index].severity == .error else { continue }
      diagnostics[index].severity = .warning
      diagnostics[index].notes.append(
        "the cluster stores the StatefulSet all the same, and then refuses its pods")
    }
  }

  private mutating func add(
    _ code: String, _ severity: Diagnostic.Severity, _ reason: Diagnostic.Reason, _ node: NodeRef,
    _ part: FieldPath, _ message: String, _ help: String?, _ notes: [String], _ server: FieldPath?,
    _ serverField: String?, _ fixes: [FixIt]
  ) {
    // A value that another program fills in later cannot be judged.
    if let (tree, id) = node.treeNode, let open = tree.placeholder(at: part, from: id) {
      placeholder = placeholder ?? open
      return
    }
    let base = node.path
    var odd = serverField
    if odd == nil, let server { odd = (relative(base) + server).description }
    let anchor: Diagnostic.Anchor = reason == .required || reason == .forbidden ? .key : .value
    diagnostics.append(
      Diagnostic(
        code, severity, reason, at: base + part, message, help: help, notes: notes, anchor: anchor,
        serverField: odd,
        span: node.treeNode?.tree.span(of: part, from: node.treeNode?.id ?? .root, at: anchor),
        fixes: fixes))
  }

  /// Whether something was noted that the cluster would refuse.
  public var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }

  private func relative(_ path: FieldPath) -> FieldPath {
    guard !prefix.isRoot, path.steps.starts(with: prefix.steps) else { return path }
    return FieldPath(Array(path.steps.dropFirst(prefix.steps.count)))
  }
}
