/// Rows of cells in columns, laid out as kubectl does: three spaces between, the last one ragged.
public struct PaddedColumns {
  private var rows: [[String]] = []

  public init() {}

  public mutating func add(_ cells: [String]) { rows.append(cells) }

  /// The rows, each with its line break.
  public var text: String {
    let columnCount = rows.map(\.count).max() ?? 0
    let widths = (0..<columnCount).map { column in
      rows.lazy.map { column + 1 < $0.count ? $0[column].count : 0 }.max() ?? 0
    }
    var text = ""
    for row in rows {
      for (column, cell) in row.enumerated() {
        text += cell
        guard column + 1 < row.count else { break }
        // A column is at least as wide as a short header.
        let width = max(widths[column] + 3, 6)
        text += String(repeating: " ", count: max(width - cell.count, 0))
      }
      text += "\n"
    }
    return text
  }
}
