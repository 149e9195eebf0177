import ManifestSyntax

/// Columns that the user chose: `NAME:.metadata.name,IMAGES:.spec.containers[*].image`.
public struct CustomColumns: Hashable, Sendable {
  private var columns: [(header: String, path: JSONPath)]

  public static func == (left: Self, right: Self) -> Bool {
    left.columns.elementsEqual(right.columns) { $0 == $1 }
  }

  public func hash(into hasher: inout Hasher) {
    for column in columns { hasher.combine(column.header) }
  }

  /// Reads `HEADER:PATH,HEADER:PATH…`.
  public init(parsing text: String) throws(JSONPathError) {
    columns = []
    for part in Self.split(text) {
      guard let colon = part.firstIndex(of: ":"), colon != part.startIndex else {
        throw JSONPathError("'\(part)' is no column; write HEADER:PATH")
      }
      let path = String(part[part.index(after: colon)...])
      columns.append((String(part[..<colon]), try JSONPath(path: path)))
    }
    guard !columns.isEmpty else { throw JSONPathError("no columns are given; write HEADER:PATH") }
  }

  /// Reads a file: a line of headers, below it a line of as many paths.
  public init(template text: String) throws(JSONPathError) {
    let lines = text.split(whereSeparator: \.isNewline).map {
      $0.split(whereSeparator: \.isWhitespace)
    }
    .filter { !$0.isEmpty }
    guard lines.count >= 2 else {
      throw JSONPathError("a file of columns is a line of headers and below it a line of paths")
    }
    guard lines[0].count == lines[1].count else {
      throw JSONPathError("there are \(lines[0].count) headers, but \(lines[1].count) paths")
    }
    columns = []
    for (header, path) in zip(lines[0], lines[1]) {
      columns.append((String(header), try JSONPath(path: String(path))))
    }
  }

  public var headers: [String] { columns.map(\.header) }

  /// What the columns say of `object`: `<none>` where a path finds nothing.
  public func cells(of object: Value) throws(JSONPathError) -> [String] {
    var cells: [String] = []
    for column in columns {
      let found = try column.path.values(in: object)
      cells.append(found.isEmpty ? "<none>" : found.map(Self.text).joined(separator: ","))
    }
    return cells
  }

  private static func text(_ value: Value) -> String {
    value == .null ? "<none>" : JSONPath.text(value)
  }

  /// Commas inside brackets and quotes belong to a path.
  private static func split(_ text: String) -> [String] {
    var parts = [""]
    var depth = 0
    var quote: Character?
    for character in text {
      if let open = quote {
        if character == open { quote = nil }
      } else if depth > 0, "'\"".contains(character) {
        quote = character
      } else if "[(".contains(character) {
        depth += 1
      } else if "])".contains(character) {
        depth -= 1
      } else if character == ",", depth <= 0 {
        parts.append("")
        continue
      }
      parts[parts.count - 1].append(character)
    }
    return parts
  }
}
