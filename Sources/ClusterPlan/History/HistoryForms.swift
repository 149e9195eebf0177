import ManifestSyntax

/// A history as people and programs read it. What it is given holds no secret values.
public enum HistoryForms {
  /// A table; below each entry the fields that changed, where it is about one object.
  public static func text(
    _ history: HistoryReader.History, showsFields: Bool, isColored: Bool
  ) -> String {
    let paint = Paint(isColored: isColored)
    let rows = history.entries.map { entry in
      ["\(entry.revision)", entry.time ?? "", entry.manager ?? "", entry.text]
    }
    let header = ["REVISION", "TIME", "BY", "WHAT"]
    let widths = (0..<3).map { column in
      ([header] + rows).map { $0[column].count }.max() ?? 0
    }
    func line(_ cells: [String]) -> String {
      var text = ""
      for column in 0..<3 {
        text += cells[column]
        text += String(repeating: " ", count: widths[column] - cells[column].count + 2)
      }
      return text + cells[3]
    }
    var lines = [paint(line(header), .strong)]
    for (entry, cells) in zip(history.entries, rows) {
      lines.append(line(cells))
      guard showsFields, let change = entry.change, change.action == .update else { continue }
      lines += PrettyChanges.fields(of: change, isColored: isColored)
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// For programs; `docs/output.md` describes it.
  public static func json(_ history: HistoryReader.History) -> String {
    var map = ValueMap()
    map["formatVersion"] = .int(JSONChanges.formatVersion)
    map["currentRevision"] = .int(history.current)
    map["oldestRevision"] = .int(history.oldest)
    map["entries"] = .list(history.entries.map(value))
    return JSONWriter.string(.map(map), .indented) + "\n"
  }

  private static func value(_ entry: HistoryEntry) -> Value {
    var map = ValueMap()
    map["revision"] = .int(entry.revision)
    map["firstRevision"] = .int(entry.first)
    if let time = entry.time { map["time"] = .string(time) }
    if let manager = entry.manager { map["manager"] = .string(manager) }
    map["text"] = .string(entry.text)
    map["writes"] = .int(Int64(entry.writes))
    if let journal = entry.journal {
      map["command"] = .string(journal.command)
      if let plan = journal.plan { map["plan"] = .string(plan) }
    }
    if let change = entry.change {
      map["object"] = JSONChanges.object(change, ChangeFormatOptions())
    }
    return .map(map)
  }
}

extension Masker {
  /// The history without a secret value.
  public func mask(_ history: HistoryReader.History) -> HistoryReader.History {
    var masked = history
    for index in masked.entries.indices {
      masked.entries[index].change = history.entries[index].change.map(mask)
    }
    return masked
  }
}
