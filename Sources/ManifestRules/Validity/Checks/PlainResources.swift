import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Amounts of CPU and memory as nearly all containers have them, judged without reading them as
/// quantities: everything else is left to ``ResourceChecks``.
enum PlainResources {
  /// Whether there is certainly nothing to say about the amounts.
  static func areFine(_ resources: ResourceChecks) -> Bool {
    var limits = Amounts()
    var requests = Amounts()
    guard limits.read(resources.limits.node), requests.read(resources.requests.node) else {
      return false
    }
    return requests.cpu <= limits.cpu ?? .max && requests.memory <= limits.memory ?? .max
  }

  private struct Amounts {
    var cpu: Int64?
    var memory: Int64?

    /// False where there is anything but plain amounts of CPU and memory.
    mutating func read(_ list: NodeRef?) -> Bool {
      guard let list else { return true }
      guard let (tree, node) = list.treeNode else { return false }
      for (key, value) in tree.entries(node) {
        let kind = tree.kind(value)
        guard kind == .string || kind == .int,
          let amount = Quantity.plainMilliValue(tree.bytes(value))
        else { return false }
        let name = tree.bytes(key)
        if name.elementsEqual("cpu".utf8) {
          cpu = amount
        } else if name.elementsEqual("memory".utf8) {
          memory = amount
        } else {
          return false
        }
      }
      return true
    }
  }
}

/// What is not requested is no more than any limit.
private func <= (request: Int64?, limit: Int64) -> Bool {
  request.map { $0 <= limit } ?? true
}

extension NodeRef {
  /// The amount that the node is, in thousandths, where it is written as nearly all are; nil for
  /// everything that needs a closer look.
  var plainMilliAmount: Int64? {
    guard let (tree, node) = treeNode else { return nil }
    return Quantity.plainMilliValue(tree.bytes(node))
  }
}
