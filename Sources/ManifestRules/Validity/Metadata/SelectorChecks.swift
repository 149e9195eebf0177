import ManifestModel
import ManifestSchema
import ManifestSyntax

/// What must hold of a label selector (LSEL-*), wherever one stands.
enum SelectorChecks {
  static func check(_ selector: LabelSelectorView, at node: NodeRef, into report: inout Report) {
    for (key, value) in selector.matchLabels {
      let part = FieldPath("matchLabels").key(key)
      report.refuse(
        "LSEL-01", LabelFormat.key(key), of: key, as: "label key", at: node, part,
        server: "matchLabels")
      report.refuse(
        "LSEL-01", LabelFormat.value(value), of: value, as: "label value", at: node, part,
        server: "matchLabels")
    }
    for expression in selector.matchExpressions { check(expression, into: &report) }
  }

  private static func check(_ expression: LabelSelectorRequirement, into report: inout Report) {
    let node = expression.node
    let word = expression.operator ?? ""
    switch word {
    case "In", "NotIn":
      if expression.values.isEmpty {
        report.error(
          "LSEL-04", .required, at: node, "values", "the operator '\(word)' compares with values",
          help: "list them under 'values', or use 'Exists' or 'DoesNotExist'")
      }
    case "Exists", "DoesNotExist":
      if !expression.values.isEmpty {
        report.error(
          "LSEL-05", .forbidden, at: node, "values",
          "the operator '\(word)' looks at the key alone", help: "remove 'values'")
      }
    default:
      report.error(
        "LSEL-03", .invalid, at: node, "operator", "'\(word)' is no operator of selectors",
        help: "write In, NotIn, Exists or DoesNotExist")
    }
    let key = expression.key ?? ""
    report.refuse("LSEL-02", LabelFormat.key(key), of: key, as: "label key", at: node, "key")
    for (index, value) in expression.values.enumerated() {
      report.refuse(
        "LSEL-06", LabelFormat.value(value), of: value, as: "label value", at: node,
        FieldPath("values").index(index))
    }
  }
}
