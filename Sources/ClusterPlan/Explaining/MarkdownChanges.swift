import ManifestSyntax

/// For a comment on a pull request: a table of what changes, and the details folded away.
///
/// GitHub takes 65,536 characters; what does not fit is named instead of shown.
public enum MarkdownChanges: ChangeFormat {
  public static let name = "markdown"
  static let charactersMax = 65_000
  private static let rowsMax = 200

  public static func text(_ set: ChangeSet, _ options: ChangeFormatOptions) -> String {
    let summary = ChangeSummary(set)
    var head = "### kmf diff: \(summary.verdict(isDrift: options.isDrift))\n\n"
    let shown = set.changes.filter { $0.action != .unchanged || !$0.notes.isEmpty }
    if !shown.isEmpty {
      head += "| | object | namespace | effect |\n|---|---|---|---|\n"
      for change in shown.prefix(rowsMax) { head += row(change) }
      if shown.count > rowsMax { head += "| | … and \(shown.count - rowsMax) more | | |\n" }
      head += "\n"
    }
    var tail = ""
    for problem in set.problems.prefix(50) {
      tail += "\n> ❌ \(escaped(cut(problem.text, to: 300)))\n"
    }
    for note in set.notes { tail += "\n> \(escaped(note))\n" }
    tail += "\n**\(summary.text)**\n"
    if let digest = options.planDigest { tail += "\nplan `\(digest)`\n" }
    return head + sections(shown, room: charactersMax - head.count - tail.count) + tail
  }

  private static func row(_ change: ObjectChange) -> String {
    let effect: String
    if let error = change.error {
      effect = error.message
    } else if let replacement = change.replacement {
      effect = "lost: " + replacement.losses.joined(separator: "; ")
    } else {
      effect = change.pods?.text ?? change.notes.first ?? ""
    }
    return "| \(symbol(change.action)) | `\(cell(change.object.label))` "
      + "| \(cell(change.object.namespace ?? "")) | \(cell(cut(effect, to: 200))) |\n"
  }

  private static func symbol(_ action: ObjectChange.Action) -> String {
    switch action {
    case .create: "➕ new"
    case .update: "✏️ changes"
    case .replace: "♻️ replaced"
    case .delete: "➖ deleted"
    case .unchanged: "unchanged"
    case .skipped: "⏭ skipped"
    case .failed: "❌ error"
    }
  }

  /// The details of as many objects as there is room for.
  private static func sections(
    _ changes: [ObjectChange], room: Int
  ) -> String {
    var text = ""
    var left: [String] = []
    // Room to name what is left out.
    var room = room - 400
    for change in changes where change.action != .unchanged {
      let section = section(change)
      if section.count <= room {
        text += section
        room -= section.count
      } else {
        left.append(change.object.fullLabel)
      }
    }
    guard let first = left.first else { return text }
    let others = left.count == 1 ? "" : " and \(left.count - 1) more"
    return text + "\n> The details of \(cut(escaped(first), to: 200))\(others) are left out: "
      + "they do not fit into a comment. Run `kmf diff` to see them.\n"
  }

  private static func section(_ change: ObjectChange) -> String {
    let body = PrettyObject.lines(change).joined(separator: "\n")
    let fence = fence(for: body)
    return "<details><summary><code>\(html(change.object.fullLabel))</code></summary>\n\n"
      + "\(fence)diff\n\(body)\n\(fence)\n\n</details>\n"
  }

  /// A fence longer than any in the text.
  private static func fence(for text: String) -> String {
    var longest = 2
    var run = 0
    for byte in text.utf8 {
      run = byte == 0x60 ? run + 1 : 0
      longest = max(longest, run)
    }
    return String(repeating: "`", count: longest + 1)
  }

  private static func cut(_ text: String, to count: Int) -> String {
    text.count <= count ? text : text.prefix(count - 1) + "…"
  }

  private static func cell(_ text: String) -> String {
    escaped(text.split(separator: "\n").joined(separator: " "))
  }

  private static func escaped(_ text: String) -> String {
    var result = ""
    for character in text {
      if "|<>*_[]`\\".contains(character) { result += "\\" }
      result.append(character)
    }
    return result
  }

  private static func html(_ text: String) -> String {
    var result = ""
    for character in text {
      switch character {
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "&": result += "&amp;"
      default: result.append(character)
      }
    }
    return result
  }
}
