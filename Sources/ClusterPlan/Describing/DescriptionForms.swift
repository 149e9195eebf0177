import ManifestSyntax

extension Masker {
  /// The description without a secret value.
  public func mask(_ description: Description) -> Description {
    var masked = description
    masked.value = mask(description.value)
    return masked
  }
}

extension Description {
  /// For people.
  public func text(isColored: Bool) -> String {
    let paint = Paint(isColored: isColored)
    let metadata = value["metadata"]
    var lines = [paint(object.label, .strong)]
    func row(_ name: String, _ texts: [String]) {
      for (index, text) in texts.enumerated() {
        let label = index == 0 ? name + ":" : ""
        lines.append(
          "  " + label + String(repeating: " ", count: max(14 - label.count, 1)) + text)
      }
    }
    row("Kind", ["\(object.kind) (\(object.apiVersion))"])
    if let namespace = object.namespace { row("Namespace", [namespace]) }
    row("Created", [metadata?["creationTimestamp"]?.string].compactMap { $0 })
    row("Deleted", [metadata?["deletionTimestamp"]?.string].compactMap { $0 })
    row("Uid", [metadata?["uid"]?.string].compactMap { $0 })
    row("Version", [metadata?["resourceVersion"]?.string].compactMap { $0 })
    row("Labels", pairs(metadata?["labels"], "="))
    row("Annotations", pairs(metadata?["annotations"], ": "))
    row("Finalizers", metadata?["finalizers"]?.list?.compactMap(\.string) ?? [])
    row("Managers", managers.map(Self.manager))
    row("Conditions", conditions)
    for (kind, title) in [
      (Mention.Kind.ownedBy, "Owned by"), (.owns, "Owns"), (.uses, "Uses"), (.usedBy, "Used by"),
    ] {
      let found = mentions.filter { $0.kind == kind }
      if found.isEmpty { continue }
      lines += ["", paint(title, .strong)] + found.map { line($0, paint) }
    }
    lines += ["", paint("Events", .strong)]
    if events.isEmpty { lines.append("  none") }
    for event in events.suffix(Self.eventsMax) {
      let times = event.count > 1 ? " (\(event.count) times)" : ""
      lines.append("  \(event.time)  \(event.type)  \(event.reason): \(event.message)\(times)")
    }
    for part in parts {
      lines += ["", paint(part.name.capitalizedFirst, .strong)]
      lines += ValueText.lines(part.value).map { "  \($0)" }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static let eventsMax = 20

  private static func manager(_ manager: OwnedFields.Manager) -> String {
    let operation = manager.isApplier ? " (Apply)" : ""
    let noun = manager.fieldCount == 1 ? "field" : "fields"
    return "\(manager.name)\(operation), \(manager.fieldCount) \(noun)"
      + (manager.time.map { ", \($0)" } ?? "")
  }

  private func pairs(_ map: Value?, _ sign: String) -> [String] {
    (map?.map?.entries ?? []).map { entry in
      let text = entry.value.string ?? ""
      return entry.key + sign + (ValueText.isLong(entry.value) ? "…" : text)
    }
  }

  private var conditions: [String] {
    (value["status"]?["conditions"]?.list ?? []).map { condition in
      let reason = condition["reason"]?.string ?? ""
      let message = condition["message"]?.string ?? ""
      let why = [reason, message].filter { !$0.isEmpty }.joined(separator: ": ")
      return "\(condition["type"]?.string ?? "")=\(condition["status"]?.string ?? "")"
        + (why.isEmpty ? "" : " (\(why))")
    }
  }

  private func line(_ mention: Mention, _ paint: Paint) -> String {
    var text = "  " + mention.label
    if let namespace = mention.namespace { text += " in namespace \(namespace)" }
    if mention.isMissing {
      let word = mention.isOptional ? "missing, but optional" : "missing"
      text += "  " + paint("(\(word))", mention.isOptional ? .dim : .error)
    }
    let more = mention.paths.count > 2 ? " and \(mention.paths.count - 2) more" : ""
    return text + paint("  at \(mention.paths.prefix(2).joined(separator: ", "))\(more)", .dim)
  }

  /// What the object holds besides its metadata, by name; the status last.
  private var parts: [(name: String, value: Value)] {
    let entries = value.map?.entries ?? []
    var parts: [(name: String, value: Value)] = []
    for entry in entries
    where !["apiVersion", "kind", "metadata", "status"].contains(entry.key) {
      parts.append((entry.key, entry.value))
    }
    if let status = value["status"], status != .emptyMap { parts.append(("status", status)) }
    return parts
  }

  /// For programs; `docs/output.md` describes it.
  public var json: String {
    var map = ValueMap()
    map["formatVersion"] = .int(JSONChanges.formatVersion)
    map["object"] = value
    map["mentions"] = .list(
      mentions.map { mention in
        var map = ValueMap()
        map["kind"] = .string(mention.kind.rawValue)
        map["object"] = .string(mention.label)
        if let namespace = mention.namespace ?? object.namespace {
          map["namespace"] = .string(namespace)
        }
        map["paths"] = .list(mention.paths.map(Value.string))
        if mention.isMissing { map["missing"] = true }
        if mention.isOptional { map["optional"] = true }
        return .map(map)
      })
    map["events"] = .list(
      events.map { event in
        [
          "time": .string(event.time), "type": .string(event.type),
          "reason": .string(event.reason), "message": .string(event.message),
          "count": .int(event.count),
        ]
      })
    return JSONWriter.string(.map(map), .indented) + "\n"
  }
}

extension String {
  fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
