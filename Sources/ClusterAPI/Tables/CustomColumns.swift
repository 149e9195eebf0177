import ManifestSchema
import ManifestSyntax

/// The columns that a CustomResourceDefinition asks for.
enum CustomColumns {
  /// The columns of one version: the name, then what the definition lists, or else the age.
  static func columns(of definition: Value, version: String) -> [TableColumn] {
    let versions = definition["spec"]?["versions"]?.list ?? []
    let written =
      versions.first { $0["name"]?.string == version }?["additionalPrinterColumns"]?.list ?? []
    if written.isEmpty { return [.name, .age] }
    return [.name] + written.compactMap(column)
  }

  private static func column(_ written: Value) -> TableColumn? {
    guard let name = written["name"]?.string,
      let path = ColumnPath(written["jsonPath"]?.string ?? "")
    else { return nil }
    let type = TableColumn.CellType(rawValue: written["type"]?.string ?? "") ?? .string
    return TableColumn(
      name: name, type: type, format: written["format"]?.string ?? "",
      priority: Int(clamping: written["priority"]?.int64 ?? 0),
      description: written["description"]?.string ?? ""
    ) { cell(path.values(in: $0.object), type, now: $0.now) }
  }

  /// What the cell shows; null, which shows nothing, where the value is absent or of another type.
  private static func cell(
    _ values: [Value], _ type: TableColumn.CellType, now: Time
  ) -> Value {
    guard let first = values.first, first != .null else { return .null }
    switch (type, first) {
    case (.string, _): return .string(values.map(\.cellText).joined(separator: ","))
    case (.integer, .int), (.integer, .uint), (.number, .int), (.number, .uint), (.number, .double),
      (.boolean, .bool):
      return first
    case (.integer, .double(let number)):
      return Int64(exactly: number.rounded(.towardZero)).map(Value.int) ?? .null
    case (.date, .string):
      return .string(first.time.map { HumanDuration.text(from: $0, to: now) } ?? "<invalid>")
    default: return .null
    }
  }
}

/// The simple JSONPath of a printer column: `.spec.replicas`, `.status.hosts[*]`, `.spec['a.b']`,
/// `.status.conditions[?(@.type=="Ready")].status`.
struct ColumnPath: Sendable {
  private enum Step: Sendable {
    case field(String)
    case item(Int)
    case all
    /// The items whose field is equal to the text, or is not.
    case items(field: [String], isEqual: Bool, to: String)
  }

  private var steps: [Step] = []

  /// Reads the path; nil where it is none or uses more of JSONPath than definitions may.
  init?(_ text: String) {
    var rest = Substring(text)
    if rest.hasPrefix("{"), rest.hasSuffix("}") { rest = rest.dropFirst().dropLast() }
    if rest.hasPrefix("$") { rest = rest.dropFirst() }
    guard !rest.isEmpty else { return nil }
    while !rest.isEmpty {
      guard let step = rest.hasPrefix("[") ? Self.bracket(&rest) : Self.name(&rest) else {
        return nil
      }
      steps.append(step)
    }
  }

  /// Every value that the path leads to.
  func values(in object: Value) -> [Value] {
    var values = [object]
    for step in steps { values = values.flatMap { Self.take(step, from: $0) } }
    return values
  }

  private static func take(_ step: Step, from value: Value) -> [Value] {
    switch step {
    case .field("*"), .all:
      return value.list ?? value.map?.entries.map(\.value) ?? []
    case .field(let name): return [value[name]].compactMap { $0 }
    case .item(let position):
      guard let items = value.list else { return [] }
      return [value[position < 0 ? items.count + position : position]].compactMap { $0 }
    case .items(let field, let isEqual, let text):
      return (value.list ?? []).filter { item in
        var part: Value? = item
        for name in field { part = part?[name] }
        return part.map { ($0.cellText == text) == isEqual } ?? false
      }
    }
  }

  /// `.name`, where a backslash takes the special meaning from a dot.
  private static func name(_ rest: inout Substring) -> Step? {
    guard rest.first == "." else { return nil }
    rest = rest.dropFirst()
    var name = ""
    while let character = rest.first, character != ".", character != "[" {
      rest = rest.dropFirst()
      if character == "\\", let escaped = rest.first {
        rest = rest.dropFirst()
        name.append(escaped)
      } else {
        name.append(character)
      }
    }
    // `.items.[0]` and the lone dot of the whole object are as good as nothing.
    if name.isEmpty { return rest.first == "[" ? bracket(&rest) : nil }
    return .field(name)
  }

  /// `[0]`, `[*]`, `['name']`, `[?(@.type=="Ready")]`.
  private static func bracket(_ rest: inout Substring) -> Step? {
    var quote: Character?
    var end = rest.startIndex
    for index in rest.indices {
      let character = rest[index]
      if let open = quote {
        if character == open { quote = nil }
      } else if character == "'" || character == "\"" {
        quote = character
      } else if character == "]" {
        end = index
        break
      }
    }
    guard end > rest.startIndex else { return nil }
    let inside = rest[rest.index(after: rest.startIndex)..<end]
    rest = rest[rest.index(after: end)...]
    if inside == "*" { return .all }
    if let number = Int(inside) { return .item(number) }
    if let name = unquoted(inside) { return .field(name) }
    return filter(inside)
  }

  private static func filter(_ text: Substring) -> Step? {
    guard text.hasPrefix("?("), text.hasSuffix(")") else { return nil }
    let condition = text.dropFirst(2).dropLast()
    guard let sign = condition.firstIndex(where: { $0 == "=" || $0 == "!" }),
      condition[sign...].hasPrefix("==") || condition[sign...].hasPrefix("!=")
    else { return nil }
    let left = String(condition[..<sign]).trimmedOfSpace
    let right = String(condition[sign...].dropFirst(2)).trimmedOfSpace
    guard left.hasPrefix("@.") else { return nil }
    let field = left.dropFirst(2).split(separator: ".").map(String.init)
    return .items(
      field: field, isEqual: condition[sign] == "=", to: unquoted(Substring(right)) ?? right)
  }

  private static func unquoted(_ text: Substring) -> String? {
    guard text.count >= 2, let first = text.first, first == "'" || first == "\"",
      text.last == first
    else { return nil }
    return String(text.dropFirst().dropLast().filter { $0 != "\\" })
  }
}
