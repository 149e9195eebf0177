/// How a conflict is told to the one who applied.
extension ApplyConflict {
  /// The message of the whole refusal.
  public var message: String {
    let fields = self.fields
    if let only = fields.first, fields.count == 1 {
      return "Apply failed with 1 conflict: conflict with \(only.owner.conflictName): "
        + only.path.pathText
    }
    var lines: [String] = []
    for owner in owners {
      lines.append("conflicts with \(owner.entry.conflictName):")
      lines += owner.fields.paths.map { "- " + $0.pathText }
    }
    return "Apply failed with \(fields.count) conflicts: " + lines.joined(separator: "\n")
  }

  /// The field and message of each conflict, as the causes of a `Status`.
  public var causes: [(field: String, message: String)] {
    fields.map { ($0.path.pathText, "conflict with \($0.owner.conflictName)") }
  }
}

extension ManagedEntry {
  /// `"alice"`, `"kubelet" with subresource "status" using v1`.
  fileprivate var conflictName: String {
    var name = "\"\(writer.manager)\""
    if !writer.subresource.isEmpty { name += " with subresource \"\(writer.subresource)\"" }
    if writer.operation == .update { name += " using \(apiVersion)" }
    return name
  }
}
