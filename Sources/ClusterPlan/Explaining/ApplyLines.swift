import ManifestSyntax

/// What became of each object, a line each, in the words of kubectl.
public enum ApplyLines {
  /// `deployment.apps/web created`; nil where there is nothing to say.
  public static func line(_ change: ObjectChange, isDryRun: Bool = false, isKept: Bool = true)
    -> String
  {
    let word: String
    switch change.action {
    case .create: word = "created"
    case .update: word = "configured"
    case .replace: word = "replaced"
    case .delete: word = "pruned"
    case .unchanged: word = change.adoptsFields ? "unchanged (fields now owned)" : "unchanged"
    case .skipped: word = "skipped"
    case .failed: word = "refused"
    }
    var line = "\(change.object.label) \(word)"
    if change.isChange, let pods = change.pods, pods.kind.restarts { line += " (\(pods.text))" }
    if isDryRun {
      line += " (dry run)"
    } else if !isKept, change.isChange {
      line += " (not written)"
    }
    return line
  }

  /// Why an object was refused, and what to do: the lines below its own.
  public static func complaints(_ change: ObjectChange) -> [String] {
    var lines: [String] = []
    if let error = change.error {
      let place = change.source.map { "\($0.file):\($0.line): " } ?? ""
      lines.append("\(place)\(change.object.fullLabel): \(error.message)")
      for cause in error.causes where !error.message.contains(cause.message) {
        lines.append("  \(cause.field.isEmpty ? "" : cause.field + ": ")\(cause.message)")
      }
    }
    for conflict in change.conflicts where change.action == .failed || change.action == .skipped {
      lines.append("  " + conflict.sentence)
    }
    if let replacement = change.replacement, change.action == .failed {
      lines.append("  lost by replacing it: \(replacement.losses.joined(separator: "; "))")
    }
    if let help = change.error?.help { lines.append("  help: \(help)") }
    return lines
  }

  /// `3 created, 1 configured, 14 unchanged`.
  public static func counts(_ set: ChangeSet) -> String {
    let summary = ChangeSummary(set)
    var parts: [String] = []
    for (count, word) in [
      (summary.created, "created"), (summary.updated, "configured"),
      (summary.replaced, "replaced"), (summary.deleted, "pruned"),
      (summary.unchanged, "unchanged"), (summary.skipped, "skipped"), (summary.failed, "refused"),
      (summary.unreadable, "unreadable"),
    ] where count > 0 {
      parts.append("\(count) \(word)")
    }
    return parts.isEmpty ? "no objects" : parts.joined(separator: ", ")
  }
}
