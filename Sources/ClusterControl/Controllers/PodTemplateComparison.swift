import ManifestSchema
import ManifestSyntax

/// Whether two pod templates mean the same pods.
public enum PodTemplateComparison {
  /// Compares what the templates say, their pod-template-hash aside.
  public static func isEqual(_ left: Value?, _ right: Value?) -> Bool {
    let left = left ?? .emptyMap
    let right = right ?? .emptyMap
    guard isSame(left["spec"], right["spec"]) else { return false }
    return isSame(metadata(left), metadata(right))
  }

  /// The template without the label that ReplicaSets add.
  static func withoutHash(_ template: Value) -> Value {
    guard template["metadata"]?["labels"]?[PodTemplateHash.label] != nil else { return template }
    var copy = template
    copy.change("metadata") { metadata in
      metadata.change("labels") { $0[PodTemplateHash.label] = nil }
      if metadata["labels"]?.map?.isEmpty == true { metadata["labels"] = nil }
    }
    return copy
  }

  private static func metadata(_ template: Value) -> Value? {
    let metadata = withoutHash(template)["metadata"]
    return metadata?.map?.isEmpty == true ? nil : metadata
  }

  /// Equality as the server means it: absent, null and empty lists are one, amounts are compared
  /// as numbers.
  private static func isSame(_ left: Value?, _ right: Value?) -> Bool {
    if left == right { return true }
    switch (left, right) {
    case (.map(let left)?, .map(let right)?):
      return left.entries.allSatisfy { isSame($0.key, $0.value, right[$0.key]) }
        && right.entries.allSatisfy { left[$0.key] != nil || isNothing($0.value) }
    case (.list(let left)?, .list(let right)?):
      return left.count == right.count && zip(left, right).allSatisfy { isSame($0, $1) }
    default: return isNothing(left) && isNothing(right)
    }
  }

  private static let amounts: Set<String> = ["limits", "requests", "overhead"]

  private static func isSame(_ key: String, _ left: Value?, _ right: Value?) -> Bool {
    guard amounts.contains(key), case .map(let left)? = left, case .map(let right)? = right else {
      return isSame(left, right)
    }
    return left.count == right.count
      && left.entries.allSatisfy { entry in
        guard let other = right[entry.key] else { return false }
        return entry.value == other || amount(entry.value) == amount(other)
      }
  }

  private static func amount(_ value: Value) -> Quantity? {
    value.string.flatMap { Quantity($0) }
  }

  private static func isNothing(_ value: Value?) -> Bool {
    switch value {
    case nil, .null?: true
    case .list(let items)?: items.isEmpty
    default: false
    }
  }
}
