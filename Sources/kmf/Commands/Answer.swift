import ManifestSyntax

/// Prints the answer of a command that asks the tables instead of manifests.
enum Answer {
  /// Prints `text` and a line break.
  static func print(_ text: String) {
    let output = Output()
    output.writeLine(text)
    output.flush()
  }

  /// Prints `value` as indented JSON.
  static func print(_ value: Value) {
    print(JSONWriter.string(value, .indented))
  }
}

/// Rows of cells in columns as wide as their widest cell.
struct TextTable {
  private var rows: [[String]]

  init(header: [String]) { rows = [header] }

  mutating func add(_ cells: [String]) { rows.append(cells) }

  /// The table, without a final line break. The last column is not padded.
  func text(indentation: String = "") -> String {
    let columns = rows.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in
      rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
    }
    return rows.map { row in
      let cells = row.enumerated().map { column, cell in
        cell + String(repeating: " ", count: widths[column] - cell.count)
      }
      var line = Substring(indentation + cells.joined(separator: "  "))
      while line.last == " " { line.removeLast() }
      return String(line)
    }.joined(separator: "\n")
  }
}
