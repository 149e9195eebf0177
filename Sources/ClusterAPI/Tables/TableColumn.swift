import ManifestSchema
import ManifestSyntax

/// A column of a table: its heading, and how its cells come from an object.
public struct TableColumn: Sendable {
  /// What the cells hold, in the words of OpenAPI.
  public enum CellType: String, Sendable {
    case string, integer, number, boolean, date
  }

  public var name: String
  public var type: CellType
  /// `name` for the object's name; otherwise mostly empty.
  public var format: String
  /// 0: always shown; 1 and more: shown where there is room (`-o wide`).
  public var priority: Int
  public var description: String
  let cell: @Sendable (TableSubject) -> Value

  /// The column as the API describes it.
  public var value: Value {
    [
      "name": .string(name), "type": .string(type.rawValue), "format": .string(format),
      "description": .string(description), "priority": .int(Int64(priority)),
    ]
  }
}

/// How columns are written down in the layouts.
extension TableColumn {
  /// Texts.
  static func text(
    _ name: String, _ description: String, isWide: Bool = false,
    _ cell: @escaping @Sendable (TableSubject) -> String
  ) -> TableColumn {
    TableColumn(
      name: name, type: .string, format: "", priority: isWide ? 1 : 0, description: description
    ) { .string(cell($0)) }
  }

  /// A text field of the object.
  static func field(
    _ name: String, _ path: [String], isWide: Bool = false, absent: String = ""
  ) -> TableColumn {
    text(name, path.joined(separator: "."), isWide: isWide) {
      let text = $0.text(path)
      return text.isEmpty ? absent : text
    }
  }

  /// A whole number of the object; 0 where there is none.
  static func number(_ name: String, _ path: [String]) -> TableColumn {
    TableColumn(
      name: name, type: .integer, format: "", priority: 0,
      description: path.joined(separator: ".")
    ) { .int($0.number(path)) }
  }

  /// How many items a list or map has.
  static func count(_ name: String, _ description: String, of paths: [String]...) -> TableColumn {
    TableColumn(name: name, type: .integer, format: "", priority: 0, description: description) {
      subject in .int(paths.reduce(0) { $0 + Int64(subject.count($1)) })
    }
  }

  /// `true` and `false` as such.
  static func truth(_ name: String, _ path: [String], absent: Bool = false) -> TableColumn {
    TableColumn(
      name: name, type: .boolean, format: "", priority: 0,
      description: path.joined(separator: ".")
    ) { .bool($0.at(path)?.bool ?? absent) }
  }

  /// The object's name.
  static let name = named { $0.text(["metadata", "name"]) }

  /// The object's name, with something added.
  static func named(_ cell: @escaping @Sendable (TableSubject) -> String) -> TableColumn {
    TableColumn(
      name: "Name", type: .string, format: "name", priority: 0,
      description: "The name, unique among the resources of this kind in the namespace."
    ) { .string(cell($0)) }
  }

  /// How long ago the object was created.
  static let age = text("Age", "How long ago the object was created.") {
    $0.age(of: ["metadata", "creationTimestamp"])
  }

  /// Names and images of the containers of a pod template.
  static func containers(at path: [String], isWide: Bool = true) -> [TableColumn] {
    [("Containers", "name"), ("Images", "image")].map { heading, field in
      text(heading, "The \(field) of each container.", isWide: isWide) { subject in
        subject.list(path + ["spec", "containers"])
          .map { $0[field]?.string ?? "" }.joined(separator: ",")
      }
    }
  }

  /// A label selector in its text form.
  static func selector(
    _ name: String = "Selector", at path: [String], isWide: Bool = true, empty: String = "<none>"
  ) -> TableColumn {
    text(name, "Which objects belong to it, by their labels.", isWide: isWide) {
      LabelText.selector($0.at(path), empty: empty)
    }
  }
}

/// An object that becomes a row, and the time from which ages count.
struct TableSubject {
  let object: Value
  let now: Time

  func at(_ path: [String]) -> Value? {
    var part: Value? = object
    for name in path { part = part?[name] }
    return part
  }

  /// The text at `path`, numbers included; empty where there is none.
  func text(_ path: [String]) -> String { at(path)?.cellText ?? "" }

  /// The whole number at `path`; 0 where there is none.
  func number(_ path: [String]) -> Int64 { at(path)?.int64 ?? 0 }

  func list(_ path: [String]) -> [Value] { at(path)?.list ?? [] }

  func count(_ path: [String]) -> Int {
    switch at(path) {
    case .list(let items): items.count
    case .map(let map): map.count
    default: 0
    }
  }

  /// How long ago the time at `path` was.
  func age(of path: [String], absent: String = "<unknown>") -> String {
    at(path)?.time.map { HumanDuration.text(from: $0, to: now) } ?? absent
  }
}

extension Value {
  /// The value as a table shows it: texts as they are, maps and lists as JSON.
  var cellText: String {
    switch self {
    case .null: ""
    case .string(let text): text
    default: JSONWriter.string(self)
    }
  }

  /// The point in time that a text names.
  var time: Time? { string.flatMap { Time($0) } }

  /// The status of the condition `type`; nil where the list has none.
  func condition(_ type: String) -> Value? {
    list?.first { $0["type"]?.string == type }
  }
}

/// Labels and selectors on one line.
enum LabelText {
  /// `app=web,tier=front` by the alphabet.
  static func labels(_ value: Value?) -> String {
    let entries = (value?.map?.entries ?? []).map { "\($0.key)=\($0.value.cellText)" }
    return entries.isEmpty ? "<none>" : entries.sorted().joined(separator: ",")
  }

  /// The text form of a selector as objects write it: labels and expressions by the alphabet.
  static func selector(_ value: Value?, empty: String = "<none>") -> String {
    var parts = (value?["matchLabels"]?.map?.entries ?? []).map { entry in
      (key: entry.key, text: "\(entry.key)=\(entry.value.cellText)")
    }
    for expression in value?["matchExpressions"]?.list ?? [] {
      let key = expression["key"]?.string ?? ""
      let values = (expression["values"]?.list ?? []).map(\.cellText).sorted()
      let list = "(\(values.joined(separator: ",")))"
      switch LabelSelector.Operator(rawValue: expression["operator"]?.string ?? "") {
      // A list of one value stays a list: so one sees how it was written.
      case .in: parts.append((key, "\(key) in \(list)"))
      case .notIn: parts.append((key, "\(key) notin \(list)"))
      case .exists: parts.append((key, key))
      case .doesNotExist: parts.append((key, "!\(key)"))
      case .greaterThan, .lessThan, nil: break
      }
    }
    if parts.isEmpty { return empty }
    return parts.sorted { ($0.key, $0.text) < ($1.key, $1.text) }.map(\.text)
      .joined(separator: ",")
  }
}
