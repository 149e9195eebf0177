import ManifestMerge
import ManifestSyntax

/// For programs: everything that is known of each change. `docs/output.md` describes it.
public enum JSONChanges: ChangeFormat {
  public static let name = "json"
  /// Raised when what is there changes its meaning; additions do not count.
  public static let formatVersion: Int64 = 1

  public static func text(_ set: ChangeSet, _ options: ChangeFormatOptions) -> String {
    JSONWriter.string(value(set, options), .indented) + "\n"
  }

  static func value(_ set: ChangeSet, _ options: ChangeFormatOptions) -> Value {
    let summary = ChangeSummary(set)
    var map = ValueMap()
    map["formatVersion"] = .int(formatVersion)
    map["verdict"] = .string(summary.verdict(isDrift: options.isDrift))
    map["summary"] = self.summary(summary)
    if let digest = options.planDigest { map["plan"] = .string(digest) }
    map["objects"] = .list(set.changes.map { object($0, options) })
    map["problems"] = .list(set.problems.map(problem))
    map["notes"] = .list(set.notes.map(Value.string))
    return .map(map)
  }

  private static func problem(_ problem: InputProblem) -> Value {
    var map = ValueMap()
    map["file"] = .string(problem.file)
    if problem.line > 0 { map["line"] = .int(Int64(problem.line)) }
    map["message"] = .string(problem.message)
    if let help = problem.help { map["help"] = .string(help) }
    return .map(map)
  }

  public static func summary(_ summary: ChangeSummary) -> Value {
    [
      "create": .int(Int64(summary.created)), "update": .int(Int64(summary.updated)),
      "replace": .int(Int64(summary.replaced)), "delete": .int(Int64(summary.deleted)),
      "unchanged": .int(Int64(summary.unchanged)), "skipped": .int(Int64(summary.skipped)),
      "failed": .int(Int64(summary.failed)), "unreadable": .int(Int64(summary.unreadable)),
      "rolledPods": .int(Int64(summary.rolledPods)),
    ]
  }

  /// One object, as `kmf apply -o jsonl` prints it too.
  public static func object(_ change: ObjectChange, _ options: ChangeFormatOptions) -> Value {
    var map = ValueMap()
    map["apiVersion"] = .string(change.object.apiVersion)
    map["kind"] = .string(change.object.kind)
    if let namespace = change.object.namespace { map["namespace"] = .string(namespace) }
    map["name"] = .string(change.object.name)
    map["action"] = .string(change.action.rawValue)
    if let source = change.source {
      map["source"] = ["file": .string(source.file), "line": .int(Int64(source.line))]
    }
    if let uid = change.uid { map["uid"] = .string(uid) }
    map["fields"] = .list(change.fields.map(field))
    if change.action == .create, let after = change.after { map["after"] = after }
    add("conflicts", change.conflicts.map(conflict), to: &map)
    add("released", change.released.map(released), to: &map)
    if let replacement = change.replacement { map["replacement"] = self.replacement(replacement) }
    if let pods = change.pods { map["pods"] = self.pods(pods) }
    if change.adoptsFields { map["adoptsFields"] = true }
    if let consent = change.needsConsent { map["needsConsent"] = .string(consent) }
    add("ignored", change.ignored.map(ignored), to: &map)
    add("warnings", change.warnings.map(Value.string), to: &map)
    add("notes", change.notes.map(Value.string), to: &map)
    if let error = change.error { map["error"] = self.error(error) }
    return .map(map)
  }

  private static func add(_ name: String, _ items: [Value], to map: inout ValueMap) {
    if !items.isEmpty { map[name] = .list(items) }
  }

  static func field(_ field: FieldChange) -> Value {
    var map = ValueMap()
    map["kind"] = .string(field.kind.rawValue)
    map["path"] = .string(field.pathText)
    map["field"] = .string(field.fieldPath.description)
    if let old = field.old { map["old"] = old }
    if let new = field.new { map["new"] = new }
    map["reason"] = .string(field.reason.rawValue)
    add("owners", field.owners.map(Value.string), to: &map)
    if field.isImmutable { map["immutable"] = true }
    return .map(map)
  }

  private static func conflict(_ conflict: FieldConflict) -> Value {
    var map = ValueMap()
    map["path"] = .string(conflict.pathText)
    if let wanted = conflict.wanted { map["wanted"] = wanted }
    if let found = conflict.found { map["found"] = found }
    map["owners"] = .list(conflict.owners.map(Value.string))
    return .map(map)
  }

  private static func released(_ field: ReleasedField) -> Value {
    ["path": .string(field.pathText), "owners": .list(field.owners.map(Value.string))]
  }

  private static func replacement(_ replacement: Replacement) -> Value {
    [
      "causes": .list(replacement.causes.map(cause)),
      "losses": .list(replacement.losses.map(Value.string)),
    ]
  }

  private static func cause(_ cause: Replacement.Cause) -> Value {
    ["field": .string(cause.field), "message": .string(cause.message)]
  }

  private static func pods(_ pods: PodEffect) -> Value {
    var map = ValueMap()
    map["effect"] = .string(pods.kind.rawValue)
    if let count = pods.count { map["count"] = .int(Int64(count)) }
    map["text"] = .string(pods.text)
    return .map(map)
  }

  private static func ignored(_ difference: IgnoredDifference) -> Value {
    var map = ValueMap()
    map["path"] = .string(difference.pathText)
    map["reason"] = .string("\(difference.reason)")
    add("owners", difference.owners.map(Value.string), to: &map)
    return .map(map)
  }

  private static func error(_ error: ChangeError) -> Value {
    var map = ValueMap()
    map["reason"] = .string(error.reason)
    map["message"] = .string(error.message)
    add("causes", error.causes.map(cause), to: &map)
    if let help = error.help { map["help"] = .string(help) }
    return .map(map)
  }
}
