import ManifestSyntax

/// Writes tables in columns, as kubectl does.
///
/// One value writes the tables of one output: it remembers whether the headings were written and
/// how wide the columns are, so that the rows of a watch line up.
public struct TableText {
  /// What is shown besides the columns of the kind.
  public struct Options: Sendable {
    /// Whether columns of lower priority are shown (`-o wide`).
    public var isWide = false
    public var hasHeadings = true
    /// Whether the first column is the namespace (`-A`).
    public var showsNamespace = false
    /// Labels with a column of their own (`-L`).
    public var labelColumns: [String] = []
    /// Whether the last column holds all labels.
    public var showsLabels = false
    /// Stands before the names where several kinds are shown: `deployment.apps/`.
    public var namePrefix = ""

    public init() {}
  }

  private let options: Options
  private var widths: [Int] = []
  private var hasWrittenHeadings = false

  public init(_ options: Options = Options()) { self.options = options }

  /// The rows of `table` below their headings, each line with its line end.
  public mutating func text(of table: Table) -> String {
    let shown = table.columns.indices.filter {
      options.isWide || table.columns[$0].priority == 0
    }
    var lines: [[String]] = []
    if options.hasHeadings, !hasWrittenHeadings {
      lines.append(headings(shown.map { table.columns[$0] }))
      hasWrittenHeadings = true
    }
    for row in table.rows { lines.append(cells(of: row, table.columns, shown)) }
    return aligned(lines)
  }

  private func headings(_ columns: [TableColumn]) -> [String] {
    var line = options.showsNamespace ? ["NAMESPACE"] : []
    line += columns.map { $0.name.uppercased() }
    line += options.labelColumns.map {
      String($0[($0.lastIndex(of: "/").map($0.index(after:)) ?? $0.startIndex)...]).uppercased()
    }
    if options.showsLabels { line.append("LABELS") }
    return line
  }

  private func cells(of row: Table.Row, _ columns: [TableColumn], _ shown: [Int]) -> [String] {
    let metadata = row.object["metadata"]
    let labels = metadata?["labels"]
    var line = options.showsNamespace ? [metadata?["namespace"]?.string ?? ""] : []
    for index in shown where row.cells.indices.contains(index) {
      let text = Self.printable(row.cells[index].cellText)
      line.append(columns[index].format == "name" ? options.namePrefix + text : text)
    }
    line += options.labelColumns.map { name in
      labels?[name].map { Self.printable($0.cellText) } ?? "<none>"
    }
    if options.showsLabels { line.append(Self.printable(LabelText.labels(labels))) }
    return line
  }

  /// One line without anything that would move the cursor.
  private static func printable(_ text: String) -> String {
    // What follows a line end would look like a row of its own.
    let line = text.prefix { !$0.isNewline }
    let isCut = line.endIndex < text.endIndex
    let safe = String(
      String.UnicodeScalarView(
        line.unicodeScalars.map { $0.value < 32 || (127..<160).contains($0.value) ? " " : $0 }))
    return isCut ? safe + "..." : safe
  }

  /// The lines with every column but the last padded to the widest cell seen so far.
  private mutating func aligned(_ lines: [[String]]) -> String {
    for line in lines {
      for (column, cell) in line.dropLast().enumerated() {
        let width = max(cell.unicodeScalars.count + Self.gap, Self.columnWidthMin)
        if column < widths.count {
          widths[column] = max(widths[column], width)
        } else {
          widths.append(width)
        }
      }
    }
    var text = ""
    for line in lines {
      for (column, cell) in line.enumerated() {
        text += cell
        guard column < line.count - 1 else { break }
        text += String(repeating: " ", count: widths[column] - cell.unicodeScalars.count)
      }
      text += "\n"
    }
    return text
  }

  private static let gap = 3
  private static let columnWidthMin = 6
}
