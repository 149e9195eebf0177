import ManifestMerge
import ManifestSyntax

/// For people: the verdict first, then each object with its fields, the counts last.
///
/// `+` is new, `~` changes, `-` goes, `-/+` is deleted and made anew, `!` cannot be applied.
public enum PrettyChanges: ChangeFormat {
  public static let name = "pretty"

  public static func text(_ set: ChangeSet, _ options: ChangeFormatOptions) -> String {
    let paint = Paint(isColored: options.isColored)
    let summary = ChangeSummary(set)
    var lines = [paint(summary.verdict(isDrift: options.isDrift), .strong)]
    for change in set.changes {
      let printer = ObjectPrinter(change: change, paint: paint)
      if change.action == .unchanged, change.ignored.isEmpty, !options.showsUnchanged,
        !printer.hasNews
      {
        continue
      }
      lines.append("")
      lines += printer.lines()
    }
    if !set.problems.isEmpty { lines.append("") }
    for problem in set.problems {
      lines.append(paint("! \(problem.text)", .error))
      if let help = problem.help { lines.append("    help: \(help)") }
    }
    if !set.notes.isEmpty {
      lines.append("")
      lines += set.notes.map { "note: \($0)" }
    }
    if let digest = options.planDigest { lines += ["", "plan \(digest)"] }
    lines += ["", paint(summary.text, .strong)]
    return lines.joined(separator: "\n") + "\n"
  }
}

extension PrettyChanges {
  /// The lines of the fields that change in an object.
  static func fields(of change: ObjectChange, isColored: Bool) -> [String] {
    let printer = ObjectPrinter(change: change, paint: Paint(isColored: isColored))
    return change.fields.flatMap(printer.field)
  }
}

/// The lines of one object without colours, signs first as in a difference of texts.
enum PrettyObject {
  static func lines(_ change: ObjectChange) -> [String] {
    ObjectPrinter(change: change, paint: Paint(isColored: false)).lines().map { line in
      // Whoever colours differences looks at the first character.
      let body = line.drop { $0 == " " }
      guard line.count > body.count, let sign = body.first, "+-~".contains(sign) else {
        return line
      }
      let mark = sign == "~" ? "!" : String(sign)
      return mark + line.dropFirst()
    }
  }
}

/// The lines of one object.
private struct ObjectPrinter {
  let change: ObjectChange
  let paint: Paint

  /// Whether an unchanged object still has something to say.
  var hasNews: Bool {
    !change.notes.isEmpty || !change.warnings.isEmpty || !change.released.isEmpty
      || change.needsConsent != nil
  }

  func lines() -> [String] {
    var lines = [headline]
    switch change.action {
    case .create: lines += created
    case .update, .replace: lines += change.fields.flatMap(field)
    case .failed: lines += failure
    case .delete, .unchanged, .skipped: break
    }
    lines += details
    return lines
  }

  // MARK: - Parts

  private var headline: String {
    let (symbol, color) = Self.symbol(change.action)
    var text = paint(symbol + " " + change.object.label, color)
    if let namespace = change.object.namespace { text += paint("  namespace \(namespace)", .dim) }
    if let source = change.source { text += paint("  \(source.file):\(source.line)", .dim) }
    if change.action == .replace { text += paint("  # must be replaced", .replace) }
    return text
  }

  static func symbol(_ action: ObjectChange.Action) -> (String, Paint.Color) {
    switch action {
    case .create: ("+", .add)
    case .update: ("~", .change)
    case .replace: ("-/+", .replace)
    case .delete: ("-", .remove)
    case .unchanged: ("=", .dim)
    case .skipped: ("?", .change)
    case .failed: ("!", .error)
    }
  }

  private var created: [String] {
    guard var config = change.config else { return [] }
    for key in ["apiVersion", "kind"] { config[key] = nil }
    config["metadata"] = config["metadata"].map { metadata in
      var metadata = metadata
      for key in ["name", "namespace"] { metadata[key] = nil }
      return metadata
    }
    if config["metadata"] == .emptyMap { config["metadata"] = nil }
    if config == .emptyMap { return [] }
    return ValueText.lines(config).map { paint("    + \($0)", .add) }
  }

  func field(_ field: FieldChange) -> [String] {
    let path = field.pathText
    let remark = remark(field)
    switch field.kind {
    case .added: return value("+", .add, path, field.new, remark)
    case .removed: return value("-", .remove, path, field.old, remark)
    case .reordered:
      return [paint("    ~ \(path): same items in another order", .change) + remark]
    case .modified:
      if ValueText.isLong(field.old) || ValueText.isLong(field.new),
        let old = field.old, let new = field.new
      {
        return [paint("    ~ \(path):", .change) + remark] + unified(old, new)
      }
      let text = "\(ValueText.inline(field.old)) -> \(ValueText.inline(field.new))"
      return [paint("    ~ \(path): \(text)", .change) + remark]
    }
  }

  private func value(
    _ sign: String, _ color: Paint.Color, _ path: String, _ value: Value?, _ remark: String
  ) -> [String] {
    guard let value, ValueText.isLong(value) else {
      return [paint("    \(sign) \(path): \(ValueText.inline(value))", color) + remark]
    }
    return [paint("    \(sign) \(path):", color) + remark]
      + ValueText.lines(value).map { paint("      \(sign) \($0)", color) }
  }

  private func remark(_ field: FieldChange) -> String {
    var parts: [String] = []
    if field.isImmutable { parts.append("cannot change: forces replacement") }
    switch field.reason {
    case .manifest: break
    case .abandoned: parts.append("no longer in the manifest")
    case .server: parts.append("follows: written by the server")
    case .drift: parts.append("changed since it was applied")
    }
    if !field.owners.isEmpty { parts.append("owned by \(field.owners.joined(separator: ", "))") }
    return parts.isEmpty ? "" : paint("  # \(parts.joined(separator: "; "))", .dim)
  }

  private func unified(_ old: Value, _ new: Value) -> [String] {
    let text = UnifiedDiff.text(
      from: ValueText.block(old).utf8, to: ValueText.block(new).utf8, name: "")
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropFirst(2)
    return lines.compactMap { line in
      if line.isEmpty || line.hasPrefix("\\ No newline") { return nil }
      let color: Paint.Color =
        line.hasPrefix("+") ? .add : line.hasPrefix("-") ? .remove : .dim
      return "      " + paint(String(line), color)
    }
  }

  private var failure: [String] {
    guard let error = change.error else { return [] }
    var lines = [paint("    error: \(error.message)", .error)]
    for cause in error.causes where !error.message.contains(cause.message) {
      lines.append("      \(cause.field.isEmpty ? "" : cause.field + ": ")\(cause.message)")
    }
    lines += change.fields.flatMap(field)
    return lines
  }

  private var details: [String] {
    var lines: [String] = []
    for conflict in change.conflicts {
      lines.append("    conflict: \(conflict.sentence)")
    }
    for field in change.released {
      lines.append(
        "    released: \(field.pathText) stays, owned by \(field.owners.joined(separator: ", "))")
    }
    if let replacement = change.replacement {
      for cause in replacement.causes {
        lines.append(
          "    because: \(cause.field.isEmpty ? "" : cause.field + ": ")\(cause.message)")
      }
      lines.append("    lost: \(replacement.losses.joined(separator: "; "))")
    }
    if let pods = change.pods, change.isChange { lines.append("    pods: \(pods.text)") }
    if let consent = change.needsConsent { lines.append("    needs --yes: \(consent)") }
    lines += ignored
    lines += change.warnings.map { "    warning: \($0)" }
    lines += change.notes.map { "    note: \($0)" }
    if let help = change.error?.help { lines.append("    help: \(help)") }
    return lines
  }

  private var ignored: [String] {
    change.ignored.map { difference in
      let owners =
        difference.owners.isEmpty ? "" : " (\(difference.owners.joined(separator: ", ")))"
      return paint(
        "    ignored: \(difference.pathText): \(difference.reason.rawValue)\(owners)", .dim)
    }
  }
}

extension FieldConflict {
  /// `spec.replicas: the manifest wants 3, alice has 5`.
  var sentence: String {
    let owner = owners.isEmpty ? "somebody else" : owners.joined(separator: ", ")
    let values = "\(ValueText.inline(wanted)), \(owner) has \(ValueText.inline(found))"
    return "\(pathText): the manifest wants \(values)"
  }
}
