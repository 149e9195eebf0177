import ClusterAPI
import ManifestSyntax

/// A run of `kmf label` or `kmf annotate`.
struct Marking {
  enum Mark: String {
    case label, annotation

    /// The field below `metadata`.
    var field: String { self == .label ? "labels" : "annotations" }
    var command: String { self == .label ? "label" : "annotate" }
  }

  let mark: Mark
  let options: MarkingOptions
  let objects: TargetOptions
  let change: ChangeOptions
  let place: ClusterOptions

  func run(_ words: [String]) throws {
    let (subjects, marks) = try Self.split(words)
    guard !marks.isEmpty || options.list else {
      throw CommandFailure(
        "no \(mark.rawValue) is given", help: "write KEY=VALUE, or KEY- to remove")
    }
    let changes = try change.changes()
    let client = try place.client(for: .existing)
    let targets = try objects.chosenTargets(subjects, all: options.all, in: client)
    try changes.forEach(targets) { target in
      for target in try client.expanded([target], objects.selectors) {
        let object = try target.object ?? client.object(target)
        try set(marks, on: target, try refreshed(object, target, client), client, changes)
      }
    }
    try changes.end()
  }

  /// An object of a file says what is meant, not what the cluster holds.
  private func refreshed(
    _ object: Value, _ target: Target, _ client: ClusterClient
  ) throws(ClusterRefusal) -> Value {
    objects.filename.isEmpty ? object : try client.object(target)
  }

  /// The words that name objects, and what to set (nil: remove), by key.
  private static func split(
    _ words: [String]
  ) throws(CommandFailure) -> ([String], [(key: String, value: String?)]) {
    var subjects: [String] = []
    var marks: [(key: String, value: String?)] = []
    for word in words {
      if let equals = word.firstIndex(of: "="), equals != word.startIndex {
        marks.append((String(word[..<equals]), String(word[word.index(after: equals)...])))
      } else if word.hasSuffix("-"), word.utf8.count > 1 {
        marks.append((String(word.dropLast()), nil))
      } else if marks.isEmpty {
        subjects.append(word)
      } else {
        throw CommandFailure(
          "'\(word)' is neither KEY=VALUE nor KEY-", help: "objects come before what is set on them"
        )
      }
    }
    for (index, mark) in marks.enumerated() {
      if marks[..<index].contains(where: { $0.key == mark.key }) {
        throw CommandFailure("'\(mark.key)' is set or removed more than once")
      }
    }
    return (subjects, marks)
  }

  private func set(
    _ marks: [(key: String, value: String?)], on target: Target, _ object: Value,
    _ client: ClusterClient, _ changes: Changes
  ) throws {
    let present = object["metadata"]?[mark.field]
    var patch = ValueMap()
    for (key, value) in marks {
      let old = present?[key]?.string
      if value == nil, old == nil { changes.say("\(mark.rawValue) \"\(key)\" not found.") }
      if value == old { continue }
      if let old, value != nil, !options.overwrite {
        throw ClusterRefusal(
          code: 409, reason: "Conflict",
          message: "\(target.shownName): '\(key)' already has a value (\(old)); "
            + "change it with --overwrite")
      }
      patch[key] = value.map(Value.string) ?? .null
    }
    var after = object
    if !patch.isEmpty { after = try send(patch, target, client) }
    if options.list {
      for entry in after["metadata"]?[mark.field]?.map?.entries ?? [] {
        changes.say("\(entry.key)=\(entry.value.string ?? "")")
      }
      if marks.isEmpty { return }
    }
    try changes.tell(target, word(patch), after)
  }

  private func send(
    _ patch: ValueMap, _ target: Target, _ client: ClusterClient
  ) throws(ClusterRefusal) -> Value {
    var metadata: Value = [:]
    metadata[mark.field] = .map(patch)
    if let version = options.resourceVersion { metadata["resourceVersion"] = .string(version) }
    return try client.send(
      "PATCH", target.path, query: change.query(mark.command),
      contentType: "application/merge-patch+json", ["metadata": metadata])
  }

  /// `labeled`, `unlabeled`, `not labeled`.
  private func word(_ patch: ValueMap) -> String {
    guard mark == .label else { return "annotated" }
    if patch.isEmpty { return "not labeled" }
    return patch.entries.allSatisfy { $0.value == .null } ? "unlabeled" : "labeled"
  }
}
