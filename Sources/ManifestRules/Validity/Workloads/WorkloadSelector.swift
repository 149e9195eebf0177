import ManifestModel
import ManifestSchema
import ManifestSyntax

/// The selector by which a workload finds its pods, and what depends on it.
enum WorkloadSelector {
  /// What a selector means to the server.
  enum Meaning {
    /// There is none: it selects nothing.
    case nothing
    /// A key, operator or value is wrong, so that it means nothing at all.
    case unusable
    case selector(LabelSelector)
  }

  /// The kinds whose template is only looked at when their selector can be used.
  private static let kinds: Set<WorkloadView.WorkloadKind> = [
    .deployment, .replicaSet, .statefulSet,
  ]

  /// Whether the rules about the template apply to the object.
  static func isUsable(_ object: ObjectSubject) -> Bool {
    guard let kind = object.workload, kinds.contains(kind) else {
      return true
    }
    let spec = object.node[.spec]
    if isPlain(spec?[.selector]) { return true }
    if case .unusable = meaning(in: spec) { return false }
    return true
  }

  /// Whether a selector consists of labels that are well formed: then it means what it says.
  private static func isPlain(_ selector: NodeRef?) -> Bool {
    guard let selector, selector.count == 1, let labels = selector[.matchLabels] else {
      return false
    }
    return labels.count > 0 && LabelChecks.areFine(ViewMap(member: labels))
  }

  /// Whether the template in `spec` has the labels of a plain selector.
  private static func isSatisfied(_ selector: NodeRef, in spec: NodeRef) -> Bool {
    guard isPlain(selector), let wanted = selector[.matchLabels] else { return false }
    return areAmongLabels(wanted, in: spec)
  }

  /// Whether the template in `spec` certainly has all the labels of a map in a file.
  static func areAmongLabels(_ wanted: NodeRef, in spec: NodeRef) -> Bool {
    guard let labels = spec[.template]?[.metadata]?[.labels], let wanted = wanted.treeNode,
      let (tree, node) = labels.treeNode
    else { return false }
    return wanted.tree.entries(wanted.id).allSatisfy { key, value in
      let name = wanted.tree.bytes(key)
      guard wanted.tree.kind(value) == .string,
        let found = tree.entry(node, hash: wanted.tree.keyHash(key), name: name)?.value
      else { return false }
      return tree.kind(found) == .string
        && tree.bytes(found).elementsEqual(wanted.tree.bytes(value))
    }
  }

  /// What the selector in `spec` means.
  static func meaning(in spec: NodeRef?) -> Meaning {
    guard let node = spec?[.selector], let view = LabelSelectorView.read(node) else {
      return .nothing
    }
    let labelsAreFine = view.matchLabels.allSatisfy {
      LabelFormat.key($0.key).isEmpty && LabelFormat.value($0.value).isEmpty
    }
    let expressionsAreFine = view.matchExpressions.allSatisfy { expression in
      LabelFormat.key(expression.key ?? "").isEmpty
        && expression.values.allSatisfy { LabelFormat.value($0).isEmpty }
    }
    guard labelsAreFine, expressionsAreFine, let selector = view.selector else { return .unusable }
    return .selector(selector)
  }

  /// The ids of the rules in the list of one kind.
  struct Codes {
    /// Nil where the schema says it already.
    var required: String?
    var empty: String
    var unusable: String
    var labels: String
  }

  /// Judges `spec.selector` and whether the labels of the template satisfy it.
  static func check(_ object: ObjectSubject, _ codes: Codes, into report: inout Report) {
    guard let spec = object.node[.spec] else { return }
    if let selector = spec[.selector], isSatisfied(selector, in: spec) { return }
    if let node = spec[.selector] {
      SelectorChecks.check(LabelSelectorView(node), into: &report)
      if LabelSelectorView(node).isUnconditional {
        report.error(
          codes.empty, .invalid, at: spec, "selector",
          "an empty selector would make every pod in the namespace part of this \(object.gvk.kind)",
          help: "repeat the labels of the template under 'matchLabels'")
      }
    } else if let required = codes.required {
      report.error(
        required, .required, at: spec, "selector",
        "there is no selector; the \(object.gvk.kind) could not tell which pods are its own",
        help: "repeat the labels of the template under 'selector.matchLabels'")
    }
    let path: FieldPath = "template.metadata.labels"
    switch meaning(in: spec) {
    case .unusable:
      report.error(
        codes.unusable, .invalid, at: spec, "selector",
        """
        the selector has mistakes and selects nothing, so the cluster does not look at the \
        template
        """,
        help: "correct its keys, operators and values")
    case .nothing:
      report.error(
        codes.labels, .invalid, at: spec, path,
        "without a selector the labels of the template match nothing",
        help: "give a selector that these labels satisfy")
    case .selector(let selector):
      guard !selector.isEmpty, !selector.matches(labels(of: spec)) else { return }
      report.error(
        codes.labels, .invalid, at: spec, path,
        "the labels of the template do not satisfy the selector '\(selector)', so the "
          + "\(object.gvk.kind) would never find the pods it makes",
        help: "give the template the labels that the selector asks for")
    }
  }

  /// The labels of the template in `spec`.
  static func labels(of spec: NodeRef) -> [String: String] {
    ViewMap<String>(member: spec[.template]?[.metadata]?[.labels]).dictionary
  }
}

extension LabelSelectorView {
  /// Whether the selector is there and asks for nothing.
  var isUnconditional: Bool { matchLabels.isEmpty && matchExpressions.isEmpty }
}
