import ManifestSchema
import ManifestSyntax

extension ObjectMeta {
  /// The owner that manages the object, if one does.
  public var controllerReference: OwnerReference? {
    ownerReferences.first { $0.controller == true }
  }

  /// The value of a label.
  public func label(_ key: String) -> String? { labels[key] }

  /// The value of an annotation.
  public func annotation(_ key: String) -> String? { annotations[key] }
}

extension ObjectView {
  /// The object's name; empty where it has none.
  public var name: String { metadata?.name ?? "" }

  /// The object's namespace; nil where none is written.
  public var namespace: String? { metadata?.namespace }

  /// Group, version and kind as the object says itself.
  public var writtenKind: GroupVersionKind {
    GroupVersionKind(apiVersion: apiVersion ?? "", kind: kind ?? "")
  }
}

extension LabelSelectorView {
  /// What the selector means; nil when an operator is unknown or has the wrong number of values.
  public var selector: LabelSelector? {
    var requirements: [LabelSelector.Requirement] = []
    for expression in matchExpressions {
      guard let name = expression.operator, let known = LabelSelector.Operator(rawValue: name)
      else { return nil }
      let values = Array(expression.values)
      switch known {
      case .in, .notIn: if values.isEmpty { return nil }
      case .exists, .doesNotExist: if !values.isEmpty { return nil }
      case .greaterThan, .lessThan: return nil
      }
      requirements.append(LabelSelector.Requirement(expression.key ?? "", known, values))
    }
    return LabelSelector(matchLabels: matchLabels.dictionary, matchExpressions: requirements)
  }
}
